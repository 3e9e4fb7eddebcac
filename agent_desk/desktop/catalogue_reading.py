"""One service as it is read to a customer: price, VAT, questions and answers, in French or English."""

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.screen import Chip
from agent_desk.desktop.widgets import ChipRow, button, label, line, on_click, rule, set_text
from agent_desk.formats import format_cents, format_permille
from agent_desk.rules.catalogue import Catalogue, Service
from agent_desk.rules.money import vat_included

# Names of languages are written in the language itself.
LANGUAGES = {"fr": "Français", "en": "English"}
AFTER_LIST_MS = 40
COPY_KEY = "Ctrl+Shift+C"


class ConditionRow(QWidget):
    """A question with its article at the right, and the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.question = label(role="strong", wrap=True)
        self.article = label(role="small")
        self.article.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.answer = label(wrap=True)
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.addWidget(self.question, 1)
        head.addWidget(self.article)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(rule())
        box.addLayout(head)
        box.addWidget(self.answer)

    def show_condition(self, question: str, answer: str, article: str) -> None:
        """Show one condition."""
        set_text(self.question, question)
        set_text(self.article, article)
        set_text(self.answer, answer)


class ServiceReading(QWidget):
    """Follows the list; the language read in may differ from the agent's."""

    def __init__(self, desk: Desk, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.catalogue = catalogue
        self._service: Service | None = None
        self._read_in = desk.language
        self.copy_button = on_click(button(icon_name="copy", name="copy_service"), self.copy)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self.languages: dict[str, QPushButton] = {}
        self._name = label(role="heading", wrap=True)
        self._chips = ChipRow()
        self._amount = label(role="total")
        self._vat = label(role="muted")
        self._rows: list[ConditionRow] = []
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        for widget in (self._name, line(self._chips, None), self._amount, self._vat):
            self._column.addWidget(widget)
        box.addLayout(self._make_language_row())
        box.addWidget(self._body)
        self._soon = QTimer(self, singleShot=True, interval=AFTER_LIST_MS)
        self._soon.timeout.connect(self._fill)

    def show_service(self, service: Service | None) -> None:
        """Show this service, or nothing; the list, which the agent looks at while typing, is painted first."""
        self._service = service
        self.copy_button.setEnabled(service is not None)
        self._soon.start()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.copy_button.setText(self.tr("Copy for the customer") + f"   {COPY_KEY}")
        self.copy_button.setShortcut(COPY_KEY)  # a new text takes the old shortcut away
        set_text(self._title, self.tr("To read aloud"))
        for language, made in self.languages.items():
            made.setAccessibleName(self.tr("Read in {0}").format(LANGUAGES[language]))
        self._fill()

    def copy(self) -> None:
        """Put price, questions and answers on the clipboard, as a customer may keep them."""
        if self._service is not None:
            QGuiApplication.clipboard().setText(self.as_text(self._service))
            self._desk.told.emit(self.tr("Copied: {0}").format(self._service.label(self._desk.language)))

    def as_text(self, service: Service) -> str:
        """Return the service as plain text, in the language it is read in."""
        asked = [f"{question}\n{answer}" for question, answer, _article in self._conditions(service)]
        return "\n\n".join((service.label(self._read_in), *asked)) + "\n"

    def _make_language_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._title = label(role="section")
        row.addWidget(self._title)
        row.addStretch(1)
        group = QButtonGroup(self)
        for language, name in LANGUAGES.items():
            made = button(name, "quiet", name=f"read_{language}")
            made.setCheckable(True)
            made.setChecked(language == self._read_in)
            on_click(made, partial(self._read, language))
            group.addButton(made)
            self.languages[language] = made
            row.addWidget(made)
        return row

    def _read(self, language: str) -> None:
        self._read_in = language
        self._fill()

    def _fill(self) -> None:
        service = self._service
        self._body.setVisible(service is not None)
        if service is None:
            return
        words, language = self._desk.wording, self._desk.language
        set_text(self._name, service.label(self._read_in))
        about = [words.text(f"domains.{service.domain}"), words.text(f"units.{service.unit}")]
        self._chips.set_chips([Chip(text) for text in [*about, *([words.text("money.pro_only")] * service.pro_only)]])
        amount = format_cents(service.price_cents, language) if service.price_cents else words.text("money.offered")
        set_text(self._amount, amount)
        rate = self.catalogue.vat_permille
        vat = format_cents(vat_included(service.price_cents, rate), language)
        set_text(self._vat, words.text("money.vat", rate=format_permille(rate, language), amount=vat))
        self._vat.setVisible(service.price_cents > 0)
        self._fill_conditions(service)

    def _fill_conditions(self, service: Service) -> None:
        """Fill the rows that are there: to make and style them anew would cost more than a key may take."""
        conditions = self._conditions(service)
        while len(self._rows) < len(conditions):
            row = ConditionRow()
            self._rows.append(row)
            self._column.addWidget(row)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(conditions))
            if place < len(conditions):
                question, answer, article = conditions[place]
                row.show_condition(question, answer, self._desk.wording.text("money.article", article=article))

    def _conditions(self, service: Service) -> list[tuple[str, str, str]]:
        if self._read_in == "fr":
            return [(one.question_fr, one.answer_fr, one.article) for one in service.conditions]
        return [(one.question_en, one.answer_en, one.article) for one in service.conditions]
