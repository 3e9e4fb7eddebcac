"""What an installed program can check about itself without a screen: each check returns one sentence or raises."""

import platform
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from agent_desk import __version__, late
from agent_desk.adapters.pdf import PdfPrinter
from agent_desk.adapters.secrets import KeyringSecrets
from agent_desk.paths import data_path
from agent_desk.ports import Receipt, ReceiptLine
from agent_desk.rules.session import Call
from agent_desk.settings import load_settings, save_settings
from agent_desk.wiring.context import open_context
from agent_desk.wiring.gateway import start_gateway
from agent_desk.wording import LANGUAGES, load_wording

ZONES = (
    "Europe/Paris",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "Indian/Reunion",
    "Indian/Mayotte",
)
ANSWER_SECONDS = 10.0

Check = Callable[[Path], str]


def check_program(_folder: Path) -> str:
    """Say which program this is, and that its time zones are at hand."""
    zones = [ZoneInfo(name).key for name in ZONES]
    return f"Agent Desk {__version__}, Python {platform.python_version()}, {len(zones)} time zones"


def check_database(folder: Path) -> str:
    """Make a database in `folder`, open a session in it and read it back."""
    settings = replace(load_settings(folder).settings, agent_name="Self-test", first_start_done=True)
    save_settings(folder, settings)
    ctx = open_context(settings)
    with closing(ctx.database):
        opened = late.open_session(ctx, Call())
        again = late.load_session(ctx, opened.id)
    if again.number != opened.number:
        raise ValueError("the session read is not the one written")
    return f"session {opened.number} written and read; PostgreSQL driver {psycopg.__version__}"


def check_wording(_folder: Path) -> str:
    """Load the words of every language."""
    counts = {language: len(load_wording(language).entries) for language in LANGUAGES}
    if len(set(counts.values())) != 1:
        raise ValueError(f"one language has more texts than another: {counts}")
    return ", ".join(f"{count} texts in {language}" for language, count in counts.items())


def check_pdf(_folder: Path) -> str:
    """Draw the same receipt twice and compare."""
    line = ReceiptLine("Essai", "résolu", "Prestation réalisée", "5", "1", "49,00 €", "49,00 €")
    receipt = Receipt(
        language="fr",
        number="1",
        title="Confirmation",
        company="Agent Desk",
        author="Agent Desk",
        recipient=("Éloïse Lefèvre",),
        facts=(("Date", "2 novembre 2026"),),
        columns=("Service", "Résultat", "Quantité", "Prix", "Montant"),
        lines=(line,),
        total=("Total", "49,00 €"),
        total_notes=(),
        paragraphs=(("Contact", "776"),),
    )
    printer = PdfPrinter(data_path("resources", "fonts"))
    first, second = printer.receipt(receipt), printer.receipt(receipt)
    if not first.startswith(b"%PDF-") or first != second:
        raise ValueError("the same receipt gave other bytes, or no PDF")
    return f"{len(first)} bytes, twice the same"


def check_gateway(folder: Path) -> str:
    """Serve the customer's page on this machine and fetch it."""
    ctx = open_context(replace(load_settings(folder).settings, gateway_listen="127.0.0.1:0"))
    with (
        closing(ctx.database),
        closing(start_gateway(ctx)) as gateway,
        closing(HTTPConnection("127.0.0.1", gateway.port, timeout=ANSWER_SECONDS)) as asked,
    ):
        asked.request("GET", "/")
        answer = asked.getresponse()
        page = answer.read()
    if answer.status != HTTPStatus.OK or b"/static/page.js" not in page:
        raise ValueError(f"the page was answered with {answer.status}")
    return f"the customer's page, {len(page)} bytes"


def check_keyring(_folder: Path) -> str:
    """Say where secrets go; a system without a keyring is no fault."""
    return "the system's keyring" if KeyringSecrets().usable else "none here; secrets last until the program ends"


CHECKS: Mapping[str, Check] = {
    "program": check_program,
    "database": check_database,
    "wording": check_wording,
    "pdf": check_pdf,
    "keyring": check_keyring,
    "gateway": check_gateway,
}


def run_checks(checks: Mapping[str, Check], folder: Path, tell: Callable[[str], None]) -> bool:
    """Run every check even after a failure, tell one line each, and return whether all passed."""
    passed = True
    for name, check in checks.items():
        try:
            tell(f"ok      {name}: {check(folder)}")
        except Exception as error:  # noqa: BLE001  # whatever is missing from an installation, it must be told
            passed = False
            tell(f"FAILED  {name}: {type(error).__name__}: {error}")
    return passed
