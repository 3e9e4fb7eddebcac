"""Call-backs in a call centre: each team its own, a supervisor's help, and one winner of a race, whoever types SQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest

from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.cancel_appointment import cancel_appointment
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.hand_over_session import hand_over_session
from agent_desk.actions.list_receivers import list_receivers
from agent_desk.actions.list_today import list_today
from agent_desk.actions.load_session import load_session
from agent_desk.actions.log_attempt import log_attempt
from agent_desk.actions.look_at_agenda import look_at_agenda
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.look_at_slots import look_at_slots
from agent_desk.actions.move_appointment import move_appointment
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.appointment import Appointment, AppointmentState, CallEnd, Doubt, Wish
from agent_desk.rules.handover import Words
from agent_desk.rules.people import Role
from agent_desk.rules.session import State
from agent_desk.storage.appointments import read_appointment
from agent_desk.storage.events import history
from agent_desk.storage.mails import session_mails
from agent_desk.storage.sessions import read_session
from tests.support.callcentre import KARIM, NADIA, OLGA, SAM, CallCentre
from tests.support.desks import DEVICE, NOON, agreed, clock, content

AT = NOON + timedelta(hours=22)
LEA, ROSE = "lea", "rose"


def booked(ctx: Context, wish: Wish) -> Appointment:
    return book_appointment(ctx, agreed(ctx, content(DEVICE)).id, wish)


def changed(centre: CallCentre, login: str, statement: str) -> int:
    """Return how many rows somebody changes by typing SQL, none where the database refuses."""
    try:
        return centre.connect(login).execute(statement.encode()).rowcount
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UniqueViolation):
        return 0


@pytest.fixture
def two(staffed: CallCentre) -> CallCentre:
    """Give Nadia a colleague in her team."""
    staffed.add(LEA, "Léa Morel", Role.AGENT, "Nord")
    return staffed


def test_whoever_is_free_of_the_team_is_booked_the_least_busy_first(two: CallCentre) -> None:
    nadia = two.ctx(NADIA)
    slots = look_at_slots(nadia, agreed(nadia, content(DEVICE)).id)
    assert [one.name for one in slots.people] == ["Léa Morel", "Nadia Leroy"]
    assert all(slot.mine for slot in slots.slots_of())
    mine = booked(nadia, Wish(AT, slots.me))
    assert mine.person == "Nadia Leroy"
    assert booked(nadia, Wish(AT)).person == "Léa Morel"
    with pytest.raises(Refusal, match="slot_taken"):
        booked(nadia, Wish(AT))
    with pytest.raises(Refusal, match="slot_taken"):
        booked(nadia, Wish(AT, mine.person_id))
    lea = two.ctx(LEA)
    assert {one.appointment.person for one in look_at_agenda(lea, NOON, AT + timedelta(days=1)).entries} == {
        "Nadia Leroy",
        "Léa Morel",
    }
    assert [one.person for one in look_at_next(lea).promises] == ["Léa Morel"]


def test_a_teams_own_hours_are_those_it_is_free_and_booked_in(two: CallCentre) -> None:
    hours = "08:00-21:00; Nord 09:00-11:00"
    nadia, karim = (
        replace(made, settings=replace(made.settings, agent_hours=hours)) for made in (two.ctx(NADIA), two.ctx(KARIM))
    )
    ours, theirs = agreed(nadia, content(DEVICE)), agreed(karim, content(DEVICE))
    tomorrow = {slot.starts_at for slot in look_at_slots(nadia, ours.id).slots_of() if slot.starts_at.day == AT.day}
    assert (min(tomorrow), max(tomorrow)) == (NOON + timedelta(hours=21), NOON + timedelta(hours=22, minutes=30))
    with pytest.raises(Refusal, match="slot_hours"):
        book_appointment(nadia, ours.id, Wish(NOON + timedelta(hours=23)))
    assert book_appointment(karim, theirs.id, Wish(NOON + timedelta(hours=23))).person == "Karim Benali"
    assert book_appointment(nadia, ours.id, Wish(AT)).starts_at == AT


def test_another_team_sees_and_books_nothing_here(two: CallCentre) -> None:
    nadia, karim = two.ctx(NADIA), two.ctx(KARIM)
    one = booked(nadia, Wish(AT))
    agenda = look_at_agenda(karim, NOON, AT + timedelta(days=1))
    assert ([each.name for each in agenda.people], agenda.entries) == (["Karim Benali"], ())
    with pytest.raises(Refusal, match="appointment_gone"):
        move_appointment(karim, one.id, one.version, Wish(AT), "x")
    to = next(each for each in list_receivers(nadia) if each.name == "Karim Benali")
    version = load_session(nadia, one.session_id).version
    with pytest.raises(Refusal, match="appointment_waits"):
        hand_over_session(nadia, one.session_id, version, to, Words("a", "b", "c"))
    there = booked(karim, Wish(AT))
    with pytest.raises(Refusal, match="slot_nobody"):
        booked(nadia, Wish(AT + timedelta(hours=1), there.person_id))


def test_a_supervisor_gives_a_missed_call_to_a_free_agent(two: CallCentre) -> None:
    nadia, sam = two.ctx(NADIA), two.ctx(SAM)
    one = booked(nadia, Wish(AT, look_at_slots(nadia, agreed(nadia, content(DEVICE)).id).me))
    clock(sam).time = AT + timedelta(hours=2)
    clock(nadia).time = AT
    cut = log_attempt(nadia, one.id, one.version, CallEnd.CUT_OFF)
    assert [each.on_top for each in look_at_next(sam).promises] == [True]
    (entry,) = look_at_agenda(sam, NOON, AT + timedelta(days=1)).entries
    assert entry.appointment == cut
    other = next(each for each in look_at_slots(sam, one.session_id).people if each.name == "Léa Morel")
    moved = move_appointment(sam, one.id, cut.version, Wish(AT + timedelta(hours=3), other.id), "appel coupé")
    assert (moved.person, moved.sequence) == ("Léa Morel", 1)
    assert [each.person for each in look_at_next(two.ctx(LEA)).promises] == ["Léa Morel"]
    assert verify_log(sam).fault is None


def reads(ctx: Context, one: Appointment) -> tuple[Appointment, list[str], set[str]]:
    """Return a call-back as it stands, with the session's events and messages."""
    with ctx.database.read() as tx:
        found = read_appointment(tx, one.id)
        assert found is not None
        return (
            found,
            [each.kind for each in history(tx, one.session_id)],
            {mail.kind for mail in session_mails(tx, one.session_id)},
        )


def test_a_supervisor_of_the_team_calls_one_off_and_the_customer_reads_why(two: CallCentre) -> None:
    two.add(ROSE, "Rose Petit", Role.SUPERVISOR, "Nord")
    nadia = two.ctx(NADIA)
    for login in (SAM, ROSE):
        one = booked(nadia, Wish(AT))
        boss = two.ctx(login)
        with pytest.raises(Refusal, match="reason_needed"):
            cancel_appointment(boss, one.id, one.version, " ")
        cancel_appointment(boss, one.id, one.version, "panne chez nous")
        after, events, mails = reads(nadia, one)
        assert (after.state, after.reason) == (AppointmentState.CANCELLED, "panne chez nous")
        assert {"appointment_cancelled", "promise_cancelled"} <= set(events)
        assert "appointment_cancelled" in mails
        view = load_session(nadia, one.session_id)
        assert (view.state, view.parked_at) == (State.AGREED, NOON)
    assert look_at_next(nadia).promises == ()
    assert verify_log(two.ctx(SAM)).fault is None


def test_a_supervisor_calls_in_an_agents_place_and_each_attempt_bears_their_name(two: CallCentre) -> None:
    nadia, sam = two.ctx(NADIA), two.ctx(SAM)
    one = booked(nadia, Wish(AT))
    clock(sam).time = AT
    tried = log_attempt(sam, one.id, one.version, CallEnd.NO_ANSWER)
    assert [(each.end, each.by) for each in tried.attempts] == [(CallEnd.NO_ANSWER, "Sam Petit")]
    assert load_session(nadia, one.session_id).parked_at == NOON
    clock(sam).move(minutes=15)
    done = log_attempt(sam, one.id, tried.version, CallEnd.REACHED)
    assert done.state is AppointmentState.DONE
    view = load_session(nadia, one.session_id)
    assert (view.state, view.parked_at) == (State.SCHEDULED, None)
    assert reads(nadia, one)[1][-3:] == ["call_attempted", "promise_kept", "session_resumed"]
    clock(nadia).time = sam.clock.now() + timedelta(minutes=1)
    with nadia.database.read() as tx:
        record = read_session(tx, one.session_id)
    assert record is not None
    assert sum(record.seconds.values()) < 3600  # the hours it rested are nobody's work
    assert verify_log(sam).fault is None
    another = f"INSERT INTO call_back (session_id, promised_at, limit_at, called_at) VALUES ({one.session_id}, 1, 1, 1)"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):  # at whose hour nobody was reached
        two.connect(SAM).execute(another.encode())


def test_an_auditor_and_a_supervisor_of_another_team_change_no_call_back(two: CallCentre) -> None:
    two.add(ROSE, "Rose Petit", Role.SUPERVISOR, "Sud")
    nadia = two.ctx(NADIA)
    one = booked(nadia, Wish(AT))
    for login, refused in ((OLGA, "no_rights"), (ROSE, "promise_not_yours")):
        other = two.ctx(login)
        clock(other).time = AT
        with pytest.raises(Refusal, match=refused):
            cancel_appointment(other, one.id, one.version, "x")
        with pytest.raises(Refusal, match=refused):
            log_attempt(other, one.id, one.version, CallEnd.REACHED)
        with pytest.raises(Refusal, match=refused):
            move_appointment(other, one.id, one.version, Wish(AT + timedelta(hours=1)), "x")
    assert reads(nadia, one)[0] == one
    attempt = f"INSERT INTO call_attempt (appointment_id, at, \"end\", by_mark, by) SELECT {one.id}, 1, 'cut_off', mark, name FROM desk_me()"
    go_on = f"SELECT desk_go_on({one.session_id}, true, 1, 0)"
    for login in (OLGA, ROSE, SAM, NADIA):
        with pytest.raises(psycopg.Error):  # its call-back is still booked, or it is none of theirs
            two.connect(login).execute(go_on.encode())
    for login in (OLGA, ROSE, KARIM):
        assert changed(two, login, attempt) == 0, login
    assert changed(two, SAM, attempt) == 1


def test_a_day_that_becomes_a_holiday_is_told_to_the_team_and_to_who_looks_after_it(two: CallCentre) -> None:
    two.add(ROSE, "Rose Petit", Role.SUPERVISOR, "Nord")
    two.add("paul", "Paul Petit", Role.SUPERVISOR, "Sud")
    one = booked(two.ctx(NADIA), Wish(AT))
    for login, told in ((NADIA, True), (LEA, True), (SAM, True), (ROSE, True), (KARIM, False), ("paul", False)):
        ctx = two.ctx(login)
        off = replace(ctx, settings=replace(ctx.settings, extra_holidays=(AT.date(),)))
        found = [(entry.number, entry.doubts) for entry in list_today(off).doubtful]
        assert found == ([(one.number, (Doubt.DAY_OFF,))] if told else []), login
        entries = look_at_agenda(off, NOON, AT + timedelta(days=1)).entries
        assert [entry.doubts for entry in entries] == ([(Doubt.DAY_OFF,)] if told else []), login


def test_two_who_book_the_same_hour_at_once_have_one_winner_and_nothing_half_done(staffed: CallCentre) -> None:
    desks = [staffed.ctx(NADIA) for _ in range(4)]
    views = [agreed(desk, content(DEVICE)) for desk in desks]
    gate = Barrier(len(desks))

    def book(number: int) -> str:
        gate.wait()
        try:
            return book_appointment(desks[number], views[number].id, Wish(AT)).person
        except Refusal as refused:
            return refused.code

    with ThreadPoolExecutor(len(desks)) as pool:
        answers = sorted(pool.map(book, range(len(desks))))
    assert answers == ["Nadia Leroy", "slot_taken", "slot_taken", "slot_taken"]
    assert len(look_at_next(desks[0]).promises) == 1
    assert verify_log(staffed.ctx(SAM)).fault is None


def test_with_sql_alone_nobody_books_for_another_team_or_undoes_what_happened(two: CallCentre) -> None:
    nadia, karim = two.ctx(NADIA), two.ctx(KARIM)
    one = booked(nadia, Wish(AT, look_at_slots(nadia, agreed(nadia, content(DEVICE)).id).me))
    there = booked(karim, Wish(AT))
    clock(nadia).time = AT
    log_attempt(nadia, one.id, one.version, CallEnd.CUT_OFF)
    columns = (
        "session_id, promise_id, number, customer, phone, team_id, person_id, person_mark, person, territory, booked_at,"
        " accepted_at, limit_at, state, uid, next_at, starts_at, ends_at"
    )
    free = agreed(nadia, content(DEVICE)).id  # a session that waits for no call
    same = columns.rpartition(", starts_at")[0]
    copy = f"INSERT INTO appointment ({columns}) SELECT {{}} FROM appointment WHERE id = {one.id}"
    later = f"{same}, starts_at + 9000000000, ends_at + 9000000000"
    karims = later.replace(
        "person_id, person_mark, person,", f"{there.person_id}, '{there.person_mark}', 'Karim Benali',"
    )
    for login, attempt in (
        (KARIM, copy.format(later)),  # sees none to copy, so inserts none
        (NADIA, copy.format(karims.replace("session_id", str(free), 1))),
        (NADIA, copy.format(later)),  # a session waits for one
        (NADIA, f"UPDATE appointment SET starts_at = 0 WHERE id = {one.id}"),
        (NADIA, f"UPDATE appointment SET team_id = {there.team_id} WHERE id = {one.id}"),
        (NADIA, "DELETE FROM appointment"),
        (NADIA, "DELETE FROM call_attempt"),
        (NADIA, "UPDATE call_attempt SET \"end\" = 'reached'"),
        (
            NADIA,
            f"INSERT INTO call_attempt (appointment_id, at, \"end\", by_mark, by) VALUES ({one.id}, 1, 'x', 'z', 'z')",
        ),
        (
            KARIM,
            f"INSERT INTO call_attempt (appointment_id, at, \"end\", by_mark, by) VALUES ({one.id}, 1, 'x', 'z', 'z')",
        ),
        (OLGA, f"UPDATE appointment SET state = 'done' WHERE id = {one.id}"),
        (SAM, "DELETE FROM appointment"),
    ):
        assert changed(two, login, attempt) == 0, attempt
    assert changed(two, NADIA, copy.format(later.replace("session_id", str(free), 1))) == 1
    assert two.connect(KARIM).execute("SELECT id FROM appointment").fetchall() == [(there.id,)]
    assert two.connect(KARIM).execute("SELECT id FROM call_attempt").fetchall() == []
    with two.owner.write() as tx:
        tx.exec_driver_sql("DROP INDEX uq_appointment_booked")
    with pytest.raises(psycopg.errors.ExclusionViolation):
        two.connect(NADIA).execute(copy.format(columns).encode())
