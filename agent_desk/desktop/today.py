"""Today: sessions under way and put aside, what is due, and mails that need somebody."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from agent_desk import late
from agent_desk.actions.views import DueItem, MailView, Returned, SessionRow, TodayView, Waiting
from agent_desk.desktop.boxes import Card, Row, Section
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.due_row import DueRow
from agent_desk.desktop.forms.ui_today import Ui_Today
from agent_desk.desktop.handed_row import HandedRow
from agent_desk.desktop.icons import icon
from agent_desk.desktop.mail_row import MailRow
from agent_desk.desktop.promise_card import NEXT_KEY, PromiseCard, next_thing
from agent_desk.desktop.promise_watch import PromiseWatch
from agent_desk.desktop.returned_row import ReturnedRow
from agent_desk.desktop.screen import Chip, Command, Header, Screen
from agent_desk.desktop.session_list import SessionList
from agent_desk.desktop.today_notices import TodayNotices
from agent_desk.desktop.waiting_watch import WaitingWatch
from agent_desk.desktop.widgets import button, clear_layout, label, on_click, rule, set_text
from agent_desk.formats import format_cents, format_day
from agent_desk.rules.handover import Handover
from agent_desk.rules.promise import Promise

if TYPE_CHECKING:
    from agent_desk.actions.views import Promised

MOST_STUCK = 12


class TodayScreen(Screen):
    """The first screen; brought up to date whenever something changed elsewhere."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._view: TodayView | None = None
        self._handed: tuple[Handover, ...] = ()
        self._returned: tuple[Returned, ...] = ()
        self._asking = False
        self._again = False
        self.ui = Ui_Today()
        self.ui.setupUi(self)
        self.ui.new_session.setIcon(icon("plus", "on_accent"))
        self.ui.new_session.clicked.connect(lambda _checked: desk.newRequested.emit(None))
        self.notices = TodayNotices(desk)
        self.promised = PromiseCard(desk)
        self.handed_card, self.handed_rows = _rows_card()
        self.open_card, self.open_list, self.open_empty = self._list_card("open_sessions")
        self.parked_card, self.parked_list, self.parked_empty = self._list_card("parked_sessions")
        self.returned_card, self.returned_rows = _rows_card()
        self.stuck_card, self.stuck_rows = _rows_card()
        box = self.ui.lists.box
        box.setContentsMargins(0, 0, 22, 18)
        for widget in (
            *self.notices.all,
            self.promised,
            self.handed_card,
            self.open_card,
            self.parked_card,
            self.returned_card,
            self.stuck_card,
        ):
            box.addWidget(widget)
        box.addStretch(1)
        self.due = self.ui.side.section()
        self.figures = self.ui.side.section()
        self.as_of = label(role="muted")
        self.update_button = on_click(button(icon_name="refresh", name="refresh_today"), self.update_lists)
        self.ui.footer.row.addWidget(self.as_of)
        self.ui.footer.row.addStretch(1)
        self.ui.footer.row.addWidget(self.update_button)
        key = QShortcut(QKeySequence(NEXT_KEY), self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.go_on)
        desk.sessionChanged.connect(lambda _id: self._refresh_if_shown())
        desk.mailsChanged.connect(self._refresh_if_shown)
        desk.firstLook.connect(self.show_view)
        self._waiting = WaitingWatch(desk, self, self._waits)
        self._promising = PromiseWatch(desk, self, self._show_promised)
        self.retranslate()

    def header(self) -> Header:
        """Return the title, and how many mails need somebody."""
        stuck = len(self._view.stuck) if self._view is not None else 0
        return Header(
            self.tr("Today"), (Chip(self.tr("%n message(s) to look at", "", stuck), "warn"),) if stuck else ()
        )

    def commands(self) -> list[Command]:
        """Offer what comes next, and to bring the lists up to date."""
        return [
            Command(self.tr("Go to what comes next"), self.go_on, NEXT_KEY, "chevron-right"),
            Command(self.tr("Bring Today up to date"), self.update_lists, "F5", "refresh"),
        ]

    def go_on(self) -> None:
        """Go to what has to be done next, of promises and of clocks in open sessions."""
        thing = next_thing(self._view) if self._view is not None else None
        if isinstance(thing, Promise):
            self.desk.promiseRequested.emit(thing)
        elif thing is not None:
            self.desk.openRequested.emit(thing.session_id)

    def refresh(self) -> None:
        """Come to the front: the keyboard goes to what is pressed most, and the lists are asked for."""
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):
            self.ui.new_session.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update_lists()

    def update_lists(self) -> None:
        """Ask for the lists; while an answer is on its way one more question is kept."""
        if not self.desk.ready or self.desk.background.closed:
            return
        if self._asking:
            self._again = True
            return
        self._asking = True
        self.desk.run(lambda ctx: late.list_today(ctx), self.show_view, self._failed, owner=self)  # noqa: PLW0108 (loaded in the worker)

    def show_view(self, view: TodayView) -> None:
        """Show what the action returned."""
        self._asking = False
        self._view = view
        self._fill_list(self.open_list, self.open_empty, view.open)
        self._fill_list(self.parked_list, self.parked_empty, view.parked)
        self.parked_card.setVisible(bool(view.parked))
        self._show_promised(view.promised)
        self._fill_handed(view.handed)
        self._fill_returned(view.returned)
        self._fill_stuck(view.stuck)
        self._fill_due(view.due)
        self._fill_figures(view)
        self.notices.tell(view)
        self._greet()
        now = self.desk.clock.now().astimezone()
        set_text(self.as_of, self.tr("As of {0}").format(f"{now:%H:%M:%S}"))
        self.headerChanged.emit()
        if self._again:
            self._again = False
            QTimer.singleShot(0, self.update_lists)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)
        self._greet()
        self._handed = self._returned = ()  # their rows are made anew
        self.ui.new_session.setText(self.tr("New session   Ctrl+N"))
        self.open_card.set_title(self.tr("Under way"))
        self.parked_card.set_title(self.tr("Put aside"))
        self.promised.retranslate()
        self.handed_card.set_title(self.tr("Handed over to you"))
        self.returned_card.set_title(self.tr("Reviews that wait for your answer"))
        self.stuck_card.set_title(self.tr("Stuck: messages that need you"))
        self.due.set_title(self.tr("Due"))
        self.figures.set_title(self.tr("Today’s figures"))
        set_text(self.open_empty, self.tr("No session under way. Press Ctrl+N when a call comes in."))
        self.update_button.setText(self.tr("Bring up to date   F5"))
        self.update_button.setShortcut("F5")  # a new text takes the old shortcut away
        self.open_list.setAccessibleName(self.tr("Sessions under way"))
        self.parked_list.setAccessibleName(self.tr("Sessions put aside"))
        for one in (self.open_list, self.parked_list):
            one.delegate.nameless = self.tr("Customer not named yet")
        if self._view is not None:
            self.show_view(self._view)
        else:
            self._fill_due(())

    def _greet(self) -> None:
        """Greet whoever sits there by now, on the day it is by now."""
        name = self.desk.settings.agent_name
        self.ui.greeting.set_whole(self.tr("Hello {0}").format(name) if name else self.tr("Hello"))
        now = self.desk.clock.now().astimezone()
        set_text(self.ui.day, _capital(format_day(now.date(), self.desk.language)))

    def _list_card(self, name: str) -> tuple[Card, SessionList, QLabel]:
        card = Card()
        card.box.setContentsMargins(1, 13, 1, 8)
        card.heading.setContentsMargins(15, 0, 15, 0)
        shown = SessionList(self.desk)
        shown.setObjectName(name)
        shown.chosen.connect(self.desk.openRequested)
        empty = label(role="muted", wrap=True)
        empty.setContentsMargins(15, 0, 15, 12)
        shown.hide()
        card.box.addWidget(empty)
        card.box.addWidget(shown)
        return card, shown, empty

    def _fill_list(self, shown: SessionList, empty: QLabel, rows: tuple[SessionRow, ...]) -> None:
        if rows != shown.rows.rows:
            shown.set_rows(rows)
        shown.setVisible(bool(rows))
        empty.setVisible(not rows)

    def _show_promised(self, found: "Promised | None") -> None:
        if found is not None:
            self._promising.know(found.ears)
            if self._view is not None:
                self._view = replace(self._view, promised=found)
            self.promised.show_promises(found.promises, found.behind, found.now)

    def _fill_handed(self, handed: tuple[Handover, ...]) -> None:
        self.handed_card.setVisible(bool(handed))
        if handed != self._handed:
            self._handed = handed
            self.handed_rows.clear()
            for one in handed:
                self.handed_rows.add(rule())
                self.handed_rows.add(HandedRow(self.desk, one))

    def _fill_returned(self, returned: tuple[Returned, ...]) -> None:
        self.returned_card.setVisible(bool(returned))
        if returned != self._returned:
            self._returned = returned
            self.returned_rows.clear()
            for one in returned:
                self.returned_rows.add(rule())
                self.returned_rows.add(ReturnedRow(self.desk, one))

    def _fill_stuck(self, mails: tuple[MailView, ...]) -> None:
        self.stuck_card.setVisible(bool(mails))
        self.stuck_rows.clear()
        for mail in mails[:MOST_STUCK]:
            self.stuck_rows.add(rule())
            self.stuck_rows.add(MailRow(self.desk, mail))
        if len(mails) > MOST_STUCK:
            more = self.tr("%n more in the Journal", "", len(mails) - MOST_STUCK)
            self.stuck_rows.add(on_click(button(more, "link"), lambda: self.desk.screenRequested.emit("journal")))

    def _fill_due(self, items: tuple[DueItem, ...]) -> None:
        self.due.clear()
        now = self.desk.clock.now()
        for item in items:
            self.due.add(DueRow(self.desk, item, now))
        if not items:
            self.due.add(label(self.tr("Nothing is due."), "muted", wrap=True))

    def _fill_figures(self, view: TodayView) -> None:
        clear_layout(self.figures.rows)
        amount = format_cents(view.billed_today_cents, self.desk.language)
        self.figures.add(Row(self.tr("Sessions closed"), str(view.closed_today), right_role="amount"))
        self.figures.add(Row(self.tr("Billed"), amount, right_role="amount"))

    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self.update_lists()

    def showEvent(self, event: QShowEvent) -> None:
        """Hear from now on of what colleagues send."""
        super().showEvent(event)
        self._waiting.watch(watched=True)
        self._promising.watch(watched=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Hear no more: coming to the front asks for all lists."""
        self._waiting.watch(watched=False)
        self._promising.watch(watched=False)
        super().hideEvent(event)

    def _waits(self, found: Waiting) -> None:
        if found != Waiting(self._handed, self._returned):
            self.update_lists()

    def _failed(self, error: BaseException) -> None:
        self._asking = self._again = False
        self.desk.report(error)


def _rows_card() -> tuple[Card, Section]:
    """Return a card for rows from edge to edge, and where they go."""
    card, rows = Card(), Section(below=0)
    card.box.setContentsMargins(1, 13, 1, 6)
    card.heading.setContentsMargins(15, 0, 15, 0)
    rows.heading.hide()
    card.box.addWidget(rows)
    return card, rows


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
