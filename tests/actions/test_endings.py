"""Giving up before the work, and withdrawing before, during and after it."""

from dataclasses import replace

import pytest

from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.ending import session_outcome
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import load_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.views import JournalFilter, SessionRow
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.rules.billing import Rule
from agent_desk.rules.gates import Gate
from agent_desk.rules.session import Content, Customer, HomeVisit, Line, Outcome, Segment, State
from tests.support.desks import CLAIRE, NOON, VIRUS, agreed, begun, clock, content, drafted, finished, type_in


def listed(ctx: Context) -> SessionRow:
    return search_journal(ctx, JournalFilter()).rows[0]


def test_cancelling_has_a_reason_no_decision_and_a_short_mail(ctx: Context) -> None:
    view = agreed(ctx)
    cancelled = cancel_session(ctx, view.id, view.version, "  Le client \n rappellera  ")
    assert (cancelled.state, cancelled.ended_at, cancelled.decision) == (State.CANCELLED, NOON, None)
    assert [(mail.kind, mail.state) for mail in cancelled.mails] == [("offer", "queued"), ("cancellation", "queued")]
    ended = read_timeline(ctx, view.id).events[-2]
    assert (ended.kind, ended.payload) == (
        "session_cancelled",
        {"by": "Nadia Leroy", "reason": "Le client rappellera"},
    )
    assert (listed(ctx).outcome, listed(ctx).total_cents) == ("cancelled", None)


def test_an_endless_reason_is_cut(ctx: Context) -> None:
    view = drafted(ctx)
    cancel_session(ctx, view.id, view.version, "r" * 10_000)
    payloads = [event.payload for event in read_timeline(ctx, view.id).events if event.kind == "session_cancelled"]
    assert payloads == [{"by": "Nadia Leroy", "reason": "r" * 200}]


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_there_must_be_a_reason(ctx: Context, reason: str) -> None:
    view = drafted(ctx)
    with pytest.raises(Refusal) as refused:
        cancel_session(ctx, view.id, view.version, reason)
    assert refused.value.code == "reason_needed"
    assert load_session(ctx, view.id).state is State.DRAFT


def test_a_caller_who_gave_nothing_is_cancelled_without_a_mail(ctx: Context) -> None:
    view = drafted(ctx, Content(customer=Customer()))
    assert cancel_session(ctx, view.id, view.version, "Erreur de numéro").mails == ()


def test_once_the_work_has_begun_it_is_too_late_to_cancel(ctx: Context) -> None:
    view = begun(ctx)
    with pytest.raises(Refusal) as refused:
        cancel_session(ctx, view.id, view.version, "Trop tard")
    assert refused.value.code == "wrong_state"


def test_an_ended_session_is_not_cancelled_again(ctx: Context) -> None:
    view = drafted(ctx)
    ended = cancel_session(ctx, view.id, view.version, "Rappellera")
    with pytest.raises(Refusal) as refused:
        cancel_session(ctx, view.id, ended.version, "Encore")
    assert refused.value.code == "already_ended"


def test_withdrawing_before_the_work_makes_every_line_not_performed(ctx: Context) -> None:
    view = agreed(ctx)
    gone = withdraw_session(ctx, view.id, view.version)
    assert (gone.state, gone.ended_at) == (State.WITHDRAWN, NOON)
    assert gone.decision is not None
    assert {line.rule for line in gone.decision.lines} == {Rule.NOT_PERFORMED}
    assert gone.decision.total_cents == 0
    assert {line.outcome for line in gone.content.lines} == {Outcome.NOT_PERFORMED}
    assert [mail.kind for mail in gone.mails] == ["offer", "withdrawal"]
    assert (listed(ctx).outcome, listed(ctx).total_cents) == ("withdrawn", 0)


def test_withdrawing_during_the_work_interrupts_it_and_virus_removal_stays_billed(ctx: Context) -> None:
    view = begun(ctx)
    gone = withdraw_session(ctx, view.id, view.version)
    assert gone.decision is not None
    assert [line.rule for line in gone.decision.lines] == [
        Rule.VIRUS_REMOVAL_ALWAYS_BILLED,
        Rule.FAILED_SESSION_NOT_BILLED,
    ]
    assert gone.decision.total_cents == 7900
    assert {line.outcome for line in gone.content.lines} == {Outcome.INTERRUPTED}


def test_withdrawing_leaves_no_home_visit_behind(ctx: Context) -> None:
    view = begun(ctx)
    visit = replace(view.content.closing, home_visit=HomeVisit.ACCEPTED)
    view = type_in(ctx, view, replace(view.content, closing=visit))
    gone = withdraw_session(ctx, view.id, view.version)
    assert gone.content.closing.home_visit is HomeVisit.NONE
    assert gone.decision is not None
    assert gone.decision.travel_ceiling_cents is None


def test_only_what_was_agreed_is_withdrawn_from(ctx: Context) -> None:
    view = agreed(ctx)
    typed = replace(view.content, lines=(Line("tv.advanced-use", quantity=9), replace(VIRUS, quantity=3)))
    view = type_in(ctx, view, typed)
    gone = withdraw_session(ctx, view.id, view.version)
    assert [(line.service, line.quantity) for line in gone.content.lines] == [
        ("security.virus-removal", 1),
        ("livebox.connect-device", 1),
    ]


def test_a_virus_line_taken_out_again_counts_as_the_milder_operation(ctx: Context) -> None:
    view = begun(ctx)
    view = type_in(ctx, view, replace(view.content, lines=view.content.lines[1:]))
    gone = withdraw_session(ctx, view.id, view.version)
    assert gone.decision is not None
    assert gone.decision.total_cents == 0


def test_a_withdrawal_after_closing_is_answered_once_and_changes_nothing(ctx: Context) -> None:
    view = finished(ctx)
    closed = close_session(ctx, view.id, view.version)
    clock(ctx).move(days=3)
    after = withdraw_session(ctx, view.id, closed.version)
    assert (after.state, after.decision, after.version) == (State.CLOSED, closed.decision, closed.version)
    assert [mail.kind for mail in after.mails] == ["offer", "confirmation", "withdrawal"]
    assert [event.kind for event in read_timeline(ctx, view.id).events[-2:]] == ["mail_queued", "withdrawal_recorded"]
    assert withdraw_session(ctx, view.id, closed.version) == after


def test_a_professional_has_no_right_to_withdraw(ctx: Context) -> None:
    view = agreed(ctx, content(customer=replace(CLAIRE, segment=Segment.PRO, company="SARL Kerzu")))
    with pytest.raises(Refusal) as refused:
        withdraw_session(ctx, view.id, view.version)
    assert [blocker.code for blocker in refused.value.blockers] == [Gate.WITHDRAWAL_PRO]


@pytest.mark.parametrize("closed", [False, True])
def test_after_the_period_it_is_too_late(ctx: Context, closed: bool) -> None:
    view = finished(ctx)
    if closed:
        view = close_session(ctx, view.id, view.version)
    clock(ctx).move(days=15)
    with pytest.raises(Refusal) as refused:
        withdraw_session(ctx, view.id, view.version)
    assert [blocker.code for blocker in refused.value.blockers] == [Gate.WITHDRAWAL_OVER]


def test_there_is_nothing_to_withdraw_from_before_the_agreement(ctx: Context) -> None:
    view = drafted(ctx)
    with pytest.raises(Refusal) as refused:
        withdraw_session(ctx, view.id, view.version)
    assert refused.value.code == "wrong_state"


@pytest.mark.parametrize(
    ("outcomes", "visit", "shown"),
    [
        ((Outcome.SOLVED, Outcome.SOLVED), HomeVisit.NONE, "solved"),
        ((Outcome.SOLVED, Outcome.NOT_PERFORMED), HomeVisit.DECLINED, "solved"),
        ((Outcome.SOLVED, Outcome.INTERRUPTED), HomeVisit.NONE, "interrupted"),
        ((Outcome.NOT_SOLVED, Outcome.INTERRUPTED), HomeVisit.NONE, "not_solved"),
        ((Outcome.NOT_SOLVED, Outcome.ACCESS_LOST), HomeVisit.NONE, "access_lost"),
        ((Outcome.NOT_SOLVED, Outcome.SOLVED), HomeVisit.ACCEPTED, "home_visit"),
        ((Outcome.NOT_PERFORMED,), HomeVisit.NONE, "not_performed"),
        ((), HomeVisit.NONE, ""),
    ],
)
def test_lists_show_the_outcome_that_asks_most_of_somebody(
    outcomes: tuple[Outcome, ...], visit: HomeVisit, shown: str
) -> None:
    lines = tuple(Line("help.usage", outcome=outcome) for outcome in outcomes)
    typed = Content(lines=lines)
    assert session_outcome(replace(typed, closing=replace(typed.closing, home_visit=visit))) == shown
