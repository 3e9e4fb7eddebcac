"""Lists of sessions as rows: those under way, those of a customer, and the Journal newest first, page by page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    any_,
    func,
    literal,
    or_,
    select,
    text,
)

from agent_desk.rules.journal import JournalFilter
from agent_desk.rules.people import Role
from agent_desk.storage.acting import under_rights
from agent_desk.storage.journal_filters import narrowed
from agent_desk.storage.review_tables import review
from agent_desk.storage.search import Match, begun, capped_count, match, team_search
from agent_desk.storage.tables import draft, session, session_line, team
from agent_desk.storage.types import UtcDateTime, microseconds

LIVE_LIMIT = 500
_NUMBER = re.compile(r"[sS][- ]?(?P<year>\d{4})(?:[- ]?(?P<rest>\d{1,12}))?[- ]?")

# A clock may have been an hour wrong, or a day: sessions are in the order of their ids only that nearly.
DISORDER = timedelta(days=2)

_SHOWN = (
    session.c.id,
    session.c.number,
    session.c.state,
    session.c.customer,
    session.c.customer_number,
    session.c.services,
    session.c.outcome,
    session.c.total_cents,
    session.c.mail_state,
    session.c.agent,
    session.c.opened_at,
    session.c.ended_at,
    session.c.parked_at,
)
# Asked of the page's sessions alone: joined, PostgreSQL would walk the drafts of all newer ones to a page that lies deep.
_STEP = select(draft.c.step).where(draft.c.session_id == session.c.id).scalar_subquery().label("step")
# Of the halves, the one the moment lies in: twenty looks into an index rather than twenty questions.
_HALVING = text(
    """
    WITH RECURSIVE half (low, high) AS (
        SELECT CAST(1 AS bigint), (SELECT coalesce(max(id), 0) + 1 FROM session)
        UNION ALL
        SELECT CASE WHEN {earlier} THEN (low + high) / 2 + 1 ELSE low END,
            CASE WHEN {earlier} THEN high ELSE (low + high) / 2 END
        FROM half WHERE low < high
    ) SELECT low FROM half WHERE low >= high
""".format(earlier="(SELECT opened_at FROM session WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1) < :moment")
)
_PAGE = (*_SHOWN, _STEP, session.c.team_id)
_LOOK_UP = text("SELECT * FROM desk_look_up(:customer, :callback, :most)").columns(
    opened_at=UtcDateTime, ended_at=UtcDateTime, parked_at=UtcDateTime
)


@dataclass(frozen=True, slots=True)
class Beside:
    """The rules of a session's lines and the cents waived, None before it was decided; how its review stands, if there is one."""

    rules: tuple[str, ...] = ()
    waived_cents: int | None = None
    review: str = ""  # rules.review.ReviewState
    mark: str = ""  # rules.review.Mark


def live_rows(tx: Connection) -> Sequence[Any]:
    """Return the sessions that have not ended, newest first, with their draft's `content`."""
    query = select(*_SHOWN, draft.c.step, draft.c.content, session.c.agreed_at, session.c.started_at).join(
        draft, draft.c.session_id == session.c.id
    )
    return tx.execute(query.where(session.c.ended_at.is_(None)).order_by(session.c.id.desc()).limit(LIVE_LIMIT)).all()


def page_rows(tx: Connection, wanted: JournalFilter, after: int | None, limit: int) -> Sequence[Any]:
    """Return up to `limit` sessions, newest first, ids below `after`."""
    if _is_hidden(tx, wanted):
        ids = _team_ids(tx, wanted, after, limit)
        return tx.execute(select(*_PAGE).where(session.c.id.in_(ids)).order_by(session.c.id.desc())).all()
    found, key = _found(tx, wanted, *_PAGE)
    if after is not None:
        found = found.where(key < after)
    return tx.execute(found.order_by(key.desc()).limit(limit)).all()


def count_rows(tx: Connection, wanted: JournalFilter, cap: int) -> tuple[int, bool]:
    """Return how many sessions are found, at most `cap`, and whether there are more."""
    if _is_hidden(tx, wanted):
        found_ids = _team_ids(tx, wanted, None, cap + 1)
        return min(len(found_ids), cap), len(found_ids) > cap
    found, key = _found(tx, wanted)
    return capped_count(tx, found.add_columns(key), cap)


def team_names(tx: Connection) -> tuple[str, ...]:
    """Return the names of all teams, in the order of the alphabet; none on a single desk."""
    return tuple(tx.execute(select(team.c.name).order_by(team.c.name)).scalars())


def team_of(tx: Connection, session_id: int) -> str:
    """Return the name of a session's team, "" without one."""
    of = select(team.c.name).join(session, session.c.team_id == team.c.id).where(session.c.id == session_id)
    return tx.execute(of).scalar_one_or_none() or ""


def told_beside(tx: Connection, session_ids: Sequence[int]) -> dict[int, Beside]:
    """Return what stands about these sessions beside their own row, for those of which something does."""
    spared = session_line.c.quantity * session_line.c.unit_price_cents - session_line.c.amount_cents
    lines = select(session_line.c.session_id, session_line.c.rule, spared).order_by(session_line.c.position)
    found: dict[int, tuple[tuple[str, ...], int]] = {}
    for of, rule, cents in tx.execute(
        lines.where(_of_any(tx, session_line.c.session_id, session_ids), session_line.c.rule.is_not(None))
    ):
        rules, waived = found.get(of, ((), 0))
        found[of] = (*rules, rule), waived + cents
    query = select(review.c.session_id, review.c.state, review.c.mark).where(
        _of_any(tx, review.c.session_id, session_ids)
    )
    reviews = {of: (state, mark) for of, state, mark in tx.execute(query)}
    told = {of: Beside(rules, waived) for of, (rules, waived) in found.items()}
    for of, (state, mark) in reviews.items():
        told[of] = replace(told.get(of, Beside()), review=state, mark=mark)
    return told


def customer_rows(tx: Connection, customer_number: str, callback_number: str, limit: int) -> Sequence[Any]:
    """Return the last sessions under either number, newest first, with their draft's `content`."""
    either = [
        column == value
        for column, value in (
            (session.c.customer_number, customer_number),
            (session.c.callback_number, callback_number),
        )
        if value
    ]
    query = select(*_SHOWN, draft.c.step, draft.c.content).join(draft, draft.c.session_id == session.c.id)
    if not either:
        return ()
    return tx.execute(query.where(or_(*either)).order_by(session.c.id.desc()).limit(limit)).all()


def other_teams_rows(tx: Connection, customer_number: str, callback_number: str, limit: int) -> Sequence[Any]:
    """Return the same of sessions of other teams, of the content only the customer; finding one leaves an event there."""
    asked = {"customer": customer_number, "callback": callback_number, "most": limit}
    return tx.execute(_LOOK_UP, asked).all()


def closed_since(tx: Connection, moment: datetime) -> tuple[int, int]:
    """Return how many sessions were closed since `moment`, and the cents billed for them."""
    row = tx.execute(
        select(func.count(), func.coalesce(func.sum(session.c.total_cents), 0)).where(
            session.c.ended_at >= moment, session.c.state == "closed"
        )
    ).one()
    return int(row[0]), int(row[1])


def _of_any(tx: Connection, column: ColumnElement[int], session_ids: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that it is one of these, to PostgreSQL with one value: to take apart a thousand costs more than the answer."""
    if tx.dialect.name == "sqlite":
        return column.in_(session_ids)
    return column == any_(literal(list(session_ids), ARRAY(BigInteger)))


def _found(
    tx: Connection, wanted: JournalFilter, *columns: ColumnElement[Any]
) -> tuple[Select[Any], ColumnElement[int]]:
    words = _words(tx, wanted.text)
    conditions = [words.condition, *_period(tx, wanted, words.key), *narrowed(tx, wanted)]
    return select(*columns).select_from(words.source).where(and_(*conditions)), words.key


def _is_hidden(tx: Connection, wanted: JournalFilter) -> bool:
    """Tell whether words are looked for among what somebody may see: under a policy the words' index is not used."""
    if wanted.moment or wanted.code:
        return False
    who = under_rights(tx)
    is_number = _NUMBER.fullmatch(wanted.text.strip()) is not None
    return who is not None and who.role is Role.AGENT and bool(wanted.text.strip()) and not is_number


def _team_ids(tx: Connection, wanted: JournalFilter, after: int | None, most: int) -> Sequence[int]:
    """Return the ids of up to `most` sessions of the agent's own team, newest first."""
    since, until = wanted.since, wanted.until
    return team_search(
        tx,
        wanted,
        below=after,
        first=None if since is None else _first_id(tx, since - DISORDER),
        last=None if until is None else _first_id(tx, until + DISORDER),
        most=most,
    )


def _words(tx: Connection, typed: str) -> Match:
    """Return where the words stand; a session number, or its beginning, is looked up as such: its parts stand in all."""
    number = _NUMBER.fullmatch(typed.strip())
    if number is None:
        return match(tx.dialect.name, typed, begun(tx, typed))
    begins = f"S-{number['year']}-{number['rest'] or ''}"
    return Match(session, and_(session.c.number >= begins, session.c.number < begins + ":"), session.c.id)


def _period(tx: Connection, wanted: JournalFilter, key: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """Bound the ids too, so that an old day is found without walking all that came after it."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.moment:  # nothing happens to a session before it is opened
        return [] if wanted.until is None else [key <= _first_id(tx, wanted.until + DISORDER)]
    if wanted.since is not None:
        conditions += [session.c.opened_at >= wanted.since, key >= _first_id(tx, wanted.since - DISORDER)]
    if wanted.until is not None:
        conditions += [session.c.opened_at < wanted.until, key <= _first_id(tx, wanted.until + DISORDER)]
    return conditions


def _first_id(tx: Connection, moment: datetime) -> int:
    """Return the first id whose session was opened at `moment` or later, one above all where none was: by halving."""
    return int(tx.execute(_HALVING, {"moment": microseconds(moment)}).scalar_one())
