"""Finding sessions by words, newest first: FTS5 on SQLite, a text search index on PostgreSQL."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    false,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy import text as text_clause

from agent_desk.rules import search as rules_search
from agent_desk.rules.journal import JournalFilter
from agent_desk.storage.tables import session
from agent_desk.storage.types import microseconds

WORDS = 8
INDEXED = 3  # letters of a beginning that SQLite's index knows as such
MOST_WORDS = 40
LONGEST_WORD = 60  # PostgreSQL leaves out words above 2 KiB

_session_search = Table(
    "session_search",
    MetaData(),  # not the program's: Alembic would compare it
    Column("rowid", Integer),
    Column("session_search", Text),  # FTS5 matches the whole row through a column of the table's name
)
_session_search_words = Table("session_search_words", MetaData(), Column("term", Text))
_LONGER = (
    select(_session_search_words.c.term)
    .where(_session_search_words.c.term > bindparam("word"), _session_search_words.c.term < bindparam("end"))
    .limit(MOST_WORDS + 1)
)
_TEAM_SEARCH = text_clause(
    "SELECT desk_search(:words, :below, :first, :last, :since, :until, :outcome, :agent, :team, :service, :rule,"
    " :billed_from, :waived_from, :channel, :mail, :most, :review)"
)
_WORD = re.compile(r"[^\W_]+")
_SIMPLE: ColumnElement[Any] = literal_column("'simple'::regconfig")


@dataclass(frozen=True, slots=True)
class Match:
    """What to select from, under which condition, and the session's id to order by, descending, and to page with."""

    source: FromClause
    condition: ColumnElement[bool]
    key: ColumnElement[int]


def fold(text: str) -> str:
    """Return the words of `text` as they are searched: lower case, no accents or punctuation, one space between."""
    # Twice, as Unicode has it: taking a letter apart may bring out another capital.
    folded = rules_search.fold(rules_search.fold(text))
    return " ".join(word[:LONGEST_WORD] for word in _WORD.findall(folded))


def begun(tx: Connection, text: str) -> dict[str, tuple[str, ...]]:
    """Return, for the longer words of `text`, all words in the index that begin with them, unless there are many.

    FTS5 collects every session under a beginning it has no index for before it gives the first (25 ms for 80,000);
    those of whole words it walks from the newest.
    """
    if tx.dialect.name != "sqlite":
        return {}
    found = {}
    for word in fold(text).split()[:WORDS]:
        if len(word) > INDEXED:
            longer = tx.execute(_LONGER, {"word": word, "end": f"{word}\U0010ffff"}).scalars().all()
            if len(longer) <= MOST_WORDS:
                found[word] = (word, *longer)
    return found


def match(dialect: str, text: str, known: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Match:
    """Return where sessions stand whose words begin with all words of `text`; empty text finds every session.

    Numbers may be typed in groups ("06 12 34") though they were noted in one piece, or the other way round.
    `known`, from `begun`, makes the search for longer words fast on SQLite.
    """
    words = fold(text).split()[:WORDS]
    if not words:
        return Match(session, false() if text.strip() else true(), session.c.id)
    if dialect == "sqlite":
        found = _session_search
        wanted = _query(words, lambda word: _either(known[word]) if word in known else f'"{word}"*', " AND ", " OR ")
        return Match(
            found.join(session, session.c.id == found.c.rowid),
            found.c.session_search.op("MATCH", is_comparison=True)(wanted),
            found.c.rowid,
        )
    wanted = _postgresql_query(words)
    condition = func.to_tsvector(_SIMPLE, session.c.search_text).bool_op("@@")(func.to_tsquery(_SIMPLE, wanted))
    return Match(session, condition, session.c.id)


def team_search(tx: Connection, wanted: JournalFilter, **bounds: int | None) -> Sequence[int]:
    """Return the ids of sessions of the asking agent's team, newest first; see the function `desk_search`."""
    words = fold(wanted.text).split()[:WORDS]
    if not words:
        return ()
    values = {name: getattr(wanted, name) for name in JournalFilter.__slots__} | bounds
    values["words"] = _postgresql_query(words)
    for name in ("since", "until"):
        values[name] = None if values[name] is None else microseconds(values[name])
    return tx.execute(_TEAM_SEARCH, values).scalars().all()


def capped_count(tx: Connection, query: Select[Any], cap: int) -> tuple[int, bool]:
    """Return how many rows `query` finds, at most `cap`, and whether there are more."""
    rows = query.order_by(None).limit(cap + 1).subquery()
    found = tx.execute(select(func.count()).select_from(rows)).scalar_one()
    return min(found, cap), found > cap


def _either(words: Sequence[str]) -> str:
    return "(" + " OR ".join(f'"{word}"' for word in words) + ")"


def _postgresql_query(words: list[str]) -> str:
    return _query(words, "'{}':*".format, " & ", " | ")


def _query(words: Sequence[str], beginning: Callable[[str], str], both: str, either: str) -> str:
    parts = []
    for digits, run in groupby(words, str.isdecimal):
        pieces = list(run)
        group = both.join(beginning(word) for word in pieces)
        if digits and len(pieces) > 1:
            group = f"(({group}){either}{beginning(''.join(pieces))})"
        parts.append(group)
    return both.join(parts)
