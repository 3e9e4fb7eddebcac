"""The log of events: what is appended, what cannot be changed, what may be erased."""

import hashlib
import hmac
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import rfc8785
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from agent_desk.storage.database import Database
from agent_desk.storage.events import Entry, append, append_many, erase, history
from agent_desk.storage.tables import chain, event, payload

AT = datetime(2026, 11, 23, 9, 30, 15, 250_000, tzinfo=UTC)


def add(database: Database, of: int, kind: str = "code_issued", **said: Any) -> int:
    with database.write() as tx:
        return append(tx, of, kind, said, at=AT, actor="agent")


def test_events_are_numbered_from_one_without_gaps(database: Database) -> None:
    assert [add(database, 7), add(database, 7), add(database, 7)] == [1, 2, 3]


def test_each_chain_counts_for_itself(database: Database) -> None:
    add(database, 7)
    assert add(database, 8) == 1


def test_an_undone_transaction_leaves_no_gap(database: Database) -> None:
    def append_and_fail() -> None:
        with database.write() as tx:
            append(tx, 7, "code_issued", {}, at=AT, actor="agent")
            raise LookupError

    with pytest.raises(LookupError):
        append_and_fail()
    assert add(database, 7) == 1


def test_a_history_tells_what_was_appended_in_order(database: Database) -> None:
    add(database, 7, "session_opened", by="Nadia L.")
    with database.write() as tx:
        append(tx, 7, "code_redeemed", {"tries": 1}, at=AT + timedelta(seconds=1), actor="customer")
    with database.read() as tx:
        told = history(tx, 7)
    assert [(one.seq, one.kind, one.at, one.actor, one.payload, one.intact) for one in told] == [
        (1, "session_opened", AT, "agent", {"by": "Nadia L."}, True),
        (2, "code_redeemed", AT + timedelta(seconds=1), "customer", {"tries": 1}, True),
    ]


def test_appending_many_is_appending_each(database: Database) -> None:
    with database.write() as tx:
        assert append_many(tx, 7, [Entry("session_opened", {}), Entry("code_issued", {}, "system")], at=AT) == 2
        assert append_many(tx, 7, [], at=AT) == 2
        assert append(tx, 7, "code_burned", {}, at=AT, actor="system") == 3
    with database.read() as tx:
        assert [(one.kind, one.intact) for one in history(tx, 7)] == [
            ("session_opened", True),
            ("code_issued", True),
            ("code_burned", True),
        ]


def test_a_hash_can_be_recomputed_from_the_published_rule(database: Database) -> None:
    add(database, 7)
    add(database, 7, colour="bleu", number=3)
    with database.read() as tx:
        first, second = tx.execute(select(event).order_by(event.c.seq)).all()
        kept = tx.execute(select(payload).where(payload.c.seq == 2)).one()
    body = b'{"colour":"bleu","number":3}'
    assert kept.body.encode() == body
    facts: dict[str, str | int] = {
        "chain": 7,
        "seq": 2,
        "kind": "code_issued",
        "at": 1795426215250000,
        "actor": "agent",
        "payload_mac": hmac.digest(kept.key, body, "sha256").hex(),
        "prev": first.hash.hex(),
    }
    assert second.hash == hashlib.sha256(b"agent-desk/event/v1\n" + rfc8785.dumps(facts)).digest()


def test_equal_payloads_of_two_records_have_different_macs(database: Database) -> None:
    add(database, 7, by="Nadia L.")
    add(database, 7, by="Nadia L.")
    with database.read() as tx:
        first, second = tx.execute(select(event.c.payload_mac)).scalars().all()
    assert first != second


def test_no_word_of_a_payload_stands_in_the_chain(database: Database) -> None:
    add(database, 7, customer="Claire Morvan")
    with database.read() as tx:
        row = tx.execute(select(event)).one()
    assert "Morvan" not in repr(tuple(row))


def test_an_erased_payload_is_gone_and_the_chain_still_holds(database: Database) -> None:
    add(database, 7, customer="Claire Morvan")
    add(database, 8, customer="Karim Benali")
    with database.write() as tx:
        assert erase(tx, 7) == 1
    with database.read() as tx:
        assert [(one.payload, one.intact) for one in history(tx, 7)] == [(None, True)]
        assert [one.payload for one in history(tx, 8)] == [{"customer": "Karim Benali"}]
        assert tx.execute(select(payload.c.chain)).scalars().all() == [8]


def test_an_erased_name_is_nowhere_in_the_file(sqlite_database: Database) -> None:
    add(sqlite_database, 7, customer="Claire Morvan")
    with sqlite_database.write() as tx:
        erase(tx, 7)
    sqlite_database.close()
    assert sqlite_database.file is not None
    assert b"Morvan" not in sqlite_database.file.read_bytes()


@pytest.mark.parametrize(
    ("kind", "actor", "said"),
    [
        ("Code issued", "agent", {}),
        ("", "agent", {}),
        ("x" * 41, "agent", {}),
        ("code_issued", "Nadia L.", {}),
        ("code_issued", "agent", {"notes": "x" * 70_000}),
        ("code_issued", "agent", {"number": 2**60}),
        ("code_issued", "agent", {"half": "\ud800"}),
    ],
)
def test_an_unfit_event_is_refused_and_changes_nothing(
    sqlite_database: Database, kind: str, actor: str, said: dict[str, Any]
) -> None:
    with sqlite_database.write() as tx:
        with pytest.raises(ValueError):  # noqa: PT011 - rfc8785 and we word it differently
            append(tx, 7, kind, said, at=AT, actor=actor)
        assert tx.execute(select(chain).where(chain.c.chain == 7)).first() is None


def test_a_time_without_offset_is_refused(sqlite_database: Database) -> None:
    naive = AT.replace(tzinfo=None)
    with sqlite_database.write() as tx, pytest.raises(ValueError, match="offset"):
        append(tx, 7, "code_issued", {}, at=naive, actor="agent")


CHANGES = {
    "update": "UPDATE event SET kind = 'nothing'",
    "update of one": "UPDATE event SET actor = 'system' WHERE chain = 7 AND seq = 1",
    "delete": "DELETE FROM event WHERE chain = 7",
    "update of a leaf": "UPDATE checkpoint_leaf SET seq = 9",
    "delete of a leaf": "DELETE FROM checkpoint_leaf",
    "update of a checkpoint": "UPDATE checkpoint SET note = ''",
    "delete of a checkpoint": "DELETE FROM checkpoint",
}
LEAF = "INTO checkpoint_leaf (position, chain, seq, hash) VALUES (0, 7, 2, x'00')"
CHECKPOINT = "INTO checkpoint (id, at, size, frontier, note) VALUES (1, 0, 1, x'00', 'other')"
EVENT = "INTO event (chain, seq, kind, at, actor, payload_mac, hash) SELECT chain, seq, 'x', at, actor, payload_mac, hash FROM event"
SQLITE_CHANGES = {
    "replace event": f"INSERT OR REPLACE {EVENT}",
    "replace leaf": f"INSERT OR REPLACE {LEAF}",
    "replace checkpoint": f"INSERT OR REPLACE {CHECKPOINT}",
    "update or replace": "UPDATE OR REPLACE event SET seq = 2 WHERE seq = 1",
    "upsert": f"INSERT {EVENT} WHERE true ON CONFLICT DO UPDATE SET kind = 'nothing'",
}
POSTGRESQL_CHANGES = {
    "truncate event": "TRUNCATE event",
    "truncate checkpoint": "TRUNCATE checkpoint",
    "truncate leaf": "TRUNCATE checkpoint_leaf",
    "upsert": f"INSERT {EVENT} ON CONFLICT (chain, seq) DO UPDATE SET kind = 'nothing'",
}


@pytest.fixture
def logged(database: Database) -> Callable[[], list[Any]]:
    """Put two events, a leaf and a checkpoint into the log; return what reads the three tables."""
    add(database, 7)
    add(database, 7)
    with database.write() as tx:
        tx.execute(text("INSERT INTO checkpoint_leaf (position, chain, seq, hash) VALUES (0, 7, 2, '')"))
        tx.execute(text("INSERT INTO checkpoint (id, at, size, frontier, note) VALUES (1, 0, 1, '', 'note')"))

    def read() -> list[Any]:
        with database.read() as tx:
            return [
                tx.execute(text(f"SELECT * FROM {name}")).all() for name in ("event", "checkpoint", "checkpoint_leaf")
            ]

    return read


def refuse(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.write() as tx:
        tx.execute(text(statement))


@pytest.mark.parametrize("change", CHANGES)
def test_the_log_refuses_to_be_changed(database: Database, logged: Callable[[], list[Any]], change: str) -> None:
    before = logged()
    refuse(database, CHANGES[change])
    assert logged() == before


@pytest.mark.parametrize("change", SQLITE_CHANGES)
@pytest.mark.parametrize("recursive", [1, 0], ids=["our client", "a client without recursive triggers"])
def test_replacing_rows_of_the_log_is_refused_on_sqlite(sqlite_database: Database, change: str, recursive: int) -> None:
    add(sqlite_database, 7)
    with sqlite_database.write() as tx:
        tx.execute(text("INSERT INTO checkpoint_leaf (position, chain, seq, hash) VALUES (0, 7, 2, '')"))
        tx.execute(text("INSERT INTO checkpoint (id, at, size, frontier, note) VALUES (1, 0, 1, '', 'note')"))
    with sqlite_database.write() as tx:
        tx.exec_driver_sql(f"PRAGMA recursive_triggers={recursive}")
        with pytest.raises(DBAPIError, match="append-only"):
            tx.execute(text(SQLITE_CHANGES[change]))
    with sqlite_database.read() as tx:
        assert [one.intact for one in history(tx, 7)] == [True]


@pytest.mark.parametrize("change", POSTGRESQL_CHANGES)
def test_emptying_or_upserting_the_log_is_refused_on_postgresql(postgresql_url: str, change: str) -> None:
    database = Database.open(postgresql_url)
    add(database, 7)
    refuse(database, POSTGRESQL_CHANGES[change])
    with database.read() as tx:
        assert [one.intact for one in history(tx, 7)] == [True]
    database.close()


def test_the_same_number_twice_in_a_chain_is_refused_everywhere(database: Database) -> None:
    add(database, 7)
    with database.read() as tx:
        row = tx.execute(select(event)).one()._asdict()
    with pytest.raises(IntegrityError if database.dialect == "postgresql" else DBAPIError), database.write() as tx:
        tx.execute(insert(event), row)


def test_writers_of_one_chain_wait_for_each_other(database: Database) -> None:
    start = threading.Barrier(8)

    def write() -> None:
        start.wait()
        for _ in range(5):
            add(database, 7)

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.read() as tx:
        told = history(tx, 7)
    assert [one.seq for one in told] == list(range(1, 41))
    assert all(one.intact for one in told)


def test_writers_of_two_chains_do_not_wait_for_each_other(postgresql_url: str) -> None:
    mine, theirs = Database.open(postgresql_url, wait=0.05), Database.open(postgresql_url)
    with theirs.write() as tx:
        append(tx, 8, "code_issued", {}, at=AT, actor="agent")
        assert add(mine, 7) == 1
    mine.close()
    theirs.close()
