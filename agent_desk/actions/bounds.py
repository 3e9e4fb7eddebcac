"""How much may be typed into a session; more is refused whole, and stays on the screen."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from agent_desk.actions.errors import Refusal
from agent_desk.rules.session import Content

TEXT = 200
LONGER = {"customer.address": 500, "notes": 4000, "description": 2000}
LINES = 40
TICKS = 400
OPERATIONS = 8
LARGEST_NUMBER = 1_000_000


def check_size(content: Content) -> None:
    """Refuse `too_long` or `too_many`, naming the fields, where the content exceeds what a session may hold."""
    counts = {"lines": (len(content.lines), LINES), "ticks": (len(content.ticks), TICKS)}
    counts |= {f"lines[{at}].operations": (len(line.operations), OPERATIONS) for at, line in enumerate(content.lines)}
    many = tuple(path for path, (count, most) in counts.items() if count > most)
    if many:
        raise Refusal("too_many", fields=many, values={"limit": counts[many[0]][1]})
    long = tuple(path for path, text in _texts(content, "") if len(text) > limit(path))
    if long:
        raise Refusal("too_long", fields=long, values={"limit": limit(long[0])})
    out = tuple(path for path, number in _numbers(content) if abs(number) > LARGEST_NUMBER)
    if out:
        raise Refusal("out_of_range", fields=out)


def limit(path: str) -> int:
    """Return the most characters the field at `path` may hold."""
    return LONGER.get(path, TEXT)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            yield from _texts(item, f"{path}[{at}]")
    elif is_dataclass(value):
        for one in fields(value):
            yield from _texts(getattr(value, one.name), f"{path}.{one.name}" if path else one.name)


def _numbers(content: Content) -> Iterator[tuple[str, int]]:
    for at, line in enumerate(content.lines):
        yield f"lines[{at}].quantity", line.quantity
        yield f"lines[{at}].machines", line.machines
