"""The outbox, on both engines: claims, leases, fencing, and damaged mails."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from agent_desk.actions.context import Context
from agent_desk.ports import Delivery
from agent_desk.rules.mail import HEARTBEAT, LEASE
from agent_desk.storage.mails import stuck_mails
from agent_desk.storage.outbox import Claim, begin_data, claim, expire_leases, queue, renew, settle
from agent_desk.storage.tables import attachment
from tests.support.desks import clock
from tests.support.letters import letter
from tests.support.mails import ACCEPTED, LATER, NO, SILENCE, mail, queued, shown, told

pytest_plugins = ["tests.support.desks"]


def _claim(ctx: Context) -> Claim | None:
    with ctx.database.write() as tx:
        return claim(tx, ctx.clock.now())


def _claimed(ctx: Context) -> Claim:
    claimed = _claim(ctx)
    assert claimed is not None
    return claimed


def _begin(ctx: Context, claimed: Claim) -> bool:
    with ctx.database.write() as tx:
        return begin_data(tx, claimed, ctx.clock.now())


def _settle(ctx: Context, claimed: Claim, delivery: Delivery) -> bool:
    with ctx.database.write() as tx:
        return settle(tx, claimed, delivery, ctx.clock.now())


def _renew(ctx: Context, claimed: Claim) -> bool:
    with ctx.database.write() as tx:
        return renew(tx, claimed, ctx.clock.now())


def _expire(ctx: Context) -> int:
    with ctx.database.write() as tx:
        return expire_leases(tx, ctx.clock.now())


def _lease_ends(ctx: Context) -> None:
    clock(ctx).move(seconds=LEASE.total_seconds() + 1)


def test_a_queued_mail_is_claimed_once_and_comes_whole(ctx: Context) -> None:
    queued(ctx)
    claimed = _claimed(ctx)
    assert claimed.letter.attachments == letter().attachments
    assert (claimed.letter.sender, claimed.letter.text) == (letter().sender, letter().text)
    assert _claim(ctx) is None


def test_each_change_is_an_event_and_shows_on_the_session(ctx: Context) -> None:
    one = queued(ctx)
    claimed = _claimed(ctx)
    assert shown(ctx, one.session_id) == "sending"
    assert _begin(ctx, claimed)
    assert _settle(ctx, claimed, ACCEPTED)
    now = mail(ctx, one.id)
    assert (now.state, now.attempts, now.last_reply) == ("accepted", 1, "accepted: 250 2.0.0 Ok")
    assert shown(ctx, one.session_id) == "accepted"
    assert told(ctx, one.session_id) == ["mail_queued", "mail_sending", "mail_accepted"]


def test_a_session_has_one_mail_of_a_kind(ctx: Context) -> None:
    one = queued(ctx)
    with pytest.raises(IntegrityError), ctx.database.write() as tx:
        queue(tx, one.session_id, "confirmation", letter(message_id="<other@assistance.example>"), actor="agent")


def test_a_refused_mail_is_not_claimed_before_its_time(ctx: Context) -> None:
    one = queued(ctx)
    assert _settle(ctx, _claimed(ctx), LATER)
    now = mail(ctx, one.id)
    assert (now.state, now.retry_at) == ("retry", ctx.clock.now() + timedelta(minutes=1))
    assert _claim(ctx) is None
    clock(ctx).move(minutes=1)
    assert _settle(ctx, _claimed(ctx), NO)
    assert (mail(ctx, one.id).state, mail(ctx, one.id).last_reply) == ("rejected", "relay_refused: 550 5.1.1 unknown")
    assert _claim(ctx) is None


def test_a_mail_refused_for_two_days_is_given_up_and_shown(ctx: Context) -> None:
    one = queued(ctx)
    while mail(ctx, one.id).state != "rejected":
        assert _settle(ctx, _claimed(ctx), LATER)
        clock(ctx).move(hours=4)
    now = mail(ctx, one.id)
    assert (now.attempts, now.last_reply, now.retry_at) == (17, "gave_up: 451 4.3.0 later", None)
    with ctx.database.read() as tx:
        assert [stuck.id for stuck in stuck_mails(tx)] == [one.id]


def test_a_lease_that_ends_before_data_frees_the_mail_and_fences_the_old_worker(ctx: Context) -> None:
    one = queued(ctx)
    old = _claimed(ctx)
    _lease_ends(ctx)
    assert _expire(ctx) == 0
    new = _claimed(ctx)
    assert (new.mail_id, new.token) == (old.mail_id, old.token + 1)
    assert not _begin(ctx, old)
    assert not _settle(ctx, old, LATER)
    assert _begin(ctx, new)
    assert mail(ctx, one.id).state == "sending"


def test_a_lease_that_ends_after_data_began_leaves_the_mail_uncertain(ctx: Context) -> None:
    one = queued(ctx)
    assert _begin(ctx, _claimed(ctx))
    _lease_ends(ctx)
    assert _claim(ctx) is None
    assert _expire(ctx) == 1
    assert (mail(ctx, one.id).state, mail(ctx, one.id).last_reply) == ("uncertain", "no_answer")
    assert _claim(ctx) is None
    assert told(ctx, one.session_id)[-1] == "mail_uncertain"


def test_the_lease_starts_again_when_data_begins(ctx: Context) -> None:
    queued(ctx)
    claimed = _claimed(ctx)
    clock(ctx).move(seconds=LEASE.total_seconds() - 1)
    assert _begin(ctx, claimed)
    clock(ctx).move(seconds=LEASE.total_seconds() - 1)
    assert _expire(ctx) == 0


def test_a_lease_that_is_renewed_goes_on_for_a_minute_each_time(ctx: Context) -> None:
    one = queued(ctx)
    claimed = _claimed(ctx)
    assert _begin(ctx, claimed)
    for _ in range(30):
        clock(ctx).move(seconds=HEARTBEAT.total_seconds())
        assert _renew(ctx, claimed)
        assert _expire(ctx) == 0
        assert _claim(ctx) is None
    assert mail(ctx, one.id).state == "sending"


def test_a_lease_that_is_over_is_not_renewed_and_begins_nothing_though_nobody_noticed(ctx: Context) -> None:
    queued(ctx)
    claimed = _claimed(ctx)
    _lease_ends(ctx)
    assert not _renew(ctx, claimed)
    assert not _begin(ctx, claimed)
    assert _claimed(ctx).token == claimed.token + 1


def test_a_lease_taken_over_or_settled_is_not_renewed(ctx: Context) -> None:
    queued(ctx)
    old = _claimed(ctx)
    _lease_ends(ctx)
    new = _claimed(ctx)
    assert not _renew(ctx, old)
    assert _renew(ctx, new)
    assert _settle(ctx, new, NO)
    assert not _renew(ctx, new)


@pytest.mark.parametrize(("late", "state"), [(ACCEPTED, "accepted"), (NO, "rejected"), (LATER, "retry")])
def test_a_late_answer_settles_an_uncertain_mail(ctx: Context, late: Delivery, state: str) -> None:
    one = queued(ctx)
    claimed = _claimed(ctx)
    assert _begin(ctx, claimed)
    _lease_ends(ctx)
    assert _expire(ctx) == 1
    assert _settle(ctx, claimed, late)
    assert mail(ctx, one.id).state == state


def test_silence_is_uncertain_once_and_stays_so(ctx: Context) -> None:
    one = queued(ctx)
    claimed = _claimed(ctx)
    assert _begin(ctx, claimed)
    assert _settle(ctx, claimed, SILENCE)
    assert not _settle(ctx, claimed, SILENCE)
    assert mail(ctx, one.id).state == "uncertain"
    assert _claim(ctx) is None


def test_a_changed_attachment_stops_the_mail_and_not_the_next_one(ctx: Context) -> None:
    bad, good = queued(ctx), queued(ctx)
    with ctx.database.write() as tx:
        tx.execute(update(attachment).where(attachment.c.mail_id == bad.id).values(content=b"%PDF other"))
    assert _claimed(ctx).mail_id == good.id
    assert (mail(ctx, bad.id).state, mail(ctx, bad.id).last_reply) == ("held", "attachment_changed")
    assert told(ctx, bad.session_id) == ["mail_queued", "mail_held"]


@pytest.mark.parametrize("forged", [False, True])
def test_a_missing_or_replaced_attachment_stops_the_mail(ctx: Context, forged: bool) -> None:
    one = queued(ctx)
    with ctx.database.write() as tx:
        if forged:
            digest = bytes.fromhex("5c" * 32)
            tx.execute(update(attachment).where(attachment.c.mail_id == one.id).values(sha256=digest))
        else:
            tx.execute(delete(attachment).where(attachment.c.mail_id == one.id))
    assert _claim(ctx) is None
    assert mail(ctx, one.id).state == "held"


def test_a_mail_without_address_is_held_to_be_printed(ctx: Context) -> None:
    one = queued(ctx, recipient="")
    assert (one.state, one.last_reply, shown(ctx, one.session_id)) == ("held", "no_recipient", "held")
    assert _claim(ctx) is None


def test_a_claim_that_is_not_committed_never_was(ctx: Context) -> None:
    one = queued(ctx)

    def fail() -> None:
        with ctx.database.write() as tx:
            assert claim(tx, ctx.clock.now()) is not None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (mail(ctx, one.id).state, told(ctx, one.session_id)) == ("queued", ["mail_queued"])


def test_a_mail_needs_no_attachment(sqlite_ctx: Context) -> None:
    queued(sqlite_ctx, attachments=())
    assert _claimed(sqlite_ctx).letter.attachments == ()
