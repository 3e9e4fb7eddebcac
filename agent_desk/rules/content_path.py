"""Read and write one place of a `Content` by its dotted path, the name its widget and its gate carry too."""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from agent_desk.rules.session import Content

_PART = re.compile(r"(?P<name>[a-z_]+)(?:\[(?P<index>\d+)\])?$")


def read(content: Content, path: str) -> Any:
    """Return the value at `path` (`customer.surname`, `lines[0].equipment`); AttributeError or IndexError if none."""
    place: Any = content
    for part in path.split("."):
        name, index = _split(part)
        place = getattr(place, name)
        if index is not None:
            place = place[index]
    return place


def write(content: Content, path: str, value: object) -> Content:
    """Return a copy of `content` with `value` at `path`; AttributeError or IndexError where there is no such place."""
    read(content, path)
    changed: Content = _written(content, path.split("."), value)
    return changed


def _written(place: Any, parts: list[str], value: object) -> Any:
    if not parts:
        return value
    name, index = _split(parts[0])
    inner = getattr(place, name)
    if index is None:
        return replace(place, **{name: _written(inner, parts[1:], value)})
    new = _written(inner[index], parts[1:], value)
    return replace(place, **{name: (*inner[:index], new, *inner[index + 1 :])})


@lru_cache(maxsize=512)
def _split(part: str) -> tuple[str, int | None]:
    match = _PART.match(part)
    if match is None:
        raise AttributeError(part)
    return match["name"], None if match["index"] is None else int(match["index"])
