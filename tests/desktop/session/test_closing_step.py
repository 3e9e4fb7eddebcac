"""Nothing of the decision is cut in a small window, and a closed session says what became of its mail."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.mail_letter import mail_letter
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.actions.set_protection import set_protection
from agent_desk.actions.views import SessionView
from agent_desk.desktop.session.closing_step import ClosingStep
from agent_desk.rules.mail import MailChannel
from agent_desk.rules.session import HomeVisit, Outcome, Step
from tests.support.desks import CLAIRE, DEVICE, content, finished, type_in
from tests.support.mails import ScriptedRelay
from tests.support.workstation import Workstation, wait_until


def with_visit(ctx: Context) -> SessionView:
    """Return a session nothing of which is solved, a home visit accepted."""
    view = finished(ctx, outcome=Outcome.NOT_SOLVED)
    closing = replace(view.content.closing, home_visit=HomeVisit.ACCEPTED)
    return type_in(ctx, view, replace(view.content, closing=closing))


def closed(ctx: Context) -> SessionView:
    """Return a closed session whose mails still wait."""
    view = finished(ctx)
    return close_session(ctx, view.id, view.version)


@pytest.mark.parametrize("size", [(1280, 800), (1360, 850)])
def test_the_amounts_stay_in_sight_beside_the_date_of_a_home_visit(
    desk: Workstation, show: Callable[[SessionView], None], size: tuple[int, int]
) -> None:
    desk.window.resize(*size)
    show(desk.work(with_visit))
    desk.session.goto(Step.CLOSING, "closing.home_visit")
    page = desk.session.page
    assert isinstance(page, ClosingStep)
    wait_until(lambda: page.horizontalScrollBar().maximum() == 0, "the page to fit the window")


def test_everything_to_put_back_fits_the_window(desk: Workstation, show: Callable[[SessionView], None]) -> None:
    view = desk.work(finished)
    desk.work(lambda ctx: issue_code(ctx, view.id))
    desk.work(lambda ctx: set_protection(ctx, view.id, off=True))
    desk.window.resize(1280, 800)
    show(view)
    desk.session.goto(Step.CLOSING, "")
    page = desk.session.page
    assert isinstance(page, ClosingStep)
    wait_until(page.ui.protectionBack.isVisible, "the protection to be put back")
    wait_until(lambda: page.horizontalScrollBar().maximum() == 0, "the page to fit the window")


def test_a_closed_session_tells_that_its_mail_was_sent(desk: Workstation, show: Callable[[SessionView], None]) -> None:
    show(desk.work(closed))
    desk.session.goto(Step.CLOSING, "")
    page = desk.session.page
    assert isinstance(page, ClosingStep)
    assert "Confirmation, courriel en attente" in page.ui.closedText.text()
    desk.work(lambda ctx: send_outbox(ctx, ScriptedRelay()))
    desk.program.desk.mailsChanged.emit()
    wait_until(lambda: "Confirmation, courriel envoyé" in page.ui.closedText.text(), "the new state of the mail")


def test_the_notes_of_a_closed_session_are_for_reading_and_let_the_keyboard_go(
    desk: Workstation, show: Callable[[SessionView], None]
) -> None:
    show(desk.work(finished))
    desk.session.goto(Step.CLOSING, "notes")
    notes = desk.session.side.notes
    assert notes.hasFocus()
    desk.press(Qt.Key.Key_F9)
    wait_until(lambda: desk.session.editor is not None and desk.session.editor.ended, "the session to close")
    desk.settle()
    assert notes.isReadOnly()
    assert desk.session.ui.primary.hasFocus()


def test_a_live_code_is_said_to_end_with_the_session(desk: Workstation, show: Callable[[SessionView], None]) -> None:
    view = desk.work(finished)
    desk.work(lambda ctx: issue_code(ctx, view.id))
    show(view)
    desk.session.goto(Step.CLOSING, "")
    page = desk.session.page
    assert isinstance(page, ClosingStep)
    assert not page.ui.codeEnded.isChecked()
    assert "la clôture l’éteint" in page.ui.codeEnded.text()
    desk.click(page.ui.codeEnded)
    desk.settle()
    assert page.ui.codeEnded.text() == "Code et partage éteints"
    assert page.ui.codeEnded.isChecked()


def by_sms(ctx: Context) -> SessionView:
    """Return a session ready to be closed, whose customer has it confirmed by SMS."""
    mobile = replace(CLAIRE, email="", no_email_reason="n’en a pas", callback_number="06 12 34 56 78")
    view = finished(ctx, content(DEVICE, customer=mobile))
    closing = replace(view.content.closing, confirmation="sms")
    return type_in(ctx, view, replace(view.content, closing=closing))


def test_the_sms_of_a_confirmation_is_shown_as_it_will_be_sent(
    desk: Workstation, show: Callable[[SessionView], None]
) -> None:
    view = desk.work(by_sms)
    show(view)
    desk.session.goto(Step.CLOSING, "")
    page = desk.session.page
    assert isinstance(page, ClosingStep)
    wait_until(page.sms.isVisible, "the SMS")
    shown = page.sms.text.text()
    assert "29,00" in shown
    assert page.sms.length.text().endswith("/160 caractères, 1 SMS, alphabet GSM")

    def sent(ctx: Context) -> str:
        ended = close_session(ctx, view.id, view.version)
        return mail_letter(ctx, next(mail.id for mail in ended.mails if mail.channel == MailChannel.SMS)).text

    assert desk.work(sent) == shown
