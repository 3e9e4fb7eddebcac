"""A session's content as compact JSON: what has its default value is left out, what is not understood is passed over."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache, partial
from itertools import groupby
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from agent_desk.rules.session import Content

_TICK = re.compile(r"([^/,]+)/(\d+)")
_TICKS = re.compile(r"([^/,]+)/(\d+(?:,\d+)+)")

Decoder = Callable[[Any], Any]


class _Unfit(Exception):
    """A stored value that today's program does not understand."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One field: its name, its default (MISSING where it has none), and how its stored value is read."""

    name: str
    default: Any
    decode: Decoder


def to_json(content: Content) -> str:
    """Return the content as JSON, defaults left out; text that UTF-8 cannot carry becomes question marks."""
    grouped = replace(content, ticks=tuple(_grouped(content.ticks)))
    text = json.dumps(_encoded(grouped), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")


def from_json(text: str) -> Content:
    """Return the content; unknown names and unfit values of other versions give way to defaults; ValueError: no JSON."""
    value = json.loads(text)
    try:
        content: Content = _object(Content, value)
    except _Unfit as unfit:
        raise ValueError("content is not a JSON object") from unfit
    return replace(content, ticks=tuple(_single(content.ticks)))


def _grouped(ticks: Iterable[str]) -> Iterator[str]:
    """Yield ticks of one service after the other as one: `tv.advanced-use/1,2,3`."""
    for service, run in groupby(ticks, lambda tick: match[1] if (match := _TICK.fullmatch(tick)) else ""):
        if service:
            yield f"{service}/{','.join(tick.rpartition('/')[2] for tick in run)}"
        else:
            yield from run


def _single(ticks: Iterable[str]) -> Iterator[str]:
    for tick in ticks:
        match = _TICKS.fullmatch(tick)
        if match is None:
            yield tick
        else:
            yield from (f"{match[1]}/{number}" for number in match[2].split(","))


def _encoded(value: Any) -> Any:
    kind = type(value)
    if kind is str or value is None or kind is bool or kind is int:
        return value
    if kind is tuple:
        return [_encoded(item) for item in value]
    if kind is datetime:
        return value.isoformat()
    if not is_dataclass(kind):  # an enumeration is the word it stands for
        return value
    kept = ((place, getattr(value, place.name)) for place in _places(kind))
    return {place.name: _encoded(inner) for place, inner in kept if inner != place.default}


@cache
def _places(kind: type) -> tuple[_Place, ...]:
    hints = get_type_hints(kind)
    return tuple(_Place(one.name, _default(one), _decoder(hints[one.name])) for one in fields(kind))


def _default(one: Field[Any]) -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else MISSING


def _decoder(hint: Any) -> Decoder:
    """Return what reads a stored value of that type, or raises _Unfit."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        inner = _decoder(get_args(hint)[0])
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        return partial(_items, _decoder(get_args(hint)[0]))
    if is_dataclass(hint):
        return partial(_object, hint)
    if hint is datetime:
        return _moment
    if issubclass(hint, StrEnum):
        return partial(_choice, hint)
    return partial(_plain, hint)


def _object(kind: Any, value: Any) -> Any:
    if not isinstance(value, dict):
        raise _Unfit
    known: dict[str, Any] = {}
    for place in _places(kind):
        if place.name not in value:
            continue
        try:
            known[place.name] = place.decode(value[place.name])
        except _Unfit:
            continue
    try:
        return kind(**known)
    except TypeError as missing:  # a field without default was not understood
        raise _Unfit from missing


def _plain(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise _Unfit
    return value


def _items(decode: Decoder, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _Unfit
    items = []
    for item in value:
        try:
            items.append(decode(item))
        except _Unfit:
            continue
    return tuple(items)


def _choice(kind: type[StrEnum], value: Any) -> StrEnum:
    try:
        return kind(value)
    except ValueError as unknown:
        raise _Unfit from unknown


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as broken:
        raise _Unfit from broken
    if moment.tzinfo is None:
        raise _Unfit
    return moment
