"""Statements made ready answer like SQLAlchemy's own, on both engines."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from agent_desk.storage.database import Database
from agent_desk.storage.ready import Ready
from agent_desk.storage.tables import checkpoint, site

AT = datetime(2026, 11, 23, 11, 0, 0, 250, tzinfo=UTC)
ADD = Ready(insert(site))
ADD_CHECKPOINT = Ready(insert(checkpoint).returning(checkpoint.c.id))
CHANGE = Ready(update(site).where(site.c.key == bindparam("of")).values(value=bindparam("to")))
ALL = Ready(select(site).where(site.c.key != "schema").order_by(site.c.key))
LAST = Ready(select(checkpoint).where(checkpoint.c.size >= bindparam("least")).order_by(checkpoint.c.id).limit(1))


def facts(size: int) -> dict[str, Any]:
    return {"at": AT, "size": size, "frontier": b"\x00\xff", "note": "Été"}


def test_values_go_in_and_come_out_as_their_types(database: Database) -> None:
    with database.write() as tx:
        made = ADD_CHECKPOINT.all(tx, facts(3))[0].id
        row = LAST.first(tx, {"least": 3})
        asked = tx.execute(select(checkpoint)).one()
    assert row is not None
    assert tuple(row) == tuple(asked) == (made, AT, 3, b"\x00\xff", "Été")
    assert (row.at, row.note) == (AT, "Été")


def test_nothing_found_is_none_and_no_rows(database: Database) -> None:
    with database.read() as tx:
        assert LAST.first(tx, {"least": 1}) is None
        assert list(LAST.all(tx, {"least": 1})) == []


def test_a_statement_runs_once_for_each_of_its_values(database: Database) -> None:
    with database.write() as tx:
        before = len(ALL.all(tx, {}))
        ADD.run(tx)
        assert len(ALL.all(tx, {})) == before
        ADD.run(tx, {"key": "x1", "value": "a"}, {"key": "x2", "value": "b"})
        CHANGE.run(tx, {"of": "x2", "to": "c"})
        assert [(row.key, row.value) for row in ALL.all(tx, {})][-2:] == [("x1", "a"), ("x2", "c")]


def test_the_same_statement_takes_other_columns_too(database: Database) -> None:
    with database.write() as tx:
        ADD_CHECKPOINT.all(tx, facts(3))
        second = ADD_CHECKPOINT.all(tx, facts(4) | {"id": 40})[0].id
    assert second == 40


def test_a_constraint_is_refused_in_sqlalchemys_words_without_values(database: Database) -> None:
    with database.write() as tx:
        ADD.run(tx, {"key": "x", "value": "a"})
    taken = {"key": "x", "value": "Claire"}
    for again in ((taken,), ({"key": "y", "value": "Claire"}, taken)):
        with pytest.raises(IntegrityError) as refused, database.write() as tx:
            ADD.run(tx, *again)
        assert "Claire" not in str(refused.value.args)
    with pytest.raises(IntegrityError), database.write() as tx:
        ADD_CHECKPOINT.all(tx, facts(1) | {"note": None})
