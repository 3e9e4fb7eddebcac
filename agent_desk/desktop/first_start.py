"""The first start: three questions at most, and sample data for those who want to look around."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_first_start import Ui_FirstStart
from agent_desk.desktop.samples import add_samples
from agent_desk.desktop.screen import Header, Screen
from agent_desk.desktop.widgets import set_property, set_text
from agent_desk.settings import faulty_keys


class FirstStart(Screen):
    """Fills the window once; `done` is called when the answers are kept."""

    def __init__(self, desk: Desk, done: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._done = done
        self.ui = Ui_FirstStart()
        self.ui.setupUi(self)
        for code, name in (("fr", "Français"), ("en", "English")):
            self.ui.language.addItem(name, code)
        self.ui.language.setCurrentIndex(self.ui.language.findData(desk.language))
        self.ui.language.activated.connect(lambda _index: self._speak())
        self.ui.begin.clicked.connect(lambda _checked: self._begin())
        for edit in (self.ui.agent_name, self.ui.relay_host):
            edit.returnPressed.connect(self._begin)
        self.ui.told.hide()
        for key in {"agent_name", "relay_host"} & desk.locked_keys:
            known: QLineEdit = getattr(self.ui, key)
            known.setText(getattr(desk.settings, key))
            known.setEnabled(False)

    def header(self) -> Header:
        """Return the title."""
        return Header(self.tr("First start"))

    def refresh(self) -> None:
        """Put the keyboard on the first question."""
        self.ui.agent_name.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)

    def _speak(self) -> None:
        """Speak the chosen language at once."""
        self.desk.change_settings(replace(self.desk.settings, language=self.ui.language.currentData()))

    def _begin(self) -> None:
        host = self.ui.relay_host.text().strip()
        settings = replace(
            self.desk.settings,
            agent_name=" ".join(self.ui.agent_name.text().split()),
            relay_host=host,
            relay_state="configured" if host else "later",
            first_start_done=True,
        )
        wrong = faulty_keys(settings)
        for key in ("agent_name", "relay_host"):
            set_property(getattr(self.ui, key), "fault", "true" if key in wrong else "false")
        if wrong:
            name = getattr(self.ui, f"label_{wrong[0]}").text()
            self._tell(self.desk.wording.text("errors.setting_refused", key=name))
            getattr(self.ui, wrong[0]).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.desk.change_settings(settings)
        if self.ui.samples.isChecked():
            add_samples(self.desk)
        self._done()

    def _tell(self, sentence: str) -> None:
        set_text(self.ui.told, sentence)
        self.ui.told.setVisible(bool(sentence))
