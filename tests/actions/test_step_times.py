"""What each step takes is counted as the agent goes on, whoever does, and nobody has to do anything for it."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.late_typing import LateTyping
from agent_desk.actions.load_session import load_session
from agent_desk.actions.open_session import open_session
from agent_desk.actions.park_session import park_session
from agent_desk.actions.report import report
from agent_desk.actions.resume_session import resume_session
from agent_desk.actions.save_draft import save_draft
from agent_desk.actions.save_late_typing import save_late_typing
from agent_desk.rules.report import Figures, day_of
from agent_desk.rules.session import Call, ConsentKind, Step
from agent_desk.storage.tables import draft
from tests.support.callcentre import NADIA, SAM, CallCentre
from tests.support.desks import DEVICE, NOON, SetClock, agreed, clock, consent, content, finished


def seconds(ctx: Context, session_id: int) -> dict[int, int]:
    """Return the steps that took time, with their seconds."""
    with ctx.database.read() as tx:
        row = tx.execute(select(draft).where(draft.c.session_id == session_id)).one()
    taken = {step: getattr(row, f"seconds_{step}") for step in range(1, 7)}
    return {step: value for step, value in taken.items() if value}


def stand(ctx: Context, session_id: int, step: Step) -> None:
    """Go to a step, as the screen tells."""
    view = load_session(ctx, session_id)
    save_draft(ctx, session_id, view.revision, view.content, step, "")


def figures(ctx: Context) -> Figures:
    today = day_of(ctx.clock.now())
    return report(ctx, today, today).figures


def test_each_save_counts_for_the_step_that_was_in_front_and_closing_for_the_last(ctx: Context) -> None:
    view = finished(ctx)  # at step 2, in no time
    for step in (Step.INTERVENTION, Step.CLOSING):
        clock(ctx).move(minutes=4)
        stand(ctx, view.id, step)
    for _ in range(7):
        clock(ctx).move(seconds=0.5)
        stand(ctx, view.id, Step.CLOSING)
    clock(ctx).move(seconds=30)
    view = load_session(ctx, view.id)
    close_session(ctx, view.id, view.version)
    assert seconds(ctx, view.id) == {2: 240, 5: 240, 6: 33}
    assert figures(ctx).steps == dict(zip(Step, (0, 240, 0, 0, 240, 33), strict=True))
    assert sum(figures(ctx).steps.values()) <= (clock(ctx).now() - NOON).total_seconds()


def test_of_a_service_asked_for_twice_in_a_session_the_time_counts_once(ctx: Context) -> None:
    for minutes, lines in ((4, (DEVICE, DEVICE)), (2, (DEVICE,))):
        view = finished(ctx, content(*lines))
        clock(ctx).move(minutes=minutes)
        close_session(ctx, view.id, view.version)
    today = day_of(ctx.clock.now())
    (service,) = report(ctx, today, today).services
    assert service.figures.steps[Step.REQUEST] == 180


def test_time_put_aside_is_at_no_step_wherever_it_is_taken_up(ctx: Context) -> None:
    view = open_session(ctx, Call())
    clock(ctx).move(minutes=2)
    park_session(ctx, view.id)
    clock(ctx).move(minutes=9)
    # What was still on its way when the session was put aside is saved, and is no time at work either.
    stand(ctx, view.id, Step.REQUEST)
    clock(ctx).move(minutes=1)
    elsewhere = SetClock(clock(ctx).now() + timedelta(seconds=20))  # no two desks agree
    other = replace(ctx, clock=elsewhere)
    resume_session(other, view.id)
    assert seconds(ctx, view.id) == {1: 120}
    elsewhere.move(minutes=3)
    stand(other, view.id, Step.PREREQUISITES)
    assert seconds(ctx, view.id) == {1: 120, 2: 180}
    resume_session(other, view.id)  # was not put aside: nothing to take up
    assert load_session(ctx, view.id).saved_at == elsewhere.now()


def test_what_was_typed_while_the_database_was_away_brings_no_more_than_a_silence(ctx: Context) -> None:
    view = open_session(ctx, Call())
    clock(ctx).move(hours=2)
    typed = replace(view.content, notes="typed meanwhile")
    whose = view.id, view.number, view.opened_at
    late = LateTyping(*whose, view.content, typed, ("notes",), Step.REQUEST, "", NOON)
    assert save_late_typing(ctx, late)
    clock(ctx).move(hours=-1)
    stand(ctx, view.id, Step.REQUEST)
    assert seconds(ctx, view.id) == {1: 900}


def test_work_that_begins_takes_up_what_was_put_aside(ctx: Context) -> None:
    view = consent(ctx, agreed(ctx), ConsentKind.BACKUP, ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)
    clock(ctx).move(minutes=1)
    park_session(ctx, view.id)
    clock(ctx).move(minutes=10)
    begin_work(ctx, view.id, view.version)
    clock(ctx).move(minutes=2)
    stand(ctx, view.id, Step.INTERVENTION)
    assert seconds(ctx, view.id) == {2: 180}


def test_where_the_database_sees_to_rights_agents_count_and_supervisors_read(staffed: CallCentre) -> None:
    nadia, sam = staffed.ctx(NADIA), staffed.ctx(SAM)
    view = finished(nadia, content())
    clock(nadia).move(minutes=5)
    view = load_session(nadia, view.id)
    close_session(nadia, view.id, view.version)
    assert figures(sam).steps[Step.REQUEST] == 300
