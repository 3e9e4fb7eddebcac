"""Step 2: what has to be done. Words find services, Enter adds the first one."""

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.forms.ui_session_request import Ui_SessionRequest
from agent_desk.desktop.session.line_rows import LineRows
from agent_desk.desktop.session.page import Page
from agent_desk.desktop.session.preview import Preview
from agent_desk.desktop.session.service_table import ServiceRow
from agent_desk.desktop.session.texts import price
from agent_desk.rules.catalogue import OPTIMISATION, REMOVAL, VIRUS_REMOVAL, Catalogue, Service
from agent_desk.rules.content_path import write
from agent_desk.rules.search import Index
from agent_desk.rules.session import Line, Segment, Step

_SLOW_WORDS = ("optimi", "lent", "ralent", "rame", "slow", "clean", "nettoy")
_VIRUS_WORDS = ("vir", "espion", "spy", "malw", "troj", "pub", "adw")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RequestStep(Page):
    """Search, list, chosen services, and what the customer describes."""

    step = Step.REQUEST
    removed = Signal(str)  # short name of a service just taken out; `undo` brings it back

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Ui_SessionRequest())
        self._index: Index | None = None
        self._indexed: Catalogue | None = None
        self._taken_out: tuple[Line, ...] | None = None
        self._lines = LineRows(desk)
        self.ui.linesLayout.addWidget(self._lines)
        self._lines.changed.connect(self._change_line)
        self._lines.dropped.connect(self._drop_at)
        self._lines.refused.connect(lambda key: self.told.emit(self.text(key), "warn"))
        self.ui.serviceTable.dress(desk)
        self.ui.serviceTable.picked.connect(self.add)
        self.ui.serviceTable.dropped.connect(self.drop)
        self.ui.serviceSearch.textChanged.connect(lambda _: self._show_services(0))
        self.ui.serviceSearch.installEventFilter(self)
        self.retranslate()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        super().retranslate()
        translate = QCoreApplication.translate
        self.ui.serviceTable.set_titles(
            (
                translate("SessionRequest", "Service"),
                translate("SessionRequest", "Domain"),
                translate("SessionRequest", "Unit"),
                translate("SessionRequest", "Price incl. VAT"),
                translate("SessionRequest", "Qty"),
            )
        )
        self._indexed = None  # columns are fitted to the words of the language

    def attach(self, editor: Any) -> None:
        """Show another session: another search begins."""
        super().attach(editor)
        self._taken_out = None
        self.ui.serviceSearch.clear()

    def arrange(self, preview: Preview) -> None:
        """Show the services, chosen ones marked."""
        catalogue = preview.facts.catalogue
        if catalogue is not self._indexed:
            self._indexed, self._index = catalogue, Index(catalogue.services.values())
            self._fit(catalogue)
        lines = preview.facts.content.lines
        self._lines.show_lines(lines, catalogue.services.get)
        self.ui.linesCard.setVisible(bool(lines))
        self._show_services(self.ui.serviceTable.currentIndex().row())

    def first_field(self) -> QWidget | None:
        """Return the search field: most requests are a word and Enter."""
        search: QWidget = self.ui.serviceSearch
        return search

    def field(self, path: str) -> QWidget | None:
        """Return a field of the form, of a chosen service, or the search."""
        if path in ("serviceSearch", "lines"):
            return self.first_field()
        found = self._lines.fields.get(path)
        return found if found is not None else super().field(path)

    def add(self, code: str) -> None:
        """Choose a service; one already chosen shows its options."""
        if self.editor is None or self.preview is None or not code:
            return
        content = self.editor.content
        service = self.preview.facts.catalogue.services[code]
        places = [place for place, line in enumerate(content.lines) if line.service == code]
        if places:
            self._show_options(places[0])
        elif service.pro_only and content.customer.segment is not Segment.PRO:
            self.told.emit(self.text("errors.pro_only"), "warn")
        else:
            self.told.emit("", "")
            typed = self.ui.serviceSearch.text()
            self.editor.set("lines", (*content.lines, Line(code, operations=_operations(code, typed))))
            self.ui.serviceSearch.selectAll()

    def drop(self, code: str) -> None:
        """Take a service out."""
        lines = self.editor.content.lines if self.editor else ()
        places = [place for place, line in enumerate(lines) if line.service == code]
        if places:
            self._drop_at(places[0])

    @property
    def may_undo(self) -> bool:
        """Tell whether a service taken out can be put back."""
        return self._taken_out is not None and self.editor is not None and not self.editor.ended

    def undo(self) -> None:
        """Put the service taken out last back in its place."""
        if self._taken_out is not None and self.editor is not None:
            lines, self._taken_out = self._taken_out, None
            self.editor.set("lines", lines)
            self.told.emit("", "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the search field move the list's cursor, choose, take out and undo."""
        if watched is self.ui.serviceSearch and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._search_key(event) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def _search_key(self, event: QKeyEvent) -> bool:
        table, search = self.ui.serviceTable, self.ui.serviceSearch
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            table.step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in _ENTER and search.text().strip():
            self.add(table.current_code())
        elif event.key() in _ENTER:
            self.finished.emit()
        elif event.key() == Qt.Key.Key_Delete and (control or not search.text()):
            self.drop(table.current_code())
        elif event.matches(QKeySequence.StandardKey.Undo) and not search.isUndoAvailable():
            self.undo()
        else:
            return False
        return True

    def _show_options(self, place: int) -> None:
        start = f"lines[{place}]."
        own = next((field for path, field in self._lines.fields.items() if path.startswith(start)), None)
        if own is not None:
            own.setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(own, 0, 40)

    def _change_line(self, place: int, name: str, value: object) -> None:
        if self.editor is not None:
            self.told.emit("", "")
            self.editor.set("lines", write(self.editor.content, f"lines[{place}].{name}", value).lines)

    def _drop_at(self, place: int) -> None:
        if self.editor is None or self.preview is None:
            return
        lines = self.editor.content.lines
        service = self.preview.facts.catalogue.services.get(lines[place].service)
        name = service.short(self.desk.language) if service else lines[place].service
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self._lines.isAncestorOf(focused)
        self._taken_out = lines
        self.editor.set("lines", (*lines[:place], *lines[place + 1 :]))
        if had_focus:
            self.ui.serviceSearch.setFocus()
        self.removed.emit(name)

    def _show_services(self, current: int) -> None:
        if self.preview is None or self._index is None:
            return
        text = self.ui.serviceSearch.text()
        content, catalogue = self.preview.facts.content, self.preview.facts.catalogue
        chosen = {line.service: line.quantity for line in content.lines}
        found = list(self._index.find(text)) if text.strip() else list(catalogue.services)
        shown = found + [code for code in catalogue.services if code in chosen and code not in found]
        rows = [self._row(catalogue.services[code], chosen.get(code, 0), content.customer.segment) for code in shown]
        self.ui.serviceTable.set_rows(rows, current)

    def _fit(self, catalogue: Catalogue) -> None:
        every = [self._row(service, 0, Segment.RESIDENTIAL) for service in catalogue.services.values()]
        self.ui.serviceTable.fit_columns(every)

    def _row(self, service: Service, quantity: int, segment: Segment) -> ServiceRow:
        wording, language = self.desk.wording, self.desk.language
        allowed = not service.pro_only or segment is Segment.PRO
        note, tone = "", ""
        if service.code == VIRUS_REMOVAL:
            always, article = wording.text("money.virus_always_billed"), wording.text("money.article", article="4.9")
            note, tone = f"{always} — {article}", "warn"
        elif service.pro_only:
            note = wording.text("money.pro_only")
        return ServiceRow(
            code=service.code,
            label=service.label(language),
            domain=wording.text(f"domains.{service.domain}"),
            unit=wording.text(f"units.{service.unit}"),
            price=price(service.price_cents, self.desk),
            quantity=quantity,
            note=note,
            note_tone=tone,
            allowed=allowed,
        )


def _operations(code: str, typed: str) -> tuple[str, ...]:
    """Return the operations the customer's words ask for; removal where they say nothing."""
    if code != VIRUS_REMOVAL:
        return ()
    words = typed.casefold()
    slow = any(word in words for word in _SLOW_WORDS)
    virus = any(word in words for word in _VIRUS_WORDS)
    return tuple(name for name, asked in ((REMOVAL, virus or not slow), (OPTIMISATION, slow)) if asked)
