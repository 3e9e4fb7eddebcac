"""The internal control plan: which cases of a month are checked by a person, what may be found, and what is signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from hmac import digest

from agent_desk.rules.commitments import after, first_of
from agent_desk.rules.report import day_begins

SAMPLE = 8  # cases of each commitment and month
NOTE_MAX = 400
_DOMAIN = b"agent-desk control 1\x00"


class Verdict(StrEnum):
    """What the person who checked a case found; also the key of its wording (`control_verdicts.<verdict>`)."""

    CONFORM = "conform"
    NOT_CONFORM = "not_conform"


@dataclass(frozen=True, slots=True)
class Sample:
    """One case that was drawn; `verdict` is None until somebody has checked it."""

    id: int
    session_id: int
    number: str
    agent: str
    verdict: Verdict | None = None
    note: str = ""
    checked_by: str = ""
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sample of one commitment and month; `signed_at` is None while it is open."""

    commitment: str
    month: str
    samples: tuple[Sample, ...]
    signed_at: datetime | None = None
    signed_by: str = ""
    sha256: bytes = b""

    @property
    def conform(self) -> int:
        """Return how many cases were found conform."""
        return sum(one.verdict is Verdict.CONFORM for one in self.samples)

    @property
    def open(self) -> int:
        """Return how many cases nobody has checked yet."""
        return sum(one.verdict is None for one in self.samples)


def drawn(key: bytes, commitment: str, month: str, session_ids: Iterable[int], count: int = SAMPLE) -> tuple[int, ...]:
    """Return the cases to check: the same whoever draws, known to nobody without the key."""

    def lot(session_id: int) -> bytes:
        return digest(key, _DOMAIN + f"{commitment}/{month}/{session_id}".encode(), sha256)

    return tuple(sorted(sorted(session_ids, key=lot)[:count]))


def is_over(month: str, now: datetime) -> bool:
    """Tell whether a month has ended: before that nothing is drawn of it."""
    return now >= day_begins(first_of(after(month)))


def check_refusal(sheet: Sheet, sample: Sample, who: str, verdict: Verdict, note: str) -> str:
    """Return why `who` may not find this of a case, a key of the wording table `errors`; "" where they may."""
    if sheet.signed_at is not None:
        return "control_signed"
    if sample.agent == who:
        return "control_own"
    if len(note) > NOTE_MAX:
        return "control_note_long"
    return "control_note" if verdict is Verdict.NOT_CONFORM and not note.strip() else ""


def sign_refusal(sheet: Sheet) -> str:
    """Return why a sheet cannot be signed, a key of the wording table `errors`; "" where it can."""
    if sheet.signed_at is not None:
        return "control_signed"
    return "control_open" if sheet.open or not sheet.samples else ""


def fingerprint(sheet: Sheet) -> bytes:
    """Return the SHA-256 of what is signed: each case with what was found, by whom and with which words."""
    lines = [f"{sheet.commitment}\n{sheet.month}\n"]
    for one in sheet.samples:
        words = sha256(one.note.encode()).hexdigest()
        who = sha256(one.checked_by.encode()).hexdigest()
        lines.append(f"{one.session_id} {one.verdict or ''} {who} {words}\n")
    return sha256("".join(lines).encode()).digest()
