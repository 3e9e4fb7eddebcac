"""What is asked all day long walks through an index, however large the tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from agent_desk.rules.mail import MailChannel
from agent_desk.rules.review import SampleRule
from agent_desk.storage import (
    appointments,
    attempts,
    checkpoints,
    codes,
    guest,
    mails,
    outbox,
    promises,
    reviews,
    shares,
)
from agent_desk.storage.database import Database

AT = datetime(2026, 11, 23, tzinfo=UTC)
ASKED: dict[str, tuple[Callable[[Connection], object], str]] = {
    "mails to be sent": (lambda tx: outbox.claim(tx, AT), "ix_mail_due (channel=? AND <expr><?"),
    "SMS to be sent": (lambda tx: outbox.claim(tx, AT, MailChannel.SMS), "ix_mail_due (channel=? AND <expr><?"),
    "mails to be looked after": (mails.stuck_mails, "ix_mail_stuck"),
    "a mail due for a worker": (lambda tx: mails.overdue_since(tx, AT), "ix_mail_due"),
    "leases that ended": (lambda tx: outbox.expire_leases(tx, AT), "ix_mail_due"),
    "a live code by its locator": (lambda tx: codes.live_by_locator(tx, "407"), "uq_code_live_locator"),
    "tries of the whole site": (lambda tx: attempts.site_failures(tx, AT), "ix_code_attempt_at"),
    "tries of a source": (lambda tx: attempts.source_failures(tx, ["192.0.2.7"], AT, 20), "ix_code_attempt_source_at"),
    "a share by its browser's token": (lambda tx: guest.find_share(tx, b"t", lock=True), "token_sha256=?"),
    "a share that has not ended": (lambda tx: shares.has_page(tx, 1), "uq_share_unended"),
    "sessions to draw for review": (
        lambda tx: reviews.candidates(tx, SampleRule(waived_from=1, uncertain=True), AT, AT),
        "ix_session_ended_at",
    ),
    "reviews that wait": (lambda tx: reviews.count_waiting(tx, AT, 9), "ix_review_state_session_id"),
    "reviews to be answered": (lambda tx: reviews.returned_to(tx, "m", ""), "ix_review_state_session_id"),
    "promises of a person": (lambda tx: promises.next_promises(tx, [1], [""], 9), "ix_promise_person"),
    "promises of a team": (lambda tx: promises.next_promises(tx, [1], None, 9), "ix_promise_team"),
    "promises missed": (lambda tx: promises.lately_missed(tx, AT), "ix_promise_unmissed"),
    "the call-back of a session": (lambda tx: appointments.booked_in(tx, 1), "uq_appointment_booked"),
    "call-backs of a team": (lambda tx: appointments.booked_between(tx, AT, AT, 1), "ix_appointment_team_id_starts_at"),
    "chains that changed": (lambda tx: checkpoints.take(tx, AT, None), "ix_chain_changed"),
}


@contextmanager
def statements(tx: Connection) -> Iterator[list[str]]:
    """Collect what is sent to the database, values filled in."""
    sent: list[str] = []
    driver: Any = tx.connection.driver_connection
    driver.set_trace_callback(sent.append)
    yield sent
    driver.set_trace_callback(None)


@pytest.mark.parametrize("question", ASKED)
def test_an_index_answers_for(sqlite_database: Database, question: str) -> None:
    ask, index = ASKED[question]
    with sqlite_database.write() as tx:
        with statements(tx) as sent:
            ask(tx)
        plans = [
            " ".join(str(row) for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))
            for statement in sent
            if statement.lstrip().startswith("SELECT")
        ]
    assert any(index in plan for plan in plans), plans
