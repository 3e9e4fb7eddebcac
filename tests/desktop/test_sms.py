"""Text messages on the screens: their length before they leave, what became of them, and what a person can do."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from agent_desk.actions.context import Context
from agent_desk.actions.open_session import open_session
from agent_desk.actions.queue_sms import queue_sms
from agent_desk.actions.record import take
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.journal import JournalScreen
from agent_desk.desktop.mail_row import MailRow
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.session.sms_preview import SmsPreview
from agent_desk.desktop.settings_screen import SettingsScreen
from agent_desk.desktop.today import TodayScreen
from agent_desk.ports import Delivery, Reply
from agent_desk.rules.mail import MailChannel
from agent_desk.rules.session import Call
from tests.desktop.conftest import Kept, settle
from tests.support.desks import clock
from tests.support.mails import ScriptedRelay


class Gateway(ScriptedRelay):
    """Takes SMS."""

    channel = MailChannel.SMS


def queue(ctx: Context, not_before: datetime | None = None) -> int:
    session_id = open_session(ctx, Call(started_at=ctx.clock.now())).id
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        return queue_sms(held, "confirmation", "06 12 34 56 78", {"total": "79,00 €"}, not_before=not_before)


def shown(qtbot: QtBot, window: MainWindow, desk: Desk, screen: str) -> Any:
    window.go("catalogue")
    settle(qtbot, desk)
    window.go(screen)
    settle(qtbot, desk)
    return window.current


def texts(widget: Any) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel))


def test_an_sms_that_may_have_left_is_stuck_in_today_and_never_printed(
    qtbot: QtBot, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    in_worker(queue, desk_ctx)
    in_worker(send_outbox, desk_ctx, Gateway([Delivery(Reply.UNCERTAIN, cause="sms_no_answer")]))
    today = shown(qtbot, window, desk, "today")
    assert isinstance(today, TodayScreen)
    (row,) = today.stuck_card.findChildren(MailRow)
    assert "SMS · Confirmation" in texts(row)
    assert "La passerelle SMS n’a pas répondu clairement" in texts(row)
    names = {name for name, _ in row.actions_offered}
    assert names == {"settle_accepted", "resend", "drop", "open"}
    settle(qtbot, desk)
    with qtbot.waitSignal(desk.mailsChanged):
        qtbot.mouseClick(row.buttons[0], Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert today.stuck_card.isHidden()


def test_the_journal_tells_when_an_sms_leaves_and_what_became_of_it(
    qtbot: QtBot, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    in_worker(queue, desk_ctx, datetime(2026, 11, 26, 21, tzinfo=UTC))  # 22 h in Paris
    journal = shown(qtbot, window, desk, "journal")
    assert isinstance(journal, JournalScreen)
    qtbot.waitUntil(lambda: "SMS préparé" in texts(journal.story))
    settle(qtbot, desk)
    (row,) = journal.story.findChildren(MailRow)
    leaves = datetime(2026, 11, 27, 7, tzinfo=UTC).astimezone()
    assert f"Partira le {leaves:%d/%m %H:%M}, pas avant." in texts(row)
    clock(desk_ctx).time = datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert "aucune passerelle SMS" in texts(shown(qtbot, window, desk, "today"))
    in_worker(send_outbox, desk_ctx, Gateway())
    journal = shown(qtbot, window, desk, "journal")
    qtbot.waitUntil(lambda: "SMS accepté par la passerelle" in texts(journal.story))
    assert "aucune passerelle SMS" not in texts(shown(qtbot, window, desk, "today"))


def test_the_gateway_is_tried_and_its_password_goes_to_the_keyring(
    qtbot: QtBot, window: MainWindow, desk: Desk, kept: Kept
) -> None:
    screen = shown(qtbot, window, desk, "settings")
    assert isinstance(screen, SettingsScreen)
    ui = screen.ui
    qtbot.mouseClick(ui.try_sms, Qt.MouseButton.LeftButton)
    assert ui.sms_told.text() == desk.wording.text("errors.sms_not_configured")
    for field, value in ((ui.sms_gateway_url, "http://127.0.0.1:13013/cgi-bin/sendsms"), (ui.sms_password, "s3cret")):
        field.selectAll()
        qtbot.keyClicks(field, value)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    settle(qtbot, desk)
    assert (desk.settings.sms_gateway_url[-8:], kept.passwords, ui.sms_password.text()) == ("/sendsms", ["s3cret"], "")
    for delivery, told in (
        (Delivery(Reply.ACCEPTED, cause="sms_ready"), "✓ La passerelle répond"),
        (Delivery(Reply.RETRY, 403, "Authorization failed", "sms_sign_in"), "✗ identifiant ou mot de passe refusé"),
        (Delivery(Reply.RETRY, cause="sms_strange"), "✗ cette adresse ne répond pas comme une passerelle SMS"),
    ):
        kept.delivery = delivery
        qtbot.mouseClick(ui.try_sms, Qt.MouseButton.LeftButton)
        settle(qtbot, desk)
        assert told in ui.sms_told.text()


def test_a_form_shows_the_text_as_it_is_sent_and_its_length(qtbot: QtBot) -> None:
    preview = SmsPreview()
    qtbot.addWidget(preview)
    preview.set_text("L’hôtel, ça va")
    assert (preview.text.text(), preview.length.text()) == ("L'hotel, ca va", "14/160 characters, 1 SMS, GSM alphabet")
    preview.set_text("你" * 71)
    assert preview.length.text() == "71/70 characters, 2 SMS, Unicode"
    preview.set_text("a" * 500)
    assert (preview.length.text(), preview.length.property("role")) == (
        "500/160 characters, 4 SMS, GSM alphabet",
        "bad",
    )
    preview.set_text("")
    assert preview.isHidden()
