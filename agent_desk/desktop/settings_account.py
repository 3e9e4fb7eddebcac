"""The part of the settings about who is at this desk: a password of one's own, and when the desk locks."""

from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QLineEdit, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.icons import icon
from agent_desk.desktop.widgets import on_click, set_property, set_text
from agent_desk.rules.people import PASSWORD_MIN


class AccountSettings(QObject):
    """Drives the card "Password and lock"; on a server passwords are for administrators to give."""

    def __init__(self, desk: Desk, ui: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ui = ui
        self._busy = False
        self._protected = False  # from the next start on
        self._edits: tuple[QLineEdit, ...] = (ui.old_password, ui.new_password, ui.same_password)
        ui.set_password.setIcon(icon("check"))
        ui.set_password.setAutoDefault(False)
        on_click(ui.set_password, self._set)
        for edit in (ui.account_login, *self._edits):
            edit.returnPressed.connect(self._set)
        self._tell("")

    def fill(self) -> None:
        """Show what can be done here: give a first password, replace one's own, or neither."""
        ui, translate = self._ui, QCoreApplication.translate
        signed_in, on_server = self._is_signed_in(), self._is_on_server()
        for widget, shown in (
            (ui.lock_minutes, signed_in),
            (ui.account_login, not signed_in and not on_server and not self._protected),
            (ui.old_password, signed_in and not on_server),
            (ui.new_password, not on_server and not self._protected),
            (ui.same_password, not on_server and not self._protected),
        ):
            ui.account_form.setRowVisible(widget, shown)
        ui.set_password.setVisible(not on_server and not self._protected)
        ui.set_password.setText(
            translate("SettingsScreen", "Change the password")
            if signed_in
            else translate("SettingsScreen", "Ask for a password from now on")
        )
        set_text(ui.account_note, self._note(signed_in=signed_in, on_server=on_server))

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.fill()

    def _is_signed_in(self) -> bool:
        return self._desk.ready and bool(self._desk.context.person)

    def _is_on_server(self) -> bool:
        return self._desk.settings.database_url.startswith("postgresql")

    def _note(self, *, signed_in: bool, on_server: bool) -> str:
        translate = QCoreApplication.translate
        if on_server:
            return translate("SettingsScreen", "Your administrator gives another password. Ctrl+Alt+L locks at once.")
        if signed_in:
            return translate("SettingsScreen", "Ctrl+Alt+L locks at once.")
        if self._protected:
            return translate("SettingsScreen", "From the next start on this desk asks for login and password.")
        return translate(
            "SettingsScreen", "This desk asks nobody who they are. With a password it does, and it can be locked."
        )

    def _set(self) -> None:
        ui, site, words = self._ui, self._desk.site, self._desk.wording
        login, (old, new, same) = ui.account_login.text().strip().lower(), (edit.text() for edit in self._edits)
        if self._busy or not self._desk.ready:
            return
        if new != same or len(new) < PASSWORD_MIN:
            self._tell(words.text("errors.password_differs" if new != same else "errors.password_unfit"), "bad")
            (ui.same_password if new != same else ui.new_password).setFocus()
            return
        self._busy = True
        if self._is_signed_in():
            self._desk.run(lambda ctx: site.change_password(ctx, old, new), self._done, self._failed, owner=self)
        else:
            self._desk.run(lambda ctx: site.protect(ctx, login, new), self._done, self._failed, owner=self)

    def _done(self, _nothing: object) -> None:
        self._busy = False
        self._protected = not self._is_signed_in()
        for edit in self._edits:
            edit.clear()
        self._tell(QCoreApplication.translate("SettingsScreen", "✓ The password is set."), "tick")
        self.fill()

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        self._tell(self._desk.sentence(error), "bad")

    def _tell(self, sentence: str, role: str = "muted") -> None:
        set_property(self._ui.account_told, "role", role)
        set_text(self._ui.account_told, sentence)
        self._ui.account_told.setVisible(bool(sentence))
