"""The one window: rail, header, the screen in front, the palette and what the agent must be told."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from agent_desk import late
from agent_desk.desktop.boxes import Notice
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_main_window import Ui_MainWindow
from agent_desk.desktop.link import says_away
from agent_desk.desktop.rail import PLACES
from agent_desk.desktop.screen import Command, Header, Screen
from agent_desk.desktop.status_line import StatusLine
from agent_desk.desktop.widgets import button, on_click

if TYPE_CHECKING:
    from agent_desk.actions.views import JournalFilter
    from agent_desk.ports import Account
    from agent_desk.rules.promise import Promise
    from agent_desk.rules.session import Customer

SMALLEST = QSize(960, 600)
SCREEN_OF = {"feasibility": "questions"}  # what is promised and not kept in its session
TOLD_MILLISECONDS = 8000
WITHIN = {
    "changes": "catalogue",
    "commitments": "pilotage",
    "questions": "today",
}  # screens reached from another one, which the rail goes on to mark


class MainWindow(QMainWindow):
    """Shows one screen at a time, each made at its first visit from `screens` ("package.module:Class")."""

    painted = Signal()  # once, after the first paint
    leaving = Signal()  # what was typed is handed over; workers may be closed

    def __init__(self, desk: Desk, screens: Mapping[str, str]) -> None:
        super().__init__()
        self.desk = desk
        self.ui = Ui_MainWindow()
        self.ui.setupUi(self)
        self.setMinimumSize(SMALLEST)
        self._places = screens
        self._screens: dict[str, Screen] = {}
        self._fault: Any = None
        self._sign_in: Any = None
        self._alone = False
        self._cover: QWidget | None = None
        self._before_cover: QWidget | None = None
        self.own_commands: Callable[[], list[Command]] = list  # of whoever signed in
        self._closed = frozenset(
            {"pilotage", "commitments"}
        )  # screens that are not for whoever signed in; known once the database is there
        self._wanted = "today"
        self._was_painted = False
        self._make_notice()
        self.status = StatusLine(desk)
        self.ui.page.addWidget(self.status)
        self._palette: Any = None
        self._calls: Any = None
        self._make_shortcuts()
        self.ui.rail.on_choice(self.go)
        self.ui.rail.offer("pilotage", offered=False)
        self.ui.header.searchRequested.connect(self.open_palette)
        desk.becameReady.connect(self._on_ready)
        desk.screenRequested.connect(self.go)
        desk.openRequested.connect(self.open_session)
        desk.listRequested.connect(self.show_list)
        desk.promiseRequested.connect(self.open_promise)
        desk.newRequested.connect(self.start_session)
        desk.serviceRequested.connect(self.show_service)
        desk.failed.connect(self.tell_failure)
        desk.told.connect(self.tell)
        desk.link.back.connect(self._take_back)
        self._retranslate()

    @property
    def current(self) -> Screen | None:
        """The screen in front."""
        widget = self.ui.screens.currentWidget()
        return widget if isinstance(widget, Screen) else None

    def screen_named(self, name: str) -> Any:
        """Return a screen, made now if it was never visited."""
        if name not in self._screens:
            made = late.load(self._places[name])(self.desk)
            made.setObjectName(f"screen_{name}")
            made.headerChanged.connect(self._show_header)
            self._screens[name] = made
            self.ui.screens.addWidget(made)
        return self._screens[name]

    def go(self, name: str) -> None:
        """Bring a screen to the front; before the database is there, as soon as it is."""
        if self._is_shut or name in self._closed:
            return
        self._wanted = name
        self.ui.rail.set_current(WITHIN.get(name, name))
        if not self._was_painted or (not self.desk.ready and name != "today"):
            return
        screen = self.screen_named(name)
        self.ui.screens.setCurrentWidget(screen)
        screen.refresh()
        self._show_header()

    def open_session(self, session_id: int) -> None:
        """Show the session with this id at its step and field."""
        self.screen_named("session").open_session(session_id)
        self.go("session")

    def open_promise(self, one: "Promise") -> None:
        """Show where a promise is kept: the session it was made in, with what can be done about it, or a screen of its own."""
        if one.kind in SCREEN_OF:
            self.go(SCREEN_OF[one.kind])
            return
        self.screen_named("session").matters.want(one.kind, one.session_id)
        self.open_session(one.session_id)

    def show_list(self, wanted: "JournalFilter", title: str) -> None:
        """Show in the Journal the sessions behind a figure; `title` says which they are."""
        self.screen_named("journal").show_list(wanted, title)
        self.go("journal")

    def start_session(self, customer: "Customer | None" = None) -> None:
        """Begin a session, with a customer already known or none."""
        if not self.desk.ready:
            later, once = partial(self.start_session, customer), Qt.ConnectionType.SingleShotConnection
            self.desk.becameReady.connect(later, once)
        elif not self._is_shut and "session" not in self._closed:
            self.screen_named("session").start_session(customer)
            self.go("session")

    def show_service(self, code: str) -> None:
        """Show one service in the catalogue."""
        self.go("catalogue")
        if self.desk.ready:
            self.screen_named("catalogue").show_service(code)

    def open_palette(self) -> None:
        """Open the box that finds customers, sessions, services and commands; made at its first use."""
        if self._is_shut:
            return
        if self._palette is None:
            self._palette = late.load("agent_desk.desktop.palette:Palette")(self.desk, self.commands, self.ui.centre)
        self._palette.open()

    def commands(self) -> list[Command]:
        """Return what can be done now: first what the screen in front offers, then what is always there."""
        own = self.current.commands() if self.current is not None else []
        places = [
            Command(self._names()[place.name], partial(self.go, place.name), place.key, place.icon)
            for place in PLACES
            if place.name in self._places and place.name not in self._closed
        ]
        if "questions" in self._places and "today" not in self._closed:
            places.append(
                Command(self.tr("Feasibility: questions and answers"), partial(self.go, "questions"), "", "info")
            )
        new = [Command(self.tr("New session"), self.start_session, "Ctrl+N", "plus")]
        return [*own, *(new if "session" not in self._closed else []), *places, *self.own_commands()]

    def tell_failure(self, sentence: str) -> None:
        """Show what went wrong until the agent has read it, unless the screen in front says so already."""
        if self.current is not None and self.current.says() == sentence:
            return
        self._told.stop()
        self._notice.tell(sentence, "bad")

    def _take_back(self) -> None:
        """The database answers: what was said of its absence is true no longer."""
        if says_away(self.desk.wording, self._notice.sentence.text()):
            self._notice.tell("")

    def tell(self, sentence: str) -> None:
        """Show good news for a while."""
        self._notice.tell(sentence, "ok")
        self._told.start()

    def show_fault(self, sentence: str, again: Callable[[], None]) -> None:
        """Fill the window with what is wrong with the database, and a way to try again."""
        if self._fault is None:
            self._fault = late.load("agent_desk.desktop.fault_panel:FaultPanel")(self.desk)
            self._fault.settingsWanted.connect(lambda: self.show_alone(self.screen_named("settings")))
        self._fault.tell(sentence, again)
        self.show_alone(self._fault)

    def ask_account(self, sentence: str, enter: "Callable[[Account], None]", known: Callable[[], str]) -> None:
        """Fill the window with login and password; `known` looks up, in a worker, the login last used here."""
        if self._sign_in is None:
            self._sign_in = late.load("agent_desk.desktop.sign_in:SignIn")(self.desk, enter)
            self._sign_in.settingsWanted.connect(lambda: self.show_alone(self.screen_named("settings")))
            self.desk.background.run(known, self._sign_in.know, lambda _error: None, owner=self)
        self.show_alone(self._sign_in)
        self._sign_in.ask(sentence)

    def ask_first_questions(self) -> None:
        """Fill the window with the questions of the first start, then go to Today."""
        self.show_alone(late.load("agent_desk.desktop.first_start:FirstStart")(self.desk, self._end_first_questions))

    def show_alone(self, screen: Screen) -> None:
        """Fill the window with one screen; the others wait until `go` is called."""
        self._alone = True
        if self.ui.screens.indexOf(screen) < 0:
            self.ui.screens.addWidget(screen)
        self.ui.screens.setCurrentWidget(screen)
        self.ui.rail.setEnabled(False)
        self.ui.header.search.setEnabled(False)
        self._show_header()
        screen.refresh()

    def _end_first_questions(self) -> None:
        self._leave_alone()
        self.go("today")

    def _leave_alone(self) -> None:
        self._alone = False
        self.ui.rail.setEnabled(True)
        self.ui.header.search.setEnabled(True)

    @property
    def is_covered(self) -> bool:
        """Tell whether something covers the window."""
        return self._cover is not None

    @property
    def _is_shut(self) -> bool:
        return self._alone or self.is_covered

    def cover(self, over: QWidget) -> None:
        """Have saved what is typed, close every other window, and show nothing but `over` until `uncover`."""
        for screen in self._screens.values():
            screen.save()
        self._before_cover = QApplication.focusWidget()
        self._cover = over
        for other in QApplication.topLevelWidgets():
            if other is not self and other.isVisible():
                other.close()
        self.ui.centre.hide()
        over.setGeometry(self.rect())
        over.show()
        self.setWindowTitle("Agent Desk")

    def uncover(self) -> None:
        """Show again what was there, with the keyboard where it was."""
        over, self._cover = self._cover, None
        before, self._before_cover = self._before_cover, None
        if over is not None:
            over.hide()
        self.ui.centre.show()
        self._show_header()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def loses(self) -> bool:
        """Tell whether something is typed that closing would lose."""
        return any(screen.loses() for screen in self._screens.values())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what covers the window as large as it."""
        super().resizeEvent(event)
        if self._cover is not None:
            self._cover.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let every screen hand over what is not yet saved; what cannot be saved asks for a second close."""
        for name, kept in self._screens.items():
            if kept.keeps_open():
                self.go(name)
                event.ignore()
                return
        for screen in self._screens.values():
            screen.flush()
        self.leaving.emit()
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first paint, when heavy work may begin."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self._after_first_paint)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _after_first_paint(self) -> None:
        self.painted.emit()
        if self.desk.ready:
            self._open_screens()
        self.go(self._wanted)

    def _make_notice(self) -> None:
        self._notice = Notice()
        self._notice.setObjectName("notice")
        self._close_notice = on_click(button("", "quiet", "cross", "close_notice"), lambda: self._notice.tell(""))
        self._notice.add_button(self._close_notice)
        self.ui.notices.addWidget(self._notice)
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.setInterval(TOLD_MILLISECONDS)
        self._told.timeout.connect(lambda: self._notice.tell(""))

    def _make_shortcuts(self) -> None:
        for place in PLACES:
            if place.name in self._places:
                self._shortcut(place.key, partial(self.go, place.name))
        self._shortcut("Ctrl+K", self.open_palette)
        self._shortcut("Ctrl+N", self.start_session)

    def _shortcut(self, key: str, action: Any) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.activated.connect(action)

    def _on_ready(self) -> None:
        self._leave_alone()
        if self._sign_in is not None:
            self._sign_in.forget()
        self._open_screens()
        self.go(self._wanted)

    def _open_screens(self) -> None:
        """Offer what is for whoever signed in, and begin there."""
        self._closed = late.closed_screens(self.desk.context)
        if self._wanted in self._closed:
            self._wanted = next(place.name for place in PLACES if place.name not in self._closed)
        for place in PLACES:
            self.ui.rail.offer(place.name, offered=place.name not in self._closed)
        if (
            "pilotage" not in self._closed
            and self._calls is None
            and self.desk.context.leaves_sending
            and self.desk.context.person
        ):
            self._calls = late.load("agent_desk.desktop.calls_for_help:CallsForHelp")(self.desk)
            self._calls.changed.connect(self.desk.helpChanged)

    def _show_header(self) -> None:
        if self.is_covered:
            return
        screen = self.current
        header = screen.header() if screen is not None else Header(self._names()[self._wanted])
        self.ui.header.show_header(header)
        self.setWindowTitle(f"{header.title[:80]} — Agent Desk" if header.title else "Agent Desk")

    def _names(self) -> dict[str, str]:
        return {
            "today": self.tr("Today"),
            "session": self.tr("Session"),
            "catalogue": self.tr("Catalogue"),
            "changes": self.tr("Prices and texts"),
            "questions": self.tr("Feasibility"),
            "journal": self.tr("Journal"),
            "pilotage": self.tr("Figures"),
            "commitments": self.tr("Commitments"),
            "agenda": self.tr("Agenda"),
            "help": self.tr("Help"),
            "settings": self.tr("Settings"),
        }

    def _retranslate(self) -> None:
        keys = {
            place.name: QKeySequence(place.key).toString(QKeySequence.SequenceFormat.NativeText) for place in PLACES
        }
        self.ui.rail.set_texts(self._names(), keys)
        self.ui.header.search.set_label(self.tr("Search or act…"), self.tr("Ctrl", "key"))
        self._close_notice.setAccessibleName(self.tr("Close this message"))
        self._close_notice.setToolTip(self.tr("Close this message"))
        self.status.show_state()
        self._show_header()
