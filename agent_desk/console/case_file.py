"""Reading a billing case from JSON, strictly: every refused value is named by its path, such as `lines[0].quantity`."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from agent_desk.console.refusal import Refused
from agent_desk.rules.billing import Case, CaseLine
from agent_desk.rules.session import HomeVisit, Outcome, Segment, Territory

BYTES_MAX = 1 << 20
CASE = "case"
Word = TypeVar("Word", bound=StrEnum)


class _Pairs(tuple[tuple[str, Any], ...]):
    """A JSON object as written, so that a key given twice is still seen."""

    __slots__ = ()


def read_case(raw: bytes, name: str) -> Case:
    """Return the case in `raw` (JSON as in tests/cases/billing.json); raise Refused naming what is wrong.

    `name` is what the input is called where it is no JSON at all.
    """
    if len(raw) > BYTES_MAX:
        raise Refused(name, "errors.unreadable_input")
    try:
        value = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_Pairs, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(name, "errors.unreadable_input") from error
    fields = _object(value, "", ("territory", "segment", "home_visit", "lines"))
    return Case(
        territory=_word(fields["territory"], "territory", Territory),
        segment=_word(fields["segment"], "segment", Segment),
        home_visit=_word(fields["home_visit"], "home_visit", HomeVisit),
        lines=tuple(_line(line, f"lines[{at}]") for at, line in enumerate(_list(fields["lines"], "lines"))),
    )


def _line(value: object, path: str) -> CaseLine:
    fields = _object(value, path, ("service", "quantity", "outcome"), ("operations", "machines"))
    operations = _list(fields.get("operations", []), f"{path}.operations")
    return CaseLine(
        service=_text(fields["service"], f"{path}.service"),
        quantity=_whole(fields["quantity"], f"{path}.quantity"),
        outcome=_word(fields["outcome"], f"{path}.outcome", Outcome),
        operations=tuple(_text(name, f"{path}.operations[{at}]") for at, name in enumerate(operations)),
        machines=_whole(fields.get("machines", 1), f"{path}.machines"),
    )


def _object(value: object, path: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Mapping[str, Any]:
    if not isinstance(value, _Pairs):
        raise Refused(path or CASE)
    found: dict[str, Any] = {}
    for key, inner in value:
        if key in found or key not in required + optional:
            raise Refused(_below(path, key))
        found[key] = inner
    for key in required:
        if key not in found:
            raise Refused(_below(path, key), "errors.missing_value")
    return found


def _list(value: object, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise Refused(path)
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise Refused(path)
    return value


def _whole(value: object, path: str) -> int:
    # `true` is an int to Python, and 1.0 is no count.
    if type(value) is not int:
        raise Refused(path)
    return value


def _word(value: object, path: str, words: type[Word]) -> Word:
    if not isinstance(value, str) or value not in words._value2member_map_:
        raise Refused(path, choices=words)
    return words(value)


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
