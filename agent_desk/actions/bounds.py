"""How much may be typed into a session: what exceeds it is named; hardly anything is ever cut, the rest is saved."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from operator import attrgetter
from typing import Any

from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import Adjusted
from agent_desk.rules.catalogue import LINES_MAX, MACHINES_MAX, QUANTITY_MAX
from agent_desk.rules.session import Content, Customer, Line

TEXT = 200
LONGER = {"customer.address": 500, "notes": 4000, "description": 2000}
KEPT = 20_000  # characters of any text that are saved
TICKS = 500
OPERATIONS = 8
READABLE_CONTROLS = "\n\t"
MACHINES = max(MACHINES_MAX.values())

_CUSTOMER_TEXTS = attrgetter(*(one.name for one in fields(Customer) if one.type is str))

Change = Callable[[str, str, str], str]  # text, its path, the text stored there: the text as it shall be


def limit(path: str) -> int:
    """Return how many characters of the field at `path` mails, papers and lists show."""
    return LONGER.get(path, TEXT)


def within_bounds(typed: Content, stored: Content) -> tuple[Content, tuple[Adjusted, ...]]:
    """Return the content as it may be stored, and each field to be told of.

    Texts lose invisible characters; one beyond its limit is kept whole and told of when it changes, cut only at `KEPT`;
    a number out of range gives way to the stored one. Refusal `invalid_value` for lists beyond any use.
    """
    _check_counts(typed)
    adjusted: list[Adjusted] = []
    lines = tuple(_numbers(at, line, stored, adjusted) for at, line in enumerate(typed.lines))

    def keep(text: str, path: str, before: str) -> str:
        return _kept(text, path, before, adjusted)

    content: Content = _texts(replace(typed, lines=lines), stored, "", keep)
    return content, tuple(adjusted)


def shortened(content: Content) -> Content:
    """Return the content as mails and papers show it: each text cut at its limit."""
    if _is_short(content):
        return content
    made: Content = _texts(content, content, "", lambda text, path, _before: text[: limit(path)])
    return made


def _is_short(content: Content) -> bool:
    """Tell, without walking it all, that nothing in the usual content exceeds the least limit."""
    texts = (*_CUSTOMER_TEXTS(content.customer), *(line.equipment for line in content.lines))
    return max(map(len, texts)) <= TEXT and len(content.description) <= TEXT and len(content.notes) <= TEXT


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


def _texts(value: Any, before: Any, path: str, change: Change) -> Any:
    """Return `value` with every text of it changed; `before` is what is stored in the same place, None where nothing is."""
    if isinstance(value, str):
        # Enumerations are words of ours, not text.
        return change(value, path, before if isinstance(before, str) else "") if type(value) is str else value
    if isinstance(value, tuple):
        old = before if isinstance(before, tuple) else ()
        items = tuple(
            _texts(item, old[at] if at < len(old) else None, f"{path}[{at}]", change) for at, item in enumerate(value)
        )
        return value if all(new is item for new, item in zip(items, value, strict=True)) else items
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {}
    for one in fields(value):
        mine = getattr(value, one.name)
        new = _texts(mine, getattr(before, one.name, None), f"{path}.{one.name}" if path else one.name, change)
        if new is not mine:
            changed[one.name] = new
    return replace(value, **changed) if changed else value


def _kept(text: str, path: str, before: str, adjusted: list[Adjusted]) -> str:
    readable = text
    if not text.isprintable():
        readable = "".join(char for char in text if _is_readable(char))
        if readable != text:
            adjusted.append(Adjusted(path, "control_characters"))
    if len(readable) > KEPT:
        adjusted.append(Adjusted(path, "too_long", KEPT))
        return readable[:KEPT]
    if len(readable) > limit(path) and readable != before:
        adjusted.append(Adjusted(path, "long", limit(path)))
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
