"""A real context over a real database, and customers on the telephone."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from agent_desk.actions.agree_session import agree_session
from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.context import Context
from agent_desk.actions.open_session import open_session
from agent_desk.actions.record_consent import record_consent
from agent_desk.actions.save_draft import save_draft
from agent_desk.actions.views import SessionView
from agent_desk.paths import data_path
from agent_desk.ports import CaseFile, LetterPaper, Receipt
from agent_desk.reference import load_reference
from agent_desk.rules.session import (
    Answer,
    Call,
    Channel,
    Closing,
    ConsentKind,
    Content,
    Customer,
    Line,
    Outcome,
    Prerequisites,
    Step,
    VirusTool,
)
from agent_desk.settings import Settings
from agent_desk.storage.database import Database

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, 12:00 in Paris
CODE_KEY = bytes(range(32))


@dataclass(slots=True)
class SetClock:
    """A clock that stands still until it is moved."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    def move(self, **delta: float) -> None:
        self.time += timedelta(**delta)


@dataclass(slots=True)
class MemorySecrets:
    """A keyring that dies with the test; `usable` as the test wants it."""

    usable: bool = True
    kept: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


@dataclass(slots=True)
class PlainPrinter:
    """Draws a paper as its number and total, or its title."""

    drawn: list[Receipt] = field(default_factory=list)
    cases: list[CaseFile] = field(default_factory=list)
    letters: list[LetterPaper] = field(default_factory=list)

    def receipt(self, receipt: Receipt) -> bytes:
        self.drawn.append(receipt)
        return f"%PDF {receipt.number} {receipt.total[1]}".encode()

    def letter(self, letter: LetterPaper) -> bytes:
        self.letters.append(letter)
        return f"%PDF {letter.number} {letter.title}".encode()

    def case_file(self, case: CaseFile) -> bytes:
        self.cases.append(case)
        return f"%PDF {case.title}".encode()


def context(database: Database, **others: object) -> Context:
    """Return a context over `database`; `others` replace its fields."""
    made = Context(
        database=database,
        clock=SetClock(),
        secrets=MemorySecrets(),
        reference=load_reference(data_path("db", "seed")),
        printer=PlainPrinter(),
        settings=Settings(agent_name="Nadia Leroy", agent_id="abcd1234"),
        code_key=CODE_KEY,
    )
    return replace(made, **others)  # type: ignore[arg-type]  # the test names fields of Context


@pytest.fixture
def ctx(database: Database) -> Context:
    """Give a context on both engines."""
    return context(database)


@pytest.fixture
def sqlite_ctx(sqlite_database: Database) -> Context:
    """Give a context on SQLite, for what does not depend on the engine."""
    return context(sqlite_database)


@pytest.fixture
def postgresql_ctx(postgresql_url: str) -> Iterator[Context]:
    """Give a context on PostgreSQL, for what only several programs meet."""
    database = Database.open(postgresql_url)
    yield context(database)
    database.close()


def clock(ctx: Context) -> SetClock:
    """Return the context's clock, to be moved."""
    assert isinstance(ctx.clock, SetClock)
    return ctx.clock


CLAIRE = Customer(
    title="mme",
    surname="Morvan",
    first_name="Claire",
    address="4, rue des Embruns",
    postcode="29000",
    city="Quimper",
    login="claire.morvan",
    customer_number="482 915 307",
    callback_number="02 61 91 12 34",
    email="claire.morvan@example.org",
    subscription=True,
)
READY = Prerequisites(
    platform="windows-11", discs=True, conformity=True, internet_working=True, virus_tool=VirusTool.FREE
)
VIRUS = Line("security.virus-removal", operations=("removal",))
DEVICE = Line("livebox.connect-device")


def content(*lines: Line, customer: Customer = CLAIRE) -> Content:
    """Return a content with everything asked and answered, outcomes apart."""
    return Content(
        customer=customer,
        call=Call(started_at=NOON),
        description="Des fenêtres s'ouvrent toutes seules",
        lines=lines or (VIRUS, DEVICE),
        prerequisites=READY,
        closing=Closing(confirmation="email" if customer.email else "letter"),
    )


def type_in(ctx: Context, view: SessionView, typed: Content) -> SessionView:
    """Save `typed` as the screen would and return the session as it then is."""
    saved = save_draft(ctx, view.id, view.revision, typed, Step.REQUEST, "description")
    return replace(view, revision=saved.revision, content=saved.content)


def drafted(ctx: Context, typed: Content | None = None) -> SessionView:
    """Return an open session with everything typed."""
    typed = typed or content()
    return type_in(ctx, open_session(ctx, typed.call), typed)


def consent(ctx: Context, view: SessionView, *kinds: ConsentKind) -> SessionView:
    """Record the customer's spoken yes to each."""
    for kind in kinds:
        answer = Answer.DONE if kind is ConsentKind.BACKUP else Answer.YES
        view = record_consent(ctx, view.id, kind, answer, Channel.VOICE)
    return view


def agreed(ctx: Context, typed: Content | None = None) -> SessionView:
    """Return a session whose price was accepted."""
    view = consent(ctx, drafted(ctx, typed), ConsentKind.WARRANTY, ConsentKind.PRICE)
    return agree_session(ctx, view.id, view.version)


def begun(ctx: Context, typed: Content | None = None) -> SessionView:
    """Return a session with the work begun."""
    view = agreed(ctx, typed)
    view = consent(ctx, view, ConsentKind.BACKUP, ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)
    return begin_work(ctx, view.id, view.version)


def finished(ctx: Context, typed: Content | None = None, outcome: Outcome = Outcome.SOLVED) -> SessionView:
    """Return a session in progress with an outcome on every line."""
    view = begun(ctx, typed)
    lines = tuple(replace(line, outcome=outcome) for line in view.content.lines)
    return type_in(ctx, view, replace(view.content, lines=lines))
