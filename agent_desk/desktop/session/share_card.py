"""The customer's screen as the agent sees it: a black stage, what may be done with it, and the way to cut it."""

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtWidgets import QBoxLayout

from agent_desk import late
from agent_desk.actions.share_views import ShareView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.code_card import NARROW
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.page import Page
from agent_desk.desktop.session.share_full import CUT_KEY, FULL_KEY, FullScreen
from agent_desk.desktop.session.share_seat import ShareSeat
from agent_desk.desktop.widgets import set_text
from agent_desk.rules.share import VIEWED, ShareEnd, ShareState

LEAST_HEIGHT = 220
BELOW = 80  # pixels that the card's edges, its buttons and the gap above it take
WIDE, HIGH = 16, 9


class ShareCard(QObject):
    """Drives the view card of the Intervention form."""

    failed = Signal(object)  # the exception
    resized = Signal()

    def __init__(self, desk: Desk, ui: Any, page: Page) -> None:
        super().__init__(page)
        self._desk = desk
        self._ui = ui
        self._page = page
        self.editor: Editor | None = None
        self._full: FullScreen | None = None
        self.seat = ShareSeat(desk, ui.stageLayout, self)
        self.seat.changed.connect(self._show_stage)
        ui.shareFit.setCheckable(True)
        ui.shareFit.setChecked(True)
        ui.shareFit.toggled.connect(self._fit)
        ui.shareFull.clicked.connect(self.toggle_full)
        ui.shareCut.clicked.connect(self.stop)
        page.viewport().installEventFilter(self)
        page.destroyed.connect(self.seat.close)

    def retranslate(self) -> None:
        """Show the keys beside what they do."""
        ui, translate = self._ui, QCoreApplication.translate
        full, cut = translate("SessionIntervention", "Full screen"), translate("SessionIntervention", "Cut the share")
        ui.shareFull.setText(f"{full}  {FULL_KEY}")
        ui.shareCut.setText(f"{cut}  {CUT_KEY}")
        self._label_fit()
        if self._full is not None:
            self._full.retranslate()

    @property
    def is_shown(self) -> bool:
        """Tell whether there is a share to be seen."""
        share = self._share()
        return share is not None and share.state in VIEWED

    def show(self) -> None:
        """Show how the session's share stands; what has ended is dark at once."""
        share = self._share()
        self._ui.viewCard.setVisible(self.is_shown)
        if not self.is_shown:
            self._leave_full()
        self.seat.follow(self.editor.view.id if self.editor is not None else 0, share)
        self._show_stage()
        self._size()

    def stop(self) -> None:
        """Cut the share: dark before anything is written, then the database, which tells everybody."""
        share, editor = self._share(), self.editor
        if editor is None or share is None or share.state is ShareState.ENDED:
            return
        self._leave_full()
        self.seat.cut()
        session_id = editor.view.id
        self._desk.run(
            lambda ctx: late.stop_share(ctx, session_id, ShareEnd.BY_AGENT),
            editor.watch.take,
            self.failed.emit,
            owner=editor,
        )

    def toggle_full(self) -> None:
        """Show the screen in a window of its own, over everything, or put it back."""
        if self._full is not None:
            self._leave_full()
        elif self.seat.is_seen:
            self._full = FullScreen(self._page, self.stop)
            self._full.left.connect(self._take_back)
            self.seat.lend(self._full.box)
            self._full.open_on(self._page.screen())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the whole card in sight, whatever the window's size."""
        if event.type() == QEvent.Type.Resize:
            self.resized.emit()
            self._size()
        return super().eventFilter(watched, event)

    def _share(self) -> ShareView | None:
        return self.editor.share if self.editor is not None else None

    def _leave_full(self) -> None:
        if self._full is not None:
            self._full.close()

    def _take_back(self) -> None:
        self.seat.take_back()
        self._page.window().activateWindow()
        if self._full is not None:
            self._full.deleteLater()
            self._full = None

    def _fit(self, fit: bool) -> None:
        self._label_fit()
        self.seat.set_fit(fit)

    def _label_fit(self) -> None:
        text = QCoreApplication.translate("SessionIntervention", "Fit")
        self._ui.shareFit.setText(f"{text} ✓" if self._ui.shareFit.isChecked() else text)

    def _size(self) -> None:
        """Give the stage the shape of a screen, as large as leaves the card whole."""
        ui, port = self._ui, self._page.viewport()
        directions = QBoxLayout.Direction
        ui.viewButtonsLayout.setDirection(directions.TopToBottom if port.width() < NARROW else directions.LeftToRight)
        width = ui.stage.width()
        room = port.height() - ui.codeRow.sizeHint().height() - BELOW
        height = max(min(width * HIGH // WIDE, room), LEAST_HEIGHT)
        if ui.stage.minimumHeight() != height:
            ui.stage.setFixedHeight(height)

    def _show_stage(self) -> None:
        """Say on the black stage what is waited for while nothing can be seen."""
        ui, share = self._ui, self._share()
        seen = self.seat.is_seen
        ui.stageText.setVisible(self.seat.is_dark)
        ui.shareFit.setEnabled(seen)
        ui.shareFull.setEnabled(seen)
        key = self.seat.trouble or (f"stage_{share.state}" if share is not None and share.state in VIEWED else "")
        set_text(ui.stageText, self._desk.wording.text(f"share_notes.{key}") if key else "")
