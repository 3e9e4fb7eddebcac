"""A call-back agreed for an hour is one agent's, is promised and told, and ends only by a person."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.cancel_appointment import cancel_appointment
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.list_today import list_today
from agent_desk.actions.load_session import load_session
from agent_desk.actions.log_attempt import log_attempt
from agent_desk.actions.look_at_agenda import look_at_agenda
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.look_at_promises import look_at_promises
from agent_desk.actions.look_at_slots import look_at_slots
from agent_desk.actions.mail_letter import mail_letter
from agent_desk.actions.move_appointment import move_appointment
from agent_desk.actions.preview_call_back import preview_call_back
from agent_desk.actions.raise_promises import raise_promises
from agent_desk.actions.report import report
from agent_desk.actions.resume_session import resume_session
from agent_desk.actions.verify_log import verify_log
from agent_desk.ports import Letter
from agent_desk.rules.appointment import Appointment, AppointmentState, CallEnd, Doubt, Wish
from agent_desk.rules.mail import MailChannel, MailState
from agent_desk.rules.promise import PromiseEnd, PromiseKind, Urgency, urgency
from agent_desk.rules.session import ConsentKind, State, Territory
from agent_desk.rules.sms import Encoding, measure
from agent_desk.rules.written import Way
from agent_desk.storage.appointments import SlotTaken, read_appointment, session_appointments, slot_may_be_taken
from agent_desk.storage.events import history
from agent_desk.storage.outbox import session_mails
from tests.support.calendars import read_calendar
from tests.support.desks import CLAIRE, DEVICE, NOON, agreed, clock, consent, content, drafted, finished, type_in

HOUR = timedelta(hours=1)
TOMORROW = NOON + timedelta(days=1)
AT_TEN = TOMORROW - 2 * HOUR


def booked(ctx: Context, at: datetime = AT_TEN) -> Appointment:
    """Agree a call-back of an agreed session."""
    return book_appointment(ctx, agreed(ctx, content(DEVICE)).id, Wish(at))


def again(ctx: Context, one: Appointment) -> Appointment:
    with ctx.database.read() as tx:
        found = read_appointment(tx, one.id)
    assert found is not None
    return found


def kinds(ctx: Context, session_id: int) -> list[str]:
    with ctx.database.read() as tx:
        return [one.kind for one in history(tx, session_id)]


def letters(ctx: Context, session_id: int) -> list[tuple[str, Letter]]:
    """Return the mails about call-backs, oldest first."""
    with ctx.database.read() as tx:
        mails = [mail for mail in session_mails(tx, session_id) if mail.kind.startswith("appointment")]
    return [(mail.kind, mail_letter(ctx, mail.id)) for mail in sorted(mails, key=lambda mail: mail.id)]


def test_booking_promises_tells_and_puts_the_session_aside(ctx: Context) -> None:
    one = booked(ctx)
    view = load_session(ctx, one.session_id)
    assert (view.state, view.parked_at) == (State.SCHEDULED, NOON)
    assert (one.person, one.ends_at - one.starts_at) == ("Nadia Leroy", timedelta(minutes=30))
    (promise,) = look_at_next(ctx).promises
    assert (promise.due_at, promise.late_at, promise.person) == (one.starts_at, one.ends_at, "Nadia Leroy")
    assert kinds(ctx, view.id)[-5:] == [
        "promise_made",
        "appointment_booked",
        "mail_queued",
        "session_scheduled",
        "session_parked",
    ]
    ((kind, letter),) = letters(ctx, view.id)
    assert kind == "appointment"
    assert "mardi 24\u00a0novembre\u00a02026, entre 10\u00a0h et 10\u00a0h\u00a030" in letter.text
    assert [item for item in list_today(ctx).due if item.kind == "callback"] == []
    assert verify_log(ctx).fault is None


def test_the_calendar_file_follows_the_call_through_move_and_end(ctx: Context) -> None:
    one = booked(ctx)
    moved = move_appointment(ctx, one.id, one.version, Wish(AT_TEN + 3 * HOUR), "le client préfère l’après-midi")
    gone = cancel_appointment(ctx, moved.id, moved.version, "le client a réglé seul ; tout va bien, merci")
    assert (gone.state, load_session(ctx, one.session_id).state) == (AppointmentState.CANCELLED, State.AGREED)
    sent = letters(ctx, one.session_id)
    assert [kind for kind, _ in sent] == ["appointment", "appointment_moved", "appointment_cancelled"]
    files = [read_calendar(letter.attachments[0].content) for _, letter in sent]
    assert [file.method for file in files] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({file.event["UID"] for file in files}) == 1
    assert [file.event["SEQUENCE"] for file in files] == ["0", "1", "2"]
    assert [file.moment("DTSTART") for file in files] == [AT_TEN, AT_TEN + 3 * HOUR, AT_TEN + 3 * HOUR]
    assert files[2].event["STATUS"] == "CANCELLED"
    assert sent[1][1].attachments[0].media_type == "text/calendar; charset=utf-8; method=REQUEST"
    assert "le client préfère l’après-midi" in sent[1][1].text
    assert [made.end for made in look_at_promises(ctx, one.session_id)] == [PromiseEnd.MOVED, PromiseEnd.CANCELLED]
    with ctx.database.read() as tx:
        states = [each.state for each in session_appointments(tx, one.session_id)]
    assert states == [AppointmentState.MOVED, AppointmentState.CANCELLED]


def test_moving_keeps_the_72_hours_of_the_first_agreement(ctx: Context) -> None:
    one = booked(ctx)
    clock(ctx).move(hours=5)
    moved = move_appointment(ctx, one.id, one.version, Wish(TOMORROW), "empêchement")
    assert (moved.accepted_at, moved.limit_at) == (NOON, NOON + timedelta(hours=72))


def test_nobody_is_booked_twice(ctx: Context) -> None:
    booked(ctx)
    other = agreed(ctx, content(DEVICE))
    for minutes in (-15, 0, 15):
        with pytest.raises(Refusal, match="slot_taken"):
            book_appointment(ctx, other.id, Wish(AT_TEN + timedelta(minutes=minutes)))
    assert AT_TEN not in {slot.starts_at for slot in look_at_slots(ctx, other.id).slots_of()}
    assert book_appointment(ctx, other.id, Wish(AT_TEN + HOUR / 2)).starts_at == AT_TEN + HOUR / 2


COPIED = (
    "session_id, promise_id, number, customer, phone, person_id, person, territory, booked_at, accepted_at, limit_at, state,"
    " uid, next_at, starts_at, ends_at"
)


def test_the_database_itself_refuses_to_book_somebody_twice_however_it_is_written(ctx: Context) -> None:
    one, other = booked(ctx), agreed(ctx, content(DEVICE))
    same = COPIED.replace("session_id", str(other.id), 1)
    for shift in (-900_000_000, 0, 900_000_000):
        moved = same.replace("starts_at, ends_at", f"starts_at + {shift}, ends_at + {shift}")
        insert = f"INSERT INTO appointment ({COPIED}) SELECT {moved} FROM appointment WHERE id = {one.id}"
        with pytest.raises(SlotTaken), ctx.database.write() as tx, slot_may_be_taken():
            tx.exec_driver_sql(insert)
    book_appointment(ctx, other.id, Wish(one.ends_at))
    back = f"UPDATE appointment SET starts_at = starts_at - 900000000 WHERE session_id = {other.id}"
    with pytest.raises(SlotTaken), ctx.database.write() as tx, slot_may_be_taken():
        tx.exec_driver_sql(back)


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        (NOON - HOUR, "slot_past"),
        (NOON + timedelta(minutes=5), "slot_hours"),
        (NOON + timedelta(hours=8, minutes=45), "slot_hours"),  # would end at 21:15
        (NOON + timedelta(hours=19), "slot_hours"),  # 7:00
        (NOON + timedelta(days=6), "slot_hours"),  # Sunday
        (NOON + timedelta(hours=72), "slot_after_limit"),  # its end
        (NOON + timedelta(days=40), "slot_hours"),
    ],
)
def test_a_time_that_may_not_be_is_refused_in_one_sentence(sqlite_ctx: Context, at: datetime, refused: str) -> None:
    view = agreed(sqlite_ctx, content(DEVICE))
    with pytest.raises(Refusal, match=refused):
        book_appointment(sqlite_ctx, view.id, Wish(at))
    assert load_session(sqlite_ctx, view.id).state is State.AGREED
    assert look_at_next(sqlite_ctx).promises == ()


def test_after_the_72_hours_only_as_the_customer_wishes_and_never_without_an_alarm(ctx: Context) -> None:
    view = agreed(ctx, content(DEVICE))
    late = NOON + timedelta(days=4)
    book_appointment(ctx, view.id, Wish(late, beyond="en vacances jusque-là"))
    (due,) = [item for item in list_today(ctx).due if item.kind == "callback"]
    assert due.at == NOON + timedelta(hours=72)
    clock(ctx).move(hours=72)
    assert raise_promises(ctx) == 1  # before its hour, but the promise of 3.2 was not kept
    (promise,) = look_at_next(ctx).promises
    assert (promise.due_at, promise.on_top) == (late, True)


def test_a_missed_call_goes_on_top_and_ends_only_by_a_person(ctx: Context) -> None:
    one = booked(ctx)
    clock(ctx).move(days=9)
    assert raise_promises(ctx) == 1
    assert (again(ctx, one).state, look_at_slots(ctx, one.session_id).doubts) == (
        AppointmentState.BOOKED,
        (Doubt.PAST,),
    )
    (promise,) = look_at_next(ctx).promises
    assert urgency(promise, ctx.clock.now()) is Urgency.MISSED
    after = ctx.clock.now() + HOUR
    with pytest.raises(Refusal, match="slot_after_limit"):
        move_appointment(ctx, one.id, one.version, Wish(after), "manqué")
    moved = move_appointment(ctx, one.id, one.version, Wish(after, beyond="manqué par nous"), "manqué")
    assert moved.starts_at == after


def test_three_attempts_a_quarter_of_an_hour_apart_then_it_is_the_teams_and_a_supervisors(ctx: Context) -> None:
    one = booked(ctx)
    with pytest.raises(Refusal, match="attempt_early"):
        log_attempt(ctx, one.id, one.version, CallEnd.NO_ANSWER)
    clock(ctx).time = one.starts_at
    for tried in (1, 2, 3):
        one = log_attempt(ctx, one.id, one.version, CallEnd.NO_ANSWER)
        assert len(one.attempts) == tried
        (promise,) = look_at_next(ctx).promises
        assert promise.on_top == (tried == 3)
        if tried < 3:
            assert one.next_at == ctx.clock.now() + timedelta(minutes=15)
            with pytest.raises(Refusal, match="attempt_early"):
                log_attempt(ctx, one.id, one.version, CallEnd.NO_ANSWER)
            clock(ctx).move(minutes=15)
    assert one.state is AppointmentState.BOOKED
    assert kinds(ctx, one.session_id)[-2:] == ["call_attempted", "promise_failed"]


def test_a_call_cut_off_goes_on_top_at_once_and_may_be_made_again_at_once(ctx: Context) -> None:
    one = booked(ctx)
    clock(ctx).time = one.starts_at
    resume_session(ctx, one.session_id)
    one = log_attempt(ctx, one.id, one.version, CallEnd.CUT_OFF)
    (promise,) = look_at_next(ctx).promises
    assert (promise.on_top, one.next_at) == (True, ctx.clock.now())
    done = log_attempt(ctx, one.id, one.version, CallEnd.REACHED)
    assert (done.state, look_at_next(ctx).promises) == (AppointmentState.DONE, ())
    assert [made.end for made in look_at_promises(ctx, one.session_id)] == [PromiseEnd.KEPT]


def test_reaching_the_customer_takes_the_session_up_and_counts_how_long_they_waited(ctx: Context) -> None:
    one = booked(ctx)
    clock(ctx).time = one.starts_at
    resume_session(ctx, one.session_id)  # opened to call: nobody has been called by that
    day = date(2026, 11, 24)
    assert report(ctx, day, day).figures.call_backs == {}
    done = log_attempt(ctx, one.id, one.version, CallEnd.REACHED)
    assert load_session(ctx, done.session_id).parked_at is None
    figures = report(ctx, day, day).figures
    assert (sum(figures.call_backs.values()), figures.call_backs_kept) == (1, 1)
    assert figures.call_back_seconds == pytest.approx(22 * 3600, rel=0.03)


def test_beginning_the_work_is_having_reached_the_customer(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    one = booked(ctx)
    view = consent(ctx, load_session(ctx, one.session_id), ConsentKind.BACKUP, ConsentKind.EARLY_START)
    view = consent(ctx, view, ConsentKind.EARLY_START_WAIVER)
    begin_work(ctx, view.id, view.version)
    assert again(ctx, one).state is AppointmentState.DONE
    assert look_at_next(ctx).promises == ()


def test_a_session_that_is_closed_or_cancelled_waits_for_no_call(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    ready = finished(ctx, content(DEVICE))
    first = book_appointment(ctx, ready.id, Wish(AT_TEN))
    view = resume_session(ctx, ready.id)
    close_session(ctx, view.id, view.version)
    assert again(ctx, first).state is AppointmentState.DONE
    second = booked(ctx, TOMORROW)
    cancel_session(ctx, second.session_id, load_session(ctx, second.session_id).version, "le client renonce")
    assert again(ctx, second).state is AppointmentState.CANCELLED
    assert [kind for kind, _ in letters(ctx, second.session_id)] == ["appointment", "appointment_cancelled"]
    assert look_at_next(ctx).promises == ()


def test_what_somebody_else_has_changed_is_refused_and_left(ctx: Context) -> None:
    one = booked(ctx)
    move_appointment(ctx, one.id, one.version, Wish(TOMORROW), "client")
    with pytest.raises(Refusal, match="appointment_over"):
        cancel_appointment(ctx, one.id, one.version, "client")
    with pytest.raises(Refusal, match="appointment_gone"):
        cancel_appointment(ctx, 999, 1, "client")
    with pytest.raises(Refusal, match="appointment_already"):
        book_appointment(ctx, one.session_id, Wish(TOMORROW + HOUR))
    with pytest.raises(Refusal, match="reason_needed"):
        cancel_appointment(ctx, one.id, one.version, "  ")


def test_a_day_that_becomes_a_holiday_and_a_customer_who_moves_are_told_and_nothing_is_lost(
    ctx: Context,
) -> None:
    one = booked(ctx)
    off = replace(ctx, settings=replace(ctx.settings, extra_holidays=(AT_TEN.date(),)))
    assert look_at_slots(off, one.session_id).doubts == (Doubt.DAY_OFF,)
    (entry,) = look_at_agenda(off, NOON, NOON + timedelta(days=7)).entries
    assert (entry.appointment, entry.doubts) == (one, (Doubt.DAY_OFF,))
    assert [(found.kind, found.number) for found in list_today(off).doubtful] == [(PromiseKind.CALL_BACK, one.number)]
    assert list_today(ctx).doubtful == ()
    view = load_session(ctx, one.session_id)
    there = replace(CLAIRE, territory=Territory.GUADELOUPE, postcode="97110")
    type_in(ctx, view, replace(view.content, customer=there))
    (entry,) = look_at_agenda(ctx, NOON, NOON + timedelta(days=7)).entries
    assert entry.doubts == (Doubt.HOURS,)
    found = look_at_slots(ctx, one.session_id)
    assert (found.territory, found.doubts) == (Territory.GUADELOUPE, (Doubt.HOURS,))  # six in the morning there


def test_a_mobile_gets_an_sms_and_one_that_waits_for_the_morning_goes_with_its_cause(ctx: Context) -> None:
    clock(ctx).move(hours=9)  # 21 h: nobody is disturbed before eight
    mobile = replace(CLAIRE, callback_number="06 12 34 56 78")
    view = agreed(ctx, content(DEVICE, customer=mobile))
    one = book_appointment(ctx, view.id, Wish(AT_TEN))
    move_appointment(ctx, one.id, one.version, Wish(TOMORROW), "empêchement")
    with ctx.database.read() as tx:
        texts = {mail.kind: mail for mail in session_mails(tx, view.id) if mail.channel == MailChannel.SMS}
    assert {kind: mail.state for kind, mail in texts.items()} == {
        "call_back": MailState.DROPPED,
        "call_back_moved": MailState.QUEUED,
    }
    said = mail_letter(ctx, texts["call_back_moved"].id)
    assert said.text == (
        "Votre rappel est déplacé : mar. 24 nov., 12 h (jusqu'à 12 h 30). Motif : empechement. Imprévu ? 776."
        " Dossier S-2026-000001. Assistance"
    )


def test_the_sms_gives_the_reason_cut_at_a_word_to_stay_one_and_the_mail_gives_all_of_it(ctx: Context) -> None:
    mobile = replace(CLAIRE, callback_number="06 12 34 56 78")
    view = agreed(ctx, content(DEVICE, customer=mobile))
    one = book_appointment(ctx, view.id, Wish(AT_TEN))
    why = "Panne générale de notre téléphonie depuis ce matin, nous vous rappelons dès qu’elle est réparée"
    moved = move_appointment(ctx, one.id, one.version, Wish(TOMORROW), why)
    cancel_appointment(ctx, moved.id, moved.version, why)
    with ctx.database.read() as tx:
        sent = {(mail.kind, mail.channel): mail.id for mail in session_mails(tx, view.id)}
    for kind, sms in (("appointment_moved", "call_back_moved"), ("appointment_cancelled", "call_back_cancelled")):
        text = mail_letter(ctx, sent[sms, MailChannel.SMS]).text
        assert "Motif : Panne générale de notre téléphonie" in text
        assert "... " in text
        assert (measure(text).encoding, measure(text).parts) == (Encoding.GSM, 1)
        assert why in mail_letter(ctx, sent[kind, MailChannel.MAIL]).text.replace("\n", " ")
        assert preview_call_back(ctx, view.id, kind, moved.starts_at, moved.ends_at, why) == text


def test_who_has_neither_a_mobile_nor_an_address_gets_letters_and_of_those_to_print_only_the_last(ctx: Context) -> None:
    nowhere = replace(CLAIRE, email="", no_email_reason="n’en a pas", callback_number="01 42 00 00 00")
    view = agreed(ctx, content(DEVICE, customer=nowhere))
    assert look_at_slots(ctx, view.id).told is Way.LETTER
    one = book_appointment(ctx, view.id, Wish(AT_TEN))
    ((kind, booked_letter),) = letters(ctx, view.id)
    assert (kind, booked_letter.recipient, booked_letter.attachments) == ("appointment", "", ())
    assert "fichier joint" not in booked_letter.text + booked_letter.html
    moved = move_appointment(ctx, one.id, one.version, Wish(TOMORROW), "empêchement")
    cancel_appointment(ctx, moved.id, moved.version, "tout va bien")
    assert [
        ("Motif\u00a0: empêchement" in one.text, "Motif\u00a0: tout va bien" in one.text)
        for _, one in letters(ctx, view.id)
    ] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    with ctx.database.read() as tx:
        states = {mail.kind: mail.state for mail in session_mails(tx, view.id) if mail.kind.startswith("appointment")}
        assert not [mail for mail in session_mails(tx, view.id) if mail.channel == MailChannel.SMS]
    assert states == {
        "appointment": MailState.DROPPED,
        "appointment_moved": MailState.DROPPED,
        "appointment_cancelled": MailState.HELD,
    }
    assert preview_call_back(ctx, view.id, "appointment", one.starts_at, one.ends_at) == ""


def test_nothing_is_written_to_who_left_nothing_to_write_to(sqlite_ctx: Context) -> None:
    view = drafted(sqlite_ctx, content(DEVICE, customer=replace(CLAIRE, email="", address="", callback_number="")))
    assert look_at_slots(sqlite_ctx, view.id).told is Way.NONE
    book_appointment(sqlite_ctx, view.id, Wish(AT_TEN))
    assert letters(sqlite_ctx, view.id) == []
    assert load_session(sqlite_ctx, view.id).state is State.DRAFT
