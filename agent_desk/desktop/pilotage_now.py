"""Who is in a session now: since when, at which step, and whether 21 h would find them at work."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from agent_desk.actions.report_views import AtWork
from agent_desk.desktop.boxes import Card
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import Elided, button, chip, clear_layout, label, on_click, set_text
from agent_desk.formats import format_number
from agent_desk.rules.help_call import HelpCall

MOST = 12


class NowCard(Card):
    """One line a session, who asks for help first, then the longest; what would pass 21 h stands out with words."""

    opened = Signal(int)
    answered = Signal(int)  # this supervisor goes there

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("now")
        self._desk = desk
        self.empty = label(role="muted", wrap=True)
        self.rest = label(role="small")
        self.lines = QWidget()
        self._box = QVBoxLayout(self.lines)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        for part in (self.lines, self.empty, self.rest):
            self.box.addWidget(part)
        self.box.addStretch(1)

    def show_sessions(self, found: Sequence[AtWork]) -> None:
        """Show the first dozen, those who would pass 21 h before all others, and how many there are besides."""
        wording, language = self._desk.wording, self._desk.language
        self.set_title(wording.text("report.now.name"))
        self.setToolTip(wording.text("report.now.help"))
        clear_layout(self._box)
        shown = sorted(found, key=lambda one: (one.help is None, not one.late))[:MOST]
        for one in shown:
            if one.help is not None:
                self._box.addWidget(self._asking(one, one.help))
            self._box.addWidget(self._line(one))
        set_text(self.empty, self.tr("Nobody is in a session now."))
        set_text(self.rest, self.tr("and {0} more").format(format_number(len(found) - len(shown), language)))
        self.lines.setVisible(bool(shown))
        self.empty.setVisible(not shown)
        self.rest.setVisible(len(found) > len(shown))

    def _asking(self, one: AtWork, call: HelpCall) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(8)
        since = self.tr("asks for help since {0}").format(f"{call.asked_at.astimezone():%H:%M}")
        row.addWidget(chip(self.tr("{0} is coming").format(call.coming) if call.coming else since, "warn"))
        row.addWidget(Elided(text=call.reason, role="muted"))
        row.addStretch(1)
        if not call.coming:
            coming = button(self.tr("I’m coming"), name=f"coming_{one.session_id}")
            coming.setAccessibleName(self.tr("I’m coming to {0}").format(one.agent))
            row.addWidget(on_click(coming, lambda: self.answered.emit(one.session_id)))
        return line

    def _line(self, one: AtWork) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        number = on_click(
            button(one.number, "link", name=f"now_{one.session_id}"), lambda: self.opened.emit(one.session_id)
        )
        since = self.tr("since {0}").format(f"{one.since.astimezone():%H:%M}")
        number.setAccessibleName(f"{one.number}, {one.agent}, {since}")
        row.addWidget(number)
        row.addWidget(Elided(text=one.agent))
        row.addStretch(1)
        row.addWidget(label(f"{self._desk.wording.text(f'steps.{one.step.name.lower()}')} · {since}", "muted"))
        if one.late:
            row.addWidget(chip(self.tr("will pass 21:00"), "warn"))
        return line
