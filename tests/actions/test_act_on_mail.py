"""What a person decides about a mail."""

import pytest

from agent_desk.actions.act_on_mail import act_on_mail
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.mail_letter import mail_letter
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.rules.mail import LEASE
from agent_desk.storage.outbox import begin_data, claim, expire_leases, settle
from tests.support.desks import clock
from tests.support.letters import letter
from tests.support.mails import ACCEPTED, LATER, NO, SILENCE, ScriptedRelay, mail, queued, shown, told

pytest_plugins = ["tests.support.desks"]


def test_an_uncertain_mail_is_sent_again_under_the_same_message_id(sqlite_ctx: Context) -> None:
    one = queued(sqlite_ctx)
    relay = ScriptedRelay([SILENCE])
    send_outbox(sqlite_ctx, relay)
    again = act_on_mail(sqlite_ctx, one.id, "resend")
    assert (again.state, again.attempts, again.last_reply) == ("queued", 0, "")
    assert send_outbox(sqlite_ctx, relay) == 1
    assert len({sent.message_id for sent in relay.sent}) == 1
    assert told(sqlite_ctx, one.session_id)[-3:] == ["mail_resent", "mail_sending", "mail_accepted"]


def test_a_mail_sent_again_goes_to_the_corrected_address(sqlite_ctx: Context) -> None:
    one = queued(sqlite_ctx, recipient="claire@exemple.fr")
    relay = ScriptedRelay([NO])
    send_outbox(sqlite_ctx, relay)
    assert (
        act_on_mail(sqlite_ctx, one.id, "resend", " claire.morvan@example.org ").recipient
        == "claire.morvan@example.org"
    )
    send_outbox(sqlite_ctx, relay)
    assert [sent.recipient for sent in relay.sent] == ["claire@exemple.fr", "claire.morvan@example.org"]


@pytest.mark.parametrize(
    "address", ["claire", "a b@example.org", "x@y\r\nBcc: z@example.org", "a" * 250 + "@example.org"]
)
def test_a_corrected_address_that_cannot_be_right_changes_nothing(sqlite_ctx: Context, address: str) -> None:
    one = queued(sqlite_ctx)
    send_outbox(sqlite_ctx, ScriptedRelay([NO]))
    with pytest.raises(Refusal) as refused:
        act_on_mail(sqlite_ctx, one.id, "resend", address)
    assert refused.value.code == "email"
    assert (mail(sqlite_ctx, one.id).state, mail(sqlite_ctx, one.id).recipient) == ("rejected", one.recipient)


def test_an_uncertain_mail_the_customer_has_is_called_sent(sqlite_ctx: Context) -> None:
    one = queued(sqlite_ctx)
    send_outbox(sqlite_ctx, ScriptedRelay([SILENCE]))
    assert act_on_mail(sqlite_ctx, one.id, "settle_accepted").state == "accepted"
    assert (shown(sqlite_ctx, one.session_id), told(sqlite_ctx, one.session_id)[-1]) == ("accepted", "mail_settled")


def test_a_mail_without_address_can_be_printed_but_not_sent(sqlite_ctx: Context) -> None:
    one = queued(sqlite_ctx, recipient="")
    with pytest.raises(Refusal) as refused:
        act_on_mail(sqlite_ctx, one.id, "resend")
    assert refused.value.code == "no_recipient"
    assert act_on_mail(sqlite_ctx, one.id, "print").state == "printed"
    assert mail_letter(sqlite_ctx, one.id).attachments == letter().attachments


def test_printing_a_mail_that_has_arrived_leaves_its_state(sqlite_ctx: Context) -> None:
    one = queued(sqlite_ctx)
    send_outbox(sqlite_ctx, ScriptedRelay())
    assert act_on_mail(sqlite_ctx, one.id, "print").state == "accepted"
    assert told(sqlite_ctx, one.session_id)[-1] == "mail_printed"


def test_a_dropped_mail_is_not_sent(sqlite_ctx: Context) -> None:
    one = queued(sqlite_ctx)
    assert act_on_mail(sqlite_ctx, one.id, "drop").state == "dropped"
    relay = ScriptedRelay()
    assert send_outbox(sqlite_ctx, relay) == 0
    assert relay.sent == []


def test_a_mail_waiting_for_its_next_attempt_can_be_sent_at_once(sqlite_ctx: Context) -> None:
    one = queued(sqlite_ctx)
    relay = ScriptedRelay([LATER])
    send_outbox(sqlite_ctx, relay)
    act_on_mail(sqlite_ctx, one.id, "resend")
    assert send_outbox(sqlite_ctx, relay) == 1


@pytest.mark.parametrize("action", ["resend", "settle_accepted", "drop"])
def test_an_accepted_mail_is_left_alone(sqlite_ctx: Context, action: str) -> None:
    one = queued(sqlite_ctx)
    send_outbox(sqlite_ctx, ScriptedRelay())
    with pytest.raises(Refusal) as refused:
        act_on_mail(sqlite_ctx, one.id, action)
    assert refused.value.code == "mail_action"
    assert mail(sqlite_ctx, one.id).state == "accepted"


def test_a_mail_that_is_not_there_is_said_so(sqlite_ctx: Context) -> None:
    for ask in (lambda: act_on_mail(sqlite_ctx, 404, "drop"), lambda: mail_letter(sqlite_ctx, 404)):
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.code == "mail_not_found"


def test_an_acceptance_that_comes_after_a_person_resent_stops_the_second_copy(ctx: Context) -> None:
    one = queued(ctx)
    with ctx.database.write() as tx:
        claimed = claim(tx, ctx.clock.now())
        assert claimed is not None
        assert begin_data(tx, claimed, ctx.clock.now())
    clock(ctx).move(seconds=LEASE.total_seconds() + 1)
    with ctx.database.write() as tx:
        assert expire_leases(tx, ctx.clock.now()) == 1
    act_on_mail(ctx, one.id, "resend")
    with ctx.database.write() as tx:
        assert settle(tx, claimed, ACCEPTED, ctx.clock.now())
    relay = ScriptedRelay()
    assert send_outbox(ctx, relay) == 0
    assert relay.sent == []
