"""Whether a system or an equipment can be worked on: asked of those who decide, answered, and kept for the next customer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agent_desk.rules.session import Feasibility

CONDITIONS_MAX = 300
PLATFORM = "platform"  # the subject of a question about the customer's system; else a line's path, such as lines[0]


class Verdict(StrEnum):
    """The operator's answer (4.1, 4.4); also the key of its wording (`verdicts.<verdict>`)."""

    YES = "yes"
    CONDITIONS = "conditions"  # yes, if something is done or true first
    NO = "no"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, open or answered; `name` is what it is about, as the agent called it."""

    id: int
    session_id: int
    number: str
    subject: str
    name: str
    service: str
    asked_by: str
    asked_at: datetime
    due_at: datetime
    verdict: Verdict | None = None
    conditions: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


def serves(verdict: Verdict) -> Feasibility:
    """Return what an answer is to a session's gates: conditions are told, and then it can be done."""
    return Feasibility.NO if verdict is Verdict.NO else Feasibility.YES


def refusal(verdict: Verdict, conditions: str) -> str:
    """Return why an answer cannot be taken, a key of the wording `errors`, or ""."""
    if len(conditions) > CONDITIONS_MAX:
        return "conditions_too_long"
    return "conditions_missing" if verdict is Verdict.CONDITIONS and not conditions else ""


def tidy(conditions: str) -> str:
    """Return conditions as they are kept: on one line."""
    return " ".join(conditions.split())
