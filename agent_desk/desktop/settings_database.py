"""The part of the settings about the database: where it is, whether it can be used, and what the site has set."""

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from agent_desk.desktop.desk import Desk, Looked
from agent_desk.desktop.icons import icon
from agent_desk.desktop.widgets import on_click, set_property, set_text
from agent_desk.settings import default_database, has_password

ADDRESSES = ("database_url", "signal_database_url", "report_database_url")
_OF_SERVERS = ("signal_database_url", "report_database_url")
_PLACE = re.compile(r"/(?=\S)")  # where a long path may go on in the next line
_MARKS = {"ok": "✓", "note": "!", "bad": "✗"}
_BESIDE = {
    "tls_certificate": ("choose_certificate",),
    "tls_key": ("choose_key",),
    "checkpoint_file": ("choose_checkpoint_file",),
}


class DatabaseSettings(QObject):
    """Drives the card "Database"; each address is kept through the screen's own `save`."""

    def __init__(
        self, desk: Desk, ui: Any, parent: QWidget, save: Callable[[str, object], None], tell: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ui = ui
        self._screen = parent
        self._save = save
        self._refuse = tell
        self._trying = False  # the button stays as it is: a disabled one would let the keyboard wander off
        self._opened = desk.settings.database_url
        for key in ADDRESSES:
            edit: QLineEdit = getattr(ui, key)
            edit.editingFinished.connect(lambda key=key, edit=edit: self._keep(key, edit.text().strip()))
        for made, name, action in (
            (ui.try_database, "check", self._try),
            (ui.use_database, "refresh", desk.databaseRequested.emit),
        ):
            made.setIcon(icon(name))
            made.setAutoDefault(False)
            on_click(made, action)
        self._tell("")

    def fill(self) -> None:
        """Show the addresses in force, and only those that matter; lock what the site has set."""
        settings, ui = self._desk.settings, self._ui
        own = settings.database_url in {"", self._default()}
        for key in ADDRESSES:
            edit: QLineEdit = getattr(ui, key)
            if not edit.hasFocus():
                edit.setText("" if key == "database_url" and own else getattr(settings, key))
                edit.setCursorPosition(0)
        for key in _OF_SERVERS:
            ui.database_form.setRowVisible(getattr(ui, key), settings.database_url.startswith("postgresql"))
        ui.use_database.setVisible(not self._desk.ready)
        changed = self._desk.ready and settings.database_url != self._opened
        translate = QCoreApplication.translate
        set_text(ui.database_note, translate("SettingsScreen", "Used from the next start on.") if changed else "")
        ui.database_note.setVisible(changed)
        self._lock()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self._tell("")

    def _default(self) -> str:
        return default_database(self._desk.site.data_folder)

    def _keep(self, key: str, address: str) -> None:
        edit: QLineEdit = getattr(self._ui, key)
        if has_password(address):
            set_property(edit, "fault", "true")
            self._refuse(self._desk.wording.text("errors.password_in_address"))
            return
        set_property(edit, "fault", "false")
        self._save(key, address or (self._default() if key == "database_url" else ""))

    def _lock(self) -> None:
        """Let what the site has set be read, copied, and not changed."""
        of_site = QCoreApplication.translate("SettingsScreen", "set by your site")
        of_account = QCoreApplication.translate("SettingsScreen", "from your account")
        for key in self._desk.locked_keys:
            told = of_account if key == "agent_name" else of_site
            field: QWidget | None = getattr(self._ui, key, None)
            if field is None:
                continue
            if isinstance(field, QLineEdit | QPlainTextEdit):
                field.setReadOnly(True)
            else:
                field.setEnabled(False)
            for beside in _BESIDE.get(key, ()):
                getattr(self._ui, beside).setEnabled(False)
            set_property(field, "locked", "true")
            field.setToolTip(told)
            label = self._screen.findChild(QLabel, f"label_{key}")
            if label is not None and told not in label.text():
                label.setText(f"{label.text()}\n{told}")

    def _try(self) -> None:
        if self._trying:
            return
        self._trying = True
        settings, look = self._desk.settings, self._desk.site.try_database
        self._tell(QCoreApplication.translate("SettingsScreen", "Looking at the database…"))
        # Not as work of the desk, which waits for a database that may never come.
        self._desk.background.run(lambda: look(settings), self._answered, self._failed, owner=self)

    def _answered(self, found: tuple[Looked, ...]) -> None:
        self._trying = False
        wording = self._desk.wording
        shown = [one for place, one in enumerate(found) if place == 0 or one.state != "ok"]
        lines = [f"{_MARKS[one.state]} {wording.text(one.key, **one.values)}" for one in shown]
        self._tell(
            _PLACE.sub("/\u200b", "\n".join(lines)), "bad" if any(one.state == "bad" for one in found) else "tick"
        )

    def _failed(self, error: BaseException) -> None:
        self._trying = False
        self._tell("")
        self._desk.report(error)

    def _tell(self, sentence: str, role: str = "muted") -> None:
        set_property(self._ui.database_told, "role", role)
        set_text(self._ui.database_told, sentence)
        self._ui.database_told.setVisible(bool(sentence))
