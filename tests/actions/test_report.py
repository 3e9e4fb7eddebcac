"""What a report says is what a truth reckoned in Python from the rows says, day after day, on both engines."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from agent_desk.actions.book_visit import book_visit
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.decisions import decision_to_json, inputs_to_json
from agent_desk.actions.errors import Refusal
from agent_desk.actions.finish_visit import finish_visit
from agent_desk.actions.report import report
from agent_desk.actions.report_rebuild import report_rebuild
from agent_desk.actions.report_views import Report
from agent_desk.rules.billing import Case, CaseLine, decide
from agent_desk.rules.report import Figures
from agent_desk.rules.session import HomeVisit, Outcome, Segment, Territory
from agent_desk.rules.visit_rule import TRAVEL
from agent_desk.storage.decisions import add_decision, read_decision
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.report_tables import report_day, report_total
from agent_desk.storage.tables import code, decision, draft, mail, session, session_line, team
from agent_desk.storage.visit_tables import visit_decision
from tests.support.callcentre import ADA, KARIM, NADIA, OLGA, SAM, YVES, CallCentre
from tests.support.desks import CLAIRE, NOON, SetClock, begun, clock, content, finished
from tests.support.reference import CATALOGUE
from tests.support.visits import booked, plan, visit_done, visited

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 23)
MONTH, DAY = timedelta(days=30), timedelta(days=1)
NOBODY = 999


def told(found: Figures) -> dict[str, Any]:
    return {
        "outcomes": dict(found.outcomes),
        "first_contact": found.first_contact,
        "billed": dict(found.billed),
        "waived": dict(found.waived),
        "codes": dict(found.codes),
        "times": dict(found.times),
        "steps": {int(step): seconds for step, seconds in found.steps.items()},
        "visits": dict(found.visits),
    }


class Truth:
    """All rows, and the figures of any of them by the definitions alone."""

    def __init__(self, ctx: Context) -> None:
        with ctx.database.read() as tx:
            self.sessions = tx.execute(select(session)).all()
            self.lines = tx.execute(select(session_line)).all()
            self.decisions = tx.execute(select(decision)).all()
            self.visits = tx.execute(select(visit_decision)).all()
            self.codes = tx.execute(select(code)).all()
            self.mails = tx.execute(select(mail)).all()
            self.drafts = {one.session_id: one for one in tx.execute(select(draft))}
        self.of = {one.id: one for one in self.sessions}
        self.services = {
            one.id: {line.service for line in self.lines if line.session_id == one.id} for one in self.sessions
        }

    def figures(self, days: Iterable[date], service: str = "", team_id: int | None = None) -> dict[str, Any]:
        """Return what `told` must return of these days, one service or all, one team (0: none) or all."""
        within = set(days)

        def counts(at: datetime | None, session_id: int) -> bool:
            ours = team_id is None or (self.of[session_id].team_id or 0) == team_id
            return at is not None and at.astimezone(PARIS).date() in within and ours

        ended = [
            one
            for one in self.sessions
            if counts(one.ended_at, one.id) and (not service or service in self.services[one.id])
        ]
        billed, waived = self._money(lambda one: counts(one.decided_at, one.session_id), service)
        visits = [one for one in self.visits if counts(one.decided_at, one.session_id) and service in ("", TRAVEL)]
        for one in visits:
            billed[self._rule(one)] += one.total_cents
        return {
            "outcomes": dict(Counter(one.outcome for one in ended)),
            "first_contact": sum(self._first_contact(one, service) for one in ended),
            "billed": {rule: cents for rule, cents in billed.items() if cents},
            "waived": {rule: cents for rule, cents in waived.items() if cents},
            "codes": {}
            if service
            else dict(Counter(one.state for one in self.codes if counts(one.ended_at, one.session_id))),
            "times": {} if service else self._times(ended),
            "steps": self._steps([one for one in ended if one.state == "closed"]),
            "visits": dict(Counter(self._rule(one) for one in visits)),
        }

    def _first_contact(self, one: Any, service: str) -> bool:
        if one.state != "closed" or one.outcome != "solved" or not one.customer_number:
            return False
        wanted = {service} if service else self.services[one.id]
        return not any(
            other.customer_number == one.customer_number
            and one.opened_at - MONTH <= other.opened_at < one.opened_at
            and wanted & self.services[other.id]
            for other in self.sessions
        )

    def _money(self, counts: Any, service: str) -> tuple[Counter[str], Counter[str]]:
        by_ordinal = {(one.session_id, one.ordinal): one for one in self.decisions}
        billed, waived = Counter[str](), Counter[str]()
        for one in filter(counts, self.decisions):
            for ordinal, sign in ((one.ordinal, 1), (one.ordinal - 1, -1)):
                kept = by_ordinal.get((one.session_id, ordinal))
                if kept is None:
                    continue
                given = json.loads(kept.inputs)["lines"]
                for asked, line in zip(given, json.loads(kept.result)["lines"], strict=True):
                    if service in ("", asked["service"]):
                        price = asked["unit_price_cents"] * asked["quantity"]
                        billed[line["rule"]] += sign * line["amount_cents"]
                        waived[line["rule"]] += sign * (price - line["amount_cents"])
        return billed, waived

    @staticmethod
    def _rule(one: Any) -> str:
        return str(json.loads(one.result)["rule"])

    def _steps(self, closed: list[Any]) -> dict[int, int]:
        timed = [[getattr(self.drafts[one.id], f"seconds_{step}") for step in range(1, 7)] for one in closed]
        timed = [seconds for seconds in timed if any(seconds)]
        return {step: sum(all_) // len(timed) for step, all_ in enumerate(zip(*timed, strict=True), 1)}

    def _times(self, ended: list[Any]) -> dict[str, int]:
        ends = {
            "agreement": ("opened_at", "agreed_at"),
            "wait": ("agreed_at", "started_at"),
            "work": ("started_at", "ended_at"),
        }
        found = {}
        for stretch, (start, end) in ends.items():
            taken = [
                getattr(one, end) - getattr(one, start) for one in ended if getattr(one, start) and getattr(one, end)
            ]
            if taken:
                found[stretch] = sum(taken, timedelta()) // timedelta(microseconds=1) // len(taken) // 1_000_000
        return found


def spread(ctx: Context, seed: int) -> None:
    """Sessions of some months with teams, ends near midnight and around changes of the clocks, and corrections."""
    create_sample_data(ctx, 60, seed=seed)
    chance = Random(seed)
    edges = [
        datetime(2026, 10, 24, 22, 0, tzinfo=UTC),  # midnight before a day of 25 hours
        datetime(2026, 10, 25, 22, 59, 59, 999_999, tzinfo=UTC),  # the last moment of it
        datetime(2026, 10, 25, 23, 0, tzinfo=UTC),
        datetime(2026, 3, 28, 23, 0, tzinfo=UTC),  # midnight before a day of 23 hours
        datetime(2026, 3, 29, 21, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 29, 22, 0, tzinfo=UTC),
    ]
    with ctx.database.write() as tx:
        tx.execute(insert(team), [{"id": 1, "name": "Nord"}, {"id": 2, "name": "Sud"}])
        ids = [row.id for row in tx.execute(select(session.c.id).order_by(session.c.id))]
        for session_id in ids:
            tx.execute(update(session).where(session.c.id == session_id).values(team_id=chance.choice((None, 1, 2))))
            if session_id % 5 == 0:  # closed by a desk that does not take down times
                untimed = {f"seconds_{step}": 0 for step in range(1, 7)}
                tx.execute(update(draft).where(draft.c.session_id == session_id).values(untimed))
        ended_ones = select(session.c.id).where(session.c.ended_at.is_not(None)).order_by(session.c.id)
        ended = [row.id for row in tx.execute(ended_ones)]
        for session_id, moment in zip(chance.sample(ended, 12), edges * 2, strict=True):
            tx.execute(update(session).where(session.c.id == session_id).values(ended_at=moment))
            tx.execute(update(decision).where(decision.c.session_id == session_id).values(decided_at=moment))
    for session_id, moment in zip(
        chance.sample(ended, 12), [*edges, *(ctx.clock.now() - n * DAY for n in range(6))], strict=True
    ):
        visit_done(ctx, session_id, moment, chance.choice((0, 2500, 6900)))
    for session_id in chance.sample(ended, 6):
        corrected(ctx, session_id, ctx.clock.now() - timedelta(days=chance.randint(0, 5)))


def corrected(ctx: Context, session_id: int, at: datetime, outcome: Outcome = Outcome.NOT_SOLVED) -> None:
    """Decide a session again, as a supervisor does."""
    with ctx.database.write() as tx:
        last = read_decision(tx, session_id)
        if last is None:
            return
        lines = tuple(
            CaseLine(
                line["service"], line["quantity"], outcome, tuple(line.get("operations", ())), line.get("machines", 1)
            )
            for line in json.loads(last.inputs)["lines"]
        )
        case = Case(Territory.METROPOLE, Segment.RESIDENTIAL, HomeVisit.NONE, lines)
        made = decide(case, CATALOGUE)
        again = replace(
            last,
            ordinal=last.ordinal + 1,
            decided_at=at,
            inputs=inputs_to_json(case, CATALOGUE),
            result=decision_to_json(made),
            total_cents=made.total_cents,
            vat_cents=made.vat_cents,
        )
        add_decision(tx, again)
        tx.execute(update(session).where(session.c.id == session_id).values(outcome=str(outcome)))


def check(ctx: Context, found: Report) -> None:
    """Compare every figure of a report with the truth."""
    truth = Truth(ctx)
    days = [found.first + timedelta(days=number) for number in range((found.last - found.first).days + 1)]
    assert told(found.figures) == truth.figures(days)
    by_day = {day.isoformat(): truth.figures([day]) for day in days}
    nothing = truth.figures([])
    assert {one.key: told(one.figures) for one in found.days} == {
        key: one for key, one in by_day.items() if one != nothing
    }
    services = sorted({TRAVEL, *(line.service for line in truth.lines)})
    by_service = {service: truth.figures(days, service) for service in services}
    assert {one.key: told(one.figures) for one in found.services} == {
        key: one for key, one in by_service.items() if one != nothing
    }
    by_team = {name: truth.figures(days, team_id=number) for name, number in (("", 0), ("Nord", 1), ("Sud", 2))}
    assert {one.key: told(one.figures) for one in found.teams} == {
        key: one for key, one in by_team.items() if one != nothing
    }
    written = Counter(one.state for one in truth.mails if one.created_at.astimezone(PARIS).date() in set(days))
    assert found.mails == dict(written)


def kept_rows(ctx: Context) -> list[tuple[Any, ...]]:
    with ctx.database.read() as tx:
        return sorted(tuple(row) for row in tx.execute(select(report_total)))


@pytest.mark.parametrize("seed", [1, 2])
def test_each_figure_is_what_the_rows_say_kept_or_counted_just_now(ctx: Context, seed: int) -> None:
    spread(ctx, seed)
    for first, last in (
        (date(2026, 1, 1), TODAY),
        (TODAY, TODAY),
        (date(2026, 10, 25), date(2026, 10, 25)),
        (date(2026, 3, 28), date(2026, 3, 30)),
        (TODAY - timedelta(days=6), TODAY),
    ):
        check(ctx, report(ctx, first, last))
    check(ctx, report(ctx, date(2026, 1, 1), TODAY))


def test_totals_counted_again_are_the_same(ctx: Context) -> None:
    spread(ctx, 3)
    report(ctx, date(2026, 1, 1), TODAY)
    before = kept_rows(ctx)
    assert before
    counted = report_rebuild(ctx)
    assert kept_rows(ctx) == before
    with ctx.database.read() as tx:
        days = [row.day for row in tx.execute(select(report_day).order_by(report_day.c.day))]
    assert len(days) == counted
    assert days[-1] == "2026-11-22"  # today is not over


def test_a_day_is_counted_once_and_read_afterwards(ctx: Context) -> None:
    spread(ctx, 4)
    report(ctx, date(2026, 11, 1), TODAY)
    with ctx.database.write() as tx:
        tx.execute(update(report_total).values(number=NOBODY))
    found = report(ctx, date(2026, 11, 20), date(2026, 11, 20))
    assert set(found.figures.outcomes.values()) <= {NOBODY * count for count in range(1, 4)}


def test_a_correction_moves_money_on_its_own_day_and_the_outcome_on_that_of_the_session(ctx: Context) -> None:
    done = finished(ctx, content(*content().lines[1:]))
    view = close_session(ctx, done.id, done.version)
    clock(ctx).move(days=1)
    before = report(ctx, TODAY, TODAY)
    assert (before.figures.outcomes, before.figures.billed) == ({"solved": 1}, {"solved": 2900})
    clock(ctx).move(days=1)
    corrected(ctx, view.id, ctx.clock.now())
    clock(ctx).move(days=1)
    after = report(ctx, TODAY, TODAY)
    assert (after.figures.outcomes, after.figures.billed) == ({"not_solved": 1}, {"solved": 2900})
    moved = report(ctx, TODAY + timedelta(days=2), TODAY + timedelta(days=2))
    assert (moved.figures.sessions, moved.figures.billed) == (0, {"solved": -2900})
    assert moved.figures.waived == {"failed_session_not_billed": 2900}
    check(ctx, report(ctx, TODAY, TODAY + timedelta(days=3)))


def test_a_visit_done_days_after_its_session_was_counted_counts_on_its_own_day(ctx: Context) -> None:
    view, other = visited(ctx), visited(ctx)
    book_visit(ctx, view.id, plan(NOON + 2 * DAY, 4500))
    clock(ctx).move(days=2, hours=1)
    there = TODAY + 2 * DAY
    assert report(ctx, TODAY, there).figures.billed == {}
    finish_visit(ctx, view.id, booked(ctx, view.id).id)
    clock(ctx).move(days=2)
    assert told(report(ctx, TODAY, TODAY).figures)["billed"] == {}
    found = report(ctx, there, there)
    assert (found.figures.sessions, found.figures.billed, found.figures.visits) == (
        0,
        {"visit_travel": 4500},
        {"visit_travel": 1},
    )
    assert [(one.key, one.figures.billed_cents) for one in found.services] == [(TRAVEL, 4500)]
    assert report(ctx, there, there).figures == found.figures  # kept by now
    assert report_rebuild(ctx)
    assert report(ctx, there, there).figures == found.figures
    offered = ctx.clock.now() - timedelta(minutes=5)
    visit_done(ctx, other.id, offered, 0)
    today = report(ctx, offered.date(), offered.date()).figures
    assert (today.billed, today.visits) == ({}, {"visit_offered": 1})
    check(ctx, report(ctx, TODAY, there + 2 * DAY))


def test_yesterday_is_kept_only_when_nothing_begun_before_midnight_can_still_come(ctx: Context) -> None:
    done = finished(ctx)
    close_session(ctx, done.id, done.version)
    clock(ctx).time = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past midnight in Paris
    assert report(ctx, TODAY, TODAY).figures.sessions == 1
    assert not kept_rows(ctx)
    clock(ctx).move(minutes=31)
    report(ctx, TODAY, TODAY)
    assert kept_rows(ctx)


def test_who_is_at_work_is_told_and_who_would_go_on_past_nine_in_the_evening(ctx: Context) -> None:
    first = begun(ctx)
    clock(ctx).time = datetime(2026, 11, 23, 19, 45, tzinfo=UTC)  # 20:45 in Paris
    second = begun(ctx)
    now = report(ctx, TODAY, TODAY).now
    assert [(one.session_id, one.late) for one in now] == [(first.id, False), (second.id, True)]
    clock(ctx).move(minutes=15)
    assert all(one.late for one in report(ctx, TODAY, TODAY).now)


def test_where_the_database_sees_to_rights_a_supervisor_counts_an_auditor_reads_and_others_are_refused(
    staffed: CallCentre,
) -> None:
    nadia, karim = staffed.ctx(NADIA), staffed.ctx(KARIM)
    for ctx, customer in ((nadia, CLAIRE), (karim, YVES)):
        done = finished(ctx, content(customer=customer))
        close_session(ctx, done.id, done.version)
    tomorrow = SetClock(NOON + timedelta(days=1))
    olga, sam = replace(staffed.ctx(OLGA), clock=tomorrow), replace(staffed.ctx(SAM), clock=tomorrow)
    read = report(olga, TODAY, TODAY)
    assert [(one.key, one.figures.sessions) for one in read.teams] == [("Nord", 1), ("Sud", 1)]
    assert kept_rows(staffed.own) == []
    assert replace(report(sam, TODAY, TODAY), milliseconds=0) == replace(read, milliseconds=0)
    assert kept_rows(staffed.own)
    assert replace(report(olga, TODAY, TODAY), milliseconds=0) == replace(read, milliseconds=0)
    assert report_rebuild(sam) == 1
    for login in (NADIA, ADA):
        with pytest.raises(Refusal, match="no_rights"):
            report(staffed.ctx(login), TODAY, TODAY)
    with pytest.raises((Refusal, DatabaseFault)):
        report_rebuild(olga)


def test_a_report_of_nothing_is_empty(ctx: Context) -> None:
    found = report(ctx, date(2025, 12, 1), TODAY)
    assert (found.figures.sessions, found.days, found.teams, found.services, found.now) == (0, (), (), (), ())
    assert found.figures.failed_permille is None
    assert report_rebuild(ctx) == 0
