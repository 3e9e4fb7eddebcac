"""The steps an agent follows for each service, read from `resources/procedures/<service>.<language>.md`."""

import re
from dataclasses import dataclass

from agent_desk.paths import data_path

_SERVICE = re.compile(r"[a-z0-9-]+\.[a-z0-9-]+")
_TITLE, _ITEM, _TIP = "# ", "- [ ] ", "> "


@dataclass(frozen=True, slots=True)
class Procedure:
    """One service's steps; a tick names an item by its place in `items`, counted from 1."""

    title: str
    items: tuple[str, ...]
    tips: tuple[str, ...]


def load_procedure(service: str, language: str = "fr") -> Procedure:
    """Return the procedure of a service, in French where it is not translated; KeyError when it has none."""
    if not _SERVICE.fullmatch(service):
        raise KeyError(service)
    wanted = data_path("resources", "procedures", f"{service}.{language}.md")
    path = wanted if wanted.is_file() else wanted.with_name(f"{service}.fr.md")
    if not path.is_file():
        raise KeyError(service)
    return parse_procedure(path.read_text(encoding="utf-8"))


def parse_procedure(text: str) -> Procedure:
    """Read a title line, `- [ ] ` items and `> ` tips; ValueError for any other line, or without title or items."""
    found: dict[str, list[str]] = {_TITLE: [], _ITEM: [], _TIP: []}
    for line in filter(None, map(str.strip, text.splitlines())):
        mark = next((mark for mark in found if line.startswith(mark)), None)
        if mark is None:
            raise ValueError(line)
        found[mark].append(line.removeprefix(mark))
    if len(found[_TITLE]) != 1 or not found[_ITEM]:
        raise ValueError("a procedure has one title and at least one item")
    return Procedure(found[_TITLE][0], tuple(found[_ITEM]), tuple(found[_TIP]))
