"""The cards of Pilotage: a figure with its meaning, and a chart with the table behind it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from agent_desk.desktop.boxes import Card, Frame
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.pilotage_chart import Bar, Bars, Chart
from agent_desk.desktop.table import NO_INDEX, Cell, CellModel, Column, Index, Table
from agent_desk.desktop.widgets import button, label, on_click, set_text

MOST_ROWS = 12


class Tile(Frame):
    """One figure: its name, its value, and a line that says more."""

    def __init__(self, name: str) -> None:
        super().__init__("card", (15, 12, 15, 12), 3)
        self.setObjectName(f"tile_{name}")
        self.name, self.value, self.more = (
            label(role="muted", wrap=True),
            label(role="total"),
            label(role="small", wrap=True),
        )
        self.box.addWidget(self.name)
        self.box.addStretch(1)  # a longer name leaves all figures on one line
        for part in (self.value, self.more):
            self.box.addWidget(part)

    def show_figure(self, name: str, value: str, more: str, meaning: str) -> None:
        """Show a figure; `meaning` is its definition."""
        set_text(self.name, name)
        set_text(self.value, value)
        set_text(self.more, more)
        self.setToolTip(meaning)
        self.setAccessibleName(f"{name} : {value} {more}".strip())
        self.setAccessibleDescription(meaning)


class _Rows(CellModel):
    """The bars of a chart as rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.bars: tuple[Bar, ...] = ()

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show these."""
        self.beginResetModel()
        self.bars = tuple(bars)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self.bars)

    def cell(self, row: int, column: int) -> Cell:
        """Return name, value and failed part."""
        bar = self.bars[row]
        return Cell((bar.tip or bar.name, bar.text, str(bar.part) if bar.part else "")[column], heavy=column == 1)


class ChartCard(Card):
    """A chart, its heading, and a button that puts the table with the same rows in its place."""

    opened = Signal(object)  # the bar whose list is wanted

    def __init__(self, desk: Desk, name: str, chart: type[Chart] = Bars, *, parts: bool = False) -> None:
        super().__init__()
        self.setObjectName(f"chart_{name}")
        self._parts = parts
        self.box.removeWidget(self.heading)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        self.switch = on_click(button(kind="link", name=f"switch_{name}"), self._switch)
        self.switch.setCheckable(True)
        top.addWidget(self.switch)
        self.box.addLayout(top)
        self.chart = chart(desk)
        self.chart.setObjectName(f"bars_{name}")
        self.rows = _Rows(self)
        self.table = Table(desk, self.rows)
        self.table.setObjectName(f"table_{name}")
        self.empty = label(role="muted", wrap=True)
        self.box.addWidget(self.chart)
        self.box.addWidget(self.table)
        self.box.addWidget(self.empty)
        self.box.addStretch(1)
        self.chart.opened.connect(lambda number: self.opened.emit(self.chart.bars[number]))
        self.table.rowOpened.connect(self._open_row)
        desk.themeChanged.connect(self.table.viewport().update)
        self._names = ("", "")
        self._show()

    def set_texts(
        self, title: str, meaning: str, columns: Sequence[str], switches: tuple[str, str], empty: str
    ) -> None:
        """Name the card and its parts; `switches` lead to the table, and back to the chart."""
        self.set_title(title)
        self.setToolTip(meaning)
        self.chart.setAccessibleName(title)
        self.table.setAccessibleName(title)
        self._names = switches
        set_text(self.empty, empty)
        named = [
            Column(columns[0], stretch=True),
            Column(columns[1], "8 888 888,88 € (88,8 %)", "888 888,88 €", right=True),
        ]
        self.table.set_columns([*named, Column(columns[2], "8 888", right=True)] if self._parts else named)
        self._show()

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show these bars, in chart and table."""
        self.chart.set_bars(bars)
        self.rows.set_bars(bars)
        self.table.fit_rows(MOST_ROWS)
        if bars:
            self.table.setCurrentIndex(self.rows.index(0, 0))
        self._show()

    def _switch(self) -> None:
        self._show()

    def _show(self) -> None:
        as_table, some = self.switch.isChecked(), bool(self.chart.bars)
        self.chart.setVisible(some and not as_table)
        self.table.setVisible(some and as_table)
        self.empty.setVisible(not some)
        self.switch.setVisible(some)
        self.switch.setText(self._names[as_table])
        self.switch.setAccessibleName(f"{self._names[as_table]}, {self.heading.text()}")

    def _open_row(self, row: int) -> None:
        if self.rows.bars[row].wanted is not None:
            self.opened.emit(self.rows.bars[row])
