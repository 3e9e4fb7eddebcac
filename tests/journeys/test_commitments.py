"""A month of work stands in Pilotage: what was promised, the misses in the Journal, the samples signed, a paper for the auditor."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.send_next import send_next
from agent_desk.actions.tell_tariff import tell_tariff
from agent_desk.desktop.commitments import CommitmentsScreen
from agent_desk.desktop.journal import JournalScreen
from agent_desk.gateway.facts import facts_of
from agent_desk.reference import commitments
from agent_desk.wiring.gateway import serve
from tests.support.callcentre import NADIA, POST, SAM, CallCentre
from tests.support.desks import SetClock, finished
from tests.support.gateways import Browser, served
from tests.support.links import reachable, token_in
from tests.support.mails import ScriptedRelay
from tests.support.seeing import focused, idle, seen, shows
from tests.support.workstation import Workstation, wait_until, workstation

TOLD, PRICE, SATISFIED = (
    next(at for at, one in enumerate(commitments()) if one.id == name)
    for name in ("tariff-told", "price-first", "satisfied")
)
ENTER, F2, F3, F6, F8 = (getattr(Qt.Key, f"Key_{name}") for name in ("Return", "F2", "F3", "F6", "F8"))


def closed(agent: Context, *, told: bool = False) -> str:
    """Close a session and return its number."""
    done = finished(agent)
    done = tell_tariff(agent, done.id) if told else done
    return close_session(agent, done.id, done.version).number


def answers(centre: CallCentre, agent: Context) -> None:
    """Let the customers whose confirmations leave now say that they are satisfied, and one of them twice."""
    worker, relay = replace(centre.ctx(POST), clock=agent.clock), ScriptedRelay()
    while send_next(worker, relay):
        pass
    tokens = [token_in(letter) for letter in relay.sent if "/avis" in letter.text]
    page = served(centre.own).settings
    with closing(serve(centre.gateway(), page, facts_of(page))) as ours:
        for token, answer in zip((*tokens, tokens[0]), ("yes", "no", "no"), strict=True):
            body = urlencode({"t": token, "a": answer, "lang": "fr"}).encode()
            form = {"Content_Type": "application/x-www-form-urlencoded"}
            assert Browser(ours.port).ask("POST", "/avis", body, form).status == 200


def register(desk: Workstation) -> CommitmentsScreen:
    """Go there as one does: Pilotage, then F6."""
    desk.press(Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    wait_until(lambda: desk.window.current is desk.window.screen_named("pilotage"), "Pilotage")
    idle(desk)
    desk.press(F6)
    wait_until(lambda: isinstance(desk.window.current, CommitmentsScreen), "the commitments")
    idle(desk)
    screen = desk.window.current
    assert isinstance(screen, CommitmentsScreen)
    return screen


def test_a_supervisor_reads_opens_controls_and_signs_what_was_promised(
    qapp: QApplication, tmp_path: Path, staffed: CallCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = SetClock()
    agent = reachable(replace(staffed.ctx(NADIA), clock=watch))
    told, forgotten = closed(agent, told=True), closed(agent)
    answers(staffed, agent)
    watch.move(days=15)
    with workstation(qapp, tmp_path / "sam", watch, database_url=staffed.url(SAM)) as desk:
        screen = register(desk)
        cells = [[screen.model.cell(row, column).text for column in range(5)] for row in range(screen.model.rowCount())]
        rows = [[text.replace("\u202f", " ") for text in row] for row in cells]
        assert rows[TOLD][1:] == ["95 %", "50 %", "1", "non tenu"]
        assert rows[PRICE][1:] == ["100 %", "100 %", "0", "tenu"]
        assert rows[SATISFIED][1:] == ["80 %", "50 %", "1", "non tenu"], "a second answer counts for nothing"
        screen.table.selectRow(TOLD)
        idle(desk)
        assert "50 % (1 sur 2) · objectif 95 %" in seen(screen.reading)
        screen.reading.misses.setFocus()
        desk.press(ENTER)
        wait_until(lambda: isinstance(desk.window.current, JournalScreen), "the journal")
        shows(desk, f"{forgotten} · Claire Morvan")
        assert told not in seen(desk.window), "the miss alone"
        screen = register(desk)
        screen.table.selectRow(PRICE)
        idle(desk)
        control = screen.reading.control
        assert "11/2026" in seen(control), "the month that is over"
        control.show_button.setFocus()
        desk.press(Qt.Key.Key_Space)
        wait_until(lambda: len(control.model.rows) == 2, "the cases drawn")
        control.table.setFocus()
        desk.press(F3)  # against it, and not a word why
        wait_until(lambda: focused() is control.note, "the reason asked for")
        desk.type("accord donne trop tard")
        desk.press(F3)
        wait_until(lambda: control.model.rows[0].verdict is not None, "the first finding")
        assert not control.sign_button.isEnabled()
        desk.press(F2)
        wait_until(lambda: control.model.rows[1].verdict is not None, "the second finding")
        control.sign_button.setFocus()
        desk.press(Qt.Key.Key_Space)
        wait_until(lambda: "Sam Petit" in seen(control), "the signature")
        assert not control.note.isVisible()
        for paper in (tmp_path / "engagements.pdf", tmp_path / "engagements.csv"):
            monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_more, paper=paper: (str(paper), ""))
            desk.press(F8)
            wait_until(paper.exists, paper.name)
            idle(desk)
        written = PdfReader(tmp_path / "engagements.pdf").pages
        assert "Vous connaissez le prix" in " ".join("".join(page.extract_text() for page in written).split())
        assert "tariff-told" in (tmp_path / "engagements.csv").read_text(encoding="utf-8-sig")
        pilotage = desk.window.screen_named("pilotage")
        desk.press(Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
        wait_until(lambda: desk.window.current is pilotage, "Pilotage")
        choice = next(
            one
            for one in desk.window.findChildren(QAbstractButton)
            if one.text().replace("\u00a0", " ") == "30 jours" and one.isVisible()
        )
        choice.setFocus()
        desk.press(Qt.Key.Key_Space)
        shows(desk, "Avis des clients 50 % satisfaits, sur 2 réponses")
