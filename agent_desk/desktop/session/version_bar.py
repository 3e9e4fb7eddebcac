"""Two versions side by side, field by field, and the choice between them: nothing is overwritten without it."""

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from agent_desk.desktop.boxes import Frame
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.version_values import both_values, place_name
from agent_desk.desktop.widgets import Scroll, button, clear_layout, label, on_click, set_text
from agent_desk.rules.late_typing import Difference

MINE_KEY, THEIRS_KEY = "F2", "F3"
TALLEST = 190


class VersionBar(Frame):
    """Stands above the footer while a choice is open; it never takes the keyboard from somebody who types."""

    settled = Signal()  # a choice was made

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("versions", (18, 11, 18, 11), 8, parent)
        self._desk = desk
        self._editor: Editor | None = None
        self._ended = False
        self._differences: tuple[Difference, ...] = ()
        self.sentence = label(role="strong", wrap=True)
        self.box.addWidget(self.sentence)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self._scroll = Scroll()
        self._scroll.box.addLayout(self._grid)
        self.box.addWidget(self._scroll)
        self.mine = on_click(button("", "primary", name="keep_mine"), lambda: self.choose(mine=True))
        self.theirs = on_click(button("", name="take_theirs"), lambda: self.choose(mine=False))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch(1)
        row.addWidget(self.theirs)
        row.addWidget(self.mine)
        self.box.addLayout(row)
        self.hide()

    def attend(self, editor: Editor | None) -> None:
        """Another session is on the screen, or none."""
        if self._editor is not None:
            self._editor.versions.differed.disconnect(self._show)
        self._editor = editor
        if editor is not None:
            editor.versions.differed.connect(self._show)
        self._show()

    def choose(self, *, mine: bool) -> None:
        """Keep what was typed here, or take what was saved elsewhere."""
        if self._editor is not None and self._editor.versions.differ:
            self._editor.choose(mine=mine)
            self.settled.emit()

    def _show(self) -> None:
        """Show both versions of what differs; hide where nothing does. Into an ended session nothing can be put."""
        editor = self._editor
        self._differences = editor.versions.differences if editor is not None else ()
        self._ended = editor is not None and editor.ended
        self.setVisible(bool(self._differences))
        if self._differences:
            self._fill()

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        if self._differences:
            self._fill()

    def _fill(self) -> None:
        translate = QCoreApplication.translate
        asked = translate(
            "SessionVersions", "Somebody else changed this session while you typed. Nothing is saved before you choose."
        )
        over = translate(
            "SessionVersions",
            "This session was ended elsewhere while you typed. What you typed is no longer part of it.",
        )
        set_text(self.sentence, over if self._ended else asked)
        self.setAccessibleName(self.sentence.text())
        self.mine.setText(translate("SessionVersions", "Keep what I typed") + f"  {MINE_KEY}")
        self.mine.setVisible(not self._ended)
        theirs = translate("SessionVersions", "I have read it") if self._ended else None
        self.theirs.setText((theirs or translate("SessionVersions", "Take the other one")) + f"  {THEIRS_KEY}")
        clear_layout(self._grid)
        heads = ("", translate("SessionVersions", "Typed here"), translate("SessionVersions", "Saved elsewhere"))
        for column, text in enumerate(heads):
            self._grid.addWidget(label(text, "section"), 0, column)
        for row, one in enumerate(self._differences, 1):
            self._add(
                row, place_name(self._desk.wording, one.path), *both_values(self._desk, one.path, one.mine, one.theirs)
            )
        self._fit()
        QTimer.singleShot(0, self, self._fit)  # new labels know their heights once they are dressed

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the rows the room they need at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self._scroll.viewport().width(), 1)
        wanted = self._grid.heightForWidth(room) if self._grid.hasHeightForWidth() else self._grid.sizeHint().height()
        self._scroll.setFixedHeight(min(wanted + 4, TALLEST))

    def _add(self, row: int, name: str, mine: str, theirs: str) -> None:
        for column, (text, role) in enumerate(((name, "muted"), (mine, ""), (theirs, ""))):
            made = label(text, role, wrap=True)
            made.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(made, row, column)
