"""Settings of this workstation: each is kept as soon as it is typed; colours and language follow at once."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QSpinBox, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_settings import Ui_Settings
from agent_desk.desktop.icons import icon
from agent_desk.desktop.mail_row import show_file
from agent_desk.desktop.samples import add_samples
from agent_desk.desktop.screen import Header, Screen
from agent_desk.desktop.settings_account import AccountSettings
from agent_desk.desktop.settings_database import DatabaseSettings
from agent_desk.desktop.settings_share import TEXTS as SHARE_TEXTS
from agent_desk.desktop.settings_share import ShareSettings
from agent_desk.desktop.settings_sms import TEXTS as SMS_TEXTS
from agent_desk.desktop.settings_sms import SmsSettings
from agent_desk.desktop.widgets import label, on_click, set_property, set_text
from agent_desk.ports import Delivery, Reply
from agent_desk.settings import faulty_keys

TEXTS = (
    "agent_name",
    "company",
    "support_phone",
    "mediator",
    "page_url",
    "questions_url",
    "agent_hours",
    "relay_host",
    "relay_user",
    "sender_address",
    "checkpoint_file",
    *SHARE_TEXTS,
    *SMS_TEXTS,
)
NUMBERS = ("lock_minutes", "locator_digits", "withdrawal_published_days", "relay_port", "checkpoint_minutes")
CHOICES = ("language", "theme", "relay_security", "gateway_mode")
SECRET_DIGITS = 6
DAY_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y")


class SettingsScreen(Screen):
    """Two columns of cards; a refused value is marked where it stands, and the old one is kept."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.ui = Ui_Settings()
        self.ui.setupUi(self)
        self.told = label(role="muted", wrap=True)
        self.told.setObjectName("settings_told")
        self.ui.footer.row.addWidget(self.told, 1)
        self._share = ShareSettings(desk, self.ui, self, self._save, self._saved)
        self._database = DatabaseSettings(desk, self.ui, self, self._save, self._tell)
        self._account = AccountSettings(desk, self.ui, self)
        self._sms = SmsSettings(desk, self.ui, self, self._saved)
        self._filling = False
        self._trying = False  # the button stays as it is: a disabled one would let the keyboard wander off
        for box in self.findChildren(QComboBox):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._connect()
        self._connect_buttons()
        self._tell_relay("")
        self.retranslate()

    def header(self) -> Header:
        """Return the title."""
        return Header(self.tr("Settings"))

    def refresh(self) -> None:
        """Show the settings in force, and the keys of the log."""
        self._fill()
        self.desk.run(self.desk.site.log_keys, self._show_keys, owner=self)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)
        self._share.retranslate()
        self._database.retranslate()
        self._account.retranslate()
        self._sms.retranslate()
        self._tell(self.tr("Each setting is kept as soon as it is typed."))
        self._fill()

    def _connect(self) -> None:
        for key in TEXTS:
            edit = self._text(key)
            edit.editingFinished.connect(lambda key=key, edit=edit: self._save(key, edit.text().strip()))
        for key in NUMBERS:
            spin: QSpinBox = getattr(self.ui, key)
            spin.valueChanged.connect(lambda value, key=key: self._save(key, value))
        for key in CHOICES:
            box: QComboBox = getattr(self.ui, key)
            box.activated.connect(lambda _index, key=key, box=box: self._save(key, box.currentData()))
        self.ui.relay_state.toggled.connect(lambda on: self._save("relay_state", "configured" if on else "later"))
        self.ui.relay_password.editingFinished.connect(self._keep_password)
        self.ui.extra_holidays.textChanged.connect(self._save_days)

    def _connect_buttons(self) -> None:
        ui = self.ui
        for made, name, action in (
            (ui.try_relay, "send", self._try_relay),
            (ui.choose_checkpoint_file, "folder", self._choose_file),
            (ui.copy_key, "copy", lambda: QGuiApplication.clipboard().setText(ui.public_key.text())),
            (ui.open_folder, "folder", lambda: show_file(self.desk.site.data_folder)),
            (ui.add_samples, "plus", lambda: add_samples(self.desk)),
        ):
            made.setIcon(icon(name))
            made.setAutoDefault(False)
            on_click(made, action)

    def _text(self, key: str) -> QLineEdit:
        edit: QLineEdit = getattr(self.ui, key)
        return edit

    def _fill(self) -> None:
        self._filling = True
        settings = self.desk.settings
        for key in TEXTS:
            if not self._text(key).hasFocus():
                self._text(key).setText(getattr(settings, key))
        for key in NUMBERS:
            getattr(self.ui, key).setValue(getattr(settings, key))
        for key, entries in self._choices().items():
            box: QComboBox = getattr(self.ui, key)
            box.clear()
            for value, text in entries.items():
                box.addItem(text, value)
            box.setCurrentIndex(box.findData(getattr(settings, key)))
        self.ui.relay_state.setChecked(settings.relay_state == "configured")
        if not self.ui.extra_holidays.hasFocus():
            self.ui.extra_holidays.setPlainText("\n".join(f"{day:%d/%m/%Y}" for day in settings.extra_holidays))
        self.ui.folder_path.setText(str(self.desk.site.data_folder))
        self._tell_code_length()
        self._tell_password()
        self._share.fill()
        self._database.fill()
        self._account.fill()
        self._sms.fill()
        self._filling = False

    def _choices(self) -> dict[str, dict[str, str]]:
        return {
            "language": {"fr": "Français", "en": "English"},
            "theme": {
                "system": self.tr("As the system"),
                "light": self.tr("Light"),
                "dark": self.tr("Dark"),
            },
            "relay_security": {
                "starttls": self.tr("STARTTLS"),
                "tls": self.tr("TLS"),
                "none": self.tr("None (this machine only)"),
            },
            "gateway_mode": self._share.choices(),
        }

    def _save(self, key: str, value: object) -> None:
        settings = self.desk.settings
        if self._filling or value == getattr(settings, key):
            return
        changed = replace(settings, **{key: value})  # type: ignore[arg-type]
        widget: QWidget = getattr(self.ui, key)
        if faulty_keys(changed):
            set_property(widget, "fault", "true")
            words, own = self.desk.wording, f"errors.{key}_refused"
            self._tell(words.text(own if words.has(own) else "errors.setting_refused", key=self._name(key)))
            return
        set_property(widget, "fault", "false")
        self.desk.change_settings(changed, self._saved)
        self._tell_code_length()
        self._share.fill()
        self._database.fill()

    def _saved(self) -> None:
        now = self.desk.clock.now().astimezone()
        self._tell(self.tr("Saved at {0}").format(f"{now:%H:%M:%S}"))

    def _tell(self, sentence: str) -> None:
        set_text(self.told, sentence)

    def _name(self, key: str) -> str:
        named = self.findChild(QLabel, f"label_{key}")
        return named.text() if named is not None else key

    def _save_days(self) -> None:
        if self._filling:
            return
        lines = [line.strip() for line in self.ui.extra_holidays.toPlainText().splitlines() if line.strip()]
        days = [_day(line) for line in lines]
        good = tuple(sorted({day for day in days if day is not None}))
        set_property(self.ui.extra_holidays, "fault", "true" if None in days else "false")
        if None not in days:
            self._save("extra_holidays", good)

    def _tell_code_length(self) -> None:
        digits = self.desk.settings.locator_digits + SECRET_DIGITS + 1
        set_text(self.ui.code_length, self.tr("Codes have {0} digits.").format(digits))

    def _tell_password(self) -> None:
        usable = self.desk.ready and self.desk.context.secrets.usable
        kept = self.tr("Kept in the keyring of this machine")
        self.ui.relay_password.setPlaceholderText(kept if usable else self.tr("Asked again at each start: no keyring"))

    def _keep_password(self) -> None:
        password, keep = self.ui.relay_password.text(), self.desk.site.keep_password
        if password:
            self.ui.relay_password.clear()
            self.desk.run(lambda ctx: keep(ctx, password), lambda _usable: self._saved(), owner=self)

    def _try_relay(self) -> None:
        settings, attempt = self.desk.settings, self.desk.site.try_relay
        password = self.ui.relay_password.text()
        if self._trying:
            return
        self._trying = True
        self._tell_relay(self.tr("Connecting to {0}…").format(settings.relay_host))
        self.desk.run(
            lambda ctx: attempt(ctx, settings, password), self._relay_answered, self._relay_failed, owner=self
        )

    def _relay_answered(self, delivery: Delivery) -> None:
        self._trying = False
        good = delivery.reply is Reply.ACCEPTED
        words = self.desk.wording
        why = words.text(f"relay.{delivery.cause}") if words.has(f"relay.{delivery.cause}") else delivery.cause
        told = self.tr("✓ The relay answers: mails can leave.") if good else f"✗ {why} {delivery.text}".strip()
        self._tell_relay(told, "tick" if good else "bad")

    def _tell_relay(self, sentence: str, role: str = "muted") -> None:
        set_property(self.ui.relay_told, "role", role)
        set_text(self.ui.relay_told, sentence)
        self.ui.relay_told.setVisible(bool(sentence))

    def _relay_failed(self, error: BaseException) -> None:
        self._trying = False
        self._tell_relay("")
        self.desk.report(error)

    def _choose_file(self) -> None:
        title = self.tr("Copy of each checkpoint")
        chosen, _filter = QFileDialog.getSaveFileName(
            self, title, self.desk.settings.checkpoint_file, options=QFileDialog.Option.DontConfirmOverwrite
        )
        if chosen:
            self.ui.checkpoint_file.setText(str(Path(chosen)))
            self._save("checkpoint_file", str(Path(chosen)))

    def _show_keys(self, keys: tuple[str, ...]) -> None:
        self.ui.public_key.setText(keys[-1] if keys else "")
        self.ui.public_key.setPlaceholderText(self.tr("None yet: checkpoints are not signed"))
        self.ui.public_key.setCursorPosition(0)
        self.ui.copy_key.setEnabled(bool(keys))


def _day(text: str) -> date | None:
    """Return the day written in `text`, None where it is none."""
    for pattern in DAY_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            continue
    return None
