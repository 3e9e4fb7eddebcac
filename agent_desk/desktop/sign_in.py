"""Who is at this desk, where the database knows people: login and password, and one sentence when they do not open it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_sign_in import Ui_SignIn
from agent_desk.desktop.screen import Header, Screen
from agent_desk.desktop.widgets import set_text
from agent_desk.ports import Account


class SignIn(Screen):
    """Fills the window until the database lets somebody in."""

    settingsWanted = Signal()

    def __init__(self, desk: Desk, enter: Callable[[Account], None], parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._enter = enter
        self.ui = Ui_SignIn()
        self.ui.setupUi(self)
        self.ui.told.hide()
        self.ui.enter.clicked.connect(lambda _checked: self._try())
        self.ui.settings.clicked.connect(lambda _checked: self.settingsWanted.emit())
        self.ui.login.returnPressed.connect(lambda: self._on(self.ui.password))
        self.ui.password.returnPressed.connect(self._try)

    def header(self) -> Header:
        """Return the title."""
        return Header(self.tr("Agent Desk"))

    def ask(self, sentence: str) -> None:
        """Ask, again where `sentence` tells why the last answer did not do; the password is typed anew."""
        set_text(self.ui.told, sentence)
        self.ui.told.setVisible(bool(sentence))
        self.ui.password.clear()
        self._set_busy(False)

    def forget(self) -> None:
        """Forget the password: it has done its work."""
        self.ui.password.clear()

    def know(self, login: str) -> None:
        """Put in the login last used here, unless one was typed meanwhile."""
        if login and not self.ui.login.text():
            self.ui.login.setText(login)
            self.refresh()

    def refresh(self) -> None:
        """Put the keyboard on what is to be typed next."""
        self._on(self.ui.password if self.ui.login.text() else self.ui.login)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)

    def _try(self) -> None:
        login, password = self.ui.login.text().strip().lower(), self.ui.password.text()
        if not login or not password:
            self.refresh()
            return
        self._set_busy(True)
        self._enter(Account(login, password, self.ui.keep.isChecked()))

    def _set_busy(self, busy: bool) -> None:
        for widget in (self.ui.login, self.ui.password, self.ui.keep, self.ui.enter):
            widget.setEnabled(not busy)
        if not busy:
            self.refresh()

    def _on(self, widget: QWidget) -> None:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
