"""The form of a new price or text: what, from when, to what, why, and what people would read then."""

from datetime import date
from functools import partial

from PySide6.QtCore import QDate, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDateEdit, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.change_values import subjects
from agent_desk.actions.change_views import ChangePreview
from agent_desk.desktop.change_names import held_on, subject_name
from agent_desk.desktop.change_places import ChangePlaces
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import button, clear_layout, column, label, line, on_click, set_text, typed_text
from agent_desk.rules.catalogue_changes import (
    CENTS,
    LINE_MAX,
    PARTS,
    REASON_MAX,
    ChangeFault,
    ChangeKind,
    Proposal,
    Value,
)

PREVIEW_MS = 300
LONG = 120  # a text that may be longer is written in a field of several lines
AREA_HEIGHT = {True: 150, False: 62}
Field = QLineEdit | QPlainTextEdit


class ChangeForm(QWidget):
    """Nothing is proposed without its own button; what is wrong is said below before it is pressed."""

    left = Signal()
    proposed = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._first = date.max
        self._shown: Value = {}  # what holds on that day, as the fields began
        self.fields: dict[str, Field] = {}
        self._labels: dict[str, QLabel] = {}
        self.kind, self.subject = QComboBox(), QComboBox()
        self.kind.setObjectName("change_kind")
        self.subject.setObjectName("change_subject")
        self.subject.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.subject.setMinimumContentsLength(20)
        self.day = QDateEdit()
        self.day.setObjectName("change_day")
        self.day.setCalendarPopup(True)
        self.reason = QLineEdit()
        self.reason.setObjectName("change_reason")
        self.reason.setMaxLength(REASON_MAX)
        self._parts = column(spacing=4)
        self.told = label(role="muted", wrap=True)
        self.places = ChangePlaces(desk)
        self.propose = on_click(button(kind="primary", name="propose_change"), self._propose)
        self.leave = on_click(button(name="leave_change"), self.left.emit)
        self.title = label(role="heading", wrap=True)
        self._arrange()
        self._soon = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._soon.timeout.connect(self._preview)
        self.kind.currentIndexChanged.connect(lambda _index: self._fill_subjects())
        self.subject.currentIndexChanged.connect(lambda _index: self._fill_parts())
        self.day.dateChanged.connect(lambda _day: self._follow_day())
        self.reason.textChanged.connect(lambda _text: self._changed())
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.left)

    def _arrange(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.title)
        chosen: dict[str, QWidget] = {"kind": self.kind, "subject": self.subject, "day": self.day}
        for name, field in chosen.items():
            box.addWidget(self._named(name, field))
            box.addWidget(field)
        box.addWidget(self._parts)
        box.addWidget(self._named("reason", self.reason))
        for widget in (self.reason, self.told, line(self.propose, self.leave, None), self.places):
            box.addWidget(widget)

    def open(self, first: date) -> None:
        """Ask for a change from `first` on at the earliest, beginning with a price."""
        self._first = first
        self.day.setMinimumDate(QDate(first.year, first.month, first.day))
        self.day.setDate(self.day.minimumDate())
        self.reason.clear()
        self.retranslate()
        self._fill_parts()
        self.show()
        self.kind.setFocus()

    def retranslate(self) -> None:
        """Put every text in the language of the moment; what was typed stays."""
        words = self._desk.wording
        set_text(self.title, self.tr("New price or text"))
        self.day.setDisplayFormat(self.tr("d MMM yyyy", "date"))
        names = {
            "kind": self.tr("What changes"),
            "subject": self.tr("Which one"),
            "day": self.tr("From this day on, 0 h where the customer lives"),
            "reason": self.tr("Why, in a few words (kept in the log)"),
        }
        for name, text in names.items():
            set_text(self._labels[name], text)
        self.propose.setText(self.tr("Propose to a second person"))
        self.leave.setText(self.tr("Leave it as it is"))
        chosen = self.kind.currentIndex()
        self.kind.blockSignals(True)
        self.kind.clear()
        for kind in ChangeKind:
            self.kind.addItem(words.text(f"change_kinds.{kind}"), kind)
        self.kind.setCurrentIndex(max(chosen, 0))
        self.kind.blockSignals(False)
        self._fill_subjects()

    def wanted(self) -> Proposal:
        """Return what is proposed as it stands in the fields."""
        kind = self._kind()
        value: dict[str, str | int] = {part: _text(field) for part, field in self.fields.items()}
        if kind is ChangeKind.PRICE:
            value = {CENTS: _cents(str(value.get(CENTS, "")))}
        at = self.day.date()
        day = date(at.year(), at.month(), at.day())
        return Proposal(kind, self.subject.currentData() or "", value, day, self.reason.text())

    def _kind(self) -> ChangeKind:
        return ChangeKind(self.kind.currentData() or ChangeKind.PRICE)

    def _named(self, name: str, widget: QWidget) -> QLabel:
        self._labels[name] = label(role="muted", wrap=True)
        self._labels[name].setBuddy(widget)
        return self._labels[name]

    def _fill_subjects(self) -> None:
        kind, before = self._kind(), self.subject.currentData()
        self.subject.blockSignals(True)
        self.subject.clear()
        for code in subjects(self._desk.reference, kind, self._first):
            self.subject.addItem(subject_name(self._desk, kind, code), code)
        self.subject.setCurrentIndex(max(self.subject.findData(before), 0))
        self.subject.blockSignals(False)
        self._fill_parts()

    def _fill_parts(self) -> None:
        """Begin with what holds on that day."""
        rows = self._parts.layout()
        assert rows is not None  # noqa: S101 - `column` makes it
        clear_layout(rows)
        self.fields = {}
        kind = self._kind()
        self._shown = held_on(self._desk, self.wanted())
        for part, longest in (PARTS[kind] or {CENTS: 0}).items():
            field = _field(part, longest, self._typed(part))
            named = label(self._desk.wording.text(f"change_parts.{part}"), "muted")
            named.setBuddy(field)
            field.setAccessibleName(named.text())
            field.textChanged.connect(partial(self._changed))
            self.fields[part] = field
            rows.addWidget(named)
            rows.addWidget(field)
        self._changed()

    def _follow_day(self) -> None:
        """Show what holds on another day, unless something was typed already."""
        if any(_text(field) != self._typed(part) for part, field in self.fields.items()):
            self._changed()
        else:
            self._fill_parts()

    def _typed(self, part: str) -> str:
        """Return a part of what holds as it is typed: euros and cents."""
        one = self._shown.get(part, "")
        point = "," if self._desk.language == "fr" else "."
        return f"{one // 100}{point}{one % 100:02d}" if isinstance(one, int) else one

    def _changed(self, *_text: object) -> None:
        self.propose.setEnabled(False)
        self._soon.start()

    def _preview(self) -> None:
        if not self.isVisible():  # closed meanwhile, the whole window perhaps: no worker is left to ask
            return
        wanted, language = self.wanted(), self._desk.language
        self._desk.run(
            lambda ctx: late.preview_change(ctx, wanted, language), partial(self._previewed, wanted), owner=self
        )

    def _previewed(self, asked: Proposal, preview: ChangePreview) -> None:
        if asked != self.wanted():
            return
        # Where nothing would change, the date below the mail is no news.
        self.places.show_places(() if preview.fault is ChangeFault.SAME else preview.places)
        set_text(self.told, self._desk.wording.text(f"errors.{preview.fault}") if preview.fault else "")
        self.told.setVisible(preview.fault is not None)
        self.propose.setEnabled(preview.fault is None)

    def _propose(self) -> None:
        wanted = self.wanted()
        self.propose.setEnabled(False)
        self._desk.run(lambda ctx: late.propose_change(ctx, wanted), self.proposed.emit, self._failed, owner=self)

    def _failed(self, error: BaseException) -> None:
        self._desk.report(error)
        self._changed()


def _field(part: str, longest: int, text: str) -> Field:
    if longest <= LONG:
        made: Field = QLineEdit(text)
    else:
        made = QPlainTextEdit(text)
        made.setTabChangesFocus(True)
        made.setFixedHeight(AREA_HEIGHT[longest > LINE_MAX])
    made.setObjectName(f"part_{part}")
    return made


def _text(field: Field) -> str:
    """Return what stands in a field."""
    return field.text() if isinstance(field, QLineEdit) else typed_text(field)


def _cents(typed: str) -> int | str:
    """Return "31,50", "31.50" or "31" as cents; anything else as it is, for the rules to refuse."""
    euros, _, cents = typed.replace("€", "").strip().replace(",", ".").partition(".")
    whole = euros + (cents + "00")[:2]
    fits = len(cents) <= 2 and whole.isascii() and whole.isdigit() and bool(euros) and len(whole) < 10
    return int(whole) if fits else typed
