"""The chosen services, one row each: operations, how many, what it costs, and a way to take it out."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.texts import price
from agent_desk.desktop.widgets import button, label, set_text
from agent_desk.rules.catalogue import MACHINES_MAX, OPERATIONS, QUANTITY_MAX, Service, Unit
from agent_desk.rules.session import Line

# Beyond the limits on purpose: what is out of range is answered with a sentence, not swallowed by the field.
TYPED_MAX = 9999
TYPED_MIN = -999
LIMITS = {"quantity": QUANTITY_MAX, "machines": max(MACHINES_MAX.values())}


class LineRow(QFrame):
    """One chosen service."""

    changed = Signal(str, object)  # field of the line, value
    refused = Signal(str)  # key of the sentence
    dropped = Signal()

    def __init__(self, desk: Desk, place: int, line: Line, service: Service) -> None:
        super().__init__()
        self._desk = desk
        self.line = line
        self.fields: dict[str, QWidget] = {}
        self._before = {name: getattr(line, name) for name in LIMITS}
        self.setProperty("role", "plain")
        self._title = label(service.short(desk.language), "strong", wrap=True)
        self._amount = label(role="amount")
        self._remove = button("", "quiet", "trash")
        self._remove.clicked.connect(self.dropped)
        text = QCoreApplication.translate("SessionRequest", "Remove %1").replace("%1", service.short(desk.language))
        self._remove.setAccessibleName(text)
        self._remove.setToolTip(text)
        box = QGridLayout(self)
        box.setContentsMargins(0, 1, 0, 1)
        box.setHorizontalSpacing(10)
        box.setVerticalSpacing(2)
        box.setColumnStretch(0, 1)
        box.addWidget(self._title, 0, 0)
        box.addLayout(self._options(place, service), 0, 1)
        box.addWidget(self._amount, 0, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        box.addWidget(self._remove, 0, 3)
        if service.code in OPERATIONS:
            box.addLayout(self._operations(place, service), 1, 0, 1, 4)
        self.show_line(line, service)

    def show_line(self, line: Line, service: Service) -> None:
        """Show what is typed for this line, without telling anyone."""
        self.line = line
        for name, field in self.fields.items():
            with QSignalBlocker(field):
                if isinstance(field, QSpinBox):
                    self._show_number(name, field)
                elif isinstance(field, QCheckBox):
                    field.setChecked(name in line.operations)
        set_text(self._amount, price(service.price_cents * line.quantity, self._desk))

    def _options(self, place: int, service: Service) -> QHBoxLayout:
        box = QHBoxLayout()
        box.setSpacing(6)
        name = "machines" if service.code in MACHINES_MAX else "quantity" if service.unit is not Unit.SESSION else ""
        if name:
            caption = label(self._desk.wording.text(f"line_fields.{name}"), "small")
            spin = QSpinBox()
            spin.setRange(TYPED_MIN, TYPED_MAX)
            spin.setFixedWidth(64)
            spin.setAlignment(Qt.AlignmentFlag.AlignCenter)
            spin.setObjectName(f"lines[{place}].{name}")
            spin.setAccessibleName(f"{caption.text()} {self._title.text()}")
            caption.setBuddy(spin)
            spin.valueChanged.connect(partial(self._count, name, spin))
            spin.editingFinished.connect(partial(self._settle, name, spin))
            self.fields[name] = spin
            box.addWidget(caption)
            box.addWidget(spin)
        return box

    def _operations(self, place: int, service: Service) -> QHBoxLayout:
        box = QHBoxLayout()
        box.setSpacing(14)
        for operation in OPERATIONS[service.code]:
            tick = QCheckBox(self._desk.wording.text(f"operations.{operation}"))
            # The gate names the line's operations; the first box stands for them.
            first = not any(isinstance(field, QCheckBox) for field in self.fields.values())
            tick.setObjectName(f"lines[{place}].operations" if first else f"lines[{place}].operations.{operation}")
            tick.toggled.connect(self._tick)
            self.fields[operation] = tick
            box.addWidget(tick)
        box.addStretch(1)
        return box

    def _count(self, name: str, spin: QSpinBox, value: int) -> None:
        if 1 <= value <= LIMITS[name]:
            self.changed.emit(name, value)
            return
        # On its way to 100 a field says 1 and 10: neither is what was meant.
        self.changed.emit(name, self._before[name])
        self.refused.emit(f"errors.{name}_out_of_range")
        if not spin.hasFocus():
            self._settle(name, spin)

    def _settle(self, name: str, spin: QSpinBox) -> None:
        """Take the number typed as meant; one out of range gives way to the one before."""
        if 1 <= spin.value() <= LIMITS[name]:
            self._before[name] = spin.value()
        else:
            with QSignalBlocker(spin):
                spin.setValue(self._before[name])

    def _show_number(self, name: str, spin: QSpinBox) -> None:
        """Show the line's number, but leave what is being typed, refused or not."""
        if not spin.hasFocus():
            self._before[name] = getattr(self.line, name)
        if not spin.hasFocus() or 1 <= spin.value() <= LIMITS[name]:
            spin.setValue(getattr(self.line, name))

    def _tick(self) -> None:
        ticked = [name for name, field in self.fields.items() if isinstance(field, QCheckBox) and field.isChecked()]
        self.changed.emit("operations", tuple(ticked))


class LineRows(QWidget):
    """All chosen services; rows are made anew only when services come or go."""

    changed = Signal(int, str, object)  # position, field, value
    refused = Signal(str)
    dropped = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._rows: list[LineRow] = []
        self._services: tuple[tuple[str, str], ...] = ()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)

    @property
    def fields(self) -> dict[str, QWidget]:
        """Every field by its dotted path."""
        return {field.objectName(): field for row in self._rows for field in row.fields.values()}

    def show_lines(self, lines: tuple[Line, ...], find: Callable[[str], Service | None]) -> None:
        """Show these lines; a service the catalogue does not have is left to the gates."""
        found = [(place, line, service) for place, line in enumerate(lines) if (service := find(line.service))]
        wanted = tuple((line.service, self._desk.language) for _, line, _ in found)
        if wanted != self._services:
            self._services = wanted
            self._rebuild(found)
        for row, (_, line, service) in zip(self._rows, found, strict=True):
            row.show_line(line, service)

    def _rebuild(self, found: list[tuple[int, Line, Service]]) -> None:
        for row in self._rows:
            self._box.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for place, line, service in found:
            row = LineRow(self._desk, place, line, service)
            row.changed.connect(partial(self.changed.emit, place))
            row.refused.connect(self.refused)
            row.dropped.connect(partial(self.dropped.emit, place))
            self._rows.append(row)
            self._box.addWidget(row)
