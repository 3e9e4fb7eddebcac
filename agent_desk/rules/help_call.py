"""An agent in a session asks for help, and a supervisor says that they are coming."""

from dataclasses import dataclass
from datetime import datetime

REASON_MAX = 80


@dataclass(frozen=True, slots=True)
class HelpCall:
    """Who asks, in which session and since when; `coming` is the supervisor who said so, "" while nobody did."""

    session_id: int
    number: str
    name: str
    asked_at: datetime
    reason: str = ""
    coming: str = ""


def short_reason(text: str) -> str:
    """Return a reason as it is kept: one line, at most 80 characters."""
    return " ".join(text.split())[:REASON_MAX]
