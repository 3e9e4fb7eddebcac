"""Notes agents write often, read from `resources/notes/<language>.toml`."""

import tomllib
from dataclasses import dataclass

from agent_desk.paths import data_path


@dataclass(frozen=True, slots=True)
class NoteTheme:
    """Notes on one subject, in the order they are offered."""

    title: str
    notes: tuple[str, ...]


def load_notes(language: str) -> tuple[NoteTheme, ...]:
    """Return the themes in the agent's language; FileNotFoundError for one that is not written."""
    content = data_path("resources", "notes", f"{language}.toml").read_text(encoding="utf-8")
    return tuple(NoteTheme(one["title"], tuple(one["notes"])) for one in tomllib.loads(content)["theme"])
