"""The desk locks: after idle time or by a key nothing of a customer is to be seen until whoever signed in types the password.

What is typed is handed over first. The session stays as it is, its screen share goes on unseen; clocks and limits go on.
"""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from agent_desk import late
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_lock import Ui_Lock
from agent_desk.desktop.idle import IdleWatch
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.screen import Command, Header, Screen
from agent_desk.desktop.widgets import set_text
from agent_desk.rules.sign_in import locked_until

LOCK_KEY = "Ctrl+Alt+L"


class LockScreen(Screen):
    """Covers the window: who is expected back, a password, and a way for somebody else."""

    entered = Signal(str)
    leaveWanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.ui = Ui_Lock()
        self.ui.setupUi(self)
        self.ui.unlock.clicked.connect(lambda _checked: self._enter())
        self.ui.password.returnPressed.connect(self._enter)
        self.ui.leave.clicked.connect(lambda _checked: self.leaveWanted.emit())

    def header(self) -> Header:
        """Return the title, which names no customer."""
        return Header("Agent Desk")

    def ask(self, sentence: str = "") -> None:
        """Ask for the password, again where `sentence` tells why the last one did not do."""
        set_text(self.ui.who, self.desk.settings.agent_name)
        set_text(self.ui.told, sentence)
        self.ui.told.setVisible(bool(sentence))
        self.ui.password.clear()
        self._set_busy(busy=False)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)

    def _enter(self) -> None:
        password = self.ui.password.text()
        if password:
            self._set_busy(busy=True)
            self.entered.emit(password)

    def _set_busy(self, *, busy: bool) -> None:
        for widget in (self.ui.password, self.ui.unlock, self.ui.leave):
            widget.setEnabled(not busy)
        if not busy:
            self.ui.password.setFocus(Qt.FocusReason.OtherFocusReason)


class Locking(QObject):
    """Locks and unlocks one window, once somebody signed in; `leaving` when somebody else wants to sign in."""

    leaving = Signal()

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._failures = 0
        self._failed_at = desk.clock.now()
        self.screen = LockScreen(desk, window)
        self.screen.hide()
        self.screen.entered.connect(self._try)
        self.screen.leaveWanted.connect(self.leave)
        self.idle = IdleWatch(desk.clock, self)
        self.idle.idle.connect(self.lock)
        self.idle.warned.connect(self._warn)
        desk.settingsChanged.connect(self._follow)
        self._follow()
        shortcut = QShortcut(QKeySequence(LOCK_KEY), window)
        shortcut.activated.connect(self.lock)
        window.own_commands = self.commands

    def commands(self) -> list[Command]:
        """Return what the palette offers to who signed in."""
        return [
            Command(self.tr("Lock the desk"), self.lock, LOCK_KEY, "lock"),
            Command(self.tr("Sign out, for somebody else"), self._ask_to_leave, "", "users"),
        ]

    @property
    def is_locked(self) -> bool:
        """Tell whether the window is covered."""
        return self._window.is_covered

    def lock(self) -> None:
        """Hand over what is typed, and show nothing of it until the password comes."""
        if self.is_locked:
            return
        self.idle.stop()
        self._window.cover(self.screen)
        self.screen.ask()
        self._tell("locked")

    def _ask_to_leave(self) -> None:
        self.lock()
        self.leave()

    def leave(self) -> None:
        """Let somebody else sign in, unless something is typed that only stands on this screen."""
        if self._window.loses():
            self.screen.ask(self._desk.wording.text("errors.lock_unsaved", name=self._desk.settings.agent_name))
        else:
            self.leaving.emit()

    def _try(self, password: str) -> None:
        # The same waits as an account on one desk has, for a server may know none.
        if locked_until(self._failures, self._failed_at, self._desk.clock.now()) is not None:
            self.screen.ask(self._desk.wording.text("errors.account_refused"))
            return
        unlock = self._desk.site.unlock
        # Also while the database is away.
        self._desk.run(lambda ctx: unlock(ctx, password), self._unlocked, self._refused, owner=self, away=True)

    def _unlocked(self, _nothing: object) -> None:
        self._failures = 0
        self.screen.ask()  # first: it takes the keyboard
        self._window.uncover()
        self._follow()
        self._tell("unlocked")

    def _refused(self, error: BaseException) -> None:
        if getattr(error, "code", "") in ("account_refused", "password_refused"):
            self._failures += 1
            self._failed_at = self._desk.clock.now()
        self.screen.ask(self._desk.sentence(error))

    def _follow(self) -> None:
        if not self.is_locked:
            self.idle.start(self._desk.settings.lock_minutes)

    def _warn(self, warning: bool) -> None:
        self._window.status.warn(self._desk.wording.text("away.lock_soon") if warning else "")

    def _tell(self, kind: str) -> None:
        # Where the database is away, or of an older version, the desk locks all the same.
        self._desk.run(lambda ctx: late.tell_signing(ctx, kind), failed=lambda _error: None, owner=self)
