"""Whatever an agent does in whatever order: no state is skipped, nothing is billed twice, and the log stays whole."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agent_desk.actions.agree_session import agree_session
from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.errors import Refusal
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.load_session import load_session
from agent_desk.actions.park_session import park_session
from agent_desk.actions.qualify_session import qualify_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.record_consent import record_consent
from agent_desk.actions.redeem_code import redeem_code
from agent_desk.actions.resume_session import resume_session
from agent_desk.actions.set_protection import is_off, set_protection
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.views import SessionView
from agent_desk.actions.withdraw_consent import withdraw_consent
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.rules.gates import current
from agent_desk.rules.lifecycle import may_become
from agent_desk.rules.session import ENDED, Answer, Channel, ConsentKind, Line, Outcome, State
from agent_desk.storage.database import Database
from agent_desk.storage.upgrade import upgrade
from tests.support.desks import DEVICE, VIRUS, clock, context, drafted, type_in

LINES = (
    (VIRUS,),
    (DEVICE,),
    (VIRUS, DEVICE),
    (Line("tv.advanced-use"), DEVICE),
    (Line("network.livebox-integration"),),
)


class Life(RuleBasedStateMachine):
    """One session under every possible hand, checked after each step."""

    @initialize()
    def open(self) -> None:
        self.folder = TemporaryDirectory()
        self.database = Database.open(f"sqlite:///{Path(self.folder.name) / 'desk.sqlite3'}")
        upgrade(self.database)
        self.ctx = context(self.database)
        self.view = drafted(self.ctx)
        self.events = 1
        self.code = ""

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def attempt(self, action: Callable[[], Any]) -> bool:
        """Do it or be refused; a refusal leaves everything as it was."""
        before = load_session(self.ctx, self.view.id)
        try:
            action()
        except Refusal:
            assert load_session(self.ctx, self.view.id) == before
            return False
        after = load_session(self.ctx, self.view.id)
        if after.state is not before.state:
            assert may_become(before.state, after.state) or (before.state, after.state) == (State.DRAFT, State.AGREED)
            assert after.version == before.version + 1
        self.view = after
        return True

    @rule(lines=st.sampled_from(LINES))
    def ask_for(self, lines: tuple[Line, ...]) -> None:
        self.attempt(lambda: type_in(self.ctx, self.view, replace(self.view.content, lines=lines)))

    @rule(outcome=st.sampled_from(Outcome))
    def note_outcomes(self, outcome: Outcome) -> None:
        lines = tuple(replace(line, outcome=outcome) for line in self.view.content.lines)
        self.attempt(lambda: type_in(self.ctx, self.view, replace(self.view.content, lines=lines)))

    @rule(kind=st.sampled_from(ConsentKind), channel=st.sampled_from(Channel))
    def say_yes(self, kind: ConsentKind, channel: Channel) -> None:
        answer = Answer.DONE if kind is ConsentKind.BACKUP else Answer.YES
        self.attempt(lambda: record_consent(self.ctx, self.view.id, kind, answer, channel))

    @rule()
    def say_yes_to_everything(self) -> None:
        for kind in ConsentKind:
            self.say_yes(kind, Channel.VOICE)

    @rule(kind=st.sampled_from(ConsentKind))
    def take_back(self, kind: ConsentKind) -> None:
        self.attempt(lambda: withdraw_consent(self.ctx, self.view.id, kind))

    @rule(action=st.sampled_from([qualify_session, agree_session, begin_work, close_session, withdraw_session]))
    def go_on(self, action: Callable[..., SessionView]) -> None:
        self.attempt(lambda: action(self.ctx, self.view.id, self.view.version))

    @rule()
    def cancel(self) -> None:
        self.attempt(lambda: cancel_session(self.ctx, self.view.id, self.view.version, "Rappellera"))

    @rule(off=st.booleans())
    def switch_protection(self, off: bool) -> None:
        self.attempt(lambda: set_protection(self.ctx, self.view.id, off=off))

    @rule(action=st.sampled_from([park_session, resume_session]))
    def put_aside_or_take_up(self, action: Callable[..., SessionView]) -> None:
        self.attempt(lambda: action(self.ctx, self.view.id))

    @rule()
    def dictate_a_code(self) -> None:
        def dictate() -> None:
            self.code = issue_code(self.ctx, self.view.id).digits

        self.attempt(dictate)

    @rule()
    def type_the_code(self) -> None:
        self.attempt(lambda: redeem_code(self.ctx, self.code, "page"))

    @rule(minutes=st.sampled_from([-61, 1, 11, 600]))
    def let_time_pass(self, minutes: int) -> None:
        clock(self.ctx).move(minutes=minutes)
        self.view = load_session(self.ctx, self.view.id)

    @invariant()
    def the_story_is_whole(self) -> None:
        events = read_timeline(self.ctx, self.view.id).events
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert all(event.chain_ok for event in events)
        assert len(events) >= self.events
        self.events = len(events)

    @invariant()
    def an_ended_session_is_decided_as_its_ending_says(self) -> None:
        view = self.view
        assert (view.ended_at is not None) == (view.state in ENDED)
        assert (view.decision is not None) == (view.state in (State.CLOSED, State.WITHDRAWN))
        if view.state in ENDED:
            assert view.parked_at is None
            assert view.code is None or view.code.state != "live"
        if view.state is State.CLOSED:
            assert not is_off(view.content.closing)
            assert current(view.consents, ConsentKind.PRICE) is not None
            assert [mail.kind for mail in view.mails].count("confirmation") == 1
        assert verify_decisions(self.ctx).mismatches == ()

    @invariant()
    def nobody_works_without_the_agreement(self) -> None:
        assert self.view.started_at is None or self.view.agreed_at is not None


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=15, stateful_step_count=25)
