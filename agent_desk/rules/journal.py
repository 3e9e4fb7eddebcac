"""What the Journal is asked for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# `since` and `until` are one filter to whoever sets them.
PERIOD = "period"
_PART_OF = {"since": PERIOD, "until": PERIOD, "moment": PERIOD, "code": PERIOD, "review_late": "review"}


class Moment(StrEnum):
    """What may have happened in the period, where it is not that the session was opened."""

    ENDED = "ended"
    DECIDED = "decided"  # by the filter's rule, or by another one before it was corrected
    CODE = "code"  # a code ended, as the filter says
    MAIL = "mail"  # a mail was written that is now in the filter's state
    VISIT = "visit"  # a home visit was done, at what the filter's rule says


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which sessions are wanted; empty, or None, means all of them. `since` is included, `until` is not.

    They are about the opening, or about `moment`: figures count what happened in a period, whenever it began.
    `billed_from` and `waived_from` are the least cents billed, and waived against the price, of a decided session.
    """

    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    moment: str = ""  # Moment
    code: str = ""  # how one of its codes ended
    outcome: str = ""  # an outcome as lists show it
    agent: str = ""
    team: str = ""  # its name
    service: str = ""  # a code of the catalogue
    rule: str = ""  # rules.billing.Rule of any line, or rules.visit_rule.VisitRule of its visit
    billed_from: int | None = None
    waived_from: int | None = None
    channel: str = ""  # rules.session.Channel, of any consent
    mail: str = ""  # the state lists show
    review: str = ""  # rules.review.ReviewState, or WAITING
    review_late: datetime | None = None  # of WAITING: what was returned by then waits too


def set_filters(wanted: JournalFilter) -> dict[str, tuple[str, ...]]:
    """Return the filters that are set, by name, each with its fields."""
    names: dict[str, list[str]] = {}
    for field in JournalFilter.__slots__:
        if getattr(wanted, field) not in ("", None):
            names.setdefault(_PART_OF.get(field, field), []).append(field)
    return {name: tuple(fields) for name, fields in names.items()}
