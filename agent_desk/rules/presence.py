"""How long somebody counts as being in a session after the last sign of it."""

from dataclasses import dataclass
from datetime import timedelta

from agent_desk.rules.session import Step

LIFE = timedelta(seconds=25)  # two signs of ten seconds may be lost
SIGN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody else in the same session, and at which step."""

    name: str
    step: Step
