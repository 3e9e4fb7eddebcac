"""What can follow a session, or go round it: each matter is a bar above the footer, offered in one menu and by name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from agent_desk import late
from agent_desk.actions.views import SessionView
from agent_desk.desktop.boxes import Frame
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.screen import Command
from agent_desk.rules.session import ENDED, HomeVisit, State

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.desktop.session.screen import SessionScreen

MATTERS_KEY = "Ctrl+J"


@dataclass(frozen=True, slots=True)
class Matter:
    """One entry: its name (also of its promise, where it has one), its bar ("package.module:Class"), and when it is offered."""

    name: str
    bar: str
    icon: str
    allowed: Callable[[SessionView], bool] = lambda _view: True


def _is_open(view: SessionView) -> bool:
    return view.state not in ENDED


def _is_visited(view: SessionView) -> bool:
    """Tell whether a technician follows: a closed session whose customer accepted a visit (4.8)."""
    return view.state is State.CLOSED and view.content.closing.home_visit is HomeVisit.ACCEPTED


MATTERS: tuple[Matter, ...] = (
    Matter("call_back", "agent_desk.desktop.session.call_back_bar:CallBackBar", "phone", _is_open),
    Matter("escalation", "agent_desk.desktop.session.escalation_bar:EscalationBar", "users", _is_open),
    Matter("complaint", "agent_desk.desktop.session.complaint_bar:ComplaintBar", "flag"),
    Matter("visit", "agent_desk.desktop.session.visit_bar:VisitBar", "calendar", _is_visited),
    Matter("answer", "agent_desk.desktop.session.answer_bar:AnswerBar", "hourglass"),
    Matter("credit", "agent_desk.desktop.session.credit_bar:CreditBar", "check"),
)


class MatterBar(Frame):
    """Base of a matter's form: made at its first use, filled for one session, closed by Esc or when it is done."""

    closed = Signal()
    asked = Signal(str)  # another matter, by its name
    acted = Signal(object, bool)  # job(ctx, version) -> SessionView, and whether the session is somebody else's then

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("footer", (18, 11, 18, 11), 8, parent)
        self.desk = desk
        self.stands_in: SessionScreen | None = None  # what it stands in
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.close_bar)
        self.hide()

    def open_for(self, view: SessionView) -> None:
        """Fill and show the form for this session, with the keyboard in its first field."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""

    def close_bar(self) -> None:
        """Go away without doing anything."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()


class Matters(QObject):
    """One bar at a time, for the session on the screen."""

    def __init__(self, desk: Desk, screen: "SessionScreen") -> None:
        super().__init__(screen)
        self._desk = desk
        self._screen = screen
        self._bars: dict[str, MatterBar] = {}
        self._wanted: tuple[str, int] | None = None

    def attend(self) -> None:
        """Another session is on the screen: what was being asked about the one before is asked no more."""
        for bar in self._bars.values():
            bar.close_bar()
        wanted, self._wanted = self._wanted, None
        editor = self._screen.editor
        if wanted is not None and editor is not None and editor.view.id == wanted[1]:
            self.open(wanted[0])

    def want(self, name: str, session_id: int) -> None:
        """Open that matter as soon as this session is on the screen, now where it is."""
        editor = self._screen.editor
        if editor is not None and editor.view.id == session_id:
            self.open(name)
        else:
            self._wanted = (name, session_id)

    def open(self, name: str) -> None:
        """Open a matter's bar in place of any other; nothing where it is not offered for this session."""
        editor = self._screen.editor
        matter = next((one for one in MATTERS if one.name == name), None)
        if editor is None or matter is None or not matter.allowed(editor.view):
            return
        self._screen.ending.close()
        for bar in self._bars.values():
            bar.close_bar()
        if name not in self._bars:
            self._bars[name] = self._made(matter)
        self._bars[name].open_for(editor.view)

    def commands(self) -> list[Command]:
        """Return what the palette offers for the session on the screen."""
        names = matter_names()
        return [Command(names[one.name], partial(self.open, one.name), "", one.icon) for one in self._offered()]

    def offer(self) -> None:
        """Open the menu of all matters above the footer's own."""
        menu, more = self.menu(), self._screen.ui.moreButton
        menu.popup(more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def menu(self) -> QMenu:
        """Return a menu of what is offered for the session on the screen; it goes when it closes."""
        menu = QMenu(self._screen)
        menu.setObjectName("matters_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        names = matter_names()
        for one in self._offered():
            menu.addAction(names[one.name], partial(self.open, one.name)).setObjectName(f"matter_{one.name}")
        return menu

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        for bar in self._bars.values():
            bar.retranslate()

    def _offered(self) -> list[Matter]:
        editor = self._screen.editor
        return [] if editor is None else [one for one in MATTERS if one.allowed(editor.view)]

    def _made(self, matter: Matter) -> MatterBar:
        bar: MatterBar = late.load(matter.bar)(self._desk)
        bar.stands_in = self._screen
        bar.setObjectName(f"matter_bar_{matter.name}")
        layout = self._screen.ui.rootLayout
        layout.insertWidget(layout.count() - 1, bar)
        bar.closed.connect(self._give_back_keyboard)
        bar.asked.connect(self.open)
        bar.acted.connect(partial(self._act, bar))
        bar.retranslate()
        return bar

    def _act(self, bar: MatterBar, job: "Callable[[Context, int], SessionView]", gone: bool) -> None:
        """Do it once what is typed is saved; the bar stays with all that was typed into it where it is refused."""

        def done() -> None:
            if gone:  # no field of it gets the keyboard back: where one stands is saved too
                bar.hide()
                self._screen.put_away()
            else:
                bar.close_bar()
            self._desk.promisesChanged.emit()

        self._screen.flow.go_round(job, done, gone=gone)

    def _give_back_keyboard(self) -> None:
        page = self._screen.page
        if page is not None:
            page.focus_field("")


def matter_names() -> dict[str, str]:
    """Return what an agent calls each matter."""
    translate = QCoreApplication.translate
    return {
        "call_back": translate("SessionMatters", "Call back at an agreed time…"),
        "escalation": translate("SessionMatters", "Send to another level…"),
        "answer": translate("SessionMatters", "News promised…"),
        "complaint": translate("SessionMatters", "Complaint or contested bill…"),
        "visit": translate("SessionMatters", "Home visit…"),
        "credit": translate("SessionMatters", "Goodwill credit…"),
    }
