"""Call-backs in a call centre: each team its own, a supervisor's help, and one winner of a race, whoever types SQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest

from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.hand_over_session import hand_over_session
from agent_desk.actions.list_receivers import list_receivers
from agent_desk.actions.load_session import load_session
from agent_desk.actions.log_attempt import log_attempt
from agent_desk.actions.look_at_agenda import look_at_agenda
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.look_at_slots import look_at_slots
from agent_desk.actions.move_appointment import move_appointment
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.appointment import Appointment, CallEnd, Wish
from agent_desk.rules.handover import Words
from agent_desk.rules.people import Role
from tests.support.callcentre import KARIM, NADIA, OLGA, SAM, CallCentre
from tests.support.desks import DEVICE, NOON, agreed, clock, content

AT = NOON + timedelta(hours=22)
LEA = "lea"


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
