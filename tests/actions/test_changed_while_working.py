"""What is typed after the agreement: nothing is billed that could not have been agreed, and no evening ends in a trap."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent_desk.actions.agree_session import agree_session
from agent_desk.actions.answer_feasibility import answer_feasibility
from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import load_session
from agent_desk.actions.record_consent import record_consent
from agent_desk.actions.tick_step import tick_step
from agent_desk.actions.views import SessionView
from agent_desk.actions.withdraw_consent import withdraw_consent
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.rules.session import (
    Answer,
    Channel,
    ConsentKind,
    Content,
    Feasibility,
    Line,
    Outcome,
    Segment,
    State,
    VirusTool,
)
from tests.support.desks import CLAIRE, DEVICE, READY, VIRUS, agreed, begun, clock, consent, content, drafted, type_in

OPTIMISE = replace(VIRUS, operations=("optimisation",))
CONSOLE = Line("devices.multimedia-wifi", equipment="PlayStation 3")
STARTING = (ConsentKind.BACKUP, ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)
PRO = replace(CLAIRE, segment=Segment.PRO)


def retyped(ctx: Context, view: SessionView, change: Callable[[Content], Content]) -> SessionView:
    """Return the session as it stands, with something else typed."""
    view = load_session(ctx, view.id)
    return type_in(ctx, view, change(view.content))


def solved(ctx: Context, view: SessionView) -> SessionView:
    lines = tuple(replace(line, outcome=Outcome.SOLVED) for line in load_session(ctx, view.id).content.lines)
    return retyped(ctx, view, lambda typed: replace(typed, lines=lines))


def refused_closing(ctx: Context, view: SessionView) -> tuple[str, ...]:
    with pytest.raises(Refusal) as refused:
        close_session(ctx, view.id, load_session(ctx, view.id).version)
    assert refused.value.code == "blocked"
    return refused.value.fields


def begun_with_console(ctx: Context) -> SessionView:
    view = drafted(ctx, content(CONSOLE))
    view = answer_feasibility(ctx, view.id, "lines[0]", Feasibility.YES)
    view = consent(ctx, view, ConsentKind.WARRANTY, ConsentKind.PRICE, *STARTING)
    view = agree_session(ctx, view.id, view.version)
    return begin_work(ctx, view.id, view.version)


def test_removal_instead_of_optimisation_is_not_agreed_without_its_conditions(sqlite_ctx: Context) -> None:
    typed = content(OPTIMISE)
    unknown = replace(typed, prerequisites=replace(READY, virus_tool=VirusTool.UNKNOWN, internet_working=None))
    view = retyped(sqlite_ctx, begun(sqlite_ctx, unknown), lambda typed: replace(typed, lines=(VIRUS,)))
    with pytest.raises(Refusal) as refused:
        consent(sqlite_ctx, view, ConsentKind.PRICE)
    assert refused.value.fields == ("prerequisites.internet_working", "prerequisites.virus_tool")
    view = solved(sqlite_ctx, view)
    assert refused_closing(sqlite_ctx, view) == (
        "prerequisites.internet_working",
        "prerequisites.virus_tool",
        "consents.price",
    )


def test_other_equipment_needs_its_own_answer_before_it_is_billed(sqlite_ctx: Context) -> None:
    view = begun_with_console(sqlite_ctx)
    other = replace(CONSOLE, equipment="A box nobody knows", outcome=Outcome.SOLVED)
    view = retyped(sqlite_ctx, view, lambda typed: replace(typed, lines=(other,)))
    assert refused_closing(sqlite_ctx, view) == ("lines[0].feasibility",)


def test_what_proves_not_feasible_is_closed_as_not_performed(sqlite_ctx: Context) -> None:
    view = begun_with_console(sqlite_ctx)
    answer_feasibility(sqlite_ctx, view.id, "lines[0]", Feasibility.NO)
    assert refused_closing(sqlite_ctx, solved(sqlite_ctx, view)) == ("lines[0].feasibility",)
    line = replace(CONSOLE, outcome=Outcome.NOT_PERFORMED)
    view = retyped(sqlite_ctx, view, lambda typed: replace(typed, lines=(line,)))
    closed = close_session(sqlite_ctx, view.id, view.version)
    assert closed.decision is not None
    assert closed.decision.total_cents == 0


def test_a_line_said_not_to_be_performed_beforehand_passes_no_gate_by_that(sqlite_ctx: Context) -> None:
    line = Line("help.usage", outcome=Outcome.NOT_PERFORMED)
    with pytest.raises(Refusal) as refused:
        agreed(sqlite_ctx, replace(content(line), prerequisites=replace(READY, platform="")))
    assert refused.value.fields == ("prerequisites.platform",)


def test_nobody_is_billed_without_a_name_and_a_number(sqlite_ctx: Context) -> None:
    nameless = replace(CLAIRE, surname="", customer_number="")
    view = retyped(sqlite_ctx, begun(sqlite_ctx), lambda typed: replace(typed, customer=nameless))
    fields = refused_closing(sqlite_ctx, solved(sqlite_ctx, view))
    assert fields == ("customer.surname", "customer.customer_number")


def test_who_was_taken_for_a_professional_gives_the_statements_before_closing(sqlite_ctx: Context) -> None:
    view = consent(sqlite_ctx, agreed(sqlite_ctx, content(DEVICE, customer=PRO)), ConsentKind.BACKUP)
    view = begin_work(sqlite_ctx, view.id, view.version)
    view = solved(sqlite_ctx, retyped(sqlite_ctx, view, lambda typed: replace(typed, customer=CLAIRE)))
    assert refused_closing(sqlite_ctx, view) == ("consents.early_start", "consents.early_start_waiver")
    view = consent(sqlite_ctx, view, ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)
    assert close_session(sqlite_ctx, view.id, view.version).state is State.CLOSED


def test_a_statement_taken_back_during_the_work_does_not_keep_it_from_being_closed(sqlite_ctx: Context) -> None:
    view = solved(sqlite_ctx, begun(sqlite_ctx))
    withdraw_consent(sqlite_ctx, view.id, ConsentKind.EARLY_START_WAIVER)
    assert close_session(sqlite_ctx, view.id, view.version).state is State.CLOSED


def test_after_nine_the_procedure_goes_on_with_the_customers_yes(sqlite_ctx: Context) -> None:
    view = begun(sqlite_ctx)
    clock(sqlite_ctx).move(hours=8, minutes=59)
    tick_step(sqlite_ctx, view.id, f"{DEVICE.service}/1", True)
    clock(sqlite_ctx).move(minutes=1)
    with pytest.raises(Refusal) as refused:
        tick_step(sqlite_ctx, view.id, f"{DEVICE.service}/2", True)
    assert (refused.value.code, refused.value.fields) == ("blocked", ("consents.after_hours",))
    record_consent(sqlite_ctx, view.id, ConsentKind.AFTER_HOURS, Answer.YES, Channel.VOICE)
    ticked = tick_step(sqlite_ctx, view.id, f"{DEVICE.service}/2", True).content.ticks
    assert ticked == (f"{DEVICE.service}/1", f"{DEVICE.service}/2")


def test_after_nine_services_still_change_with_the_customers_yes(sqlite_ctx: Context) -> None:
    view = begun(sqlite_ctx)
    clock(sqlite_ctx).move(hours=9, minutes=10)
    view = retyped(sqlite_ctx, view, lambda typed: replace(typed, lines=(DEVICE,)))
    view = solved(sqlite_ctx, consent(sqlite_ctx, view, ConsentKind.PRICE))
    assert refused_closing(sqlite_ctx, view) == ("consents.after_hours",)
    record_consent(sqlite_ctx, view.id, ConsentKind.AFTER_HOURS, Answer.YES, Channel.VOICE)
    closed = close_session(sqlite_ctx, view.id, load_session(sqlite_ctx, view.id).version)
    assert closed.decision is not None
    assert closed.decision.total_cents == 2900


@pytest.mark.parametrize(
    ("agreed_on", "typed", "billed"),
    [(OPTIMISE, VIRUS, 0), (VIRUS, OPTIMISE, 0), (VIRUS, VIRUS, 7900), (VIRUS, DEVICE, 0), (OPTIMISE, DEVICE, 0)],
    ids=["removal-typed", "optimisation-typed", "nothing-typed", "removal-dropped", "optimisation-dropped"],
)
def test_who_withdraws_pays_for_no_operation_that_was_not_both_accepted_and_kept(
    sqlite_ctx: Context, agreed_on: Line, typed: Line, billed: int
) -> None:
    view = retyped(sqlite_ctx, begun(sqlite_ctx, content(agreed_on)), lambda kept: replace(kept, lines=(typed,)))
    ended = withdraw_session(sqlite_ctx, view.id, view.version)
    assert ended.decision is not None
    assert ended.decision.total_cents == billed


def test_who_withdraws_pays_for_removal_accepted_while_working(sqlite_ctx: Context) -> None:
    view = retyped(sqlite_ctx, begun(sqlite_ctx, content(OPTIMISE)), lambda kept: replace(kept, lines=(VIRUS,)))
    view = consent(sqlite_ctx, view, ConsentKind.PRICE)
    ended = withdraw_session(sqlite_ctx, view.id, view.version)
    assert ended.decision is not None
    assert ended.decision.total_cents == 7900
