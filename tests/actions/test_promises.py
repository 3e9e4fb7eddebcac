"""What was promised is kept by whom it is for, shows when it was missed, and never ends by itself."""

from datetime import timedelta

import psycopg
import pytest

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.look_at_promises import look_at_promises
from agent_desk.actions.promises import make_promise
from agent_desk.actions.raise_promises import raise_promises
from agent_desk.actions.record import EVERY_STATE, take
from agent_desk.actions.step_promise import step_promise
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.promise import SOON, Promise, PromiseEnd, PromiseKind, Urgency, in_order, urgency
from agent_desk.storage.acting import acting
from agent_desk.storage.events import history
from tests.support.callcentre import KARIM, NADIA, POST, SAM, CallCentre
from tests.support.desks import clock, drafted, finished

HOUR = timedelta(hours=1)
BACK = PromiseKind.CALL_BACK


def promise(
    ctx: Context, session_id: int, in_: timedelta = HOUR, *, mine: bool = False, team: int | None = None
) -> int:
    """Promise a call-back that lasts half an hour."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, states=EVERY_STATE)
        who = acting(tx)
        person = (who.mark, who.name) if mine and who is not None else ("", "")
        due = held.now + in_
        late = due + HOUR / 2
        return make_promise(held, BACK, due, subject="rappeler", late_at=late, team_id=team, person=person)


def only(ctx: Context) -> Promise:
    (one,) = look_at_next(ctx).promises
    return one


def kinds(ctx: Context, session_id: int) -> list[str]:
    with ctx.database.read() as tx:
        return [one.kind for one in history(tx, session_id)]


def test_a_promise_is_soon_then_due_then_missed_and_stays_until_a_person_ends_it(ctx: Context) -> None:
    view = drafted(ctx)
    promise(ctx, view.id)
    seen = []
    for minutes in (0, 45, 15, 30):
        clock(ctx).move(minutes=minutes)
        seen.append(urgency(only(ctx), ctx.clock.now()))
    assert seen == [Urgency.LATER, Urgency.SOON, Urgency.DUE, Urgency.MISSED]
    clock(ctx).move(days=30)
    assert urgency(only(ctx), ctx.clock.now()) is Urgency.MISSED
    one = only(ctx)
    kept = step_promise(ctx, one.id, one.version, "promise_kept")
    assert (kept.end, look_at_next(ctx).promises) == (PromiseEnd.KEPT, ())
    assert urgency(kept, ctx.clock.now()) is Urgency.LATER
    assert [found.end for found in look_at_promises(ctx, view.id)] == [PromiseEnd.KEPT]


def test_a_promise_nobody_kept_is_told_once_however_often_and_late_it_is_looked_for(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    view = drafted(ctx)
    promise(ctx, view.id)
    assert raise_promises(ctx) == 0
    clock(ctx).move(days=3)
    assert (raise_promises(ctx), raise_promises(ctx)) == (1, 0)
    assert kinds(ctx, view.id).count("promise_missed") == 1
    assert only(ctx).missed_at == ctx.clock.now()
    assert verify_log(ctx).fault is None


def test_all_that_was_missed_is_told_however_few_are_taken_at_a_time(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_desk.storage.promises._MISSED_PER_TURN", 2)
    view = drafted(ctx)
    for _ in range(5):  # all of one moment
        promise(ctx, view.id)
    clock(ctx).move(days=3)
    assert (raise_promises(ctx), raise_promises(ctx)) == (5, 0)
    assert kinds(ctx, view.id).count("promise_missed") == 5


def test_a_promise_that_cannot_be_marked_tells_nothing_and_holds_up_nobody(
    sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_desk.storage.promises._MISSED_PER_TURN", 1)
    ctx = sqlite_ctx
    view = drafted(ctx)
    stuck, _ = promise(ctx, view.id), promise(ctx, view.id)
    ignored = f"BEFORE UPDATE ON promise WHEN old.id = {stuck} BEGIN SELECT RAISE(IGNORE); END"
    with ctx.database.write() as tx:
        tx.exec_driver_sql(f"CREATE TRIGGER stuck {ignored}")
    clock(ctx).move(days=3)
    assert (raise_promises(ctx), raise_promises(ctx)) == (1, 0)
    assert kinds(ctx, view.id).count("promise_missed") == 1


def test_what_went_wrong_comes_before_what_is_due_sooner(ctx: Context) -> None:
    view = drafted(ctx)
    late, soon = promise(ctx, view.id, 5 * HOUR), promise(ctx, view.id, HOUR)
    assert [one.id for one in look_at_next(ctx).promises] == [soon, late]
    cut = next(one for one in look_at_next(ctx).promises if one.id == late)
    cut = step_promise(ctx, cut.id, cut.version, "promise_failed", "coupé")
    assert [one.id for one in look_at_next(ctx).promises] == [late, soon]
    assert urgency(cut, ctx.clock.now()) is Urgency.MISSED
    assert sorted(look_at_next(ctx).promises, key=in_order) == list(look_at_next(ctx).promises)


def test_a_step_upon_an_older_look_is_refused_and_changes_nothing(ctx: Context) -> None:
    view = drafted(ctx)
    promise(ctx, view.id)
    seen = only(ctx)
    step_promise(ctx, seen.id, seen.version, "promise_attempted", "sans réponse")
    with pytest.raises(Refusal, match="promise_changed"):
        step_promise(ctx, seen.id, seen.version, "promise_kept")
    now = only(ctx)
    step_promise(ctx, now.id, now.version, "promise_cancelled", "le client ne veut plus")
    with pytest.raises(Refusal, match="promise_over"):
        step_promise(ctx, now.id, now.version, "promise_kept")
    with pytest.raises(Refusal, match="promise_gone"):
        step_promise(ctx, 999, 1, "promise_kept")
    assert kinds(ctx, view.id)[-2:] == ["promise_attempted", "promise_cancelled"]


def test_more_than_are_shown_are_counted(sqlite_ctx: Context) -> None:
    view = drafted(sqlite_ctx)
    for minutes in range(53):
        promise(sqlite_ctx, view.id, timedelta(minutes=minutes))
    found = look_at_next(sqlite_ctx)
    assert (len(found.promises), found.behind) == (50, 3)


@pytest.mark.parametrize("kind", PromiseKind)
def test_every_kind_says_how_long_before_it_is_soon(kind: PromiseKind) -> None:
    assert SOON[kind] > timedelta()


def test_each_sees_their_own_and_their_teams_and_a_supervisor_everybodys(staffed: CallCentre) -> None:
    nadia, karim, sam = (staffed.ctx(login) for login in (NADIA, KARIM, SAM))
    view = finished(nadia)
    closed = close_session(nadia, view.id, view.version)
    for_all, own = promise(nadia, closed.id), promise(nadia, closed.id, 2 * HOUR, mine=True)
    assert [one.id for one in look_at_next(nadia).promises] == [for_all, own]
    assert look_at_next(karim).promises == ()
    assert {one.id for one in look_at_next(sam).promises} == {for_all, own}
    one = look_at_next(nadia).promises[0]
    taken = step_promise(nadia, one.id, one.version, "promise_taken")
    assert (taken.person, taken.version) == ("Nadia Leroy", 2)
    with pytest.raises(Refusal, match="promise_gone"):
        step_promise(karim, one.id, taken.version, "promise_kept")
    ended = step_promise(sam, one.id, taken.version, "promise_cancelled", "client décédé")
    assert ended.end is PromiseEnd.CANCELLED
    assert kinds(sam, closed.id)[-2:] == ["promise_taken", "promise_cancelled"]
    assert verify_log(sam).fault is None


def test_a_team_keeps_what_was_promised_in_a_session_it_cannot_see(staffed: CallCentre) -> None:
    nadia, karim = staffed.ctx(NADIA), staffed.ctx(KARIM)
    view = drafted(nadia)
    sud = staffed.owner
    with sud.read() as tx:
        team = tx.exec_driver_sql("SELECT id FROM team WHERE name = 'Sud'").scalar_one()
    promise(nadia, view.id, team=team)
    one = only(karim)
    assert (one.number, one.customer, one.phone) == (view.number, "Claire Morvan", "0261911234")
    assert look_at_next(nadia).promises == ()
    step_promise(karim, one.id, one.version, "promise_returned", "mauvaise équipe")
    assert kinds(nadia, view.id)[-1] == "promise_returned"


def test_nobody_changes_a_promise_by_typing_sql(staffed: CallCentre) -> None:
    nadia = staffed.ctx(NADIA)
    promise(nadia, drafted(nadia).id)
    one = only(nadia)
    for login, attempt in (
        (NADIA, f"UPDATE promise SET ended_at = 1 WHERE id = {one.id}"),
        (NADIA, "DELETE FROM promise"),
        (SAM, "UPDATE promise SET late_at = late_at + 1"),
        (POST, f"UPDATE promise SET due_at = 0 WHERE id = {one.id}"),
        (KARIM, f"SELECT desk_step_promise({one.id}, 1, 'promise_kept', '', '{{}}', '')"),
        (NADIA, f"SELECT desk_step_promise({one.id}, 1, 'session_closed', '', '{{}}', '')"),
        (NADIA, f"INSERT INTO promise SELECT * FROM promise WHERE id = {one.id} + 1; DELETE FROM promise"),
    ):
        with pytest.raises(psycopg.Error):
            staffed.connect(login).execute(attempt)
    assert only(nadia) == one


def test_the_mail_worker_finds_what_was_missed(staffed: CallCentre) -> None:
    nadia, post = staffed.ctx(NADIA), staffed.ctx(POST)
    view = drafted(nadia)
    promise(nadia, view.id)
    assert raise_promises(post) == 0
    clock(post).move(hours=2)
    assert (raise_promises(post), raise_promises(post)) == (1, 0)
    assert only(nadia).on_top
    assert kinds(nadia, view.id)[-1] == "promise_missed"
