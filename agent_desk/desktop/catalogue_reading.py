"""One service as it is read to a customer: price, VAT, questions and answers, in French or English."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import button, chip, clear_layout, label, line, on_click, rule, set_text
from agent_desk.formats import format_cents, format_permille
from agent_desk.rules.catalogue import Catalogue, Service
from agent_desk.rules.money import vat_included

# Names of languages are written in the language itself.
LANGUAGES = {"fr": "Français", "en": "English"}


class ServiceReading(QWidget):
    """Follows the list; the language read in may differ from the agent's."""

    def __init__(self, desk: Desk, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._catalogue = catalogue
        self._service: Service | None = None
        self._read_in = desk.language
        self.copy_button = on_click(button(icon_name="copy", name="copy_service"), self.copy)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self.languages: dict[str, QPushButton] = {}
        self._language_row = self._make_language_row()
        self._body = QVBoxLayout()
        self._body.setSpacing(8)
        box.addLayout(self._language_row)
        box.addLayout(self._body)

    def show_service(self, service: Service | None) -> None:
        """Show this service, or nothing."""
        self._service = service
        self.copy_button.setEnabled(service is not None)
        self._fill()

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.copy_button.setText(self.tr("Copy for the customer"))
        self.copy_button.setShortcut("Ctrl+Shift+C")  # a new text takes the old shortcut away
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
        clear_layout(self._body)
        service = self._service
        if service is None:
            return
        words, language = self._desk.wording, self._desk.language
        name = label(service.label(self._read_in), "heading", wrap=True)
        self._body.addWidget(name)
        unit = chip(words.text(f"units.{service.unit}"))
        pro = chip(words.text("money.pro_only")) if service.pro_only else None
        chips = [made for made in (chip(words.text(f"domains.{service.domain}")), unit, pro) if made is not None]
        self._body.addWidget(line(*chips, None))
        amount = format_cents(service.price_cents, language) if service.price_cents else words.text("money.offered")
        self._body.addWidget(label(amount, "total"))
        if service.price_cents:
            rate = self._catalogue.vat_permille
            vat = format_cents(vat_included(service.price_cents, rate), language)
            text = words.text("money.vat", rate=format_permille(rate, language), amount=vat)
            self._body.addWidget(label(text, "muted"))
        for question, answer, article in self._conditions(service):
            self._body.addWidget(rule())
            source = label(words.text("money.article", article=article), "small")
            source.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            head = QHBoxLayout()
            head.addWidget(label(question, "strong", wrap=True), 1)
            head.addWidget(source)
            self._body.addLayout(head)
            said = label(answer, wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._body.addWidget(said)

    def _conditions(self, service: Service) -> list[tuple[str, str, str]]:
        if self._read_in == "fr":
            return [(one.question_fr, one.answer_fr, one.article) for one in service.conditions]
        return [(one.question_en, one.answer_en, one.article) for one in service.conditions]
