"""The versioned texts read to customers; a consent row keeps the version and the SHA-256 of what was read."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent_desk.actions.share_views import PageFacts
from agent_desk.paths import data_path
from agent_desk.rules.catalogue_changes import ChangeKind, SiteChange, in_force, text_version
from agent_desk.rules.session import ConsentKind


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One text as it ships or as the site approved it; `sha256` is of its bytes, in hexadecimal."""

    kind: ConsentKind
    version: int
    language: str
    text: str
    sha256: str


def text_on(kind: ConsentKind, language: str, changes: Iterable[SiteChange], day: date) -> ConsentText:
    """Return what is read on `day`: the site's own wording where two people approved one, else the program's."""
    own = in_force(changes, ChangeKind.CONSENT, kind, day)
    if own is None:
        return latest_text(kind, language)
    texts = dict(own.value)
    spoken = language if language in texts else "fr"
    return made_text(kind, text_version(own.id), spoken, str(texts[spoken]))


def page_text(page: PageFacts, kind: ConsentKind) -> ConsentText:
    """Return what a customer's page shows: the site's own wording, which the desk put there, or the program's."""
    own = next((one for one in page.texts if one.kind is kind), None)
    return latest_text(kind, page.language) if own is None else made_text(kind, own.version, page.language, own.text)


def made_text(kind: ConsentKind, version: int, language: str, text: str) -> ConsentText:
    """Return a text with its fingerprint."""
    return ConsentText(kind, version, language, text, hashlib.sha256(text.encode()).hexdigest())


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
