"""A letter is noted, found in Today, answered with a credit, and taken to the appeal service, in a real window."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.look_at_complaints import look_at_complaints
from agent_desk.actions.mail_letter import mail_letter
from agent_desk.actions.views import SessionView
from agent_desk.desktop.session.complaint_bar import ComplaintBar
from agent_desk.desktop.session.credit_bar import CreditBar
from agent_desk.desktop.today import TodayScreen
from agent_desk.desktop.widgets import typed_text
from agent_desk.rules.complaint import ComplaintChannel, ComplaintState, Level
from agent_desk.storage.mails import session_mails
from tests.support.desks import CLAIRE, DEVICE, SetClock, agreed, content, finished
from tests.support.seeing import matter, opened
from tests.support.trouble import sentences
from tests.support.workstation import Workstation, wait_until, workstation


def closed(ctx: Context) -> SessionView:
    view = finished(ctx)
    return close_session(ctx, view.id, view.version)


def complaints_of(desk: Workstation, view: SessionView) -> ComplaintBar:
    opened(desk, view.id)
    bar = matter(desk, "complaint", ComplaintBar)
    wait_until(bar.receipt.isVisible, "the form")
    return bar


def test_a_letter_is_noted_answered_with_a_credit_and_goes_to_the_appeal_service(
    qapp: QApplication, tmp_path: Path
) -> None:
    clock = SetClock()
    with workstation(qapp, tmp_path, clock) as desk:
        view = desk.work(closed)
        bar = complaints_of(desk, view)
        bar.receipt.channel.set_value(ComplaintChannel.LETTER)
        bar.receipt.received.setDateTime(bar.receipt.received.dateTime().addDays(2))
        bar.receipt.lines[1].setChecked(True)
        bar.receipt.text.setFocus()
        desk.type("La box ne marche toujours pas")
        desk.click(bar.receipt.confirm)
        wait_until(lambda: sentences(desk.window), "the refusal")
        assert "dans l’avenir" in sentences(desk.window)[0]
        assert bar.receipt.said() == "La box ne marche toujours pas", "what was typed stays"
        bar.receipt.received.setDateTime(QDateTime(bar.receipt.received.dateTime()).addDays(-3))
        desk.click(bar.receipt.confirm)
        wait_until(bar.answer.isVisible, "the form of the answer")
        today = desk.window.screen_named("today")
        assert isinstance(today, TodayScreen)
        desk.window.go("today")
        wait_until(today.promised.isVisible, "the promise in Today")
        today.setFocus()
        desk.press(Qt.Key.Key_F9)
        wait_until(lambda: desk.window.current is desk.session and bar.answer.isVisible(), "the complaint again")
        draft = typed_text(bar.answer.answer)
        assert "29,00\u00a0€" in draft
        assert "79,00" not in draft, "only what is contested"
        assert "réponse pour" in bar.told.whole()
        bar.answer.outcome.set_value(ComplaintState.ACCEPTED)
        desk.click(bar.answer.credit)
        credit = desk.window.findChild(CreditBar)
        assert credit is not None
        wait_until(credit.sums.text, "the credits")
        desk.type("10")
        credit.reason.setText("Box toujours en panne")
        clock.move(minutes=5)
        desk.click(credit.confirm)
        wait_until(lambda: not credit.amount.text(), "the credit granted")
        desk.session.matters.open("complaint")
        wait_until(lambda: bar.isVisible() and "10,00" in bar.answer.remedy.text(), "the credit beside the answer")
        bar.answer.outcome.set_value(ComplaintState.ACCEPTED)
        desk.click(bar.answer.confirm)
        wait_until(bar.next_level.isVisible, "the answer sent")
        assert bar.raise_it.text() == "Le client saisit\u00a0: service recours"
        desk.click(bar.raise_it)
        wait_until(bar.answer.isVisible, "the next level")
        (one,) = desk.work(lambda ctx: look_at_complaints(ctx, view.id)).complaints
        assert (one.level, one.state, one.contested) == (Level.APPEAL, ComplaintState.OPEN, (2,))


def test_who_has_no_address_gets_an_sms_that_is_shown_before_the_complaint_is_noted(
    qapp: QApplication, tmp_path: Path
) -> None:
    mobile = replace(CLAIRE, email="", no_email_reason="n’en a pas", callback_number="06 12 34 56 78")
    with workstation(qapp, tmp_path, SetClock()) as desk:
        bar = complaints_of(desk, desk.work(lambda ctx: agreed(ctx, content(DEVICE, customer=mobile))))
        assert not bar.receipt.preview.isVisible()  # on the telephone nothing needs to be acknowledged
        bar.receipt.channel.setFocus()
        while bar.receipt.channel.value is not ComplaintChannel.LETTER:
            desk.press(Qt.Key.Key_Down)
        wait_until(bar.receipt.preview.isVisible, "the SMS")
        assert bar.receipt.preview.text.text().startswith("Réclamation du 23 novembre 2026 recue")
        assert "1 SMS" in bar.receipt.preview.length.text()
        shown = bar.receipt.preview.text.text()
        bar.receipt.text.setFocus()
        desk.type("La box ne marche toujours pas")
        desk.click(bar.receipt.confirm)
        wait_until(bar.answer.isVisible, "the form of the answer")

        def sent(ctx: Context) -> list[str]:
            with ctx.database.read() as tx:
                return [
                    mail_letter(ctx, mail.id).text
                    for each in look_at_complaints(ctx, desk.session.editor.view.id).complaints  # type: ignore[union-attr]
                    for mail in session_mails(tx, each.session_id)
                    if mail.kind == "complaint_received"
                ]

        assert desk.work(sent) == [shown]
