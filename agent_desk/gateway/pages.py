"""The pages as they ship in resources/gateway, read once; marks such as @company@ are filled for each language."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent_desk.gateway.facts import Facts
from agent_desk.wording import LANGUAGES

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Pages:
    """`page` by language, the agent's viewer, what surrounds a personal link's page, and every other file by its name."""

    page: Mapping[str, bytes]
    personal: Mapping[str, str]
    viewer: bytes
    files: Mapping[str, tuple[str, bytes]]


def load_pages(folder: Path, facts: Facts) -> Pages:
    """Return the pages in `folder`, filled; OSError where one is missing."""
    page, personal = (
        {language: _filled((folder / name).read_text(encoding="utf-8"), facts, language) for language in LANGUAGES}
        for name in ("page.html", "personal.html")
    )
    viewer = (folder / "viewer.html").read_bytes()
    found = {path.name: (TYPES[path.suffix], path.read_bytes()) for path in folder.iterdir() if path.suffix in TYPES}
    return Pages({language: text.encode() for language, text in page.items()}, personal, viewer, found)


def _filled(template: str, facts: Facts, language: str) -> str:
    marks = {
        "language": language,
        "code_digits": str(facts.code_digits),
        "phone": facts.phone,
        "company": facts.company,
    }
    for mark, value in marks.items():
        template = template.replace(f"@{mark}@", html.escape(value))
    return template
