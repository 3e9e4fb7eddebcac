"""What support gets to see of a whole job: nothing that names a customer, an agent, a code, or a machine."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from agent_desk.actions.context import Context
from agent_desk.actions.read_timeline import read_timeline
from tests.journeys.main_job import IDENTITY, play
from tests.support.deskctl import deskctl
from tests.support.desks import SetClock
from tests.support.mailers import running as mailer
from tests.support.smtp import LOOPBACK, MailServer, mail_server
from tests.support.workstation import Workstation, paris, wait_until, workstation

AGENT = "Nadia Leroy"
VISITOR = "192.0.2.77"
WORDS = re.compile(r"\w{4,}")


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Give a relay that answers with the customer's name and address."""
    with mail_server() as made:
        made.faults["rcpt"] = "550 5.1.1 <{address}> Claire Morvan, 4, rue des Embruns, unknown"
        yield made


def pieces() -> set[str]:
    """Return everything that must not be found, in small letters."""
    typed = {word.lower() for text in (*IDENTITY, AGENT) for word in WORDS.findall(text)}
    numbers = {re.sub(r"\D", "", text) for text in IDENTITY if sum(char.isdigit() for char in text) > 4}
    return typed | numbers | {"482 915", "02 61 91", VISITOR, "relais.exemple"}


def fails(_ctx: Context) -> None:
    raise ValueError(f"{IDENTITY[1]} {IDENTITY[0]}")


def refused_visitor(port: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as asked:
        asked.request("GET", f"/{IDENTITY[3]}", headers={"Host": "elsewhere.example", "X-Forwarded-For": VISITOR})
        asked.getresponse().read()


def test_logs_and_bundle_of_a_whole_job_hold_nothing_personal(
    qapp: QApplication, tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "desk"
    relay: dict[str, Any] = {
        "relay_state": "configured",
        "relay_host": LOOPBACK,
        "relay_port": server.port,
        "relay_security": "none",
    }
    wanted: dict[str, Any] = {"agent_name": AGENT, "trusted_proxies": LOOPBACK, "company": "Relais.exemple", **relay}
    with workstation(qapp, home, SetClock(paris(15)), **wanted) as desk:
        play(desk)
        digits = code_of(desk)
        gateway = desk.program._gateway._running
        assert gateway is not None
        desk.work(lambda _ctx: refused_visitor(gateway.port))
        told: list[str] = []
        desk.program.desk.failed.connect(told.append)
        desk.program.desk.run(fails)
        wait_until(lambda: told, "the failure to be told")
        desk.program.sending.wake()
        wait_until(lambda: not desk.program.sending._sending, "the outbox")
        states = {one.state for one in desk.work(lambda ctx: read_timeline(ctx, 1)).session.mails}
        assert states == {"rejected"}
    with mailer(home) as process:
        assert process.poll() is None
    monkeypatch.setenv("AGENT_DESK_HOME", str(home))
    bundle = tmp_path / "bundle.zip"
    assert deskctl("support-bundle", str(bundle)).status == 0
    read = {path.name: path.read_text(encoding="utf-8") for path in (home / "logs").iterdir()}
    with zipfile.ZipFile(bundle) as packed:
        read |= {f"bundle/{name}": packed.read(name).decode() for name in packed.namelist()}
    assert {"desk.log", "mailer.log", "bundle/settings.json", "bundle/logs/desk.log"} <= read.keys()
    assert "ValueError" in read["desk.log"]
    assert "refused 192.0.2.0/24: wrong_host" in read["desk.log"]
    found = [
        (name, piece)
        for name, text in read.items()
        for piece in pieces() | {digits}
        if piece in re.sub(r"\s", " ", text.lower())
    ]
    assert found == []


def code_of(desk: Workstation) -> str:
    """Return the digits the agent has copied."""
    digits = re.sub(r"\D", "", QApplication.clipboard().text())
    assert len(digits) >= 6
    return digits
