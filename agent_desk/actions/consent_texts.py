"""The versioned texts read to customers; a consent row keeps the version and the SHA-256 of what was read."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from agent_desk.paths import data_path
from agent_desk.rules.session import ConsentKind


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One text as it ships; `sha256` is of the file's bytes, in hexadecimal."""

    kind: ConsentKind
    version: int
    language: str
    text: str
    sha256: str


def latest_text(kind: ConsentKind, language: str) -> ConsentText:
    """Return the newest version in the customer's language, in French where it is not translated."""
    folder = data_path("resources", "consents", kind)
    path = _newest(folder, language) or _newest(folder, "fr")
    if path is None:
        raise FileNotFoundError(folder)
    raw = path.read_bytes()
    version, spoken, _ = path.name.split(".")
    return ConsentText(kind, int(version), spoken, raw.decode("utf-8"), hashlib.sha256(raw).hexdigest())


def _newest(folder: Path, language: str) -> Path | None:
    files = folder.glob(f"*.{language}.txt")
    return max(files, key=lambda path: int(path.name.split(".")[0]), default=None)
