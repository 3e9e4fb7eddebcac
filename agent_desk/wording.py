"""The words people read for the codes rules and actions return, one file per language in `resources/wording/`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from agent_desk.paths import data_path

LANGUAGES = ("fr", "en")

# French counts 0 and 1 as singular, English only 1.
_SINGULAR = {"fr": frozenset({0, 1}), "en": frozenset({1})}


@dataclass(frozen=True, slots=True)
class Wording:
    """One language; `entries` maps dotted keys to texts with `{name}` placeholders."""

    language: str
    entries: Mapping[str, str]

    def text(self, key: str, /, **values: object) -> str:
        """Return the text of `key`, filled; KeyError when the key or one of its values is missing."""
        return self.entries[key].format_map(values)

    def count(self, key: str, number: int, /, **values: object) -> str:
        """Return `key.one` or `key.other`, whichever `number` takes in this language, with `{count}` filled."""
        form = "one" if number in _SINGULAR[self.language] else "other"
        return self.text(f"{key}.{form}", **{"count": number, **values})

    def has(self, key: str) -> bool:
        """Tell whether `key` has a text."""
        return key in self.entries

    def table(self, key: str) -> dict[str, str]:
        """Return what stands under `key`, unfilled, by the rest of its dotted key; KeyError when nothing does."""
        start = f"{key}."
        found = {name.removeprefix(start): text for name, text in self.entries.items() if name.startswith(start)}
        if not found:
            raise KeyError(key)
        return found


@cache
def load_wording(language: str) -> Wording:
    """Return one of `LANGUAGES`, read once (about 5 ms); KeyError for another language."""
    if language not in LANGUAGES:
        raise KeyError(language)
    content = data_path("resources", "wording", f"{language}.toml").read_text(encoding="utf-8")
    return Wording(language, MappingProxyType(dict(_flatten(tomllib.loads(content)))))


def _flatten(tables: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{start}{name}.")
        else:
            yield f"{start}{name}", value
