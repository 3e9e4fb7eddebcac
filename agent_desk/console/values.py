"""Values as they are typed after an option; each refuses with the option's name."""

from collections.abc import Collection
from datetime import date, datetime

from agent_desk.console.refusal import Refused
from agent_desk.rules.session import Territory

YEARS = range(1970, 2201)  # beyond, no holiday of today's law is meant


def given(text: str | None, name: str) -> str:
    """Return what was typed after an option that must be there."""
    if text is None:
        raise Refused(name, "errors.missing_value")
    return text


def read_choice(text: str, name: str, choices: Collection[str]) -> str:
    """Return `text`, which must be one of `choices`."""
    if text not in choices:
        raise Refused(name, choices=choices)
    return text


def read_date(text: str, name: str) -> date:
    """Return an ISO 8601 day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(name) from error


def read_moment(text: str, name: str) -> datetime:
    """Return an ISO 8601 time with its offset; one without is refused."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(name) from error
    if moment.tzinfo is None:
        raise Refused(name, "errors.no_offset")
    if moment.year not in YEARS:
        raise Refused(name)
    return moment


def read_whole(text: str, name: str, bounds: range) -> int:
    """Return a whole number within `bounds`."""
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) not in bounds:
        raise Refused(name, choices=(f"{bounds.start}–{bounds.stop - 1}",))
    return int(text)


def read_territory(text: str, name: str) -> Territory:
    """Return the territory of that name."""
    return Territory(read_choice(text, name, [territory.value for territory in Territory]))
