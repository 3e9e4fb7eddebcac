"""Everything a session answers to without the mouse: shortcuts, palette commands, and the small menu."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from agent_desk import late
from agent_desk.canned_notes import load_notes
from agent_desk.desktop.duplicate import DUPLICATE_KEY, send_duplicate
from agent_desk.desktop.screen import Command
from agent_desk.desktop.session.call_panel import TELL_KEY
from agent_desk.desktop.session.code_card import COPY_KEY, ISSUE_KEY
from agent_desk.desktop.session.customer_step import TAKE_OVER_KEY, CustomerStep
from agent_desk.desktop.session.ending_bar import CANCEL, WITHDRAW
from agent_desk.desktop.session.help_bar import HELP_KEY
from agent_desk.desktop.session.intervention_step import InterventionStep
from agent_desk.desktop.session.matters import MATTERS_KEY
from agent_desk.desktop.session.request_step import RequestStep
from agent_desk.desktop.session.share_full import CUT_KEY, FULL_KEY
from agent_desk.desktop.session.side_pane import CANNED_KEY, PROTECTION_KEY
from agent_desk.desktop.session.steps_pane import NAMES
from agent_desk.desktop.session.version_bar import MINE_KEY, THEIRS_KEY
from agent_desk.rules.lifecycle import may_become, may_issue_code
from agent_desk.rules.session import ENDED, Call, State, Step

if TYPE_CHECKING:
    from agent_desk.desktop.session.screen import SessionScreen

HAND_OVER_KEY = "Ctrl+H"
MENU = ("matters", "park", "hand_over", "ask_help", "duplicate", "end_call", "new_call", "cancel", "withdraw")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing an agent can do; `allowed` tells whether the session's state permits it."""

    name: str
    key: str
    icon: str
    run: Callable[[], None]
    allowed: Callable[[State], bool] = lambda state: state not in ENDED


def _may_withdraw(state: State) -> bool:
    """Tell whether a withdrawal can be recorded; after closing it is, and answered."""
    return may_become(state, State.WITHDRAWN) or state is State.CLOSED


class Keys(QObject):
    """The session's own actions, each with its key."""

    def __init__(self, screen: "SessionScreen") -> None:
        super().__init__(screen)
        self._screen = screen
        running = frozenset({State.AGREED, State.SCHEDULED, State.IN_PROGRESS})
        self._acts = (
            Act("next", "F9", "chevron-right", screen.advance, lambda _: True),
            Act("back", "Shift+F9", "chevron-left", screen.back, lambda _: True),
            Act("park", "F4", "pause", screen.flow.park),
            Act("hand_over", HAND_OVER_KEY, "users", screen.handing.offer, lambda _: screen.handing.may()),
            Act("duplicate", DUPLICATE_KEY, "mail", self.send_duplicate, lambda state: state is State.CLOSED),
            Act("matters", MATTERS_KEY, "hourglass", screen.matters.offer, lambda _: True),
            Act("ask_help", HELP_KEY, "flag", screen.helping.toggle, lambda _: screen.helping.may()),
            Act("issue_code", ISSUE_KEY, "key", self.issue_code, self._may_issue),
            Act("cut_share", CUT_KEY, "stop", self.cut_share, lambda _: self._shared()),
            Act("full_screen", FULL_KEY, "screen", self.full_screen, lambda _: self._shared()),
            Act("copy_code", COPY_KEY, "copy", self.copy_code, self._may_issue),
            Act("protection", PROTECTION_KEY, "shield", self.toggle_protection, lambda state: state in running),
            Act("notes", CANNED_KEY, "note", self.offer_notes),
            Act("keep_mine", MINE_KEY, "check", partial(screen.versions.choose, mine=True), lambda _: self._differs()),
            Act(
                "take_theirs",
                THEIRS_KEY,
                "refresh",
                partial(screen.versions.choose, mine=False),
                lambda _: self._differs(),
            ),
            Act("take_over", TAKE_OVER_KEY, "user", self.take_over, lambda _: self._may_take_over()),
            Act("tell_tariff", TELL_KEY, "euro", self.tell_tariff, self._may_tell),
            Act("undo", "Ctrl+Shift+Z", "undo", self.undo, lambda _: self._may_undo()),
            Act("end_call", "", "phone", self.end_call, lambda state: state not in ENDED and not self._hung_up()),
            Act("new_call", "", "phone", self.new_call, lambda state: state not in ENDED and self._hung_up()),
            Act("cancel", "", "cross", partial(self._end, CANCEL), lambda s: may_become(s, State.CANCELLED)),
            Act("withdraw", "", "undo", partial(self._end, WITHDRAW), _may_withdraw),
        )
        for act in self._acts:
            if act.key:
                self._shortcut(act.key, partial(self._run, act))
        for step in Step:
            self._shortcut(f"Ctrl+{int(step)}", partial(screen.go, step))
        screen.notices.undone.connect(self.undo)

    def commands(self) -> list[Command]:
        """Return what the palette offers now."""
        editor = self._screen.editor
        if editor is None:
            return []
        names = self._names()
        found = [
            Command(names[act.name], act.run, act.key, act.icon) for act in self._acts if act.allowed(editor.view.state)
        ]
        steps = self._screen.desk.wording
        goes = [
            Command(steps.text(f"steps.{NAMES[step]}"), partial(self._screen.go, step), f"Ctrl+{int(step)}", "session")
            for step in Step
        ]
        return [*found, *self._screen.matters.commands(), *goes]

    def fill_menu(self, menu: QMenu) -> None:
        """Put the ways to pause or end a session into the footer's menu; what the state forbids is left out."""
        menu.clear()
        names = self._names()
        for act in self._acts:
            if act.name in MENU:
                action = menu.addAction(names[act.name], act.run)
                action.setObjectName(f"menu_{act.name}")
                if act.key:
                    action.setShortcut(QKeySequence(act.key))
                    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # shown here, answered elsewhere

    def issue_code(self) -> None:
        """Issue a one-time code, on the step that shows it."""
        page = self._intervention()
        if page is not None:
            page.code.issue()

    def copy_code(self) -> None:
        """Copy the code shown."""
        page = self._intervention()
        if page is not None:
            page.code.copy()

    def cut_share(self) -> None:
        """Cut the screen share, from any step."""
        page = self._screen.pages.page(Step.INTERVENTION)
        if isinstance(page, InterventionStep):
            page.share.stop()

    def full_screen(self) -> None:
        """Show the customer's screen in a window of its own, or put it back."""
        page = self._intervention()
        if page is not None:
            page.share.toggle_full()

    def toggle_protection(self) -> None:
        """Note that the customer's protection was switched off, or on again (4.5)."""
        editor = self._screen.editor
        if editor is not None:
            closing = editor.content.closing
            off, on = closing.protection_off_at, closing.protection_on_at
            self.protect(not (off is not None and (on is None or on < off)))

    def protect(self, off: bool) -> None:
        """Note that the customer's protection is off, or on."""
        editor = self._screen.editor
        if editor is not None:
            editor.act(lambda view: lambda ctx: late.set_protection(ctx, view.id, off))

    def offer_notes(self) -> None:
        """Open the ready-made notes; the one chosen is added to the session's."""
        screen = self._screen
        if screen.editor is None:
            return
        if screen.step < Step.INTERVENTION:
            screen.go(Step.INTERVENTION)
        notes = screen.side.notes
        self.notes_menu().popup(notes.mapToGlobal(QPoint(0, notes.height())))

    def notes_menu(self) -> QMenu:
        """Return a menu of the ready-made notes by subject; it goes when it closes."""
        menu = QMenu(self._screen)
        menu.setObjectName("canned_notes_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for theme in load_notes(self._screen.desk.language):
            inner = menu.addMenu(theme.title)
            for note in theme.notes:
                inner.addAction(note, partial(self._add_note, note))
        return menu

    def take_over(self) -> None:
        """Take over the identity of a known customer."""
        page = self._screen.page
        if isinstance(page, CustomerStep):
            page.take_over()

    def tell_tariff(self) -> None:
        """Note, at any step, that the customer was told what the call costs."""
        page = self._screen.pages.page(Step.CUSTOMER)
        if isinstance(page, CustomerStep):
            page.tell_tariff()

    def send_duplicate(self) -> None:
        """Send the confirmation of this closed session once more, as it is."""
        editor = self._screen.editor
        if editor is not None:
            send_duplicate(self._screen.desk, editor.view.id, owner=self)

    def undo(self) -> None:
        """Put back the service taken out last."""
        page = self._screen.pages.page(Step.REQUEST)
        if isinstance(page, RequestStep):
            page.undo()

    def end_call(self) -> None:
        """The customer has hung up: the clock stops."""
        editor = self._screen.editor
        if editor is not None and editor.content.call.ended_at is None:
            editor.set("call.ended_at", self._screen.desk.clock.now())

    def new_call(self) -> None:
        """The customer calls again: the clock begins anew."""
        editor = self._screen.editor
        if editor is not None and editor.content.call.ended_at is not None:
            editor.set("call", Call(editor.content.call.channel, self._screen.desk.clock.now()))

    def _add_note(self, note: str) -> None:
        screen = self._screen
        if screen.editor is not None:
            before = screen.editor.content.notes.rstrip()
            screen.editor.set("notes", f"{before}\n{note}" if before else note)
            screen.side.notes.setFocus()

    def _intervention(self) -> InterventionStep | None:
        if self._screen.editor is None:
            return None
        if self._screen.step is not Step.INTERVENTION:
            self._screen.go(Step.INTERVENTION)
        page = self._screen.page
        return page if isinstance(page, InterventionStep) else None

    def _end(self, way: str) -> None:
        self._screen.ending.open(way, shared=self._shared())

    def _may_issue(self, state: State) -> bool:
        page = self._screen.pages.page(Step.INTERVENTION)
        return may_issue_code(state) and isinstance(page, InterventionStep) and page.code.may_issue()

    def _may_take_over(self) -> bool:
        page = self._screen.page
        return isinstance(page, CustomerStep) and page.knows_customer

    def _may_tell(self, state: State) -> bool:
        page = self._screen.pages.page(Step.CUSTOMER)
        return state not in ENDED and isinstance(page, CustomerStep) and page.must_tell_tariff

    def _may_undo(self) -> bool:
        page = self._screen.pages.page(Step.REQUEST)
        return isinstance(page, RequestStep) and page.may_undo

    def _hung_up(self) -> bool:
        return self._screen.editor is not None and self._screen.editor.content.call.ended_at is not None

    def _differs(self) -> bool:
        return self._screen.editor is not None and self._screen.editor.versions.differ

    def _shared(self) -> bool:
        return self._screen.editor is not None and self._screen.editor.watch.is_shared

    def _run(self, act: Act) -> None:
        editor = self._screen.editor
        if editor is not None and act.allowed(editor.view.state):
            act.run()

    def hide_forbidden(self, menu: QMenu) -> None:
        """Leave out of the menu what the session's state forbids."""
        editor = self._screen.editor
        allowed = {f"menu_{act.name}": editor is not None and act.allowed(editor.view.state) for act in self._acts}
        for action in menu.actions():
            action.setVisible(allowed.get(action.objectName(), True))

    def _shortcut(self, key: str, action: Callable[[], None]) -> None:
        shortcut = QShortcut(QKeySequence(key), self._screen)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(action)

    def _names(self) -> dict[str, str]:
        translate = QCoreApplication.translate
        return {
            "next": translate("SessionKeys", "Next step"),
            "back": translate("SessionKeys", "Step before"),
            "hand_over": translate("SessionKeys", "Hand over…"),
            "matters": translate("SessionKeys", "What follows…"),
            "duplicate": translate("SessionKeys", "Send the confirmation once more"),
            "ask_help": translate("SessionKeys", "Ask for help, or no longer"),
            "park": translate("SessionKeys", "Take up later"),
            "issue_code": translate("SessionKeys", "Issue a code"),
            "cut_share": translate("SessionKeys", "Cut the screen share"),
            "full_screen": translate("SessionKeys", "Customer’s screen over the whole screen"),
            "copy_code": translate("SessionKeys", "Copy the code"),
            "protection": translate("SessionKeys", "Protection off or on again"),
            "notes": translate("SessionKeys", "Ready-made notes"),
            "keep_mine": translate("SessionKeys", "Keep what I typed"),
            "take_theirs": translate("SessionKeys", "Take the other version"),
            "take_over": translate("SessionKeys", "Take over the identity"),
            "tell_tariff": translate("SessionKeys", "The tariff was told"),
            "undo": translate("SessionKeys", "Put back the service taken out"),
            "end_call": translate("SessionKeys", "The call has ended"),
            "new_call": translate("SessionKeys", "The customer calls again"),
            "cancel": translate("SessionKeys", "Cancel the session…"),
            "withdraw": translate("SessionKeys", "The customer withdraws…"),
        }
