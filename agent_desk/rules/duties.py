"""What a team is there for: levels of support (document 002), and who decides on feasibility (4.1, 4.4)."""

from collections.abc import Mapping
from enum import StrEnum


class Duty(StrEnum):
    """What a team does besides its own sessions; also the key of its wording (`duties.<duty>`)."""

    COMMERCIAL = "commercial"
    TERMINALS = "terminals"
    PLATFORMS = "platforms"
    FEASIBILITY = "feasibility"


# Who may be escalated to, by level of support.
LEVELS: Mapping[Duty, int] = {Duty.COMMERCIAL: 1, Duty.TERMINALS: 2, Duty.PLATFORMS: 3}
# These speak to no customer: what was promised is kept by who sent the case to them.
TAKES_NO_CALLS = frozenset({Duty.PLATFORMS})
