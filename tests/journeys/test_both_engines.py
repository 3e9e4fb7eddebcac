"""The same deeds on SQLite and on PostgreSQL with people's rights: whatever is done, both answer alike and hold the same."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import insert, select

from agent_desk.actions.act_on_mail import act_on_mail
from agent_desk.actions.agree_session import agree_session
from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.book_visit import book_visit
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.errors import Refusal
from agent_desk.actions.hand_over_session import hand_over_session
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.list_receivers import list_receivers
from agent_desk.actions.load_session import load_session
from agent_desk.actions.make_billing_batch import make_billing_batch
from agent_desk.actions.park_session import park_session
from agent_desk.actions.qualify_session import qualify_session
from agent_desk.actions.record_consent import record_consent
from agent_desk.actions.resume_session import resume_session
from agent_desk.actions.send_next import send_next
from agent_desk.actions.set_protection import set_protection
from agent_desk.actions.tick_step import tick_step
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.actions.withdraw_consent import withdraw_consent
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.ports import Delivery
from agent_desk.rules.handover import Words
from agent_desk.rules.mail import MailAction
from agent_desk.rules.people import Role
from agent_desk.rules.session import Answer, Channel, ConsentKind, Content, HomeVisit, Outcome, State
from agent_desk.storage.acting import act_as, signed_in
from agent_desk.storage.colleague_tables import call_back, handover
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.promise_tables import promise
from agent_desk.storage.promises import STEPS
from agent_desk.storage.site_tables import billed_decision
from agent_desk.storage.tables import (
    code,
    consent,
    decision,
    draft,
    event,
    mail,
    payload,
    person,
    session,
    session_line,
    team,
)
from agent_desk.storage.upgrade import upgrade
from tests.support.callcentre import SAM, YVES, CallCentre, call_centre
from tests.support.desks import DEVICE, VIRUS, SetClock, agreed, content, context, drafted, finished, type_in
from tests.support.mails import ACCEPTED, LATER, NO, SILENCE, ScriptedRelay
from tests.support.postgresql import Spares
from tests.support.visits import plan, visited

pytest_plugins = ["tests.support.callcentre"]

DEEDS = int(os.environ.get("AGENT_DESK_DEEDS", "30"))  # in a row; how often from the beginning follows from it
ROUNDS = max(10, DEEDS // 5)
NADIA, LEA = "nadia", "lea"  # of one team: on SQLite everybody may open everything
OWNER = ""
CONTENTS = (content(), content(DEVICE), content(VIRUS, customer=YVES), content(customer=replace(YVES, email="")))
ANSWERS = (ACCEPTED, LATER, NO, SILENCE)
# Whatever is random, and so is not the same twice: keys and hashes, and what the mail's very id holds.
UNLIKE = frozenset({"locator", "mac"})
# A transaction that is undone leaves a gap in PostgreSQL's numbers, and none in SQLite's.
NUMBERED = (handover, call_back, code)
TABLES = (
    select(*(column for column in promise.c if column.name not in ("id", "ended_at"))),  # ended by the server's clock
    *(select(*(column for column in table.c if column.name not in UNLIKE | {"id"})) for table in NUMBERED),
    select(draft),
    select(*(column for column in session.c if column.name != "priced_at")),  # the server's own clock writes it
    select(session_line),
    select(consent),
    select(decision),
    select(billed_decision),
    select(
        mail.c.id, mail.c.key, mail.c.kind, mail.c.state, mail.c.recipient, mail.c.subject, mail.c.text, mail.c.created_at,
        mail.c.state_at, mail.c.attempts, mail.c.retry_at, mail.c.lease_until, mail.c.lease_token, mail.c.last_reply,
    ),
)  # fmt: skip
EVENTS = (
    select(event.c.chain, event.c.seq, event.c.kind, event.c.at, event.c.actor, payload.c.body)
    .join(payload, (payload.c.chain == event.c.chain) & (payload.c.seq == event.c.seq))
    .where(event.c.chain > 0)
    .order_by(event.c.chain, event.c.seq)
)

Deed = Callable[[Context], Any]


@dataclass(slots=True)
class Side:
    """One engine: what each person does it through, the owner's under OWNER."""

    desks: dict[str, Context]

    def does(self, who: str, deed: Deed) -> Any:
        """Return what comes of it, a refusal by its code."""
        try:
            return _seen(deed(self.desks[who]))
        except Refusal as refused:
            return "refused", refused.code
        except DatabaseFault as fault:
            return "fault", fault.code

    def holds(self) -> list[Any]:
        """Return every row and event."""
        with self.desks[OWNER].database.read() as tx:
            tables = [sorted((tuple(row._mapping.items()) for row in tx.execute(query)), key=repr) for query in TABLES]
            events = [(*_timed(row), _without_chance(json.loads(row.body))) for row in tx.execute(EVENTS)]
        return [*tables, events]


def _seen(result: Any) -> Any:
    return result if isinstance(result, SessionView) else None


def _timed(row: Any) -> tuple[Any, ...]:
    """Return an event without its body, nor its time where a function of the server tells it."""
    return row.chain, row.seq, row.kind, None if row.kind in STEPS else row.at, row.actor


def _without_chance(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in CHANCE}


# Whoever was told something by the server's clock is before it here.
CHANCE = frozenset({"locator", "message_id", "clock_back_minutes"})


@contextmanager
def both(spares: Spares, folder: Path) -> Iterator[tuple[Side, Side, SetClock]]:
    """Give both engines with the same people and one clock."""
    clock = SetClock()
    with ExitStack() as stack:
        centre = stack.enter_context(call_centre(spares))
        for login, role, its in ((NADIA, Role.AGENT, "Nord"), (LEA, Role.AGENT, "Nord"), (SAM, Role.SUPERVISOR, "")):
            centre.add(login, login.capitalize(), role, its)
        shared = {login: replace(centre.ctx(login), clock=clock) for login in (NADIA, LEA, SAM)}
        alone = _alone(stack, centre, shared, folder, clock)
        yield Side(shared | {OWNER: replace(centre.own, clock=clock)}), Side(alone), clock


def _alone(
    stack: ExitStack, centre: CallCentre, shared: dict[str, Context], folder: Path, clock: SetClock
) -> dict[str, Context]:
    path = folder / "desk.sqlite3"
    for old in folder.glob("desk.sqlite3*"):
        old.unlink()
    desks = {}
    for login in (OWNER, *shared):
        database = stack.enter_context(closing(Database.open(f"sqlite:///{path}")))
        desks[login] = context(database, clock=clock)
        if login == OWNER:
            upgrade(database)
            with centre.owner.read() as there, database.write() as here:
                for table in (team, person):
                    here.execute(insert(table), [dict(row._mapping) for row in there.execute(select(table))])
        else:
            act_as(database, signed_in(shared[login].database))
            desks[login] = replace(desks[login], settings=shared[login].settings)
    return desks


AGENT = st.sampled_from((NADIA, LEA))
WHICH = st.integers(0, 3)  # sessions back from the newest
MISSED = st.sampled_from((0, 0, 0, 0, 1))  # versions


class Both(RuleBasedStateMachine):
    """Does the same on both and compares at each step."""

    spares: Spares
    folder: Path
    reached: Counter[State]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.shared, self.alone, self.clock = self.stack.enter_context(both(self.spares, self.folder))
        self.opened = 0
        self.closed = False

    def teardown(self) -> None:
        """Look whether what came of it is sound."""
        with self.stack:
            for side in (self.shared, self.alone):
                own = side.desks[OWNER]
                assert verify_log(own).fault is None
                assert verify_decisions(own).mismatches == ()

    def do(self, who: str, deed: Deed) -> Any:
        """Do it on both; return what came of it, which is the same."""
        ours, theirs = (side.does(who, deed) for side in (self.shared, self.alone))
        assert ours == theirs
        if isinstance(ours, SessionView):
            self.reached[ours.state] += 1
            self.closed = self.closed or ours.state is State.CLOSED
        return ours

    @invariant()
    def hold_the_same(self) -> None:
        for ours, theirs in zip(self.shared.holds(), self.alone.holds(), strict=True):
            for mine, other in zip(ours, theirs, strict=True):
                assert [one for one in zip(mine, other, strict=True) if one[0] != one[1]] == []

    @initialize(who=st.sampled_from((NADIA, LEA)), typed=st.sampled_from(CONTENTS))
    def first_call(self, who: str, typed: Content) -> None:
        self.call(who, typed)

    @rule(who=AGENT, typed=st.sampled_from(CONTENTS))
    def call(self, who: str, typed: Content) -> None:
        if isinstance(self.do(who, lambda ctx: drafted(ctx, typed)), SessionView):
            self.opened += 1

    @rule(who=AGENT, far=st.sampled_from((agreed, finished)))
    def call_and_go_far(self, who: str, far: Callable[[Context], SessionView]) -> None:
        if isinstance(self.do(who, far), SessionView):
            self.opened += 1

    @rule(who=AGENT, outcome=st.sampled_from(Outcome), missed=MISSED)
    def call_to_its_end(self, who: str, outcome: Outcome, missed: int) -> None:
        self.call_and_go_far(who, lambda ctx: finished(ctx, outcome=outcome))
        self.close(who, 0, missed)

    @rule(who=AGENT, taker=AGENT, far=st.sampled_from((drafted, agreed)), to=st.integers(0, 1))
    def call_and_pass_on(self, who: str, taker: str, far: Callable[[Context], SessionView], to: int) -> None:
        self.call_and_go_far(who, far)
        self.hand_over(who, 0, to, "redémarré", 0)
        self.put_aside_or_take_up(taker, 0, resume_session)

    @rule(who=AGENT, which=WHICH, words=st.sampled_from(("lent", "é" * 300, "=1+1")))
    def type_words(self, who: str, which: int, words: str) -> None:
        def deed(ctx: Context) -> SessionView:
            view = load_session(ctx, self.one(which))
            return type_in(ctx, view, replace(view.content, description=words))

        self.do(who, deed)

    @rule(who=AGENT, which=WHICH, outcome=st.sampled_from(Outcome), visit=st.sampled_from(HomeVisit))
    def type_outcomes(self, who: str, which: int, outcome: Outcome, visit: HomeVisit) -> None:
        def deed(ctx: Context) -> SessionView:
            view = load_session(ctx, self.one(which))
            lines = tuple(replace(line, outcome=outcome) for line in view.content.lines)
            closing_ = replace(view.content.closing, home_visit=visit)
            return type_in(ctx, view, replace(view.content, lines=lines, closing=closing_))

        self.do(who, deed)

    @rule(who=AGENT, which=WHICH, deed=st.sampled_from((qualify_session, agree_session, begin_work, close_session)),
          missed=MISSED)  # fmt: skip
    def go_on(self, who: str, which: int, deed: Callable[[Context, int, int], SessionView], missed: int) -> None:
        self.do(who, lambda ctx: deed(ctx, self.one(which), self.version(ctx, which) - missed))

    @rule(who=AGENT, which=WHICH, missed=MISSED)
    def close(self, who: str, which: int, missed: int) -> None:
        def deed(ctx: Context) -> SessionView:
            view = load_session(ctx, self.one(which))
            return close_session(
                ctx, view.id, view.version, view.revision - missed
            )  # what was typed since was not seen

        self.do(who, deed)

    @rule(who=AGENT, which=WHICH, kind=st.sampled_from(ConsentKind), answer=st.sampled_from(Answer))
    def answer(self, who: str, which: int, kind: ConsentKind, answer: Answer) -> None:
        self.do(who, lambda ctx: record_consent(ctx, self.one(which), kind, answer, Channel.VOICE))

    @rule(who=AGENT, which=WHICH, kind=st.sampled_from(ConsentKind))
    def take_back(self, who: str, which: int, kind: ConsentKind) -> None:
        self.do(who, lambda ctx: withdraw_consent(ctx, self.one(which), kind))

    @rule(who=AGENT, which=WHICH, number=st.integers(1, 9), done=st.booleans())
    def tick(self, who: str, which: int, number: int, done: bool) -> None:
        item = f"security.virus-removal/{number}"
        self.do(who, lambda ctx: tick_step(ctx, self.one(which), item, done))

    @rule(who=AGENT, which=WHICH, off=st.booleans())
    def switch_protection(self, who: str, which: int, off: bool) -> None:
        self.do(who, lambda ctx: set_protection(ctx, self.one(which), off))

    @rule(who=AGENT, which=WHICH)
    def give_a_code(self, who: str, which: int) -> None:
        self.do(who, lambda ctx: issue_code(ctx, self.one(which)))

    @rule(who=AGENT, which=WHICH, deed=st.sampled_from((park_session, resume_session)))
    def put_aside_or_take_up(self, who: str, which: int, deed: Callable[[Context, int], SessionView]) -> None:
        self.do(who, lambda ctx: deed(ctx, self.one(which)))

    @rule(
        who=AGENT,
        which=WHICH,
        to=st.integers(0, 1),
        tried=st.sampled_from(("redémarré", "redémarré", "")),
        missed=MISSED,
    )
    def hand_over(self, who: str, which: int, to: int, tried: str, missed: int) -> None:
        def deed(ctx: Context) -> SessionView:
            receiver = list_receivers(ctx)[to]
            return hand_over_session(ctx, self.one(which), self.version(ctx, which) - missed, receiver, Words(tried))

        self.do(who, deed)

    @rule(who=AGENT, which=WHICH, reason=st.sampled_from(("", "le client rappellera")), missed=MISSED)
    def cancel(self, who: str, which: int, reason: str, missed: int) -> None:
        self.do(who, lambda ctx: cancel_session(ctx, self.one(which), self.version(ctx, which) - missed, reason))

    @rule(who=AGENT, which=WHICH)
    def withdraw(self, who: str, which: int) -> None:
        self.do(who, lambda ctx: withdraw_session(ctx, self.one(which), self.version(ctx, which)))

    @precondition(lambda machine: machine.closed)
    @rule(who=st.sampled_from((SAM, SAM, NADIA)), which=WHICH, outcome=st.sampled_from(Outcome), missed=MISSED)
    def correct(self, who: str, which: int, outcome: Outcome, missed: int) -> None:
        def deed(ctx: Context) -> SessionView:
            view = load_session(ctx, self.one(which))
            outcomes = [outcome] * len(view.content.lines)
            version = view.version - missed
            return correct_session(ctx, view.id, version, outcomes, view.content.closing.home_visit, "mal entendu")

        self.do(who, deed)

    @rule(answer=st.sampled_from(ANSWERS))
    def send(self, answer: Delivery) -> None:
        self.do(OWNER, lambda ctx: send_next(ctx, ScriptedRelay([answer])))

    @precondition(lambda machine: machine.closed)
    @rule(mail_id=st.integers(1, 4), action=st.sampled_from(MailAction))
    def decide_about_a_mail(self, mail_id: int, action: MailAction) -> None:
        self.do(OWNER, lambda ctx: act_on_mail(ctx, mail_id, action, "autre@example.org"))

    @precondition(lambda machine: machine.closed)
    @rule()
    def bill(self) -> None:
        self.do(OWNER, lambda ctx: make_billing_batch(ctx, self.clock.now() - timedelta(minutes=1)))

    @rule(minutes=st.sampled_from((1, 15, 240)))
    def wait(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)

    def one(self, which: int) -> int:
        """Return the id of a session, as many back from the newest."""
        return max(1, self.opened - which)

    def version(self, ctx: Context, which: int) -> int:
        """Return its version as that desk knows it."""
        return load_session(ctx, self.one(which)).version


def test_whatever_is_done_comes_out_the_same_on_both_engines(guarded_spares: Spares, tmp_path: Path) -> None:
    class Machine(Both):
        spares, folder, reached = guarded_spares, tmp_path, Counter[State]()

    chosen = settings(
        max_examples=ROUNDS,
        stateful_step_count=DEEDS,
        deadline=None,
        phases=[Phase.generate],
        derandomize="AGENT_DESK_DEEDS"
        not in os.environ,  # the suite's are the same each time, and fast; others look further
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=chosen)
    assert set(Machine.reached) >= {State.DRAFT, State.IN_PROGRESS, State.CLOSED}, Machine.reached


def test_the_promise_of_a_visit_is_made_and_ended_the_same_on_both_engines(
    guarded_spares: Spares, tmp_path: Path
) -> None:
    with both(guarded_spares, tmp_path) as (shared, alone, _):
        for side in (shared, alone):
            desks = side.desks
            for _ in range(2):
                visited(desks[NADIA])
            correct_session(desks[SAM], 1, 4, [Outcome.NOT_SOLVED], HomeVisit.DECLINED, "finalement non")
            correct_session(desks[SAM], 1, 5, [Outcome.NOT_SOLVED], HomeVisit.ACCEPTED, "finalement oui")
            book_visit(desks[LEA], 1, plan())
            withdraw_session(desks[NADIA], 2, 4)
        assert shared.holds() == alone.holds()
        with alone.desks[OWNER].database.read() as tx:
            ends = tx.execute(select(promise.c.session_id, promise.c.end).order_by(promise.c.id)).all()
        assert ends == [(1, "cancelled"), (2, "cancelled"), (1, "kept"), (1, "")]
