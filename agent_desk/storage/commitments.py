"""Commitments as counted: day by day for the report's totals, and the very cases where somebody wants to see them."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from agent_desk.reference import announced_channels, commitments
from agent_desk.rules.commitments import Commitment, Count, Miss
from agent_desk.rules.pro import DayOfAsking, days_due
from agent_desk.rules.report import OF_COMMITMENTS, Figure, Total, day_begins
from agent_desk.storage.commitment_measures import has_clock, question
from agent_desk.storage.report_tables import report_total
from agent_desk.storage.types import microseconds, moment

_TOTALS = "SELECT team_id, count(*) AS total, sum(kept) AS kept FROM {cases} GROUP BY team_id"
_MISSED = """
    SELECT one.session_id, one.at, s.number, s.agent FROM {cases} JOIN session s ON s.id = one.session_id
    WHERE one.kept = 0 AND (:team < 0 OR one.team_id = :team) ORDER BY one.at DESC, one.session_id DESC LIMIT :most
"""
_ALL = "SELECT DISTINCT session_id FROM {cases} WHERE session_id > 0"
EVERY_TEAM = -1


def count_commitments(tx: Connection, day: date, now: datetime) -> Iterator[Total]:
    """Yield, for each commitment and team, how many cases a day of metropolitan France has had until `now`, and how many were kept."""
    for one in commitments():
        for row in tx.execute(question(one.measure, tx.dialect.name, _TOTALS), _asked(one, day, day, now)):
            yield Total(day, row.team_id, "", Figure.COMMITMENT, one.id, row.total)
            if row.kept:
                yield Total(day, row.team_id, "", Figure.COMMITMENT_KEPT, one.id, int(row.kept))


def read_counts(
    tx: Connection, first: date, last: date, without: Collection[date]
) -> dict[tuple[str, int, str], Count]:
    """Return what is kept of these days by month, team and commitment; days of `without` left out."""
    month = func.substr(report_total.c.day, 1, 7).label("month")
    query = select(
        month,
        report_total.c.team_id,
        report_total.c.key,
        report_total.c.figure,
        func.sum(report_total.c.number).label("number"),
    ).where(
        report_total.c.service == "",
        report_total.c.day >= first.isoformat(),
        report_total.c.day <= last.isoformat(),
        report_total.c.figure.in_(sorted(OF_COMMITMENTS)),
    )
    if without:
        query = query.where(report_total.c.day.not_in([day.isoformat() for day in sorted(without)]))
    found: dict[tuple[str, int, str], Count] = {}
    for row in tx.execute(query.group_by(month, report_total.c.team_id, report_total.c.key, report_total.c.figure)):
        place, number = (row.month, row.team_id, row.key), int(row.number)
        more = Count(total=number) if row.figure == Figure.COMMITMENT else Count(kept=number)
        found[place] = found.get(place, Count()) + more
    return found


def misses(
    tx: Connection, commitment: Commitment, first: date, last: date, now: datetime, team_id: int, most: int
) -> Sequence[Miss]:
    """Return the cases of these days, newest first, in which a commitment was not kept; `team_id` EVERY_TEAM for all."""
    values = _asked(commitment, first, last, now) | {"team": team_id, "most": most}
    rows = tx.execute(question(commitment.measure, tx.dialect.name, _MISSED), values)
    return tuple(Miss(row.session_id, row.number, row.agent, moment(row.at)) for row in rows)


def sessions_of(tx: Connection, commitment: Commitment, first: date, last: date, now: datetime) -> Sequence[int]:
    """Return the sessions of all cases of these days."""
    found = tx.execute(question(commitment.measure, tx.dialect.name, _ALL), _asked(commitment, first, last, now))
    return [int(one) for one in found.scalars()]


def _asked(commitment: Commitment, first: date, last: date, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {
        "begins": microseconds(day_begins(first)),
        "ends": microseconds(day_begins(last + timedelta(days=1))),
    }
    if has_clock(commitment.measure):
        values["now"] = microseconds(now)
    if commitment.measure in _OF_CALLS:
        values["announced"] = announced_channels()
    if commitment.measure == _OF_PROFESSIONALS:
        days = list(days_due(day_begins(first), day_begins(last + timedelta(days=1))))
        asked_from = min((one.begins for one in days), default=day_begins(first))
        asked_until = max((one.ends for one in days), default=asked_from)
        values |= {"asked_from": microseconds(asked_from), "asked_until": microseconds(asked_until)}
        values["days"] = _as_json(days)
    return values | ({"kind": commitment.kind} if commitment.kind else {})


_OF_CALLS = frozenset({"tariff_told", "at_once"})
_OF_PROFESSIONALS = "pro_acts"


def _as_json(days: Sequence[DayOfAsking]) -> str:
    return json.dumps(
        [
            {
                "territory": one.territory,
                "begins": microseconds(one.begins),
                "ends": microseconds(one.ends),
                "last": microseconds(one.last),
            }
            for one in days
        ]
    )
