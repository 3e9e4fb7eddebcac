"""From when to when agents can be booked: one line of text for the site, with the teams whose hours differ."""

import re
from collections.abc import Mapping
from datetime import time

Hours = tuple[time, time]
_AT = r"(?:[01]\d|2[0-3]):(?:00|15|30|45)"
_PART = re.compile(rf"(?:(?P<team>\S.*?)\s+)?(?P<first>{_AT})-(?P<last>{_AT})")


def team_hours(text: str) -> Mapping[str, Hours] | None:
    """Return the hours a text such as "08:00-21:00; Nord 09:00-18:00" names, everybody else's first; None for any other text.

    Teams are found by their names in small letters, "" is everybody else.
    """
    found: dict[str, Hours] = {}
    for part in text.split(";"):
        read = _PART.fullmatch(part.strip())
        team = (read["team"] or "").casefold() if read is not None else ""
        if read is None or read["first"] >= read["last"] or team in found or bool(team) != bool(found):
            return None
        found[team] = (time.fromisoformat(read["first"]), time.fromisoformat(read["last"]))
    return found


def hours_of(text: str, team: str = "") -> Hours:
    """Return a team's hours; ValueError for a text that names none."""
    found = team_hours(text)
    if found is None:
        raise ValueError("no hours")
    return found.get(team.casefold(), found[""])
