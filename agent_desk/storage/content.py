"""A session's content as compact JSON: what has its default value is left out, what is not understood is passed over."""

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from agent_desk.rules.session import Content


class _Unfit(Exception):
    """A stored value that today's program does not understand."""


def to_json(content: Content) -> str:
    """Return the content as JSON, defaults left out; text that UTF-8 cannot carry becomes question marks."""
    text = json.dumps(_encoded(content), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")


def from_json(text: str) -> Content:
    """Return the content; unknown names and unfit values of other versions give way to defaults; ValueError: no JSON."""
    value = json.loads(text)
    try:
        content: Content = _object(Content, value)
    except _Unfit as unfit:
        raise ValueError("content is not a JSON object") from unfit
    return content


def _encoded(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = ((one, getattr(value, one.name)) for one in fields(value))
        return {one.name: _encoded(inner) for one, inner in kept if inner != _default(one)}
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _default(one: Field[Any]) -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else MISSING


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _object(kind: type, value: Any) -> Any:
    if not isinstance(value, dict):
        raise _Unfit
    hints = _hints(kind)
    known: dict[str, Any] = {}
    for one in fields(kind):
        if one.name not in value:
            continue
        try:
            known[one.name] = _decoded(hints[one.name], value[one.name])
        except _Unfit:
            continue
    try:
        return kind(**known)
    except TypeError as missing:  # a field without default was not understood
        raise _Unfit from missing


def _decoded(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return None if value is None else _decoded(get_args(hint)[0], value)
    if origin is tuple:
        return _items(get_args(hint)[0], value)
    if is_dataclass(hint):
        return _object(hint, value)  # type: ignore[arg-type]  # is_dataclass does not narrow Any to type
    if hint is datetime:
        return _moment(value)
    if issubclass(hint, StrEnum):
        return _choice(hint, value)
    if type(value) is not hint:
        raise _Unfit
    return value


def _items(hint: Any, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _Unfit
    items = []
    for item in value:
        try:
            items.append(_decoded(hint, item))
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
