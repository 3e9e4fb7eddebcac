"""An agent takes a call to its confirmation without touching the mouse."""

import re
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from agent_desk.actions.load_session import load_session
from agent_desk.rules.session import Outcome, State
from tests.journeys.main_job import TICKED, play
from tests.support.desks import SetClock
from tests.support.smtp import LOOPBACK, mail_server
from tests.support.source import ROOT
from tests.support.workstation import Workstation, wait_until, workstation

MOST_PRESSES = 40


def presses_in_readme() -> int:
    """Return the number of key presses that the README tells."""
    told = re.search(r"(\d+) key presses apart from typed text", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert told is not None
    return int(told[1])


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def _mails_accepted(desk: Workstation) -> bool:
    editor = desk.session.editor
    assert editor is not None
    session_id = editor.view.id
    view = desk.work(lambda ctx: load_session(ctx, session_id))
    return len(view.mails) == 2 and all(mail.state == "accepted" for mail in view.mails)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_whole_job_takes_at_most_forty_key_presses_apart_from_typed_text(
    qapp: QApplication, tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    relay: dict[str, Any] = {"relay_host": LOOPBACK, "relay_security": "none", "relay_state": "configured"}
    with (
        mail_server() as server,
        workstation(qapp, tmp_path, SetClock(), language=language, relay_port=server.port, **relay) as desk,
    ):
        play(desk, language)
        wait_until(lambda: len(server.received) == 2, "the offer and the confirmation")
        editor = desk.session.editor
        assert editor is not None
        view = editor.view
        clipboard = QGuiApplication.clipboard().text()

    assert desk.presses <= MOST_PRESSES
    assert desk.presses == presses_in_readme()
    with capsys.disabled():
        sys.stdout.write(f"\nkey presses apart from typed text ({language}): {desk.presses}\n")
    assert view.state is State.CLOSED
    assert (view.content.customer.title, view.content.customer.surname) == ("mme", "Morvan")
    assert len(view.content.ticks) == TICKED
    assert [line.outcome for line in view.content.lines] == [Outcome.NOT_SOLVED] * 2
    assert view.decision is not None
    assert (view.decision.total_cents, view.decision.vat_cents) == (7900, 1317)
    assert len(clipboard.replace(" ", "")) == 10
    confirmation = server.received[-1].message
    assert confirmation["To"] == "claire.morvan@example.org"
    assert "79,00" in _part(confirmation, "plain")
    assert [part.get_content_type() for part in confirmation.iter_attachments()] == ["application/pdf"]
