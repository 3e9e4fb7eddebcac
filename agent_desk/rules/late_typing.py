"""Typing that comes late: what of it can stand upon what others have saved meanwhile, and where both differ."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent_desk.rules.content_path import read, write
from agent_desk.rules.session import Content, Feasibility, Line

_IN_LINE = re.compile(r"lines\[(?P<number>\d+)\](?P<rest>.*)")
LINES = "lines"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that was changed here and there, not to the same."""

    path: str
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Compared:
    """What can be typed again upon theirs, by its place there, and what somebody has to choose between."""

    free: Mapping[str, Any]
    differing: tuple[Difference, ...]

    def over(self, theirs: Content) -> Content:
        """Return `theirs` with what is free typed upon it."""
        return typed_over(theirs, self.free)


def compare(base: Content, mine: Content, paths: Iterable[str], theirs: Content) -> Compared:
    """Compare what was typed at `paths` upon `base` with what others have made of it.

    What only one side changed is no difference. A service taken out there takes what was typed about it with it.
    """
    free: dict[str, Any] = {}
    differing = []
    for path in _whole(base, paths):
        place = _there(path, base, theirs)
        if place is None:
            continue
        typed, before, found = read(mine, path), read(base, path), read(theirs, place)
        if _same(found, typed):
            continue
        if _same(found, before):
            free[place] = typed
        else:
            differing.append(Difference(place, typed, found))
    return Compared(free, tuple(differing))


def typed_over(content: Content, typed: Mapping[str, Any]) -> Content:
    """Return `content` with each value at its place; what has no place there any more is passed over."""
    for path, value in typed.items():
        try:
            content = write(content, path, value)
        except IndexError:  # a service somebody took out takes what was typed about it with it
            continue
    return content


def _whole(base: Content, paths: Iterable[str]) -> list[str]:
    """Return the places, services as a whole where they were added or taken out, or are not known by their number."""
    asked = list(dict.fromkeys(paths))
    numbers = [int(match["number"]) for path in asked if (match := _IN_LINE.fullmatch(path))]
    if LINES in asked or any(number >= len(base.lines) for number in numbers):
        return [path for path in asked if path != LINES and not _IN_LINE.fullmatch(path)] + [LINES]
    return asked


def _there(path: str, base: Content, theirs: Content) -> str | None:
    """Return where that place is in `theirs`: services may have moved up or down; None where theirs has none."""
    match = _IN_LINE.fullmatch(path)
    if match is None:
        return path
    service = base.lines[int(match["number"])].service
    number = next((number for number, line in enumerate(theirs.lines) if line.service == service), None)
    return None if number is None else f"lines[{number}]{match['rest']}"


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return _asked(one) == _asked(other)
    return bool(one == other)


def _asked(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Leave out the operator's answers, which come by themselves."""
    return tuple(replace(one, feasibility=Feasibility.NOT_ASKED) if isinstance(one, Line) else one for one in values)
