"""Call-backs that were made: when the session was put aside, until when the customer had to be called, and when they were."""

from datetime import datetime

from sqlalchemy import Connection, insert

from agent_desk.storage.colleague_tables import call_back


def add_call_back(
    tx: Connection, session_id: int, *, promised_at: datetime, limit: datetime, called_at: datetime
) -> None:
    """Note that the customer of a session put aside was called back."""
    made = {"promised_at": promised_at, "limit_at": limit, "called_at": called_at}
    tx.execute(insert(call_back).values(session_id=session_id, **made))
