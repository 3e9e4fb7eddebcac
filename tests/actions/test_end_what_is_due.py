"""A mail worker ends what nobody ended: lapsed codes, and shares where no gateway runs."""

from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.end_what_is_due import end_what_is_due
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.note_running import note_running
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.share import ShareEnd
from agent_desk.storage.programs import Running, last_seen
from agent_desk.storage.turns import Job, turn
from tests.support.desks import agreed, clock
from tests.support.shares import live, seen

pytest_plugins = ["tests.support.desks"]
GATEWAY = Running("00aa11bb", "gateway", "0.2.0")


def test_a_code_whose_time_is_over_ends_once(ctx: Context) -> None:
    old, young = agreed(ctx), agreed(ctx)
    issue_code(ctx, old.id)
    clock(ctx).move(minutes=9)
    issue_code(ctx, young.id)
    clock(ctx).move(minutes=2)
    assert end_what_is_due(ctx) == 1
    assert end_what_is_due(ctx) == 0
    last = read_timeline(ctx, old.id).events[-1]
    assert (last.kind, last.actor, last.payload) == ("code_expired", "system", {"minutes": 10})
    assert read_timeline(ctx, young.id).events[-1].kind == "code_issued"
    assert verify_log(ctx).fault is None


def test_a_share_that_nobody_hears_of_ends_where_no_gateway_runs(ctx: Context) -> None:
    visitor = live(ctx)
    clock(ctx).move(minutes=2)
    note_running(door_of(ctx), GATEWAY)
    assert end_what_is_due(ctx) == 0
    clock(ctx).move(minutes=2)
    assert end_what_is_due(ctx) == 1
    assert seen(visitor).end_reason is ShareEnd.LOST


def test_another_worker_has_its_turn(postgresql_ctx: Context) -> None:
    ctx = postgresql_ctx
    issue_code(ctx, agreed(ctx).id)
    clock(ctx).move(minutes=11)
    with turn(ctx.database, Job.ENDINGS) as ours:
        assert ours
        assert end_what_is_due(ctx) == 0
        with turn(ctx.database, Job.CHECKPOINT) as other_job:
            assert other_job
    assert end_what_is_due(ctx) == 1


def test_a_program_is_seen_as_long_as_it_says_so_and_forgotten_after_a_week(ctx: Context) -> None:
    door = door_of(ctx)
    note_running(door, GATEWAY)
    note_running(door, Running("22cc33dd", "mailer", "0.2.0"))
    first = ctx.clock.now()
    clock(ctx).move(days=8)
    note_running(door, Running("44ee55ff", "mailer", "0.2.0"))
    with ctx.database.read() as tx:
        assert last_seen(tx) == {"mailer": ctx.clock.now()}
    assert first < ctx.clock.now()
