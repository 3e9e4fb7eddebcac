"""Totals of past days: which are counted, kept, and put together for a report."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text

from agent_desk.rules.report import OF_COMMITMENTS, WHOLE, By, Figure, Total, day_begins, day_of
from agent_desk.storage.colleague_tables import call_back
from agent_desk.storage.report_tables import report_day, report_total
from agent_desk.storage.tables import decision, mail, session, team

# SQLite takes a partial index for the very words of its condition.
_CORRECTIONS = text("decision.ordinal > 1")


def counted_days(tx: Connection, first: date, last: date) -> frozenset[date]:
    """Return which days are counted, those apart of which a session was corrected since."""
    query = select(report_day).where(report_day.c.day >= first.isoformat(), report_day.c.day <= last.isoformat())
    counted = {date.fromisoformat(row.day): row.counted_at for row in tx.execute(query)}
    if counted:
        since = min(counted.values())
        for ended_at, decided_at in tx.execute(
            select(session.c.ended_at, decision.c.decided_at)
            .select_from(decision.join(session, session.c.id == decision.c.session_id))
            .where(_CORRECTIONS, decision.c.decided_at >= since)
        ):
            day = day_of(ended_at)
            if day in counted and counted[day] <= decided_at:
                del counted[day]
    return frozenset(counted)


def keep_totals(tx: Connection, day: date, totals: Sequence[Total], at: datetime) -> None:
    """Write the totals of a day in place of what was there; `at` is when they were counted."""
    forget_days(tx, [day])
    tx.execute(insert(report_day).values(day=day.isoformat(), counted_at=at))
    if totals:
        tx.execute(insert(report_total), [_row(one) for one in _kept(totals)])


def _kept(totals: Iterable[Total]) -> Iterator[Total]:
    """Yield what is kept: nobody asks for the services of one team, and to add up those of all takes its time.

    What visits cost stands by team, once, under their own service: an older desk, which has no words for them, passes it over.
    """
    whole: dict[tuple[str, Figure, str], Total] = {}
    for one in totals:
        if one.service in WHOLE:
            yield one
            continue
        place = one.service, one.figure, one.key
        before = whole.get(place, replace(one, number=0, amount=0))
        whole[place] = replace(one, team_id=0, number=before.number + one.number, amount=before.amount + one.amount)
    yield from whole.values()


def forget_days(tx: Connection, days: Collection[date] | None = None) -> None:
    """Forget the totals of these days; of all without them."""
    for table in (report_day, report_total):
        gone = delete(table)
        if days is not None:
            gone = gone.where(table.c.day.in_([day.isoformat() for day in days]))
        tx.execute(gone)


def first_to_count(tx: Connection) -> datetime | None:
    """Return when the first session ended, or the first customer was called back; None where neither was."""
    firsts = [tx.execute(select(func.min(one))).scalar_one() for one in (session.c.ended_at, call_back.c.called_at)]
    return min((one for one in firsts if one is not None), default=None)


def read_totals(tx: Connection, by: By, first: date, last: date, without: Collection[date]) -> Iterator[Total]:
    """Yield the kept totals of these days put together by day, team or service; days of `without` left out."""
    service = report_total.c.service != "" if by is By.SERVICE else report_total.c.service.in_(sorted(WHOLE))
    group: dict[By, ColumnElement[str | int]] = {
        By.DAY: report_total.c.day,
        By.TEAM: report_total.c.team_id,
        By.SERVICE: report_total.c.service,
    }
    of = group[by].label("of")
    query = (
        select(
            of,
            report_total.c.figure,
            report_total.c.key,
            func.sum(report_total.c.number).label("number"),
            func.sum(report_total.c.amount).label("amount"),
        )
        .where(service, report_total.c.day >= first.isoformat(), report_total.c.day <= last.isoformat())
        .where(report_total.c.figure.not_in(sorted(OF_COMMITMENTS)))
        .group_by(group[by], report_total.c.figure, report_total.c.key)
    )
    if without:
        query = query.where(report_total.c.day.not_in([day.isoformat() for day in sorted(without)]))
    for row in tx.execute(query):
        yield Total(
            day=date.fromisoformat(row.of) if by is By.DAY else first,
            team_id=row.of if by is By.TEAM else 0,
            service=row.of if by is By.SERVICE else "",
            figure=Figure(row.figure),
            key=row.key,
            number=int(row.number),
            amount=int(row.amount),
        )


def mails_by_state(tx: Connection, first: date, last: date) -> dict[str, int]:
    """Return how the mails written on these days stand now; from an index alone, for they change long after."""
    begins, ends = day_begins(first), day_begins(last + timedelta(days=1))
    query = select(mail.c.state, func.count().label("number")).where(
        mail.c.created_at >= begins, mail.c.created_at < ends
    )
    return {row.state: row.number for row in tx.execute(query.group_by(mail.c.state).order_by(mail.c.state))}


def team_names(tx: Connection) -> Mapping[int, str]:
    """Return the teams' names by id."""
    return {row.id: row.name for row in tx.execute(select(team.c.id, team.c.name))}


def _row(one: Total) -> dict[str, object]:
    return {
        "service": one.service,
        "day": one.day.isoformat(),
        "team_id": one.team_id,
        "figure": one.figure,
        "key": one.key,
        "number": one.number,
        "amount": one.amount,
    }
