"""The words people read for the codes rules and actions return, by language in `resources/wording/`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from agent_desk.paths import data_path

LANGUAGES = ("fr", "en")
# Half of all words, in files of their own (`fr.errors.toml` …): the first screen is there without them.
LATE = ("errors", "events", "deskctl")

# French counts 0 and 1 as singular, English only 1.
_SINGULAR = {"fr": frozenset({0, 1}), "en": frozenset({1})}


@dataclass(frozen=True, slots=True)
class Wording:
    """One language; `tables` has the texts by dotted key, with `{name}` placeholders, under the first part of the key."""

    language: str
    tables: Mapping[str, Mapping[str, str]]

    @property
    def entries(self) -> Mapping[str, str]:
        """Return every text there is by its dotted key."""
        return {key: text for table in self.tables.values() for key, text in table.items()}

    def text(self, key: str, /, **values: object) -> str:
        """Return the text of `key`, filled; KeyError when the key or one of its values is missing."""
        return self._of(key)[key].format_map(values)

    def count(self, key: str, number: int, /, **values: object) -> str:
        """Return `key.one` or `key.other`, whichever `number` takes in this language, with `{count}` filled."""
        form = "one" if number in _SINGULAR[self.language] else "other"
        return self.text(f"{key}.{form}", **{"count": number, **values})

    def has(self, key: str) -> bool:
        """Tell whether `key` has a text."""
        return key in self._of(key)

    def table(self, key: str) -> dict[str, str]:
        """Return what stands under `key`, unfilled, by the rest of its dotted key; KeyError when nothing does."""
        start = f"{key}."
        found = {name.removeprefix(start): text for name, text in self._of(key).items() if name.startswith(start)}
        if not found:
            raise KeyError(key)
        return found

    def _of(self, key: str) -> Mapping[str, str]:
        return self.tables.get(key.partition(".")[0], {})


class _Tables(Mapping[str, Mapping[str, str]]):
    """The tables of one language; one of `LATE` is read when it is first asked for."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._read = _read(language)

    def __getitem__(self, name: str) -> Mapping[str, str]:
        if name in LATE and name not in self._read:
            self._read |= _read(f"{self._language}.{name}")
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._read, *LATE)))

    def __len__(self) -> int:
        return len({*self._read, *LATE})


@cache
def load_wording(language: str) -> Wording:
    """Return one of `LANGUAGES`, read once (about 5 ms, and as much for all of `LATE`); KeyError for another language."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return Wording(language, _Tables(language))


def _read(name: str) -> dict[str, Mapping[str, str]]:
    content = data_path("resources", "wording", f"{name}.toml").read_text(encoding="utf-8")
    return {table: dict(_flatten(texts, f"{table}.")) for table, texts in tomllib.loads(content).items()}


def _flatten(tables: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{start}{name}.")
        else:
            yield f"{start}{name}", value
