"""The part of the settings about the screen share: who serves the customer's page, where, and whether it is reached."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.icons import icon
from agent_desk.desktop.widgets import on_click, set_property, set_text

TEXTS = ("gateway_url", "gateway_listen", "public_url", "tls_certificate", "tls_key", "trusted_proxies")
MODES = ("desk", "site", "off")
_OWN = ("gateway_listen", "tls_certificate_row", "tls_key_row", "trusted_proxies", "ice_servers", "turn_secret")
_ROWS = {"desk": (*_OWN, "public_url"), "site": ("gateway_url",), "off": ()}
OK = "ok"


class ShareSettings(QObject):
    """Drives the card "Screen share"; each value is kept through the screen's own `save`."""

    def __init__(
        self, desk: Desk, ui: Any, parent: QWidget, save: Callable[[str, object], None], saved: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ui = ui
        self._window = parent
        self._save = save
        self._saved = saved
        self._trying = False  # the button stays as it is: a disabled one would let the keyboard wander off
        ui.ice_servers.textChanged.connect(self._save_servers)
        ui.turn_secret.editingFinished.connect(self._keep_secret)
        for made, name, action in (
            (ui.try_page, "globe", self._try),
            (ui.choose_certificate, "folder", lambda: self._choose("tls_certificate")),
            (ui.choose_key, "folder", lambda: self._choose("tls_key")),
        ):
            made.setIcon(icon(name))
            made.setAutoDefault(False)
            on_click(made, action)
        self._tell("")

    def choices(self) -> dict[str, str]:
        """Return who may serve the page, each with its name."""
        return {mode: self._desk.wording.text(f"gateway_modes.{mode}") for mode in MODES}

    def fill(self) -> None:
        """Show the settings in force, and only those that matter to who serves the page."""
        settings, ui = self._desk.settings, self._ui
        if not ui.ice_servers.hasFocus():
            ui.ice_servers.setPlainText(settings.ice_servers)
        for row in {row for rows in _ROWS.values() for row in rows}:
            ui.share_form.setRowVisible(getattr(ui, row), row in _ROWS[settings.gateway_mode])
        ui.try_page.setVisible(settings.gateway_mode == "desk")
        set_text(ui.share_note, self._note(settings.gateway_mode))
        usable = self._desk.ready and self._desk.context.secrets.usable
        translate = QCoreApplication.translate
        kept = translate("SettingsScreen", "Kept in the keyring of this machine")
        asked = translate("SettingsScreen", "Asked again at each start: no keyring")
        ui.turn_secret.setPlaceholderText(kept if usable else asked)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self._tell("")
        translate = QCoreApplication.translate
        ui = self._ui
        for made, field, named in (
            (ui.choose_certificate, ui.tls_certificate, ui.label_tls_certificate),
            (ui.choose_key, ui.tls_key, ui.label_tls_key),
        ):
            field.setAccessibleName(named.text())  # the form gives the label to the row, not to the field in it
            made.setAccessibleName(translate("SettingsScreen", "Choose: {0}").format(named.text()))

    def _note(self, mode: str) -> str:
        translate = QCoreApplication.translate
        if mode == "off":
            return translate("SettingsScreen", "Customers are guided by telephone; no screen is seen.")
        return translate("SettingsScreen", "What you change here holds from the next code on.")

    def _save_servers(self) -> None:
        lines = [line.strip() for line in self._ui.ice_servers.toPlainText().splitlines() if line.strip()]
        self._save("ice_servers", "\n".join(lines))

    def _keep_secret(self) -> None:
        secret, keep = self._ui.turn_secret.text(), self._desk.site.keep_turn_secret
        if secret:
            self._ui.turn_secret.clear()
            self._desk.run(lambda ctx: keep(ctx, secret), lambda _usable: self._saved(), owner=self)

    def _choose(self, key: str) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self._window, "", getattr(self._desk.settings, key))
        if chosen:
            getattr(self._ui, key).setText(chosen)
            self._save(key, chosen)

    def _try(self) -> None:
        settings, attempt = self._desk.settings, self._desk.site.try_page
        if self._trying:
            return
        self._trying = True
        text = QCoreApplication.translate("SettingsScreen", "Opening {0} as a customer would…")
        self._tell(text.format(settings.public_url) if settings.public_url else "")
        self._desk.run(lambda ctx: attempt(ctx, settings), self._answered, self._failed, owner=self)

    def _answered(self, answer: str) -> None:
        self._trying = False
        good = answer == OK
        self._tell(
            f"{'✓' if good else '✗'} {self._desk.wording.text(f'page_answers.{answer}')}", "tick" if good else "bad"
        )

    def _failed(self, error: BaseException) -> None:
        self._trying = False
        self._tell("")
        self._desk.report(error)

    def _tell(self, sentence: str, role: str = "muted") -> None:
        set_property(self._ui.page_told, "role", role)
        set_text(self._ui.page_told, sentence)
        self._ui.page_told.setVisible(bool(sentence))
