"""What actions tell the form of a home visit: frozen facts, no database objects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agent_desk.rules.session import Customer, Territory
from agent_desk.rules.visit import Visit, VisitTerms, Window


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """Where a session's visit stands: the one booked or done, if any, and the terms of each territory.

    `failed` is why the last one was not done, while that has to be made good; `book_by` by when one that was accepted gets its
    day, None where none waits for one; `day_off` tells that the day of the booked one
    has become a holiday since. `terms` are those of the agreement, where one is booked those
    it was accepted at. `mobile` is "" for a customer without one.
    """

    session_id: int
    number: str
    now: datetime
    customer: Customer
    mobile: str
    terms: Mapping[Territory, VisitTerms]
    booked: Visit | None
    done: Visit | None
    failed: str
    book_by: datetime | None
    day_off: bool
    wished_at: datetime | None  # as noted at closing
    first: Window  # when somebody can come at the earliest
