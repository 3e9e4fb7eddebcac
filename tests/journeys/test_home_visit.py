"""A line stays unsolved: the price is told, a technician is booked, the customer is texted, and the visit has its own bill."""

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.context import Context
from agent_desk.desktop.journal import JournalScreen
from agent_desk.desktop.mail_row import MailRow
from agent_desk.desktop.session.visit_bar import VisitBar
from agent_desk.rules.session import State, Step
from agent_desk.storage.mails import read_letter, session_mails
from tests.support.desks import DEVICE, SetClock, begun, content
from tests.support.seeing import CONTROL, F9, arrived, bar_of, idle, opened, seen, shows, today
from tests.support.visits import MOBILE, TOMORROW
from tests.support.workstation import Workstation, wait_until, workstation


def letters(ctx: Context, session_id: int) -> dict[str, str]:
    """Return what the customer was written, by kind."""
    with ctx.database.read() as tx:
        found = {one.kind: read_letter(tx, one.id) for one in session_mails(tx, session_id)}
    return {kind: " ".join(one.text.split()) for kind, one in found.items() if one is not None}


def closes(desk: Workstation) -> None:
    """Say that the line was not solved and a technician is wanted, and close."""
    desk.press(Qt.Key.Key_6, CONTROL)
    wait_until(lambda: desk.session.step is Step.CLOSING, "the last step")
    desk.settle()
    desk.answer("n")
    desk.settle()
    desk.answer("a")
    desk.settle()
    assert "Déplacement 69,00 € au plus, confirmé par SMS" in seen(desk.window)
    desk.press(F9)
    wait_until(lambda: desk.session.editor.view.state is State.CLOSED, "the end")  # type: ignore[union-attr]
    desk.settle()


def test_a_line_that_failed_leads_to_a_visit_at_the_price_told_with_its_own_decision_and_mail(
    qapp: QApplication, tmp_path: Path
) -> None:
    watch = SetClock()
    with workstation(qapp, tmp_path, watch) as desk:
        view = desk.work(lambda ctx: begun(ctx, content(DEVICE, customer=MOBILE)))
        opened(desk, view.id)
        closes(desk)
        today(desk)
        shows(desk, "Visite")
        desk.press(F9)
        arrived(desk, view.id)
        bar = bar_of(desk, VisitBar)
        assert "69,00 € TTC (Métropole), TVA 20 %" in seen(bar)
        bar.fee.setFocus()
        bar.fee.selectAll()
        desk.type("69,01")
        wait_until(bar.trouble.isVisible, "the refusal")
        assert not bar.acts["booked"].isEnabled()
        assert "69,00 € (4.8)" in seen(bar)
        bar.fee.selectAll()
        desk.type("62")
        wait_until(lambda: "1 SMS" in seen(bar), "the SMS as it will be")
        assert "« Le déplacement coûte 62,00 € TTC, pas plus de 69,00 €." in seen(bar), "told before it is accepted"
        assert "Technicien mar. 24 nov. entre 9 h et 11 h. Déplacement : 62,00 € TTC. Questions :" in seen(bar)
        bar.acts["booked"].setFocus()
        desk.press(Qt.Key.Key_Space)
        wait_until(lambda: not bar.acts["booked"].isVisible(), "the visit")
        idle(desk)
        assert "Prise : mardi 24 novembre 2026, entre 9 h et 11 h, 62,00 € TTC." in seen(bar)
        told = desk.work(lambda ctx: letters(ctx, view.id))
        assert told.keys() == {"offer", "confirmation", "visit_booked", "visit_fee", "visit_reminder"}
        for kind in ("visit_booked", "visit_fee", "visit_reminder"):
            assert "62,00 €" in told[kind], kind
        assert "assistance.example/questions" in told["visit_booked"]
        watch.time = TOMORROW + timedelta(hours=2)
        today(desk)
        desk.press(Qt.Key.Key_F5)
        shows(desk, "Visite")
        desk.press(F9)
        arrived(desk, view.id)
        bar = bar_of(desk, VisitBar)
        bar.acts["done"].setFocus()
        desk.press(Qt.Key.Key_Space)
        wait_until(lambda: not bar.acts["done"].isVisible(), "the end")
        idle(desk)
        assert "Faite mardi 24 novembre 2026" in seen(bar)
        assert "Montant : 62,00 €, déplacement du technicien (4.8)" in seen(bar)
        told = desk.work(lambda ctx: letters(ctx, view.id))
        assert "MONTANT PORTÉ SUR VOTRE PROCHAINE FACTURE SOSH : 62,00 € TTC (dont TVA 20 % : 10,33 €)" in told["visit"]
        assert "RIEN À PAYER" in told["confirmation"], "the session itself costs nothing (4.8)"
        desk.press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
        journal = desk.window.screen_named("journal")
        assert isinstance(journal, JournalScreen)
        rows = journal.story.findChildren
        wait_until(lambda: {row.mail.kind for row in rows(MailRow)} == told.keys(), "the mails in the journal")
        assert "Visite" not in seen(today(desk)), "nothing is left to keep"
