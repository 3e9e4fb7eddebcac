"""Why a home visit costs what it costs, apart from how it is booked: reports and lists need no more of it."""

from enum import StrEnum

TRAVEL = "home_visit.travel"  # what a line of the bill calls it


class VisitRule(StrEnum):
    """Why a visit costs what it costs; also the key of its wording (`rules.<rule>`)."""

    TRAVEL = "visit_travel"
    OFFERED = "visit_offered"
