"""Where the database sees to rights, the mail worker settles what customers declared, and touches no other session."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select

from agent_desk.actions.acknowledge_withdrawals import acknowledge_withdrawals
from agent_desk.actions.ask_help import ask_help
from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.book_visit import book_visit
from agent_desk.actions.context import Context
from agent_desk.actions.declare_withdrawal import declare_withdrawal
from agent_desk.actions.door import Door
from agent_desk.actions.errors import Refusal
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_promises import look_at_promises
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.save_draft import save_draft
from agent_desk.actions.settle_withdrawals import settle_withdrawals
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.actions.withdrawals_waiting import withdrawals_waiting
from agent_desk.rules.appointment import Wish
from agent_desk.rules.promise import PromiseEnd
from agent_desk.rules.session import State, Step
from agent_desk.rules.share import ShareEnd
from agent_desk.rules.withdrawal import WithdrawalAnswer
from agent_desk.storage.decisions import read_decision
from agent_desk.storage.tables import attachment, mail
from tests.support import shares
from tests.support.callcentre import KARIM, NADIA, POST, SAM, CallCentre
from tests.support.desks import DEVICE, NOON, VIRUS, agreed, begun, content
from tests.support.links import reachable
from tests.support.visits import MOBILE, plan, visited
from tests.support.withdrawals import mails, tokens

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]


@dataclass(slots=True)
class Site:
    """An agent at work, the mail worker, and the gateway customers come through; one clock for all."""

    centre: CallCentre
    nadia: Context
    worker: Context
    door: Door

    def declared(self, view: SessionView) -> SessionView:
        """Return the session, which its customer has withdrawn from by the last link that came."""
        assert declare_withdrawal(self.door, tokens(self.worker)[-1]).declared_at is not None
        return view

    def settled(self) -> int:
        """Have the worker do what its rhythm does."""
        acknowledge_withdrawals(self.worker)
        return settle_withdrawals(self.worker)


@pytest.fixture
def place(staffed: CallCentre, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Give a call centre whose mails have links."""
    worker = reachable(staffed.ctx(POST))
    nadia = reachable(replace(staffed.ctx(NADIA), clock=worker.clock))
    door = replace(staffed.gateway(), clock=worker.clock)
    monkeypatch.setattr(shares, "door_of", lambda _ctx: door)
    return Site(staffed, nadia, worker, door)


def _called_back(place: Site) -> SessionView:
    view = agreed(place.nadia, content(DEVICE, customer=MOBILE))
    book_appointment(place.nadia, view.id, Wish(NOON + timedelta(hours=22)))
    issue_code(place.nadia, view.id)
    return view


def _shared(place: Site) -> SessionView:
    view = begun(place.nadia, content(VIRUS))
    shares.live(place.nadia, view)
    ask_help(place.nadia, view.id, "le client hésite")
    return view


def _booked(place: Site) -> SessionView:
    view = visited(place.nadia)
    book_visit(place.nadia, view.id, plan())
    return view


def _owed(place: Site) -> SessionView:
    return visited(place.nadia)


@pytest.mark.parametrize(
    ("make", "state", "total", "about"),
    [
        (_called_back, State.WITHDRAWN, 0, ["withdrawal_receipt", "withdrawal"]),
        (_shared, State.WITHDRAWN, 7900, ["withdrawal_receipt", "withdrawal"]),
        (_booked, State.CLOSED, 0, ["withdrawal_receipt", "visit_cancelled", "withdrawal"]),
        (_owed, State.CLOSED, 0, ["withdrawal_receipt", "withdrawal"]),
    ],
)
def test_the_worker_alone_stops_decides_and_writes_as_the_system(
    place: Site, make: Callable[[Site], SessionView], state: State, total: int, about: list[str]
) -> None:
    view = place.declared(make(place))
    assert (place.settled(), place.settled()) == (1, 0)
    after = load_session(place.nadia, view.id)
    assert after.decision is not None
    assert (after.state, after.decision.total_cents, mails(place.nadia, view.id)) == (state, total, about)
    with place.nadia.database.read() as tx:
        kept = read_decision(tx, view.id)
    assert kept is not None
    assert kept.agent == "Nadia Leroy"
    assert None not in [one.end for one in look_at_promises(place.nadia, view.id)]
    told = [one for one in read_timeline(place.nadia, view.id).events if not one.kind.startswith("mail_sen")]
    since = next(number for number, one in enumerate(told) if one.kind == "withdrawal_declared")
    assert {one.actor for one in told[since + 1 :]} == {"system"}
    assert verify_log(place.centre.own).fault is None
    assert verify_decisions(place.centre.own).mismatches == ()


def test_an_appointment_is_cancelled_with_its_calendar_and_its_code_put_out(place: Site) -> None:
    view = place.declared(_called_back(place))
    place.settled()
    assert [one.end for one in look_at_promises(place.nadia, view.id)] == [PromiseEnd.CANCELLED]
    with place.nadia.database.read() as tx:
        files = select(attachment.c.name).join(mail, mail.c.id == attachment.c.mail_id)
        names = tx.execute(files.where(mail.c.kind == "appointment_cancelled")).scalars().all()
        texts = tx.execute(select(mail.c.state).where(mail.c.kind == "call_back_cancelled")).scalars().all()
    assert (names, texts) == ([f"{view.number}.ics"], ["queued"])
    (ended,) = [one for one in read_timeline(place.nadia, view.id).events if one.kind == "promise_cancelled"]
    assert (ended.payload or {})["reason"] == "rétractation du client"
    code = load_session(place.nadia, view.id).code
    assert code is not None
    assert code.state == "revoked"


def test_an_agent_in_the_middle_of_it_finds_the_session_withdrawn_and_the_share_ended(place: Site) -> None:
    view = place.declared(_shared(place))
    place.settled()
    with pytest.raises(Refusal, match="already_ended"):
        save_draft(place.nadia, view.id, view.revision, view.content, Step.INTERVENTION, "")
    assert shares.ends(place.nadia, view) == [(ShareEnd.SESSION_ENDED, "system")]
    with place.centre.owner.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM help_call").scalar_one() == 0


def test_nobody_else_who_signed_in_settles_and_two_workers_do_it_once(place: Site) -> None:
    view = place.declared(agreed(place.nadia))
    others = (place.nadia, place.centre.ctx(KARIM), place.centre.ctx(SAM))
    assert [(withdrawals_waiting(one), settle_withdrawals(one)) for one in others] == [(False, 0)] * 3
    assert withdrawals_waiting(place.worker)
    workers = [place.worker, *(replace(reachable(place.centre.ctx(POST)), clock=place.worker.clock) for _ in range(2))]
    with ThreadPoolExecutor(3) as pool:
        settled = sum(pool.map(settle_withdrawals, workers))
        told = sum(pool.map(lambda ctx: len(mails(ctx, view.id)), [place.nadia]))
    assert (settled, told) == (1, 1)
    assert acknowledge_withdrawals(place.worker) == 1
    assert not withdrawals_waiting(place.worker)
    assert sorted(mails(place.nadia, view.id)) == ["withdrawal", "withdrawal_receipt"]


# What a worker may do to a withdrawn session until that is settled; `{of}` is a session.
SETTLING = (
    "UPDATE draft SET content = '' WHERE session_id = {of}",
    "UPDATE session_line SET amount_cents = 0, rule = 'offered' WHERE session_id = {of}",
    "UPDATE code SET state = 'revoked', ended_at = 1 WHERE session_id = {of}",
    "UPDATE share SET state = 'ended', end_reason = 'lost', ended_at = 1 WHERE session_id = {of}",
    "UPDATE appointment SET state = 'cancelled', ended_at = 1 WHERE session_id = {of}",
    "UPDATE visit SET state = 'cancelled', ended_at = 1 WHERE session_id = {of}",
    "UPDATE promise SET ended_at = 1, \"end\" = 'cancelled' WHERE session_id = {of}",
    "DELETE FROM help_call WHERE session_id = {of}",
    """
    INSERT INTO decision (session_id, ordinal, decided_at, agent, catalogue_version, inputs, result, total_cents, vat_cents)
    VALUES ({of}, 1, 1, 'Nadia Leroy', '', '', '', 0, 0)
    """,
    """
    INSERT INTO mail (key, session_id, kind, state, sender, recipient, subject, text, html, message_id, envid,
        attachments_sha256, receipt_requested, created_at, state_at, last_reply, attempts, lease_token, channel)
    VALUES ('session:{of}:withdrawal:9', {of}, 'withdrawal', 'queued', '', 'a@b.c', '', '', '', 'm', 'e', ''::bytea, false,
        1, 1, '', 0, 0, 'mail')
    """,
    "SELECT desk_end_withdrawn({of}, (SELECT version FROM desk_withdrawing({of})) + 1, 1, 0)",
)


def typed(place: Site, of: int) -> list[str]:
    """Return which of these a worker that types SQL brings about."""
    done = []
    for statement in SETTLING:
        try:
            if place.centre.connect(POST).execute(statement.format(of=of).encode()).rowcount:
                done.append(statement)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UniqueViolation):
            pass
    return done


def test_a_worker_may_do_to_no_other_session_what_settling_takes(place: Site) -> None:
    other = [_called_back(place), _shared(place), _booked(place), agreed(place.nadia)]
    settled = place.declared(agreed(place.nadia))
    place.settled()
    for view in (*other, settled):
        assert typed(place, view.id) == []
        row = place.centre.connect(POST).execute(b"SELECT * FROM desk_withdrawing(%d)" % view.id).fetchall()
        assert row == []
    assert verify_log(place.centre.own).fault is None


def test_the_same_words_do_something_to_a_session_that_is_being_withdrawn_from(place: Site) -> None:
    """Or the refusals above would prove nothing."""
    done = {
        statement
        for make in (_called_back, _shared, _booked)
        for statement in typed(place, place.declared(make(place)).id)
    }
    assert done == set(SETTLING)


@pytest.mark.parametrize(
    ("login", "statement"),
    [
        (POST, "UPDATE withdrawal SET settled_at = 1"),  # the session has not ended
        (POST, "INSERT INTO withdrawal (session_id, declared_at, answer) VALUES (1, 1, 'accepted')"),
        (POST, "UPDATE session SET state = 'withdrawn'"),
        (POST, "SELECT customer FROM session"),
        (POST, "UPDATE promise SET ended_at = 1, \"end\" = 'kept'"),
        (POST, "UPDATE promise SET \"end\" = 'cancelled'"),
        (POST, "INSERT INTO consent (session_id) VALUES (1)"),
        (NADIA, "INSERT INTO withdrawal (session_id, declared_at, answer) VALUES (1, 1, 'accepted')"),
        (NADIA, "UPDATE withdrawal SET settled_at = 1"),
        (NADIA, "SELECT * FROM desk_declared(50)"),
        (NADIA, "SELECT * FROM desk_withdrawing(1)"),
        (NADIA, "SELECT * FROM guest_declare_withdrawal(''::bytea, 'accepted', 1)"),
        (SAM, "UPDATE withdrawal SET settled_at = 1"),
    ],
)
def test_while_it_waits_nobody_may_do_more_than_their_part(place: Site, login: str, statement: str) -> None:
    place.declared(_called_back(place))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        place.centre.connect(login).execute(statement.encode())


def test_what_was_typed_is_shown_for_the_receipt_and_until_it_is_settled(place: Site) -> None:
    view, sql = agreed(place.nadia), place.centre.connect(POST)
    seen = declare_withdrawal(place.door, tokens(place.worker)[-1])
    assert seen.answer is WithdrawalAnswer.ACCEPTED
    assert len(sql.execute("SELECT * FROM desk_declared(50)").fetchall()) == 1
    assert acknowledge_withdrawals(place.worker) == 1
    assert sql.execute("SELECT * FROM desk_declared(50)").fetchall() == []
    assert len(sql.execute("SELECT content FROM draft").fetchall()) == 1
    assert settle_withdrawals(place.worker) == 1
    assert sql.execute("SELECT content FROM draft").fetchall() == []
    assert load_session(place.nadia, view.id).state is State.WITHDRAWN
