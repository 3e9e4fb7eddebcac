"""Free time for a call-back: who calls, on which day, and the hours of that day, each a key away."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.choice_box import ChoiceBox
from agent_desk.desktop.widgets import label, set_text
from agent_desk.formats import format_hour, format_short_moment
from agent_desk.rules.appointment import Slot
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local

if TYPE_CHECKING:
    from agent_desk.actions.look_at_slots import Slots

ANYBODY, MINE = "anybody", "mine"
CELL = QSize(66, 27)
ROWS = 4
LEFT = 260


class SlotPicker(QWidget):
    """Shows the slots of one day; `wanted` with Enter or a double click. After the 72 hours a reason is asked."""

    wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._found: Slots | None = None
        self._days: Mapping[date, tuple[Slot, ...]] = {}
        self.who, self.day, self.hours, self.beyond = ChoiceBox(), ChoiceBox(), QListWidget(), QLineEdit()
        self._labels = {name: label() for name in ("who", "day", "hours", "beyond")}
        for name, field in self._fields().items():
            field.setObjectName(f"call_back_{name}")
            self._labels[name].setBuddy(field)
        self.beyond.setMaxLength(200)
        for field in (self.who, self.day):
            field.setMinimumWidth(LEFT)
        self._lay_out()
        self.who.chosen.connect(lambda _value: self._offer_days())
        self.day.chosen.connect(lambda _value: self._offer_hours())
        self.hours.currentRowChanged.connect(lambda _row: self._ask_why())
        self.hours.itemActivated.connect(lambda _item: self.wanted.emit())
        self.beyond.returnPressed.connect(self.wanted)

    @property
    def slot(self) -> Slot | None:
        """The time that is chosen, or None."""
        row, day = self.hours.currentRow(), self.day.value
        slots = self._days.get(day, ()) if isinstance(day, date) else ()
        return slots[row] if 0 <= row < len(slots) else None

    @property
    def person_id(self) -> int | None:
        """Who is to call, None for whoever is free."""
        value = self.who.value
        if value == MINE and self._found is not None:
            return self._found.me
        return value if isinstance(value, int) else None

    def show_slots(self, found: "Slots", *, but: int | None = None) -> None:
        """Offer what is free; the choice of who calls stays, `but` is an agent who is not to be proposed first."""
        self._found = found
        translate = QCoreApplication.translate
        mine = [(MINE, translate("SessionCallBack", "Me"))] if found.me is not None else []
        others = [(one.id, one.name) for one in found.people if one.id != found.me]
        alone = len(found.people) == 1
        anybody = [] if alone else [(ANYBODY, translate("SessionCallBack", "Whoever is free"))]
        self.who.fill([*anybody, *mine, *others])
        if self.who.value is None or (but is not None and self.person_id == but):
            self.who.set_value(ANYBODY if not alone else (mine or others)[0][0] if mine or others else None)
        self._offer_days()

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        translate = QCoreApplication.translate
        set_text(self._labels["who"], translate("SessionCallBack", "Who calls"))
        set_text(self._labels["day"], translate("SessionCallBack", "Day"))
        set_text(self._labels["hours"], translate("SessionCallBack", "Free from"))
        set_text(self._labels["beyond"], translate("SessionCallBack", "Why after the 72 hours"))
        self.beyond.setPlaceholderText(translate("SessionCallBack", "What the customer says"))
        for name, field in self._fields().items():
            field.setAccessibleName(self._labels[name].text())
        if self._found is not None:
            self.show_slots(self._found)

    def _fields(self) -> dict[str, QWidget]:
        return {"who": self.who, "day": self.day, "hours": self.hours, "beyond": self.beyond}

    def _offer_days(self) -> None:
        """Offer the days on which who is chosen is free, those within the 72 hours first of all."""
        found = self._found
        if found is None:
            return
        shown = found.slots_of(self.person_id)
        days: dict[date, tuple[Slot, ...]] = {}
        for slot in shown:
            day = local(slot.starts_at, found.territory).date()
            days[day] = (*days.get(day, ()), slot)
        self._days = days
        self.day.fill([(day, self._day_text(slots)) for day, slots in days.items()])
        if self.day.value is None:
            self.day.set_value(next(iter(days), None))
        self._offer_hours()

    def _day_text(self, slots: tuple[Slot, ...]) -> str:
        found = self._found
        where = found.territory if found is not None else Territory.METROPOLE
        day = format_short_moment(local(slots[0].starts_at, where), self._desk.language).partition(",")[0]
        if slots[0].late:
            return QCoreApplication.translate("SessionCallBack", "%1, after the limit").replace("%1", day)
        return day

    def _offer_hours(self) -> None:
        found, day = self._found, self.day.value
        slots = self._days.get(day, ()) if isinstance(day, date) else ()
        before = self.hours.currentRow()
        self.hours.clear()
        for slot in slots:
            there = local(slot.starts_at, found.territory if found is not None else Territory.METROPOLE)
            item = QListWidgetItem(format_hour(there, self._desk.language))
            item.setSizeHint(CELL)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            here = slot.starts_at.astimezone()
            if here.utcoffset() != there.utcoffset():
                item.setToolTip(
                    QCoreApplication.translate("SessionCallBack", "%1 here").replace(
                        "%1", format_hour(here, self._desk.language)
                    )
                )
            self.hours.addItem(item)
        self.hours.setCurrentRow(min(max(before, 0), len(slots) - 1))
        self._ask_why()

    def _ask_why(self) -> None:
        slot = self.slot
        late = slot is not None and slot.late
        self.beyond.setVisible(late)
        self._labels["beyond"].setVisible(late)

    def _lay_out(self) -> None:
        self.hours.setViewMode(QListView.ViewMode.IconMode)
        self.hours.setMovement(QListView.Movement.Static)
        self.hours.setFlow(QListView.Flow.LeftToRight)
        self.hours.setWrapping(True)
        self.hours.setResizeMode(QListView.ResizeMode.Adjust)
        self.hours.setUniformItemSizes(True)
        self.hours.setSpacing(0)
        self.hours.setGridSize(CELL)
        self.hours.setFixedHeight(ROWS * CELL.height() + 8)
        self.hours.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        left = QVBoxLayout()
        left.setSpacing(3)
        for name in ("who", "day", "beyond"):
            left.addWidget(self._labels[name])
            left.addWidget(self._fields()[name])
        left.addStretch(1)
        grid.addLayout(left, 0, 0, 2, 1)
        grid.addWidget(self._labels["hours"], 0, 1)
        grid.addWidget(self.hours, 1, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)
