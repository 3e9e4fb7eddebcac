"""Accounts on one desk: who is let in, after how many tries, and what the log tells of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from agent_desk.actions.add_people import NewPerson, add_people
from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.cancel_appointment import cancel_appointment
from agent_desk.actions.change_password import change_password
from agent_desk.actions.change_person import change_person
from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import may_correct
from agent_desk.actions.errors import Refusal
from agent_desk.actions.export_journal import export_journal
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.list_people import list_people
from agent_desk.actions.log_attempt import log_attempt
from agent_desk.actions.look_at_agenda import look_at_agenda
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.look_at_slots import look_at_slots
from agent_desk.actions.open_session import open_session
from agent_desk.actions.protect_desk import protect_desk
from agent_desk.actions.read_file import read_file
from agent_desk.actions.remove_person import remove_person
from agent_desk.actions.report_access import report_access
from agent_desk.actions.set_password import set_password
from agent_desk.actions.sign_in import sign_in
from agent_desk.actions.tell_signing import tell_signing
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.appointment import AppointmentState, CallEnd, Wish
from agent_desk.rules.journal import JournalFilter
from agent_desk.rules.people import Role
from agent_desk.rules.session import Call
from agent_desk.storage import password_hash
from agent_desk.storage.accounts import has_accounts
from agent_desk.storage.acting import act_as
from agent_desk.storage.database import Database
from agent_desk.storage.events import SITE_CHAIN, history
from agent_desk.wiring.context import in_the_name_of
from tests.support.desks import DEVICE, NOON, agreed, clock, content, context

PASSWORD = "correct horse battery"
WRONG = "wrong horse battery"


@pytest.fixture
def ctx(sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """A desk with an administrator and two agents, whose passwords cost little to prove."""
    monkeypatch.setattr(password_hash, "KIBIBYTES", 32)
    monkeypatch.setattr(password_hash, "PASSES", 1)
    people = [
        NewPerson("ada", "Ada Martin", "administrator"),
        NewPerson("nadia", "Nadia Leroy", "agent", "Nord"),
        NewPerson("karim", "Karim Benali", "agent", "Nord"),
        NewPerson("olga", "Olga Roux", "auditor"),
    ]
    add_people(sqlite_ctx, people)
    for one in people:
        set_password(sqlite_ctx, one.login, PASSWORD)
    yield sqlite_ctx
    act_as(sqlite_ctx.database, None)


def as_(ctx: Context, login: str) -> Context:
    """Sign in as the program does."""
    return in_the_name_of(ctx, sign_in(ctx, login, PASSWORD))


def told(ctx: Context) -> list[tuple[str, str]]:
    with ctx.database.read() as tx:
        return [(event.kind, str((event.payload or {}).get("login", ""))) for event in history(tx, SITE_CHAIN)]


def refused(ctx: Context, login: str, password: str) -> str:
    with pytest.raises(Refusal) as caught:
        sign_in(ctx, login, password)
    return caught.value.code


def test_on_one_desk_each_account_has_call_backs_of_its_own(ctx: Context) -> None:
    at = NOON + timedelta(hours=22)
    nadia = as_(ctx, "nadia")
    view = agreed(nadia, content(DEVICE))
    found = look_at_slots(nadia, view.id)
    assert {one.name for one in found.people} == {"Nadia Leroy", "Karim Benali"}
    assert book_appointment(nadia, view.id, Wish(at, found.me)).person == "Nadia Leroy"
    karim = as_(ctx, "karim")
    other = agreed(karim, content(DEVICE))
    assert book_appointment(karim, other.id, Wish(at)).person == "Karim Benali"
    agenda = look_at_agenda(karim, NOON, at + timedelta(days=1))
    assert {one.appointment.person for one in agenda.entries} == {"Nadia Leroy", "Karim Benali"}
    assert [one.person for one in look_at_next(karim).promises] == ["Karim Benali"]
    ada = as_(ctx, "ada")
    third = agreed(ada, content(DEVICE))
    assert "Ada Martin" in {one.name for one in look_at_slots(ada, third.id).people}


def test_whoever_types_the_right_password_is_let_in_as_who_they_are(ctx: Context) -> None:
    who = sign_in(ctx, "nadia", PASSWORD)
    assert (who.login, who.name, who.role, who.team) == ("nadia", "Nadia Leroy", Role.AGENT, "Nord")


def test_unknown_left_wrong_and_without_password_get_one_answer_and_an_event_each(ctx: Context) -> None:
    add_people(ctx, [NewPerson("new", "New One", "agent", "Nord")])
    remove_person(ctx, "karim")
    before = len(told(ctx))
    for login, password in (("nobody", PASSWORD), ("karim", PASSWORD), ("nadia", WRONG), ("new", ""), ("nadia", "")):
        assert refused(ctx, login, password) == "account_refused"
    events = told(ctx)[before:]
    # A login nobody has may be a password in the wrong field: it is not written down.
    assert events == [("sign_in_refused", login) for login in ("", "", "nadia", "new", "nadia")]
    assert "nobody" not in str(events)
    assert verify_log(ctx).fault is None


def test_every_refusal_costs_the_hash_of_one_password(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = password_hash.matches

    def counted(*given: str) -> bool:
        made.append("one")
        return real(*given)

    monkeypatch.setattr("agent_desk.actions.sign_in.matches", counted)
    for login, password in (("nobody", PASSWORD), ("nadia", WRONG)):
        refused(ctx, login, password)
    for _ in range(12):
        refused(ctx, "nadia", WRONG)
    assert len(made) == 14


def test_after_ten_failures_the_right_password_waits_too_and_longer_each_time(ctx: Context) -> None:
    for _ in range(10):
        assert refused(ctx, "nadia", WRONG) == "account_refused"
    assert refused(ctx, "nadia", PASSWORD) == "account_refused"
    clock(ctx).move(seconds=59)
    assert refused(ctx, "nadia", PASSWORD) == "account_refused"
    clock(ctx).move(seconds=1)
    assert refused(ctx, "nadia", WRONG) == "account_refused"  # the eleventh
    clock(ctx).move(seconds=119)
    assert refused(ctx, "nadia", PASSWORD) == "account_refused"
    clock(ctx).move(seconds=1)
    assert sign_in(ctx, "nadia", PASSWORD).login == "nadia"
    for _ in range(9):  # counted anew
        refused(ctx, "nadia", WRONG)
    assert sign_in(ctx, "nadia", PASSWORD).login == "nadia"
    assert sign_in(ctx, "karim", PASSWORD).login == "karim"


def test_the_count_survives_a_restart(ctx: Context) -> None:
    for _ in range(10):
        refused(ctx, "nadia", WRONG)
    again = Database.open(str(ctx.database.engine.url))
    try:
        assert refused(replace(context(again), clock=ctx.clock), "nadia", PASSWORD) == "account_refused"
    finally:
        again.close()


def test_a_try_is_counted_before_its_password_is_looked_at(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_given: str) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("agent_desk.actions.sign_in.matches", dies)
        for _ in range(10):
            with pytest.raises(KeyboardInterrupt):
                sign_in(ctx, "nadia", WRONG)
    assert refused(ctx, "nadia", PASSWORD) == "account_refused"


def test_a_new_password_lets_in_at_once_somebody_who_was_made_to_wait(ctx: Context) -> None:
    for _ in range(10):
        refused(ctx, "nadia", WRONG)
    set_password(ctx, "nadia", PASSWORD + "!")
    assert sign_in(ctx, "nadia", PASSWORD + "!").login == "nadia"


def test_an_expired_password_says_so_to_whoever_knows_it_and_to_nobody_else(ctx: Context) -> None:
    set_password(ctx, "nadia", PASSWORD, days=30)
    assert sign_in(ctx, "nadia", PASSWORD).login == "nadia"
    clock(ctx).move(days=30)
    assert refused(ctx, "nadia", PASSWORD) == "account_expired"
    assert refused(ctx, "nadia", WRONG) == "account_refused"


def test_the_file_holds_no_password(ctx: Context) -> None:
    with ctx.database.read() as tx:
        rows = tx.exec_driver_sql("SELECT password FROM person").scalars().all()
    assert all(str(row).startswith("$argon2id$v=19$m=32,t=1,p=4$") for row in rows)
    assert len(set(rows)) == len(rows)


def test_the_cost_is_not_below_what_owasp_asks_for() -> None:
    assert (password_hash.PASSES, password_hash.KIBIBYTES) >= (2, 19 * 1024)


def test_signing_in_and_out_locking_and_unlocking_are_told_under_the_persons_mark(ctx: Context) -> None:
    nadia = as_(ctx, "nadia")
    for kind in ("signed_in", "locked", "unlocked", "signed_out"):
        tell_signing(nadia, kind)
    with ctx.database.read() as tx:
        events = history(tx, SITE_CHAIN)[-4:]
        mark = tx.exec_driver_sql("SELECT mark FROM person WHERE login = 'nadia'").scalar_one()
    assert {event.actor for event in events} == {mark}
    assert all(event.payload == {"by": "Nadia Leroy"} for event in events)


def test_somebody_replaces_their_own_password_with_the_old_one_only(ctx: Context) -> None:
    nadia = as_(ctx, "nadia")
    with pytest.raises(Refusal, match="account_refused"):
        change_password(nadia, WRONG, "another good password")
    with pytest.raises(Refusal, match="password_unfit"):
        change_password(nadia, PASSWORD, "short")
    change_password(nadia, PASSWORD, "another good password")
    assert refused(ctx, "nadia", PASSWORD) == "account_refused"
    assert sign_in(ctx, "nadia", "another good password").login == "nadia"


def test_only_an_administrator_manages_people_and_the_last_one_stays(ctx: Context) -> None:
    nadia = as_(ctx, "nadia")
    for job in (
        lambda: add_people(nadia, [NewPerson("eve", "Eve", "administrator")]),
        lambda: change_person(nadia, "nadia", "administrator"),
        lambda: set_password(nadia, "ada", PASSWORD),
        lambda: remove_person(nadia, "karim"),
    ):
        with pytest.raises(Refusal, match="not_administrator"):
            job()
    ada = as_(ctx, "ada")
    assert change_person(ada, "karim", "supervisor").role is Role.SUPERVISOR
    assert change_person(ada, "nadia", team="Sud").team == "Sud"
    for job in (lambda: remove_person(ada, "ada"), lambda: change_person(ada, "ada", "auditor")):
        with pytest.raises(Refusal, match="last_administrator"):
            job()
    with pytest.raises(Refusal, match="person_unknown"):
        set_password(ada, "nobody", PASSWORD)
    assert remove_person(ada, "karim") == 0
    assert {one.login for one in list_people(ada) if not one.active} == {"karim"}


def test_roles_say_who_sees_figures_corrects_exports_and_works(ctx: Context) -> None:
    def exports(one: Context) -> bool:
        try:
            export_journal(one, JournalFilter(), None, "csv")  # type: ignore[arg-type]  # refused before anything is opened
        except Refusal as refusal:
            return refusal.code != "export_not_allowed"
        except TypeError:
            return True
        raise AssertionError

    found = {}
    for login in ("ada", "nadia", "olga"):
        one = as_(ctx, login)
        found[login] = (report_access(one), may_correct(one), exports(one))
    assert found == {"ada": (True, True, True), "nadia": (False, False, False), "olga": (True, False, True)}
    with pytest.raises(Refusal, match="no_rights"):
        open_session(as_(ctx, "olga"), Call(started_at=NOON))
    view = agreed(as_(ctx, "ada"))  # on one desk an administrator works too
    with pytest.raises(Refusal, match="no_rights"):
        issue_code(as_(ctx, "olga"), view.id)


def test_who_opens_a_colleagues_session_leaves_an_event_in_it(ctx: Context) -> None:
    view = agreed(as_(ctx, "nadia"))
    read_file(as_(ctx, "nadia"), view.id)
    read_file(as_(ctx, "karim"), view.id)
    with ctx.database.read() as tx:
        events = [event.payload for event in history(tx, view.id) if event.kind == "file_read"]
    assert events == [{"by": "Karim Benali"}]


def test_mails_still_leave_from_a_desk_with_accounts(ctx: Context) -> None:
    assert not as_(ctx, "nadia").leaves_sending


def test_the_one_person_of_a_desk_protects_it(sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(password_hash, "KIBIBYTES", 32)

    def asks() -> bool:
        with sqlite_ctx.database.read() as tx:
            return has_accounts(tx)

    assert not asks()
    nameless = replace(sqlite_ctx, settings=replace(sqlite_ctx.settings, agent_name=""))
    for ctx, login, password, code in (
        (sqlite_ctx, "Nadia!", PASSWORD, "login_unfit"),
        (nameless, "nadia", PASSWORD, "person_unfit"),
        (sqlite_ctx, "nadia", "short", "password_unfit"),
    ):
        with pytest.raises(Refusal, match=code):
            protect_desk(ctx, login, password)
    assert not asks()
    protect_desk(sqlite_ctx, "nadia", PASSWORD)
    assert asks()
    who = sign_in(sqlite_ctx, "nadia", PASSWORD)
    assert (who.name, who.role) == ("Nadia Leroy", Role.ADMINISTRATOR)
    with pytest.raises(Refusal, match="not_administrator"):
        protect_desk(sqlite_ctx, "eve", PASSWORD)


def test_without_passwords_a_desk_asks_nobody(sqlite_ctx: Context) -> None:
    add_people(sqlite_ctx, [NewPerson("ada", "Ada Martin", "administrator")])
    with sqlite_ctx.database.read() as tx:
        assert not has_accounts(tx)


def test_on_one_desk_a_supervisor_calls_and_calls_off_for_the_team_and_an_auditor_does_not(ctx: Context) -> None:
    add_people(ctx, [NewPerson("sam", "Sam Petit", "supervisor")])
    set_password(ctx, "sam", PASSWORD)
    nadia = as_(ctx, "nadia")
    at = NOON + timedelta(hours=22)
    one, other = (
        book_appointment(nadia, agreed(nadia, content(DEVICE)).id, Wish(at + timedelta(hours=hours)))
        for hours in (0, 1)
    )
    clock(ctx).time = at
    olga = as_(ctx, "olga")
    with pytest.raises(Refusal, match="no_rights"):
        log_attempt(olga, one.id, one.version, CallEnd.REACHED)
    with pytest.raises(Refusal, match="no_rights"):
        cancel_appointment(olga, other.id, other.version, "x")
    sam = as_(ctx, "sam")
    done = log_attempt(sam, one.id, one.version, CallEnd.REACHED)
    assert (done.state, [each.by for each in done.attempts]) == (AppointmentState.DONE, ["Sam Petit"])
    assert cancel_appointment(sam, other.id, other.version, "panne").state is AppointmentState.CANCELLED
    assert verify_log(sam).fault is None
