"""The one question a customer is asked after a session, and how its answers are read."""

from collections.abc import Mapping
from enum import StrEnum


class Satisfaction(StrEnum):
    """Whether the customer is satisfied with the assistance."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


def satisfied_permille(answers: Mapping[str, int]) -> int | None:
    """Return how many in a thousand answered yes, rounded half up; None where nobody answered."""
    total = sum(answers.values())
    return (2000 * answers.get(Satisfaction.YES, 0) + total) // (2 * total) if total else None
