"""The site file: settings that IT hands out to every workstation; they win over its own, which stay as they are.

TOML, keys as in the settings. Whoever mistypes one is told so: to go on without it could open another database.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from agent_desk.settings import LARGEST_FILE, Fact, Settings, accepted, facts, has_password

# What belongs to one person or one workstation.
PERSONAL = frozenset({"agent_id", "agent_name", "first_start_done"})
ADDRESSES = frozenset({"database_url", "report_database_url", "signal_database_url"})


class SiteFileFault(ValueError):
    """The site file cannot be used, and nothing else is used in its place; `code` is a sentence of `errors`."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class SiteFile:
    """What the site has set, by key."""

    values: Mapping[str, Any]

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys a workstation cannot change."""
        return frozenset(self.values)

    def over(self, own: Settings) -> Settings:
        """Return a workstation's settings as the site wants them."""
        return replace(own, **self.values)

    def apart(self, settings: Settings, own: Settings) -> Settings:
        """Return what a workstation keeps of `settings`: its own, also below what the site has set."""
        return replace(settings, **{key: getattr(own, key) for key in self.values})


def load_site_file(path: Path) -> SiteFile:
    """Return what the file says; SiteFileFault names the first thing that is wrong with it."""
    text = _text(path)
    try:
        given = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise SiteFileFault("site_file_syntax", file=path.name, line=line[1] if line else "?") from error
    known = {fact.key: fact for fact in facts()}
    return SiteFile({key: _value(key, value, known) for key, value in given.items()})


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            raise SiteFileFault("site_file_unreadable", file=path.name)
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SiteFileFault("site_file_unreadable", file=path.name) from error


def _value(key: str, value: object, known: Mapping[str, Fact]) -> object:
    if key not in known:
        nearest = get_close_matches(key, known.keys() - PERSONAL, n=1, cutoff=0.0)
        raise SiteFileFault("site_key_unknown", key=_printable(key), nearest=nearest[0])
    if key in PERSONAL:
        raise SiteFileFault("site_key_personal", key=key)
    days = [day.isoformat() if type(day) is date else day for day in value] if isinstance(value, list) else value
    try:
        found = accepted(key, days)
    except ValueError as error:
        raise SiteFileFault("site_value_refused", key=key) from error
    if key in ADDRESSES and has_password(str(found)):
        raise SiteFileFault("site_password", key=key)
    return found


def _printable(key: str) -> str:
    """Return an unknown key fit for a sentence."""
    clean = "".join(char if char.isprintable() else "�" for char in key)
    return clean if len(clean) <= 30 else f"{clean[:30]}…"
