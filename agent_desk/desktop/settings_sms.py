"""The part of the settings about text messages: which gateway takes them, and whether it would."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.icons import icon
from agent_desk.desktop.widgets import on_click, set_property, set_text
from agent_desk.ports import Delivery, Reply

TEXTS = ("sms_gateway_url", "sms_user", "sms_sender")


class SmsSettings(QObject):
    """Drives the card "SMS gateway"; the test signs in and sends nothing."""

    def __init__(self, desk: Desk, ui: Any, parent: QWidget, saved: Callable[[], None]) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ui = ui
        self._saved = saved
        self._trying = False  # the button stays as it is: a disabled one would let the keyboard wander off
        ui.try_sms.setIcon(icon("send"))
        ui.try_sms.setAutoDefault(False)
        on_click(ui.try_sms, self._try)
        ui.sms_password.editingFinished.connect(self._keep_password)
        self._tell("")

    def fill(self) -> None:
        """Say where the password is kept."""
        translate = QCoreApplication.translate
        usable = self._desk.ready and self._desk.context.secrets.usable
        kept = translate("SettingsScreen", "Kept in the keyring of this machine")
        asked = translate("SettingsScreen", "Asked again at each start: no keyring")
        self._ui.sms_password.setPlaceholderText(kept if usable else asked)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self._tell("")

    def _keep_password(self) -> None:
        password, keep = self._ui.sms_password.text(), self._desk.site.keep_sms_password
        if password:
            self._ui.sms_password.clear()
            self._desk.run(lambda ctx: keep(ctx, password), lambda _usable: self._saved(), owner=self)

    def _try(self) -> None:
        settings, attempt = self._desk.settings, self._desk.site.try_sms
        password = self._ui.sms_password.text()
        if self._trying:
            return
        if not settings.sms_gateway_url:
            self._tell(self._desk.wording.text("errors.sms_not_configured"), "bad")
            return
        self._trying = True
        connecting = QCoreApplication.translate("SettingsScreen", "Connecting to {0}…")
        self._tell(connecting.format(settings.sms_gateway_url))
        self._desk.run(lambda ctx: attempt(ctx, settings, password), self._answered, self._failed, owner=self)

    def _answered(self, delivery: Delivery) -> None:
        self._trying = False
        good, words = delivery.reply is Reply.ACCEPTED, self._desk.wording
        ready = QCoreApplication.translate("SettingsScreen", "✓ The gateway answers: SMS can leave.")
        said = f" ({delivery.text})" if delivery.text else ""
        self._tell(ready if good else f"✗ {words.text(f'relay.{delivery.cause}')}{said}", "tick" if good else "bad")

    def _failed(self, error: BaseException) -> None:
        self._trying = False
        self._tell("")
        self._desk.report(error)

    def _tell(self, sentence: str, role: str = "muted") -> None:
        set_property(self._ui.sms_told, "role", role)
        set_text(self._ui.sms_told, sentence)
        self._ui.sms_told.setVisible(bool(sentence))
