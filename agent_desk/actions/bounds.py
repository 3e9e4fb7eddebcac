"""How much may be typed into a session: what exceeds it is cut or kept as it was, and named; the rest is saved."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import Adjusted
from agent_desk.rules.catalogue import LINES_MAX, MACHINES_MAX, QUANTITY_MAX
from agent_desk.rules.session import Content, Line

TEXT = 200
LONGER = {"customer.address": 500, "notes": 4000, "description": 2000}
TICKS = 500
OPERATIONS = 8
READABLE_CONTROLS = "\n\t"
MACHINES = max(MACHINES_MAX.values())


def limit(path: str) -> int:
    """Return the most characters the field at `path` may hold."""
    return LONGER.get(path, TEXT)


def within_bounds(typed: Content, stored: Content) -> tuple[Content, tuple[Adjusted, ...]]:
    """Return the content as it may be stored, and each field that had to be changed for it.

    Texts are cut at their limit and lose invisible characters; a number out of range gives way to the stored one.
    Refusal `invalid_value` for lists beyond any use.
    """
    _check_counts(typed)
    adjusted: list[Adjusted] = []
    lines = tuple(_numbers(at, line, stored, adjusted) for at, line in enumerate(typed.lines))
    content: Content = _texts(replace(typed, lines=lines), "", adjusted)
    return content, tuple(adjusted)


def _check_counts(content: Content) -> None:
    counts = {"lines": (len(content.lines), LINES_MAX), "ticks": (len(content.ticks), TICKS)}
    counts |= {f"lines[{at}].operations": (len(line.operations), OPERATIONS) for at, line in enumerate(content.lines)}
    for path, (count, most) in counts.items():
        if count > most:
            raise Refusal("invalid_value", fields=(path,), values={"path": path})


def _numbers(at: int, line: Line, stored: Content, adjusted: list[Adjusted]) -> Line:
    before = stored.lines[at] if at < len(stored.lines) else Line(line.service)
    if not 1 <= line.quantity <= QUANTITY_MAX:
        adjusted.append(Adjusted(f"lines[{at}].quantity", "quantity_out_of_range", QUANTITY_MAX))
        line = replace(line, quantity=before.quantity)
    if not 1 <= line.machines <= MACHINES:
        adjusted.append(Adjusted(f"lines[{at}].machines", "machines_out_of_range", MACHINES))
        line = replace(line, machines=before.machines)
    return line


def _texts(value: Any, path: str, adjusted: list[Adjusted]) -> Any:
    if isinstance(value, str):
        # Enumerations are words of ours, not text.
        return _text(value, path, adjusted) if type(value) is str else value
    if isinstance(value, tuple):
        items = tuple(_texts(item, f"{path}[{at}]", adjusted) for at, item in enumerate(value))
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {}
    for one in fields(value):
        old = getattr(value, one.name)
        new = _texts(old, f"{path}.{one.name}" if path else one.name, adjusted)
        if new is not old:
            changed[one.name] = new
    return replace(value, **changed) if changed else value


def _text(text: str, path: str, adjusted: list[Adjusted]) -> str:
    readable = text
    if not text.isprintable():
        readable = "".join(char for char in text if _is_readable(char))
        if readable != text:
            adjusted.append(Adjusted(path, "control_characters"))
    if len(readable) > limit(path):
        adjusted.append(Adjusted(path, "too_long", limit(path)))
        return readable[: limit(path)]
    return readable


def _is_readable(char: str) -> bool:
    # Joiners and direction marks are not printable in Python's sense, but emoji and right-to-left names need them.
    return (
        char.isprintable()
        or char in READABLE_CONTROLS
        or not (char < " " or "\x7f" <= char < "\xa0" or _surrogate(char))
    )


def _surrogate(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"
