"""What we promise customers is measured from the rows, by month and team, the same on both engines; each miss can be opened."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from agent_desk.actions.close_session import close_session
from agent_desk.actions.commitment_views import CommitmentReport
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.list_misses import list_misses
from agent_desk.actions.report import report
from agent_desk.actions.report_commitments import report_commitments
from agent_desk.actions.send_next import send_next
from agent_desk.actions.tell_tariff import tell_tariff
from agent_desk.reference import commitments
from agent_desk.rules.commitments import Count, Domain
from agent_desk.rules.promise import PromiseKind
from agent_desk.storage.colleague_tables import handover
from agent_desk.storage.commitment_measures import MEASURES
from agent_desk.storage.complaint_tables import complaint
from agent_desk.storage.link_tables import satisfaction
from agent_desk.storage.promise_tables import promise
from agent_desk.storage.site_tables import decision_check
from agent_desk.storage.tables import team
from agent_desk.storage.visit_tables import visit
from tests.support.callcentre import NADIA, OLGA, POST, SAM, CallCentre
from tests.support.desks import NOON, clock, finished
from tests.support.mails import ScriptedRelay

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]

MONTH = "2026-11"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VISIT = {
    "state": "moved",
    "territory": "metropole",
    "begins_at": NOON + 3 * DAY,
    "ends_at": NOON + 3 * DAY + HOUR,
    "fee_cents": 6900,
    "ceiling_cents": 6900,
    "vat_permille": 200,
    "asked_at": NOON,
    "accepted_at": NOON,
    "booked_at": NOON,
    "agent": "Nadia",
}


def promised(ctx: Context, session_id: int, kind: PromiseKind, due_in: timedelta, **ended: object) -> None:
    """Write a promise made at noon, due after that time, which ended as told."""
    row = {
        "session_id": session_id,
        "kind": kind,
        "number": "",
        "customer": "",
        "phone": "",
        "subject": "",
        "made_at": NOON,
        "due_at": NOON + due_in,
        "late_at": NOON + due_in,
        **ended,
    }
    with ctx.database.write() as tx:
        tx.execute(insert(promise).values(row))


def counts(found: CommitmentReport) -> dict[str, tuple[int, int]]:
    """Return how many cases each commitment had, and in how many it was kept; those without a case left out."""
    return {row.commitment.id: (row.count.total, row.count.kept) for row in found.rows if row.count.total}


def closed(ctx: Context, *, told: bool = False) -> int:
    """Close a session twenty minutes after it was opened, and return its id."""
    done = finished(ctx)
    if told:
        done = tell_tariff(ctx, done.id)
    clock(ctx).move(minutes=20)
    close_session(ctx, done.id, done.version)
    return done.id


def test_the_register_names_questions_and_promises_that_exist() -> None:
    register = commitments()
    assert len({one.id for one in register}) == len(register)
    assert {one.domain for one in register} == set(Domain)
    assert {one.measure for one in register} == set(MEASURES)
    assert {one.kind for one in register if one.measure == "promise"} == set(PromiseKind) - {PromiseKind.COMPLAINT}
    assert {one.kind for one in register if one.measure == "complaint"} == {"letter", "other"}
    assert all((one.measure in ("promise", "complaint")) == bool(one.kind) for one in register)
    assert all(0 < one.target <= 1000 for one in register)
    assert all(one.text(part, "fr") != one.text(part, "en") for one in register for part in ("sentence", "clock"))


def test_sessions_prove_what_was_told_agreed_and_confirmed(ctx: Context) -> None:
    first = closed(ctx, told=True)
    relay = ScriptedRelay()
    while send_next(ctx, relay):
        clock(ctx).move(minutes=1)
    second = closed(ctx)  # its confirmation waits
    given = {"from_mark": "", "from_name": "Nadia", "to_name": "Sud", "tried": "tout", "seen": "rien"}
    with ctx.database.write() as tx:
        (nord,) = tx.execute(insert(team).values(name="Nord").returning(team.c.id)).one()
        for session_id, said in ((first, "rappel"), (second, "")):
            row = {"session_id": session_id, "at": ctx.clock.now(), "to_team_id": nord, "promised": said}
            tx.execute(insert(handover).values(given | row | {"taken_at": NOON}))
        tx.execute(insert(satisfaction).values(session_id=first, answer="yes", at=ctx.clock.now()))
        tx.execute(insert(satisfaction).values(session_id=second, answer="partly", at=ctx.clock.now()))
        for wrong in (0, 3):
            tx.execute(insert(decision_check).values(at=ctx.clock.now(), decisions=9, wrong=wrong))
    for move in (HOUR, DAY):  # as it is read today, and as the day was counted
        clock(ctx).time += move
        assert counts(report_commitments(ctx, MONTH, MONTH)) == {
            "tariff-told": (2, 1),
            "one-adviser": (2, 0),
            "telephone-at-once": (2, 2),
            "context": (2, 1),
            "price-first": (2, 2),
            "confirmation": (2, 1),
            "bill-right": (2, 1),
            "satisfied": (2, 1),
        }
    assert [one.session_id for one in list_misses(ctx, "tariff-told", MONTH, MONTH)] == [second]
    assert [one.session_id for one in list_misses(ctx, "context", MONTH, MONTH)] == [second]
    assert [one.session_id for one in list_misses(ctx, "one-adviser", MONTH, MONTH)] == [second, first]
    assert list_misses(ctx, "bill-right", MONTH, MONTH) == ()  # a night is no session
    day = ctx.clock.now().date()
    figures = report(ctx, day - DAY, day).figures
    assert (figures.opinions, figures.satisfied_permille) == ({"partly": 1, "yes": 1}, 500)
    assert {group.figures.satisfied_permille for group in report(ctx, day - DAY, day).services} == {500}


def test_a_promise_counts_on_the_day_of_its_hour_and_what_happens_later_changes_nothing(ctx: Context) -> None:
    one = closed(ctx)
    back = PromiseKind.CALL_BACK
    promised(ctx, one, back, HOUR, ended_at=NOON + HOUR, end="kept")  # to the minute
    promised(ctx, one, back, HOUR, ended_at=NOON + 2 * HOUR, end="kept")  # too late
    promised(ctx, one, back, HOUR)  # never
    promised(ctx, one, back, HOUR, ended_at=NOON, end="cancelled")  # the customer did
    promised(ctx, one, back, HOUR, ended_at=NOON, end="moved")  # a new date in time
    promised(ctx, one, back, HOUR, ended_at=NOON + 3 * HOUR, end="moved")  # after the first one was missed
    promised(ctx, one, PromiseKind.ESCALATION, 30 * DAY)  # next month
    for due_in in (3 * DAY, 3 * DAY + HOUR):
        promised(ctx, one, PromiseKind.VISIT, due_in, ended_at=NOON + 3 * DAY, end="kept")
        with ctx.database.write() as tx:
            made = tx.execute(select(func.max(promise.c.id))).scalar_one()
            tx.execute(insert(visit).values(VISIT | {"session_id": one, "promise_id": made}))
    for ended in ({"ended_at": NOON + HOUR, "end": "kept"}, {}):  # to be booked: the customer was told of no day
        promised(ctx, one, PromiseKind.VISIT, DAY, **ended)
    promised(ctx, one, back, 6 * DAY)  # not due yet
    clock(ctx).move(days=5)
    wanted = {"call-back": (4, 1), "new-date": (4, 1), "visit-kept": (2, 2)}
    for _ in range(2):
        found = counts(report_commitments(ctx, MONTH, MONTH))
        assert {name: found[name] for name in wanted} == wanted
        assert "escalation" not in found
    assert len(list_misses(ctx, "call-back", MONTH, MONTH)) == 3
    clock(ctx).move(days=40)
    later = report_commitments(ctx, MONTH, "2027-01")
    (case,) = (row for row in later.rows if row.commitment.id == "escalation")
    assert case.months == {MONTH: Count(), "2026-12": Count(1, 0), "2027-01": Count()}
    assert (case.met, case.count.permille) == (False, 0)


def test_what_is_due_later_today_is_missed_only_once_its_hour_has_come(ctx: Context) -> None:
    one = closed(ctx)  # at 12:20, its confirmation waits
    back = PromiseKind.CALL_BACK
    promised(ctx, one, back, 3 * HOUR)
    promised(ctx, one, back, 3 * HOUR, ended_at=NOON, end="kept")  # early
    promised(ctx, one, back, 3 * HOUR, ended_at=NOON, end="moved")

    def at(moment: timedelta, *names: str) -> list[tuple[int, int] | None]:
        clock(ctx).time = NOON + moment
        found = counts(report_commitments(ctx, MONTH, MONTH))
        listed = [len(list_misses(ctx, name, MONTH, MONTH)) for name in names]
        assert listed == [found[name][0] - found[name][1] if name in found else 0 for name in names]
        return [found.get(name) for name in names]

    instant = timedelta.resolution
    assert at(3 * HOUR - instant, "call-back", "new-date") == [(1, 1), (1, 1)]
    assert at(3 * HOUR, "call-back", "new-date") == [(2, 1), (2, 1)]
    hour_over = timedelta(minutes=20) + HOUR
    assert at(hour_over - instant, "confirmation") == [None]
    assert at(hour_over, "confirmation") == [(1, 0)]
    assert at(2 * DAY, "call-back", "new-date", "confirmation") == [(2, 1), (2, 1), (1, 0)]  # the day as it was counted


def test_complaints_count_by_the_way_they_came_and_contested_bills_apart(ctx: Context) -> None:
    ids = [closed(ctx) for _ in range(3)]
    for number, (session_id, channel, contested) in enumerate(
        zip(ids, ("telephone", "letter", "internet"), ("0", "", "1"), strict=True), start=1
    ):
        ended = {"ended_at": NOON + HOUR, "end": "kept"} if channel != "internet" else {}
        promised(ctx, session_id, PromiseKind.COMPLAINT, 2 * DAY, **ended)
        row = {
            "session_id": session_id,
            "channel": channel,
            "received_at": NOON,
            "text": "trop cher",
            "contested": contested,
            "by_mark": "",
            "by_name": "Nadia",
            "recorded_at": NOON,
            "level": "service",
            "level_at": NOON,
            "state": "open",
            "due_at": NOON + 2 * DAY,
            "promise_id": number,
        }
        with ctx.database.write() as tx:
            tx.execute(insert(complaint).values(row))
    clock(ctx).move(days=5)
    wanted = {"complaint": (2, 1), "complaint-letter": (1, 1), "contested-bill": (2, 1), "acknowledged": (2, 0)}
    found = counts(report_commitments(ctx, MONTH, MONTH))
    assert {name: found[name] for name in wanted} == wanted
    assert [one.session_id for one in list_misses(ctx, "contested-bill", MONTH, MONTH)] == [ids[2]]


def test_a_visit_counts_once_by_an_appointment_within_72_hours_severe_weather_apart(ctx: Context) -> None:
    one = closed(ctx)
    promised(ctx, one, PromiseKind.VISIT, HOUR)
    booked = VISIT | {"session_id": one, "promise_id": 1}
    with ctx.database.write() as tx:
        for number, (begins, more) in enumerate(
            ((3 * DAY, {}), (3 * DAY + HOUR, {}), (9 * DAY, {"severe_weather": 1}), (DAY, {"after_id": 1}))
        ):
            asked = NOON + number * timedelta(minutes=1)
            days = {"asked_at": asked, "begins_at": asked + begins, "ends_at": asked + begins + HOUR}
            tx.execute(insert(visit).values(booked | days | more))
    clock(ctx).move(days=5)
    assert counts(report_commitments(ctx, MONTH, MONTH))["visit-soon"] == (2, 1)


def test_what_is_asked_wrongly_is_refused_in_one_word(sqlite_ctx: Context) -> None:
    for refused, code in (
        (lambda: list_misses(sqlite_ctx, "none", MONTH, MONTH), "unknown_commitment"),
        (lambda: list_misses(sqlite_ctx, "call-back", MONTH, MONTH, "Ouest"), "unknown_team"),
        (lambda: report_commitments(sqlite_ctx, MONTH, MONTH, "Ouest"), "unknown_team"),
    ):
        with pytest.raises(Refusal, match=code):
            refused()


def test_in_a_call_centre_supervisors_and_auditors_read_them_by_team_and_agents_do_not(staffed: CallCentre) -> None:
    worker = staffed.ctx(POST)
    agent = replace(staffed.ctx(NADIA), clock=worker.clock)
    session_id = closed(agent, told=True)
    relay = ScriptedRelay()
    while send_next(worker, relay):
        pass
    for login in (SAM, OLGA):
        reader = replace(staffed.ctx(login), clock=worker.clock)
        found = report_commitments(reader, MONTH, MONTH)
        (told,) = (row for row in found.rows if row.commitment.id == "tariff-told")
        assert told.teams == {"Nord": Count(1, 1)}
        assert counts(found)["confirmation"] == (1, 1)
        assert counts(report_commitments(reader, MONTH, MONTH, "Sud")) == {}
        assert counts(report_commitments(reader, MONTH, MONTH, "Nord"))["tariff-told"] == (1, 1)
    clock(worker).move(days=1)
    supervisor = replace(staffed.ctx(SAM), clock=worker.clock)
    assert counts(report_commitments(supervisor, MONTH, MONTH))["price-first"] == (1, 1)
    assert session_id
    with pytest.raises(Refusal, match="no_rights"):
        report_commitments(agent, MONTH, MONTH)
