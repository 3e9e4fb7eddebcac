"""Ctrl+K: finds customers, sessions, services and commands, and does what was chosen, without the mouse."""

import unicodedata
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QWidget

from agent_desk import late
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_palette import Ui_Palette
from agent_desk.desktop.icons import icon
from agent_desk.desktop.palette_model import GROUP_HEIGHT, ROW_HEIGHT, Entry, EntryDelegate, EntryModel
from agent_desk.desktop.screen import Command
from agent_desk.desktop.widgets import KeyHint, set_text
from agent_desk.formats import format_cents

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.actions.views import JournalPage, SessionRow
    from agent_desk.rules.search import Index

WIDTH = 640
MOST_SERVICES = 6
MOST_SESSIONS = 8
MOST_CUSTOMERS = 4
MOST_VISIBLE_PIXELS = 430


def folded(text: str) -> str:
    """Return `text` without accents and capitals, to compare what is typed with what is written."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


class Palette(QFrame):
    """A box over the window; typing filters, arrows choose, Enter acts, Escape closes."""

    def __init__(self, desk: Desk, commands: Callable[[], list[Command]], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ground = parent
        self._commands = commands
        self._rows: tuple[SessionRow, ...] = ()
        self._rows_of = ""
        self._asking = False
        self._index: Index | None = None
        self._back: QWidget | None = None
        self.ui = Ui_Palette()
        self.ui.setupUi(self)
        self._model = EntryModel()
        self._delegate = EntryDelegate(desk)
        self.ui.results.setModel(self._model)
        self.ui.results.setItemDelegate(self._delegate)
        self.ui.results.setMouseTracking(True)
        self.ui.query.textChanged.connect(lambda _text: self._search())
        self.ui.query.installEventFilter(self)
        self.ui.results.clicked.connect(self._act_on)
        self._hints = tuple(KeyHint(keys) for keys in (("↑", "↓"), ("↵",), ("Esc",)))
        for hint in self._hints:
            self.ui.hints.addWidget(hint)
        self.ui.hints.addStretch(1)
        parent.installEventFilter(self)
        self._retranslate()
        self.hide()

    def open(self) -> None:
        """Show the box, empty, with the keyboard in it."""
        if self.isVisible():
            self.ui.query.selectAll()
            return
        self._back = self.window().focusWidget()
        self.ui.glass.setPixmap(icon("search", "muted").pixmap(18, 18))
        self.ui.query.clear()
        self._rows, self._rows_of = (), ""
        self._search()
        self.show()
        self.raise_()
        self.ui.query.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_box(self) -> None:
        """Hide the box and give the keyboard back."""
        self.hide()
        if self._back is not None and self._back.isVisible():
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list while the keyboard stays in the field; follow the window's size."""
        kind = event.type()
        if watched is self._ground:
            if kind == QEvent.Type.Resize and self.isVisible():
                self._place()
            return False
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event.key())
        if kind == QEvent.Type.FocusOut and self.isVisible() and not self.isActiveWindowPopup():
            self.hide()
        return False

    def isActiveWindowPopup(self) -> bool:
        """Tell whether the field lost the keyboard only to its own menu."""
        return self.window().focusWidget() is self.ui.query

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.ui.retranslateUi(self)
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        for hint, text in zip(self._hints, (self.tr("choose"), self.tr("open"), self.tr("close")), strict=True):
            set_text(hint.text, text)

    def _on_key(self, key: int) -> bool:
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._act_on(self.ui.results.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.close_box()
        elif key in moves:
            self._move(moves[Qt.Key(key)])
        else:
            return False
        return True

    def _move(self, by: int) -> None:
        choices = [row for row, entry in enumerate(self._model.entries) if entry.run is not None]
        if not choices:
            return
        now = self.ui.results.currentIndex().row()
        place = choices.index(now) + by if now in choices else 0
        place = place % len(choices) if abs(by) == 1 else min(max(place, 0), len(choices) - 1)
        self.ui.results.setCurrentIndex(self._model.index(choices[place]))

    def _act_on(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        run = self._model.entries[index.row()].run
        if run is not None:
            self.close_box()
            run()

    def _search(self) -> None:
        text = self.ui.query.text().strip()
        if self._desk.ready and len(text) > 1:
            self._ask_for_sessions(text)
        self._show(text)

    def _ask_for_sessions(self, text: str) -> None:
        """One question at a time: what was typed meanwhile is asked when the answer is there."""
        if self._asking or text == self._rows_of:
            return
        self._asking = True

        def answered(page: "JournalPage") -> None:
            self._asking = False
            self._rows, self._rows_of = page.rows, text
            if self.isVisible():
                self._search()

        def failed(error: BaseException) -> None:
            self._asking = False
            self._rows, self._rows_of = (), text
            self._desk.report(error)

        self._desk.run(lambda ctx: _sessions_with(ctx, text), answered, failed, owner=self)

    def _show(self, text: str) -> None:
        sessions = self._sessions(text)
        groups = (
            (self.tr("Commands"), self._matching_commands(text)),
            (self.tr("Customers"), self._customers(sessions, text)),
            (self.tr("Services"), self._services(text)),
            (self.tr("Sessions"), [self._session(row) for row in sessions]),
        )
        entries = [entry for name, found in groups if found for entry in (Entry(name), *found)]
        self._model.set_entries(entries)
        self.ui.results.setVisible(bool(entries))
        self.ui.nothing.setVisible(not entries)
        set_text(
            self.ui.nothing, self.tr("Nothing found. Try a name, a customer number, a session number or a service.")
        )
        if entries:
            self.ui.results.setCurrentIndex(self._model.index(1))
        self._place()

    def _matching_commands(self, text: str) -> list[Entry]:
        words = folded(text).split()
        return [
            Entry(one.text, one.run, one.hint, one.icon or "chevron-right", _caps(one.key))
            for one in self._commands()
            if all(word in folded(f"{one.text} {one.hint}") for word in words)
        ]

    def _sessions(self, text: str) -> "tuple[SessionRow, ...]":
        return self._rows if len(text) > 1 else ()

    def _session(self, row: "SessionRow") -> Entry:
        state = self._desk.wording.text(f"states.{row.state}")
        return Entry(
            row.customer or self.tr("Customer not named yet"),
            lambda: self._desk.openRequested.emit(row.id),
            f"{row.number} · {state}",
            "session",
        )

    def _customers(self, rows: "tuple[SessionRow, ...]", text: str) -> list[Entry]:
        """Return the customers who are named by what was typed; other sessions answer for their services."""
        known: dict[str, SessionRow] = {}
        words = folded(text).split()
        for row in rows:
            named = f"{folded(row.customer)} {row.customer_number}"
            if row.customer_number and any(word in named for word in words):
                known.setdefault(row.customer_number, row)
        return [
            Entry(row.customer, partial(self._start_with, number), self.tr("new session · {0}").format(number), "user")
            for number, row in list(known.items())[:MOST_CUSTOMERS]
        ]

    def _start_with(self, number: str) -> None:
        self._desk.run(
            lambda ctx: late.find_customer(ctx, number),
            lambda found: self._desk.newRequested.emit(found.content.customer if found is not None else None),
            owner=self,
        )

    def _services(self, text: str) -> list[Entry]:
        if not text or not self._desk.ready:
            return []
        language = self._desk.language
        services = self._desk.reference.catalogue_on(self._desk.clock.now().date()).services
        if self._index is None:
            self._index = late.load("agent_desk.rules.search:Index")(services.values())
        return [
            Entry(
                services[code].label(language),
                partial(self._desk.serviceRequested.emit, code),
                self._price(services[code].price_cents),
                "catalogue",
            )
            for code in self._index.find(text)[:MOST_SERVICES]
        ]

    def _price(self, cents: int) -> str:
        return format_cents(cents, self._desk.language) if cents else self.tr("free of charge")

    def _place(self) -> None:
        """Centre the box under the header, no higher than its rows need."""
        width = min(WIDTH, self._ground.width() - 40)
        rows = sum(GROUP_HEIGHT if entry.run is None else ROW_HEIGHT for entry in self._model.entries)
        room = min(rows + 10, MOST_VISIBLE_PIXELS, self._ground.height() - 190)
        self.ui.results.setFixedHeight(max(room, 60))
        self.setFixedWidth(width)
        self.adjustSize()
        self.move(QPoint((self._ground.width() - width) // 2, 64))


def _sessions_with(ctx: "Context", text: str) -> "JournalPage":
    """Search in a worker; what it returns is described in a module too heavy for the first Ctrl+K."""
    wanted = late.load("agent_desk.actions.views:JournalFilter")(text=text)
    return late.search_journal(ctx, wanted, limit=MOST_SESSIONS)


def _caps(key: str) -> tuple[str, ...]:
    """Return the key caps of a shortcut: "Ctrl+N" is Ctrl and N."""
    if not key:
        return ()
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return tuple(part or "+" for part in native.split("+"))
