"""What Agent Desk needs from outside, as protocols; adapters implement them, actions receive them."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from agent_desk.rules.mail import MailChannel, ReportKind


class Clock(Protocol):
    """Time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class Secrets(Protocol):
    """A person's keyring; `usable` is False where the system has none."""

    @property
    def usable(self) -> bool:
        """Tell whether secrets outlive the program."""

    def get(self, name: str) -> str | None:
        """Return the secret called `name`, or None."""

    def set(self, name: str, value: str) -> None:
        """Keep `value` under `name`; in memory only where the keyring is not usable."""

    def delete(self, name: str) -> None:
        """Forget `name`; a missing one is no error."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in to the database; `keep` where the person wishes the password kept in the keyring."""

    login: str
    password: str = field(default="", repr=False)
    keep: bool = False


class Reply(StrEnum):
    """What became of a mail handed to the relay."""

    ACCEPTED = "accepted"
    RETRY = "retry"  # nothing was taken: no connection, 4yz, or sign-in refused
    REJECTED = "rejected"  # 5yz
    UNCERTAIN = "uncertain"  # no answer after the final dot


@dataclass(frozen=True, slots=True)
class Delivery:
    """The relay's answer: what it means, its code (0: none), its text without personal data, and why (wording `relay`)."""

    reply: Reply
    code: int = 0
    text: str = ""
    cause: str = ""
    dsn_requested: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, rendered; `message_id` and `envid` never change between attempts.

    An SMS is a letter too: sender and recipient are numbers or a name, and it has a text alone.
    """

    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    message_id: str
    envid: str
    date: datetime
    attachments: tuple[Attachment, ...] = ()
    receipt_requested: bool = False
    channel: MailChannel = MailChannel.MAIL


@dataclass(frozen=True, slots=True)
class Report:
    """What came back about one mail, named by `envid` or `message_id` ("" where not told).

    `status` is the code of RFC 3463, such as 5.1.1, or ""; `mark` tells this report from any other.
    """

    kind: ReportKind
    envid: str
    message_id: str
    status: str
    mark: str


class Relay(Protocol):
    """The e-mail relay, or the gateway for messages of another channel."""

    channel: MailChannel = MailChannel.MAIL

    def send(self, letter: Letter, data_begins: "DataBegins") -> Delivery:
        """Hand one message over, calling `data_begins` just before it may be taken; never raises for what the relay or network does."""

    def kept(self) -> "AbstractContextManager[Relay]":
        """Give the same relay for several mails, which then share a connection where that is safe."""
        return nullcontext(self)


class DataBegins(Protocol):
    """Called before DATA, so that a crash after it is known to be uncertain; False means: do not go on."""

    def __call__(self) -> bool:
        """Note that DATA begins; False when this worker has lost its claim."""


Label = tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of a running program: name, help, "counter" or "gauge", and a value for each label; nothing personal."""

    name: str
    help: str
    kind: str
    samples: tuple[tuple[Label, float], ...]


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line of a receipt: what, how it ended, why (with its article), how much; every text ready to print."""

    label: str
    outcome: str
    reason: str
    article: str
    quantity: str
    unit_price: str
    amount: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The plain model the confirmation PDF is drawn from: every text in the customer's language, ready to print."""

    language: str
    number: str
    title: str
    company: str
    author: str
    recipient: tuple[str, ...]  # the address block, line by line
    facts: tuple[tuple[str, str], ...]  # label, value: case number, date of the work …
    columns: tuple[str, str, str, str, str]  # service, outcome, quantity, unit price, amount
    lines: tuple[ReceiptLine, ...]
    total: tuple[str, str]  # label, amount
    total_notes: tuple[str, ...]  # VAT, no charge …
    paragraphs: tuple[tuple[str, str], ...]  # heading, text
    page_label: str = "{page} / {pages}"


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """The plain model of a letter: every text in the customer's language, ready to print."""

    language: str
    number: str
    title: str
    company: str
    author: str
    recipient: tuple[str, ...]  # the address block, line by line
    facts: tuple[tuple[str, str], ...]  # label, value
    paragraphs: tuple[str, ...]
    page_label: str = "{page} / {pages}"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row of a case file: what stands at its left, what it says, what is added below, and a mark at its right."""

    label: str
    text: str
    details: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The plain model of everything about one session on paper: every text ready to print."""

    language: str
    number: str
    title: str
    company: str
    author: str
    facts: tuple[tuple[str, str], ...]  # label, value
    sections: tuple[tuple[str, tuple[CaseRow, ...]], ...]  # heading, rows
    page_label: str = "{page} / {pages}"


class Printer(Protocol):
    """Draws documents."""

    def receipt(self, receipt: Receipt) -> bytes:
        """Return the confirmation as PDF: identical bytes for identical data."""

    def letter(self, letter: LetterPaper) -> bytes:
        """Return a letter as PDF: identical bytes for identical data."""

    def case_file(self, case: CaseFile) -> bytes:
        """Return everything about one session as PDF."""


class SheetKind(StrEnum):
    """What stands in a column of a sheet."""

    TEXT = "text"
    MONEY = "money"  # whole cents
    MOMENT = "moment"  # aware; shown as on the wall of whoever wrote it


SheetRow = Sequence[str | int | datetime | None]


class Sheet(Protocol):
    """A table for spreadsheets, written row by row; what begins like a formula stays text."""

    def add(self, rows: Iterable[SheetRow]) -> None:
        """Write rows under what is there."""
