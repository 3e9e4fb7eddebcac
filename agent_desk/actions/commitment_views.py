"""What the report of commitments says, as screens, papers and the command line show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agent_desk.rules.commitments import Commitment, Count, is_met


@dataclass(frozen=True, slots=True)
class Measured:
    """One commitment with what was counted: all together, by month, and by team's name ("" for none)."""

    commitment: Commitment
    count: Count
    months: Mapping[str, Count]
    teams: Mapping[str, Count]
    controls: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # by month: cases checked, conform; signed

    @property
    def met(self) -> bool | None:
        """Tell whether it was kept often enough; None where there was no case."""
        return is_met(self.commitment, self.count)


@dataclass(frozen=True, slots=True)
class CommitmentReport:
    """All commitments over the months `first` to `last`, of one team or, with "", of all."""

    first: str
    last: str
    team: str
    at: datetime
    rows: tuple[Measured, ...]
    milliseconds: float
