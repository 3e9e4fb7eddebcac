"""What screens and deskctl are shown of changes to prices and texts: frozen facts, no database objects."""

from dataclasses import dataclass
from datetime import date, datetime

from agent_desk.rules.catalogue_changes import ChangeFault, ChangeState, ChangeStep, Proposal, Value


@dataclass(frozen=True, slots=True)
class StepView:
    """One step somebody took."""

    step: ChangeStep
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change with its story; `may` are the steps open to whoever looks at it."""

    id: int
    proposal: Proposal
    before: Value
    state: ChangeState
    by: str
    at: datetime
    steps: tuple[StepView, ...]
    may: tuple[ChangeStep, ...]


@dataclass(frozen=True, slots=True)
class ChangesView:
    """Every change there is, the last proposal first; `refused` is a key of `errors` where one may only look on."""

    changes: tuple[ChangeView, ...]
    first_day: date
    refused: str


@dataclass(frozen=True, slots=True)
class Beside:
    """One place where a change shows: `place` is a key of the wording table `change_places`."""

    place: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What a proposal would replace and what people would then read; `fault` says why it cannot be proposed."""

    before: Value
    places: tuple[Beside, ...]
    fault: ChangeFault | None
