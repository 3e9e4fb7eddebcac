"""Sessions are found by the beginnings of their words, newest first."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, text, update

from agent_desk.storage.database import Database
from agent_desk.storage.search import MOST_WORDS, begun, capped_count, fold, match
from agent_desk.storage.tables import session

SESSIONS = {
    1: "S-2026-004127 Claire Morvan 0199001122 Quimper Imprimante Épson",
    2: "S-2026-004126 Karim Benali 0261910001 Rennes",
    3: "S-2026-004122 Inès Œrsted 0536490000 imprimante d'accueil",
    4: "S-2026-004100 محمد العربي 🙂 O'Brien",
}


def add(database: Database, number: int, words: str) -> None:
    with database.write() as tx:
        tx.execute(
            insert(session).values(
                id=number,
                number=str(number),
                state="draft",
                version=1,
                agent="Nadia",
                opened_at=datetime(2026, 11, 23, tzinfo=UTC),
                search_text=fold(words),
            )
        )


def find(database: Database, typed: str, *, below: int = 99, limit: int = 50) -> list[int]:
    with database.read() as tx:
        slow, fast = (
            [
                row.id
                for row in tx.execute(
                    select(session.c.id)
                    .select_from(found.source)
                    .where(found.condition, found.key < below)
                    .order_by(found.key.desc())
                    .limit(limit)
                )
            ]
            for found in (match(database.dialect, typed), match(database.dialect, typed, begun(tx, typed)))
        )
    assert fast == slow
    return fast


@pytest.fixture
def sessions(database: Database) -> Database:
    for number, words in SESSIONS.items():
        add(database, number, words)
    return database


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("morvan", [1]),
        ("MORVAN claire", [1]),
        ("mor", [1]),
        ("orvan", []),
        ("imprimante", [3, 1]),
        ("imprim epson", [1]),
        ("ines", [3]),
        ("oersted", [3]),
        ("œrs", [3]),
        ("S-2026-004127", [1]),
        ("s-2026", [4, 3, 2, 1]),
        ("2026 004126", [2]),
        ("01 99 00 11 22", [1]),
        ("01 99 00", [1]),
        ("0199001122", [1]),
        ("d'accueil", [3]),
        ("o'brien", [4]),
        ("محمد", [4]),
        ("", [4, 3, 2, 1]),
        ("   ", [4, 3, 2, 1]),
        ("🙂", []),
        ('"', []),
        ("morvan benali", []),
        ("m m m m m m m m benali", [1]),
    ],
)
def test_a_search_finds(sessions: Database, typed: str, numbers: list[int]) -> None:
    assert find(sessions, typed) == numbers


@pytest.mark.parametrize(
    "typed",
    ['" OR "x', "NEAR(a b)", "search_text:x", "a* b^", "'; DROP TABLE session; --", "zz & | !", "x" * 10_000, "\x00"],
)
def test_nothing_typed_breaks_the_search(sessions: Database, typed: str) -> None:
    assert find(sessions, typed) == []


def test_a_changed_text_is_found_by_its_new_words_only(sessions: Database) -> None:
    with sessions.write() as tx:
        tx.execute(update(session).where(session.c.id == 1).values(search_text=fold("Yvette Blin")))
    assert (find(sessions, "morvan"), find(sessions, "blin")) == ([], [1])


def test_another_change_leaves_the_words_alone(sessions: Database) -> None:
    with sessions.write() as tx:
        tx.execute(update(session).where(session.c.id == 1).values(state="closed"))
    assert find(sessions, "morvan") == [1]


def test_a_removed_session_is_not_found(sessions: Database) -> None:
    with sessions.write() as tx:
        tx.execute(delete(session).where(session.c.id == 1))
    assert find(sessions, "morvan") == []


def test_pages_follow_each_other(sessions: Database) -> None:
    first = find(sessions, "s-2026", limit=2)
    assert (first, find(sessions, "s-2026", below=first[-1], limit=2)) == ([4, 3], [2, 1])


def test_counts_stop_at_their_cap(sessions: Database) -> None:
    found = match(sessions.dialect, "s 2026")
    query = select(session.c.id).select_from(found.source).where(found.condition).order_by(found.key.desc())
    with sessions.read() as tx:
        assert capped_count(tx, query, 4) == (4, False)
        assert capped_count(tx, query, 3) == (3, True)


def test_a_name_of_ten_thousand_characters_is_stored_and_found(database: Database) -> None:
    add(database, 1, "x" * 10_000 + " Morvan")
    assert find(database, "morvan") == [1]
    assert find(database, "x" * 10_000) == [1]


def test_the_index_answers_and_not_a_walk_through_the_table(sessions: Database) -> None:
    found = match(sessions.dialect, "morvan")
    query = select(session.c.id).select_from(found.source).where(found.condition).order_by(found.key.desc()).limit(50)
    explain = "EXPLAIN QUERY PLAN" if sessions.dialect == "sqlite" else "EXPLAIN"
    statement = query.compile(dialect=sessions.engine.dialect, compile_kwargs={"literal_binds": True})
    with sessions.read() as tx:
        if sessions.dialect == "postgresql":
            tx.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"))
        plan = "\n".join(str(row) for row in tx.exec_driver_sql(f"{explain} {statement}".replace("%%", "%")))
    assert ("VIRTUAL TABLE INDEX" if sessions.dialect == "sqlite" else "ix_session_search") in plan
    assert "TEMP B-TREE" not in plan


@given(st.text())
def test_folding_twice_changes_nothing(typed: str) -> None:
    assert fold(fold(typed)) == fold(typed)


def test_the_words_behind_a_beginning_are_known_unless_there_are_many(sqlite_database: Database) -> None:
    add(sqlite_database, 1, "imprimante imprimantes imprimeur")
    add(sqlite_database, 2, " ".join(f"mart{number}" for number in range(MOST_WORDS + 1)))
    with sqlite_database.read() as tx:
        assert begun(tx, "Imprimante mor mart") == {"imprimante": ("imprimante", "imprimantes")}
    assert find(sqlite_database, "imprim") == [1]
    assert find(sqlite_database, "mart") == [2]
