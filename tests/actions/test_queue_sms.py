"""Text messages and later messages, on both engines: queued in their transaction, sent when it is time, dropped with their cause."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from agent_desk.actions.act_on_mail import act_on_mail
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.look_at_health import look_at_health
from agent_desk.actions.open_session import open_session
from agent_desk.actions.queue_sms import drop_waiting, mobile_of, next_ordinal, queue_sms, render_sms
from agent_desk.actions.record import take
from agent_desk.event_words import EventWords
from agent_desk.ports import Delivery, Reply
from agent_desk.rules.mail import MailAction, MailChannel, MailState
from agent_desk.rules.session import Call, Customer
from agent_desk.storage.mails import stuck_mails
from agent_desk.storage.outbox import Claim, begin_data, claim, queue, settle
from agent_desk.storage.refused import RefusedByRights, refusals
from agent_desk.storage.tables import mail as mail_table
from agent_desk.wording import load_wording
from tests.support.callcentre import KARIM, NADIA, POST, CallCentre
from tests.support.desks import clock
from tests.support.letters import letter
from tests.support.mails import ACCEPTED, mail, told
from tests.support.reference import CATALOGUE

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]

MOBILE = "06 12 34 56 78"
TOTAL = {"total": "79,00\u00a0€"}
LATER = Delivery(Reply.RETRY, cause="sms_unreachable")


def opened(ctx: Context) -> int:
    return open_session(ctx, Call(started_at=ctx.clock.now())).id


def text_to(ctx: Context, session_id: int, number: str = MOBILE, **options: object) -> int:
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        return queue_sms(held, "confirmation", number, TOTAL, **options)  # type: ignore[arg-type]


def claimed(ctx: Context, channel: MailChannel = MailChannel.SMS) -> Claim | None:
    with ctx.database.write() as tx:
        return claim(tx, ctx.clock.now(), channel)


def test_an_sms_is_queued_once_and_claimed_by_whoever_sends_sms_alone(ctx: Context) -> None:
    session_id = opened(ctx)
    sms_id = text_to(ctx, session_id)
    assert claimed(ctx, MailChannel.MAIL) is None
    one = claimed(ctx)
    assert one is not None
    assert (one.mail_id, one.letter.recipient, one.letter.sender) == (sms_id, "+33612345678", "Assistance")
    assert "79,00 €" in one.letter.text
    assert (one.letter.subject, one.letter.html, one.letter.attachments) == ("", "", ())
    assert claimed(ctx) is None
    assert told(ctx, session_id) == ["mail_queued", "mail_sending"]
    with pytest.raises(IntegrityError):
        text_to(ctx, session_id)
    with ctx.database.write() as tx:
        assert next_ordinal(take(ctx, tx, session_id), "confirmation") == 2
    text_to(ctx, session_id, ordinal=2)
    with ctx.database.write() as tx:  # a mail of the same kind is another message
        queue(tx, session_id, "confirmation", letter(), actor="agent")
    assert claimed(ctx, MailChannel.MAIL) is not None


def test_what_cannot_leave_is_refused_before_anything_is_written(ctx: Context) -> None:
    session_id = opened(ctx)
    with pytest.raises(Refusal, match="no_mobile"):
        text_to(ctx, session_id, "02 61 91 12 34")
    assert told(ctx, session_id) == []
    with pytest.raises(Refusal, match="sms_too_long"):
        render_sms("confirmation", "fr", {"total": "9" * 460, "number": "", "company": "", "support_phone": ""})
    assert mobile_of(Customer(callback_number="0692 12 34 56")) == "+262692123456"


def test_an_sms_of_the_evening_leaves_at_eight_in_the_morning(ctx: Context) -> None:
    clock(ctx).time = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)  # 21:15 in Paris
    session_id = opened(ctx)
    sms_id = text_to(ctx, session_id)
    assert mail(ctx, sms_id).not_before == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert claimed(ctx) is None
    clock(ctx).time = datetime(2026, 11, 24, 6, 59, 59, tzinfo=UTC)
    assert claimed(ctx) is None
    assert look_at_health(ctx).mail_overdue is None
    clock(ctx).time = datetime(2026, 11, 24, 7, 0, 10, tzinfo=UTC)
    vitals = look_at_health(ctx)
    assert (vitals.mail_overdue, vitals.oldest_mail) == (timedelta(seconds=10), timedelta(seconds=10))
    assert claimed(ctx) is not None


def test_an_sms_nobody_sent_in_time_or_to_be_tried_again_does_not_ring_at_night(ctx: Context) -> None:
    clock(ctx).time = datetime(2026, 11, 23, 18, 59, 30, tzinfo=UTC)  # 19:59:30 in Paris
    paris, reunion = opened(ctx), opened(ctx)
    here, there = text_to(ctx, paris), text_to(ctx, reunion, "0692 12 34 56")  # where it is nearly 23 h
    one = claimed(ctx)
    assert one is not None
    assert one.mail_id == here
    assert claimed(ctx) is None
    assert mail(ctx, there).not_before == datetime(2026, 11, 24, 4, tzinfo=UTC)
    with ctx.database.write() as tx:
        settle(tx, one, LATER, ctx.clock.now())
    clock(ctx).move(minutes=2)
    assert claimed(ctx) is None
    assert mail(ctx, here).not_before == datetime(2026, 11, 24, 7, tzinfo=UTC)
    clock(ctx).time = datetime(2026, 11, 24, 4, tzinfo=UTC)
    overseas = claimed(ctx)
    assert overseas is not None
    assert overseas.mail_id == there
    clock(ctx).time = datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert claimed(ctx) is not None


def test_a_reminder_waits_for_its_day_and_is_dropped_with_its_cause(ctx: Context) -> None:
    session_id, day = opened(ctx), ctx.clock.now() + timedelta(days=3)
    kept, gone = text_to(ctx, session_id), text_to(ctx, session_id, not_before=day, ordinal=2)
    with ctx.database.write() as tx:
        mark = letter(message_id="<later@assistance.example>", envid="later")
        later = queue(tx, session_id, "offer", mark, actor="agent", not_before=day)
    one = claimed(ctx)
    assert one is not None
    assert one.mail_id == kept
    assert claimed(ctx, MailChannel.MAIL) is None
    with ctx.database.write() as tx:
        assert drop_waiting(take(ctx, tx, session_id), "confirmation", "rendez-vous annulé") == 1
    assert mail(ctx, kept).state == MailState.SENDING  # what is being sent is not called back
    with ctx.database.write() as tx:
        assert settle(tx, one, ACCEPTED, ctx.clock.now())
    assert mail(ctx, gone).state == MailState.DROPPED
    assert "mail_called_off" in told(ctx, session_id)
    clock(ctx).time = day
    assert claimed(ctx) is None
    mailed = claimed(ctx, MailChannel.MAIL)
    assert mailed is not None
    assert mailed.mail_id == later


def test_what_may_have_left_is_uncertain_and_a_person_decides_as_for_a_mail(ctx: Context) -> None:
    session_id = opened(ctx)
    sms_id = text_to(ctx, session_id)
    one = claimed(ctx)
    assert one is not None
    with ctx.database.write() as tx:
        assert begin_data(tx, one, ctx.clock.now())
        assert settle(tx, one, Delivery(Reply.UNCERTAIN, cause="sms_no_answer"), ctx.clock.now())
    with ctx.database.read() as tx:
        assert [(found.id, found.channel) for found in stuck_mails(tx)] == [(sms_id, "sms")]
    with ctx.database.write() as tx:
        assert drop_waiting(take(ctx, tx, session_id), "confirmation", "annulé") == 0
    for action, number, refusal in (
        (MailAction.PRINT, "", "sms_not_printed"),
        (MailAction.RESEND, "02 61 91 12 34", "no_mobile"),
    ):
        with pytest.raises(Refusal, match=refusal):
            act_on_mail(ctx, sms_id, action, number)
    assert act_on_mail(ctx, sms_id, MailAction.RESEND, "07 12 34 56 78").recipient == "+33712345678"
    again = claimed(ctx)
    assert again is not None
    with ctx.database.write() as tx:
        assert settle(tx, again, ACCEPTED, ctx.clock.now())
    assert mail(ctx, sms_id).state == "accepted"


def test_the_log_names_an_sms_as_one() -> None:
    words = EventWords(load_wording("fr"), CATALOGUE)
    payload = {"kind": "confirmation", "mail": 1, "sms": True, "reason": "rendez-vous annulé"}
    assert words.title("mail_called_off", payload) == "SMS annulé avant de partir"
    assert words.detail("mail_called_off", payload) == "Confirmation, rendez-vous annulé"
    assert words.detail("mail_uncertain", payload) == "Confirmation, sans réponse claire de la passerelle"
    assert words.title("mail_called_off", payload | {"sms": False}) == "Courriel annulé avant de partir"


def test_an_agent_queues_and_calls_off_by_right_and_nothing_else_reaches_the_gateway(staffed: CallCentre) -> None:
    nadia, karim, worker = staffed.ctx(NADIA), staffed.ctx(KARIM), staffed.ctx(POST)
    session_id, day = opened(nadia), nadia.clock.now() + timedelta(days=3)
    sms_id = text_to(nadia, session_id, not_before=day)
    with nadia.database.write() as tx:
        assert drop_waiting(take(nadia, tx, session_id), "confirmation", "déplacé") == 1
    assert told(staffed.own, session_id)[-1] == "mail_called_off"
    text_to(nadia, session_id, ordinal=2)
    with pytest.raises(RefusedByRights, match="not_found"), refusals(), karim.database.write() as tx:
        tx.exec_driver_sql(f"SELECT desk_call_off({session_id}, 'confirmation', 'x')")
    one = claimed(worker)
    assert one is not None
    assert one.mail_id != sms_id
    with worker.database.write() as tx:
        assert settle(tx, one, Delivery(Reply.REJECTED, cause="sms_refused"), worker.clock.now())
    with pytest.raises(Refusal, match="sms_not_printed"):
        act_on_mail(nadia, one.mail_id, MailAction.PRINT)
    assert act_on_mail(nadia, one.mail_id, MailAction.RESEND).state == "queued"
    like_it = """
        INSERT INTO mail (key, session_id, kind, state, sender, recipient, subject, text, html, message_id, envid,
            attachments_sha256, receipt_requested, created_at, state_at, channel)
        SELECT key || ':3', session_id, kind, 'queued', sender, '+33612345678; x', subject, text, html, message_id, envid,
            attachments_sha256, receipt_requested, created_at, state_at, channel FROM mail WHERE id = 1
    """
    for statement in ("UPDATE mail SET recipient = '17'", "UPDATE mail SET not_before = NULL", like_it):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            staffed.connect(NADIA).execute(statement)
    with staffed.owner.read() as tx:
        assert tx.execute(select(mail_table.c.recipient)).scalars().all() == ["+33612345678"] * 2
