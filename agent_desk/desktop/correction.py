"""Correcting a closed session beside its story: how each service really ended, the visit, why, and what it then costs."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from agent_desk import late
from agent_desk.actions.views import SessionView
from agent_desk.desktop.boxes import Card
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.service_names import service_in_short
from agent_desk.desktop.session.flow_layout import FlowLayout
from agent_desk.desktop.session.preview import catalogue_of, decided
from agent_desk.desktop.widgets import button, clear_layout, column, label, on_click, set_text
from agent_desk.formats import format_cents
from agent_desk.rules.correction import REASON_MAX, corrected
from agent_desk.rules.session import Content, HomeVisit, Outcome


class CorrectionCard(Card):
    """Hidden until it is opened for a session; nothing is corrected without its own button."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._desk = desk
        self._view: SessionView | None = None
        self.outcomes: list[QComboBox] = []
        self._lines = column(spacing=6)
        self.visit = QComboBox()
        self.visit.setObjectName("correction_visit")
        self.reason = QLineEdit()
        self.reason.setObjectName("correction_reason")
        self.reason.setMaxLength(REASON_MAX)
        self.amount = label(role="muted", wrap=True)
        self.confirm = on_click(button(kind="primary", name="correct_session"), self._correct)
        self.keep = on_click(button(name="leave_correction"), self.leave)
        for widget in (self._lines, self.visit, self.reason, self.amount):
            self.box.addWidget(widget)
        buttons = FlowLayout(8)
        self.box.addLayout(buttons)
        for made in (self.confirm, self.keep):
            buttons.addWidget(made)
        self.visit.currentIndexChanged.connect(lambda _index: self._tell())
        self.reason.textChanged.connect(lambda _text: self._tell())
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.leave)
        self.hide()

    def open(self, view: SessionView) -> None:
        """Ask how this session really ended, beginning with what is decided."""
        self._view = view
        self.reason.clear()
        self._fill(view)
        self.show()
        (self.outcomes[0] if self.outcomes else self.reason).setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Correct nothing."""
        self._view = None
        self.hide()
        self.closed.emit()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.set_title(self.tr("Correct the outcome"))
        self.reason.setPlaceholderText(self.tr("What was wrong, in a few words"))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.visit.setAccessibleName(self.tr("Home visit"))
        self.confirm.setText(self.tr("Correct and write to the customer"))
        self.keep.setText(self.tr("Leave it as it is"))
        if self._view is not None:
            self._fill(self._view)

    def wanted(self) -> Content | None:
        """Return the content as it would be; None while nothing is open."""
        if self._view is None:
            return None
        outcomes = [Outcome(box.currentData()) for box in self.outcomes]
        return corrected(self._view.content, outcomes, HomeVisit(self.visit.currentData()))

    def _fill(self, view: SessionView) -> None:
        words = self._desk.wording
        rows = self._lines.layout()
        assert rows is not None  # noqa: S101 - `column` makes it
        clear_layout(rows)
        self.outcomes = []
        for one in view.content.lines:
            name = service_in_short(self._desk, one.service)
            box = _choices({str(outcome): words.text(f"outcomes.{outcome}") for outcome in Outcome}, one.outcome)
            box.setAccessibleName(name)
            box.currentIndexChanged.connect(lambda _index: self._tell())
            self.outcomes.append(box)
            rows.addWidget(label(name, "muted", wrap=True))
            rows.addWidget(box)
        visits = {str(visit): words.text(f"home_visits.{visit}") for visit in HomeVisit}
        self.visit.blockSignals(True)
        self.visit.clear()
        for key, text in visits.items():
            self.visit.addItem(text, key)
        self.visit.setCurrentIndex(self.visit.findData(str(view.content.closing.home_visit)))
        self.visit.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        """Say what it would cost, and let only what is a correction be confirmed."""
        view, content = self._view, self.wanted()
        if view is None or content is None or view.decision is None:
            return
        again = decided(content, catalogue_of(view, content, self._desk.reference, self._desk.clock.now()))
        self.confirm.setEnabled(again is not None and content != view.content and bool(self.reason.text().strip()))
        if again is None:
            set_text(self.amount, self._desk.wording.text("errors.correction_unsound"))
            return
        before, after = (format_cents(one.total_cents, self._desk.language) for one in (view.decision, again))
        set_text(self.amount, self.tr("{0} instead of {1}").format(after, before))

    def _correct(self) -> None:
        view, content, reason = self._view, self.wanted(), self.reason.text()
        if view is None or content is None:
            return
        outcomes = [one.outcome for one in content.lines if one.outcome is not None]
        visit = content.closing.home_visit
        self.confirm.setEnabled(False)
        self._desk.run(
            lambda ctx: late.correct_session(ctx, view.id, view.version, outcomes, visit, reason),
            self._done(view.id),
            self._failed,
            owner=self,
        )

    def _done(self, session_id: int) -> Callable[[object], None]:
        def done(_view: object) -> None:
            self.leave()
            self._desk.sessionChanged.emit(session_id)
            self._desk.mailsChanged.emit()

        return done

    def _failed(self, error: BaseException) -> None:
        self._tell()
        self._desk.report(error)


def _choices(entries: dict[str, str], chosen: object) -> QComboBox:
    box = QComboBox()
    for key, text in entries.items():
        box.addItem(text, key)
    box.setCurrentIndex(max(box.findData(str(chosen)), 0))
    return box
