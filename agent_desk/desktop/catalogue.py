"""Catalogue: every service with its price, found by the customer's words, its conditions read as a customer asks."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from agent_desk.desktop.catalogue_reading import COPY_KEY, ServiceReading
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_catalogue import Ui_Catalogue
from agent_desk.desktop.screen import Chip, Command, Header, Screen
from agent_desk.desktop.table import NO_INDEX, ROW_HEIGHT, TALL_ROW_HEIGHT, Cell, CellModel, Column, Table
from agent_desk.desktop.widgets import button, label, on_click, set_text
from agent_desk.formats import format_cents, format_date
from agent_desk.rules.catalogue import VIRUS_REMOVAL, Catalogue, Service
from agent_desk.rules.search import Index

READING_WIDTH = 400
CHANGES_KEY = "F7"
KEYS_FOR_LIST = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class ServiceModel(CellModel):
    """Services found, best first; cells are made when painted."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.services: tuple[Service, ...] = ()

    def set_services(self, services: Sequence[Service]) -> None:
        """Replace all rows; the view keeps its header and its rows, which a reset would have it make anew."""
        before, now = len(self.services), len(services)
        if now > before:
            self.beginInsertRows(NO_INDEX, before, now - 1)
        elif now < before:
            self.beginRemoveRows(NO_INDEX, now, before - 1)
        self.services = tuple(services)
        if now > before:
            self.endInsertRows()
        elif now < before:
            self.endRemoveRows()
        if now:
            self.dataChanged.emit(self.index(0, 0), self.index(now - 1, len(self.columns) - 1))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NO_INDEX) -> int:
        """Return the number of services found."""
        return 0 if parent.isValid() else len(self.services)

    def note(self, service: Service) -> tuple[str, str]:
        """Return the chip under a service's name and its tone."""
        words = self._desk.wording
        if service.code == VIRUS_REMOVAL:
            always, article = words.text("money.virus_always_billed"), words.text("money.article", article="4.9")
            return f"{always} — {article}", "warn"
        return (words.text("money.pro_only"), "") if service.pro_only else ("", "")

    def cell(self, row: int, column: int) -> Cell:
        """Return name, domain, unit or price."""
        service, words, language = self.services[row], self._desk.wording, self._desk.language
        if column == 0:
            note, tone = self.note(service)
            return Cell(service.label(language), heavy=False, note=note, note_tone=tone)
        if column == 1:
            return Cell(words.text(f"domains.{service.domain}"), "muted")
        if column == 2:
            return Cell(words.text(f"units.{service.unit}"), "muted")
        return Cell(price(self._desk, service), heavy=True)


def price(desk: Desk, service: Service) -> str:
    """Return a price as it is said: the amount, or that it is offered."""
    offered = desk.wording.text("money.offered")
    return format_cents(service.price_cents, desk.language) if service.price_cents else offered


class CatalogueScreen(Screen):
    """Search field and list at the left, the chosen service to read aloud at the right."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.ui = Ui_Catalogue()
        self.ui.setupUi(self)
        self._catalogue: Catalogue = desk.reference.catalogue_on(desk.clock.now().astimezone().date())
        self._index = Index(self._catalogue.services.values())
        self.model = ServiceModel(desk, self)
        self.table = Table(desk, self.model, self.ui.card)
        self.table.setObjectName("services")
        self.table.rowShown.connect(self._show_row)
        self.ui.table_place.addWidget(self.table)
        self.reading = ServiceReading(desk, self._catalogue)
        self.ui.side.setMinimumWidth(READING_WIDTH)
        self.ui.side.add(self.reading)
        self.in_force = label(role="muted")
        self.ui.footer.row.addWidget(self.in_force)
        self.ui.footer.row.addStretch(1)
        self.ui.footer.row.addWidget(self.reading.copy_button)
        self.ui.query.textChanged.connect(self.search)
        self.ui.query.installEventFilter(self)
        desk.catalogueChanged.connect(self._follow)
        self.changes_button = on_click(button(name="show_changes"), lambda: desk.screenRequested.emit("changes"))
        self.ui.footer.row.insertWidget(2, self.changes_button)
        self.retranslate()
        self.search("")

    def header(self) -> Header:
        """Return the title and how many services there are."""
        count = self.tr("%n service(s)", "", len(self._catalogue.services))
        return Header(self.tr("Catalogue"), (Chip(count),))

    def commands(self) -> list[Command]:
        """Offer to copy what is read."""
        copy = self.reading.copy_button
        return [
            Command(self.tr("Copy this service for the customer"), copy.click, COPY_KEY, "copy"),
            Command(self.tr("Changes of prices and texts"), self.changes_button.click, CHANGES_KEY, "edit"),
        ]

    def refresh(self) -> None:
        """Show the prices of today, and put the keyboard into the search field."""
        self._follow()
        self.ui.query.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ui.query.selectAll()

    def _follow(self) -> None:
        """Show what is in force by now: a new day may have begun, or a change of today's been heard of."""
        now = self.desk.reference.catalogue_on(self.desk.clock.now().astimezone().date())
        if now is not self._catalogue:
            self._catalogue, self._index = now, Index(now.services.values())
            self.reading.catalogue = now
            self.retranslate()
            self.search(self.ui.query.text())
            self.headerChanged.emit()

    def search(self, text: str) -> None:
        """Show the services these words find; all of them for none."""
        services = self._catalogue.services
        found = [services[code] for code in self._index.find(text)] if text.strip() else list(services.values())
        self.model.set_services(found)
        for row, service in enumerate(found):
            self.table.setRowHeight(row, TALL_ROW_HEIGHT if self.model.note(service)[0] else ROW_HEIGHT)
        self.table.setVisible(bool(found))
        self.ui.nothing.setVisible(not found)
        if found:
            self.table.selectRow(0)
        self._show_row(0 if found else -1)

    def show_service(self, code: str) -> None:
        """Show one service, found from elsewhere."""
        self.ui.query.clear()
        codes = [service.code for service in self.model.services]
        if code in codes:
            self.table.selectRow(codes.index(code))
            self.table.scrollTo(self.model.index(codes.index(code), 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list while the keyboard stays in the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in KEYS_FOR_LIST:
            self.table.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)
        words, language = self.desk.wording, self.desk.language
        longest_domain = max(words.table("domains").values(), key=len)
        longest_unit = max(words.table("units").values(), key=len)
        self.table.set_columns(
            (
                Column(self.tr("Service"), stretch=True),
                Column(self.tr("Domain"), longest_domain),
                Column(self.tr("Unit"), longest_unit),
                Column(self.tr("Price incl. VAT"), format_cents(99900, language), right=True),
            )
        )
        self.table.setAccessibleName(self.tr("Services found"))
        self.changes_button.setText(self.tr("Changes…") + f"   {CHANGES_KEY}")
        self.changes_button.setToolTip(self.tr("New prices and texts: what was proposed, what comes, who decided"))
        self.changes_button.setShortcut(CHANGES_KEY)  # a new text takes the old shortcut away
        since = max(service.valid_from for service in self._catalogue.services.values())
        set_text(self.in_force, self.tr("Prices in force since {0}").format(format_date(since, language)))
        self.reading.retranslate()
        self.table.viewport().update()

    def _show_row(self, row: int) -> None:
        self.reading.show_service(self.model.services[row] if 0 <= row < len(self.model.services) else None)
