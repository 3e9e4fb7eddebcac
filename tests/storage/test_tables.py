"""What is asked all day long walks through an index, however large the tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event

from agent_desk.storage import attempts, checkpoints, codes, guest, mails, outbox, shares
from agent_desk.storage.database import Database

AT = datetime(2026, 11, 23, tzinfo=UTC)
ASKED: dict[str, tuple[Callable[[Connection], object], str]] = {
    "mails to be sent": (lambda tx: outbox.claim(tx, AT), "ix_mail_unsettled"),
    "mails to be looked after": (mails.stuck_mails, "ix_mail_unsettled"),
    "a live code by its locator": (lambda tx: codes.live_by_locator(tx, "407"), "uq_code_live_locator"),
    "tries of the whole site": (lambda tx: attempts.site_failures(tx, AT), "ix_code_attempt_at"),
    "tries of a source": (lambda tx: attempts.source_failures(tx, ["192.0.2.7"], AT, 20), "ix_code_attempt_source_at"),
    "a share by its browser's token": (lambda tx: guest.find_share(tx, b"t", lock=True), "token_sha256=?"),
    "a share that has not ended": (lambda tx: shares.has_page(tx, 1), "uq_share_unended"),
    "chains that changed": (lambda tx: checkpoints.take(tx, AT, None), "ix_chain_changed"),
}


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is sent to the database, with its values."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("question", ASKED)
def test_an_index_answers_for(sqlite_database: Database, question: str) -> None:
    ask, index = ASKED[question]
    with sqlite_database.write() as tx:
        with statements(sqlite_database) as sent:
            ask(tx)
        plans = [
            " ".join(str(row) for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
            for statement, values in sent
            if statement.lstrip().startswith("SELECT")
        ]
    assert any(index in plan for plan in plans), plans
