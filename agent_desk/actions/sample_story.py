"""A sample session told through the real actions, at a time of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from agent_desk.actions.agree_session import agree_session
from agent_desk.actions.answer_feasibility import answer_feasibility
from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.give_up_visit import give_up_visit
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.open_session import open_session
from agent_desk.actions.park_session import park_session
from agent_desk.actions.qualify_session import qualify_session
from agent_desk.actions.record_consent import record_consent
from agent_desk.actions.sample_requests import Request, sample_lines, sample_prerequisites
from agent_desk.actions.sample_share import play_share
from agent_desk.actions.save_draft import save_draft
from agent_desk.actions.set_protection import set_protection
from agent_desk.actions.tell_tariff import tell_tariff
from agent_desk.actions.tick_step import tick_step
from agent_desk.actions.views import SessionView
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.rules.catalogue import VIRUS_REMOVAL
from agent_desk.rules.session import (
    Answer,
    Call,
    CallChannel,
    Channel,
    ConsentKind,
    Content,
    Customer,
    Feasibility,
    HomeVisit,
    Outcome,
    Step,
)
from agent_desk.rules.visit import VisitState, book_by


@dataclass(slots=True)
class SampleClock:
    """The clock of one sample session; it moves as the story goes on."""

    time: datetime

    def now(self) -> datetime:
        """Return the story's present moment."""
        return self.time

    def wait(self, minutes: float) -> None:
        """Let time pass."""
        self.time += timedelta(minutes=minutes)


FORGOTTEN = 9  # of so many calls one is not told what it costs


@dataclass(frozen=True, slots=True)
class Plot:
    """Who calls when, for what, and how it ends: an outcome, `visit`, `cancelled`, `withdrawn`, or the state it rests in."""

    customer: Customer
    requests: tuple[Request, ...]
    begins: datetime
    ending: str
    agent: str
    seed: int


@dataclass(frozen=True, slots=True)
class _Teller:
    ctx: Context
    clock: SampleClock
    chance: Random
    plot: Plot
    today: datetime


def tell(ctx: Context, plot: Plot) -> SessionView:
    """Let the session happen, as far as its ending says."""
    clock = SampleClock(plot.begins)
    chance = Random(plot.seed)  # noqa: S311 - the same seed must give the same story
    settings = replace(ctx.settings, agent_name=plot.agent)
    teller = _Teller(replace(ctx, clock=clock, settings=settings), clock, chance, plot, ctx.clock.now())
    view = _called(teller)
    for chapter, rests in _CHAPTERS:
        if plot.ending in rests:
            break
        view = chapter(teller, view)
    return _LAST.get(plot.ending, _closed)(teller, view)


def _called(teller: _Teller) -> SessionView:
    plot = teller.plot
    channel = teller.chance.choice((CallChannel.SHORT_776, CallChannel.SHORT_776, CallChannel.LONG_3976_SOSH_MOBILE))
    view = open_session(teller.ctx, Call(channel, plot.begins), plot.customer)
    if view.id % FORGOTTEN:
        view = tell_tariff(teller.ctx, view.id)
    content = replace(view.content, description=" ".join(one.said for one in plot.requests))
    return _type(teller, view, content, Step.REQUEST, "description")


def _qualified(teller: _Teller, view: SessionView) -> SessionView:
    content = replace(
        view.content,
        lines=sample_lines(teller.plot.requests),
        prerequisites=sample_prerequisites(teller.chance),
        closing=replace(view.content.closing, confirmation="email" if teller.plot.customer.email else "letter"),
    )
    view = _type(teller, view, content, Step.PREREQUISITES, "prerequisites.platform")
    view = qualify_session(teller.ctx, view.id, view.version)
    for at, line in enumerate(view.content.lines):
        if line.equipment and view.content.lines[at].feasibility is Feasibility.NOT_ASKED:
            view = answer_feasibility(teller.ctx, view.id, f"lines[{at}]", Feasibility.ASKED)
    return view


def _agreed(teller: _Teller, view: SessionView) -> SessionView:
    teller.clock.wait(2)
    for at, line in enumerate(view.content.lines):
        if line.feasibility is Feasibility.ASKED:
            view = answer_feasibility(teller.ctx, view.id, f"lines[{at}]", Feasibility.YES)
    view = _save(teller, view, view.content, Step.AGREEMENT, "")
    for kind in (ConsentKind.WARRANTY, ConsentKind.PRICE):
        view = _consent(teller, view, kind)
    return agree_session(teller.ctx, view.id, view.version)


def _begun(teller: _Teller, view: SessionView) -> SessionView:
    backup = Answer.DONE if teller.chance.random() < 0.8 else Answer.NONE_ACCEPTED
    view = _consent(teller, view, ConsentKind.BACKUP, backup)
    for kind in (ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER):
        view = _consent(teller, view, kind)
    if teller.chance.random() < 0.5:
        code = issue_code(teller.ctx, view.id)
        teller.clock.wait(1)
        play_share(teller.ctx, view.id, code.digits)
    view = begin_work(teller.ctx, view.id, view.version)
    view = _type(teller, view, view.content, Step.INTERVENTION, "notes")
    for number in range(1, 4):
        teller.clock.wait(1)
        view = tick_step(teller.ctx, view.id, f"{view.content.lines[0].service}/{number}", True)
    if view.content.lines[0].service == VIRUS_REMOVAL:
        view = set_protection(teller.ctx, view.id, off=True)
    return view


def _worked(teller: _Teller, view: SessionView) -> SessionView:
    teller.clock.wait(teller.chance.randint(4, 18))
    if view.content.closing.protection_off_at is not None:
        view = set_protection(teller.ctx, view.id, off=False)
    ending = teller.plot.ending
    outcome = Outcome.NOT_SOLVED if ending == "visit" else Outcome(ending)
    # One service of several fails, the others worked.
    outcomes = (outcome, *(Outcome.SOLVED for _ in view.content.lines[1:]))
    visit = HomeVisit.ACCEPTED if ending == "visit" else HomeVisit.NONE
    closing = replace(view.content.closing, home_visit=visit)
    if ending == "visit":
        closing = replace(closing, visit_at=teller.clock.now().replace(minute=0, second=0) + timedelta(days=2))
    content = replace(
        view.content,
        lines=tuple(replace(line, outcome=one) for line, one in zip(view.content.lines, outcomes, strict=True)),
        notes=" ".join(one.note for one in teller.plot.requests) if outcome is Outcome.SOLVED else "",
        closing=closing,
    )
    return _type(teller, view, content, Step.CLOSING, "closing.confirmation")


def _closed(teller: _Teller, view: SessionView) -> SessionView:
    teller.clock.wait(1)
    closed = close_session(teller.ctx, view.id, view.version)
    if teller.plot.ending == "visit" and book_by(teller.clock.now(), teller.plot.customer.territory) <= teller.today:
        teller.clock.wait(30)
        give_up_visit(teller.ctx, view.id, 0, VisitState.CANCELLED, "Le client préfère passer en boutique")
    return closed


def _cancelled(teller: _Teller, view: SessionView) -> SessionView:
    reasons = ("Le client rappellera plus tard", "Le problème a disparu de lui-même", "Prix refusé")
    return cancel_session(teller.ctx, view.id, view.version, teller.chance.choice(reasons))


def _withdrawn(teller: _Teller, view: SessionView) -> SessionView:
    teller.clock.wait(5)
    return withdraw_session(teller.ctx, view.id, view.version)


def _parked(teller: _Teller, view: SessionView) -> SessionView:
    return park_session(teller.ctx, view.id)


def _resting(_teller: _Teller, view: SessionView) -> SessionView:
    return view


# Each chapter is skipped, with all that follow, by the endings named beside it.
_CHAPTERS: tuple[tuple[Callable[[_Teller, SessionView], SessionView], frozenset[str]], ...] = (
    (_qualified, frozenset({"draft"})),
    (_agreed, frozenset({"feasibility", "parked", "cancelled"})),
    (_begun, frozenset({"agreed", "withdrawn"})),
    (_worked, frozenset({"in_progress"})),
)
_LAST: Mapping[str, Callable[[_Teller, SessionView], SessionView]] = {
    "draft": _resting,
    "feasibility": _resting,
    "agreed": _resting,
    "in_progress": _resting,
    "parked": _parked,
    "cancelled": _cancelled,
    "withdrawn": _withdrawn,
}


def _type(teller: _Teller, view: SessionView, content: Content, step: Step, field: str) -> SessionView:
    teller.clock.wait(teller.chance.uniform(0.5, 2))
    return _save(teller, view, content, step, field)


def _save(teller: _Teller, view: SessionView, content: Content, step: Step, field: str) -> SessionView:
    saved = save_draft(teller.ctx, view.id, view.revision, content, step, field)
    return replace(view, revision=saved.revision, content=saved.content)


def _consent(
    teller: _Teller,
    view: SessionView,
    kind: ConsentKind,
    answer: Answer = Answer.YES,
) -> SessionView:
    teller.clock.wait(0.3)
    return record_consent(teller.ctx, view.id, kind, answer, Channel.VOICE)
