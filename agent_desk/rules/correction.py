"""What of a closed session may be corrected: how each service ended, and whether a home visit was accepted."""

from collections.abc import Sequence
from dataclasses import replace

from agent_desk.rules.session import Content, HomeVisit, Outcome

REASON_MAX = 500


def corrected(content: Content, outcomes: Sequence[Outcome], home_visit: HomeVisit) -> Content:
    """Return the content with these outcomes, one for each line in order, and this visit; ValueError for another number.

    A visit that was not accepted has no day.
    """
    lines = tuple(replace(line, outcome=outcome) for line, outcome in zip(content.lines, outcomes, strict=True))
    visit_at = content.closing.visit_at if home_visit is HomeVisit.ACCEPTED else None
    return replace(content, lines=lines, closing=replace(content.closing, home_visit=home_visit, visit_at=visit_at))
