"""The figures of one day, counted by the database from the sessions, decisions and codes themselves."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Exists,
    Select,
    distinct,
    exists,
    func,
    literal_column,
    select,
    text,
    type_coerce,
)

from agent_desk.rules.report import SAME_TROUBLE, Figure, Stretch, Total, day_begins, step_key, waited
from agent_desk.rules.session import State, Step
from agent_desk.rules.visit_rule import TRAVEL
from agent_desk.storage.colleague_tables import call_back
from agent_desk.storage.commitments import count_commitments
from agent_desk.storage.link_tables import satisfaction
from agent_desk.storage.sessions import seconds_of
from agent_desk.storage.tables import code, draft, session, session_line
from agent_desk.storage.types import microseconds
from agent_desk.storage.visit_tables import visit_decision

# The nought stands in the text: as a value PostgreSQL would not see that it groups by what it shows.
_TEAM = func.coalesce(session.c.team_id, literal_column("0")).label("team_id")
_STRETCHES = {
    Stretch.AGREEMENT: (session.c.opened_at, session.c.agreed_at),
    Stretch.WAIT: (session.c.agreed_at, session.c.started_at),
    Stretch.WORK: (session.c.started_at, session.c.ended_at),
}
# A decision adds its lines, a correction takes away those of the decision before, on the day it is made.
_DECIDED = """
    SELECT team_id, service, rule, sum(sign) AS number, sum(sign * amount) AS billed,
        sum(sign * (price * quantity - amount)) AS waived
    FROM ({lines}) AS line GROUP BY team_id, service, rule
"""
_MADE = """
    FROM decision d
    JOIN session s ON s.id = d.session_id
    JOIN decision p ON p.session_id = d.session_id AND p.ordinal IN (d.ordinal, d.ordinal - 1)
"""
_COUNTS = "coalesce(s.team_id, 0) AS team_id, CASE WHEN p.ordinal = d.ordinal THEN 1 ELSE -1 END AS sign"
_WHEN = "WHERE d.decided_at >= :begins AND d.decided_at < :ends"
# Which service and price a decided line has stands at the same place of the inputs.
_LINES = {
    "sqlite": f"""
        SELECT {_COUNTS}, json_extract(g.value, '$.service') AS service,
            json_extract(g.value, '$.unit_price_cents') AS price, json_extract(g.value, '$.quantity') AS quantity,
            json_extract(p.result, '$.lines[' || g.key || '].rule') AS rule,
            json_extract(p.result, '$.lines[' || g.key || '].amount_cents') AS amount
        {_MADE} JOIN json_each(p.inputs, '$.lines') g {_WHEN}
    """,
    "postgresql": f"""
        SELECT {_COUNTS}, g.line ->> 'service' AS service,
            (g.line ->> 'unit_price_cents')::bigint AS price, (g.line ->> 'quantity')::bigint AS quantity,
            p.result::jsonb -> 'lines' -> (g.place - 1)::int ->> 'rule' AS rule,
            (p.result::jsonb -> 'lines' -> (g.place - 1)::int ->> 'amount_cents')::bigint AS amount
        {_MADE} CROSS JOIN LATERAL jsonb_array_elements(p.inputs::jsonb -> 'lines') WITH ORDINALITY g(line, place) {_WHEN}
    """,
}
_MONEY = {dialect: text(_DECIDED.format(lines=lines)) for dialect, lines in _LINES.items()}


def count_day(tx: Connection, day: date, now: datetime) -> tuple[Total, ...]:
    """Return all that is kept of a day of metropolitan France: its figures, and the cases of each commitment."""
    return (*count_figures(tx, day, now), *count_commitments(tx, day, now))


def count_figures(tx: Connection, day: date, _now: datetime) -> tuple[Total, ...]:
    """Return every figure of a day of metropolitan France, by team and service, and for all services together."""
    begins, ends = day_begins(day), day_begins(day + timedelta(days=1))
    return (
        *_sessions(tx, day, begins, ends),
        *_times(tx, day, begins, ends),
        *_steps(tx, day, begins, ends),
        *_money(tx, day, begins, ends),
        *_visits(tx, day, begins, ends),
        *_codes(tx, day, begins, ends),
        *_call_backs(tx, day, begins, ends),
        *_opinions(tx, day, begins, ends),
    )


def _sessions(tx: Connection, day: date, begins: datetime, ends: datetime) -> Iterator[Total]:
    """Yield how sessions ended, and which were solved at first contact."""
    within = session.c.ended_at >= begins, session.c.ended_at < ends
    # As it stands, SQLite would take the index of outcomes and walk through all solved sessions for each day.
    outcome = session.c.outcome.concat("")
    solved = session.c.state == "closed", outcome == "solved", session.c.customer_number != ""
    each = session_line.c.service
    asked: tuple[tuple[Figure, Select[Any, str, str, int]], ...] = (
        (Figure.ENDED, _grouped(session.c.outcome)),
        (Figure.ENDED, _grouped(session.c.outcome, each)),
        (Figure.FIRST_CONTACT, _grouped(None).where(*solved, ~_known_trouble())),
        (Figure.FIRST_CONTACT, _grouped(None, each).where(*solved, ~_known_trouble(each))),
    )
    for figure, query in asked:
        for row in tx.execute(query.where(*within)):
            yield Total(day, row.team_id, row.service, figure, row.key, row.number)


def _grouped(key: ColumnElement[str] | None, service: ColumnElement[str] | None = None) -> Select[Any, str, str, int]:
    """Return how many sessions there are by team, key and, if given, service, where one with it twice counts once."""
    nothing: ColumnElement[str] = literal_column("''")
    number = func.count() if service is None else func.count(distinct(session.c.id))
    columns = (nothing if service is None else service).label("service"), (nothing if key is None else key).label("key")
    lines = session.join(session_line, session_line.c.session_id == session.c.id)
    return (
        select(_TEAM, *columns, number.label("number"))
        .select_from(session if service is None else lines)
        .group_by(_TEAM, *(one for one in (service, key) if one is not None))
    )


def _known_trouble(service: ColumnElement[str] | None = None) -> Exists:
    """Tell of a session whether its customer had another one on the same service (on any of its own) shortly before."""
    other, its = session.alias("other"), session_line.alias("its")
    opened = type_coerce(session.c.opened_at, BigInteger)
    before = type_coerce(other.c.opened_at, BigInteger)
    month = SAME_TROUBLE // timedelta(microseconds=1)
    found = (
        select(1)
        .select_from(other.join(its, its.c.session_id == other.c.id))
        .where(other.c.customer_number == session.c.customer_number, before < opened, before >= opened - month)
        .offset(0)  # keeps PostgreSQL from comparing all sessions at once: it looks up the few of each customer
    )
    if service is not None:
        return exists(found.where(its.c.service == service).correlate(session, session_line))
    own = session_line.alias("own")
    same = exists(
        select(1).where(own.c.session_id == session.c.id, own.c.service == its.c.service).correlate(session, its)
    )
    return exists(found.where(same).correlate(session))


def _times(tx: Connection, day: date, begins: datetime, ends: datetime) -> Iterator[Total]:
    """Yield how long each stretch took, of sessions that ended that day and went through it."""
    columns: list[ColumnElement[Any]] = []
    for stretch, (start, end) in _STRETCHES.items():
        taken = type_coerce(end, BigInteger) - type_coerce(start, BigInteger)
        columns += [func.count(taken).label(f"{stretch}_n"), func.coalesce(func.sum(taken), 0).label(f"{stretch}_sum")]
    query = select(_TEAM, *columns).where(session.c.ended_at >= begins, session.c.ended_at < ends).group_by(_TEAM)
    for row in tx.execute(query):
        for stretch in Stretch:
            number, taken = getattr(row, f"{stretch}_n"), getattr(row, f"{stretch}_sum")
            if number:
                yield Total(day, row.team_id, "", Figure.TIME, stretch, number, int(taken))


def _steps(tx: Connection, day: date, begins: datetime, ends: datetime) -> Iterator[Total]:
    """Yield how long each step was in front, of sessions closed that day with a desk that took it down."""
    closed = session.c.ended_at >= begins, session.c.ended_at < ends, session.c.state == State.CLOSED
    nothing: ColumnElement[str] = literal_column("''").label("service")
    whole = select(session.c.id, _TEAM, nothing).where(*closed)
    lines = session.join(session_line, session_line.c.session_id == session.c.id)
    each = select(session.c.id, _TEAM, session_line.c.service).select_from(lines).where(*closed).distinct()
    seconds = {step: draft.c[seconds_of(step)] for step in Step}
    sums = [func.sum(seconds[step]).label(seconds_of(step)) for step in Step]
    for of in (whole.subquery(), each.subquery()):
        query = (
            select(of.c.team_id, of.c.service, func.count().label("number"), *sums)
            .select_from(of.join(draft, draft.c.session_id == of.c.id))
            .where(sum(seconds.values(), literal_column("0")) > 0)
            .group_by(of.c.team_id, of.c.service)
        )
        for row in tx.execute(query):
            for step in Step:
                taken = int(getattr(row, seconds_of(step))) * 1_000_000
                yield Total(day, row.team_id, row.service, Figure.TIME, step_key(step), row.number, taken)


def _money(tx: Connection, day: date, begins: datetime, ends: datetime) -> Iterator[Total]:
    """Yield what was billed and waived by each rule, corrections on the day they were made."""
    whole: dict[tuple[int, str, Figure], tuple[int, int]] = {}
    values = {"begins": microseconds(begins), "ends": microseconds(ends)}
    for row in tx.execute(_MONEY[tx.dialect.name], values):
        for figure, amount in ((Figure.BILLED, int(row.billed)), (Figure.WAIVED, int(row.waived))):
            if amount:
                yield Total(day, row.team_id, row.service, figure, row.rule, int(row.number), amount)
                number, cents = whole.get((row.team_id, row.rule, figure), (0, 0))
                whole[row.team_id, row.rule, figure] = number + int(row.number), cents + amount
    for (team_id, rule, figure), (number, amount) in whole.items():
        yield Total(day, team_id, "", figure, rule, number, amount)


def _visits(tx: Connection, day: date, begins: datetime, ends: datetime) -> Iterator[Total]:
    """Yield what the visits done that day cost, by team and rule; they are a service of their own, of no session's lines."""
    query = select(_TEAM, visit_decision.c.result, visit_decision.c.total_cents).select_from(
        visit_decision.join(session, session.c.id == visit_decision.c.session_id)
    )
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for row in tx.execute(query.where(visit_decision.c.decided_at >= begins, visit_decision.c.decided_at < ends)):
        place = row.team_id, str(json.loads(row.result)["rule"])
        number, cents = found.get(place, (0, 0))
        found[place] = number + 1, cents + row.total_cents
    for (team_id, rule), (number, cents) in found.items():
        yield Total(day, team_id, TRAVEL, Figure.BILLED, rule, number, cents)


def _codes(tx: Connection, day: date, begins: datetime, ends: datetime) -> Iterator[Total]:
    """Yield how codes ended."""
    query = (
        select(_TEAM, code.c.state, func.count().label("number"))
        .select_from(code.join(session, session.c.id == code.c.session_id))
        .where(code.c.ended_at >= begins, code.c.ended_at < ends)
        .group_by(_TEAM, code.c.state)
    )
    for row in tx.execute(query):
        yield Total(day, row.team_id, "", Figure.CODE, row.state, row.number)


def _opinions(tx: Connection, day: date, begins: datetime, ends: datetime) -> Iterator[Total]:
    """Yield what customers answered that day, by team and by each service of their session."""
    of_session = satisfaction.join(session, session.c.id == satisfaction.c.session_id)
    lines = of_session.join(session_line, session_line.c.session_id == session.c.id)
    nothing: ColumnElement[str] = literal_column("''")
    for where, service in ((of_session, nothing), (lines, session_line.c.service)):
        query = select(
            _TEAM, service.label("service"), satisfaction.c.answer, func.count(distinct(session.c.id)).label("number")
        ).select_from(where)
        within = satisfaction.c.at >= begins, satisfaction.c.at < ends
        grouped = (_TEAM, satisfaction.c.answer) if where is of_session else (_TEAM, service, satisfaction.c.answer)
        for row in tx.execute(query.where(*within).group_by(*grouped)):
            yield Total(day, row.team_id, row.service, Figure.OPINION, row.answer, row.number)


def _call_backs(tx: Connection, day: date, begins: datetime, ends: datetime) -> Iterator[Total]:
    """Yield how long call-backs made that day took, and how many were made in time."""
    of_session = call_back.join(session, session.c.id == call_back.c.session_id)
    columns = call_back.c.id, _TEAM, call_back.c.promised_at, call_back.c.limit_at, call_back.c.called_at
    within = call_back.c.called_at >= begins, call_back.c.called_at < ends
    nothing: ColumnElement[str] = literal_column("''").label("service")
    each = session_line.c.service.label("service")
    lines = of_session.join(session_line, session_line.c.session_id == session.c.id)
    found: Counter[tuple[int, str, Figure, str]] = Counter()
    for query in (
        select(*columns, nothing).select_from(of_session),
        select(*columns, each).select_from(lines).distinct(),
    ):
        for row in tx.execute(query.where(*within)):
            found[row.team_id, row.service, Figure.CALL_BACK, waited(row.called_at - row.promised_at)] += 1
            found[row.team_id, row.service, Figure.CALL_BACK_KEPT, ""] += row.called_at <= row.limit_at
    for (team_id, service, figure, key), number in found.items():
        if number:
            yield Total(day, team_id, service, figure, key, number)
