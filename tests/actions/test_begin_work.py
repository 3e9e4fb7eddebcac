"""The work begins when everything is there and the hour allows it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.gates import Gate
from agent_desk.rules.session import ConsentKind, Segment, State, Territory
from tests.support.desks import CLAIRE, NOON, agreed, begun, clock, consent, content, drafted

STATEMENTS = (ConsentKind.BACKUP, ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)


def missing(ctx: Context, session_id: int, version: int) -> set[Gate]:
    with pytest.raises(Refusal) as refused:
        begin_work(ctx, session_id, version)
    assert refused.value.code == "blocked"
    return {blocker.code for blocker in refused.value.blockers}


def test_backup_and_both_statements_are_needed(ctx: Context) -> None:
    view = agreed(ctx)
    assert missing(ctx, view.id, view.version) == {Gate.BACKUP, Gate.EARLY_START, Gate.EARLY_START_WAIVER}
    view = begun(ctx)
    assert (view.state, view.started_at) == (State.IN_PROGRESS, NOON)


def test_a_professional_gives_no_early_start_statements(ctx: Context) -> None:
    pro = replace(CLAIRE, segment=Segment.PRO, company="SARL Kerzu")
    view = consent(ctx, agreed(ctx, content(customer=pro)), ConsentKind.BACKUP)
    assert begin_work(ctx, view.id, view.version).state is State.IN_PROGRESS


def test_after_the_withdrawal_period_none_are_needed(ctx: Context) -> None:
    view = consent(ctx, agreed(ctx), ConsentKind.BACKUP)
    clock(ctx).move(days=14)
    assert missing(ctx, view.id, view.version) == {Gate.EARLY_START, Gate.EARLY_START_WAIVER}
    clock(ctx).move(days=1)
    assert begin_work(ctx, view.id, view.version).state is State.IN_PROGRESS


@pytest.mark.parametrize(
    ("territory", "hour", "allowed"),
    [
        (Territory.METROPOLE, 6, False),  # 7:00 in Paris
        (Territory.METROPOLE, 7, True),
        (Territory.METROPOLE, 19, True),
        (Territory.METROPOLE, 20, False),  # 21:00
        (Territory.REUNION, 4, True),  # 8:00 there, 5:00 in Paris
        (Territory.REUNION, 17, False),
        (Territory.MARTINIQUE, 11, False),
        (Territory.MARTINIQUE, 12, True),
    ],
)
def test_the_hours_are_those_on_the_customers_wall(
    sqlite_ctx: Context, territory: Territory, hour: int, allowed: bool
) -> None:
    ctx = sqlite_ctx
    clock(ctx).time = datetime(2026, 11, 23, hour, tzinfo=UTC)
    view = consent(ctx, agreed(ctx, content(customer=replace(CLAIRE, territory=territory))), *STATEMENTS)
    if allowed:
        assert begin_work(ctx, view.id, view.version).state is State.IN_PROGRESS
    else:
        assert missing(ctx, view.id, view.version) == {Gate.OUTSIDE_HOURS}


def test_a_draft_does_not_begin(ctx: Context) -> None:
    view = drafted(ctx)
    with pytest.raises(Refusal) as refused:
        begin_work(ctx, view.id, view.version)
    assert refused.value.code == "wrong_state"


def test_work_begins_once(ctx: Context) -> None:
    view = begun(ctx)
    with pytest.raises(Refusal) as refused:
        begin_work(ctx, view.id, view.version)
    assert refused.value.code == "wrong_state"
    with pytest.raises(Refusal) as refused:
        begin_work(ctx, view.id, view.version - 1)
    assert refused.value.code == "changed_elsewhere"
