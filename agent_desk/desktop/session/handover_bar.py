"""Handing a session over, inline: to whom, and three short fields; nothing goes without its own button."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from agent_desk.desktop.boxes import Frame
from agent_desk.desktop.session.choice_box import ChoiceBox
from agent_desk.desktop.widgets import button, label, on_click, set_property, set_text
from agent_desk.rules.handover import FIELD_MAX, Receiver, Words

FIELDS = ("tried", "seen", "promised")


class HandoverBar(Frame):
    """Stands above the footer while somebody hands over; Enter goes from field to field, Esc keeps the session."""

    confirmed = Signal(object, object)  # Receiver, Words
    kept = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("footer", (18, 11, 18, 11), 8, parent)
        self.setObjectName("handover_bar")
        self._shared = False
        self._title, self._shares = label(role="strong"), label(role="muted")
        self.to = ChoiceBox()
        self.to.setObjectName("handover_to")
        self._to_label = label()
        self.fields = {name: QLineEdit() for name in FIELDS}
        self._labels = {name: label() for name in FIELDS}
        self.confirm = on_click(button("", "primary", name="handover_confirm"), self._confirm)
        self.keep = on_click(button("", name="handover_keep"), self.close_bar)
        self._lay_out()
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.close_bar)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        translate = QCoreApplication.translate
        set_text(self._title, translate("SessionHandover", "Hand this session over"))
        set_text(self._shares, translate("SessionHandover", "This cuts the screen share.") if self._shared else "")
        set_text(self._to_label, translate("SessionHandover", "To"))
        for name, text in field_names().items():
            set_text(self._labels[name], text)
            self.fields[name].setAccessibleName(text)
        self.to.setAccessibleName(self._to_label.text())
        self.fields["tried"].setPlaceholderText(translate("SessionHandover", "What has been done, and to what end"))
        self.fields["seen"].setPlaceholderText(translate("SessionHandover", "What the customer has, and sees"))
        self.fields["promised"].setPlaceholderText(
            translate("SessionHandover", "What the customer was told, until when")
        )
        self.confirm.setText(translate("SessionHandover", "Hand over"))
        self.keep.setText(translate("SessionHandover", "Keep the session"))

    def open_bar(self, receivers: tuple[Receiver, ...], *, shared: bool) -> None:
        """Ask to whom; what was typed is still there where the session could not be handed over."""
        self._shared = shared
        self.retranslate()
        self.to.fill([(one, self._name(one)) for one in receivers])
        self.to.set_value(receivers[0] if receivers else None)
        for field in self.fields.values():
            set_property(field, "fault", value=False)
        self.show()
        self.to.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_bar(self) -> None:
        """Keep the session, and forget what was typed."""
        for field in self.fields.values():
            field.clear()
        if not self.isHidden():
            self.hide()
            self.kept.emit()

    def _confirm(self) -> None:
        words = Words(*(self.fields[name].text() for name in FIELDS))
        to = self.to.value
        if not words.shortened():
            set_property(self.fields["tried"], "fault", value=True)
            self.fields["tried"].setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(to, Receiver):
            self.hide()
            self.confirmed.emit(to, words)

    def _advance(self, name: str) -> None:
        """Go on with Enter: to the next field, and from the last one to the button."""
        following = FIELDS[FIELDS.index(name) + 1 :]
        (self.fields[following[0]] if following else self.confirm).setFocus(Qt.FocusReason.TabFocusReason)

    def _name(self, one: Receiver) -> str:
        team = QCoreApplication.translate("SessionHandover", "Team %1")
        return team.replace("%1", one.name) if one.is_team else one.name

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._shares)
        head.addStretch(1)
        self.box.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        self._to_label.setBuddy(self.to)
        grid.addWidget(self._to_label, 0, 0)
        grid.addWidget(self.to, 1, 0)
        for column, (name, field) in enumerate(self.fields.items(), 1):
            field.setMaxLength(FIELD_MAX)
            field.setObjectName(f"handover_{name}")
            field.returnPressed.connect(lambda name=name: self._advance(name))
            self._labels[name].setBuddy(field)
            grid.addWidget(self._labels[name], 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        self.box.addLayout(grid)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addStretch(1)
        foot.addWidget(self.keep)
        foot.addWidget(self.confirm)
        self.box.addLayout(foot)


class HandoverNote(Frame):
    """Stands above a session that was handed over: from whom, and the three fields."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("handover", (13, 9, 13, 9), 3, parent)
        self.setObjectName("handover_note")
        self.head = label(role="say-title")
        self.rows = {name: label(wrap=True) for name in FIELDS}
        self.box.addWidget(self.head)
        inner = QVBoxLayout()
        inner.setSpacing(2)
        for row in self.rows.values():
            row.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            inner.addWidget(row)
        self.box.addLayout(inner)
        self.hide()

    def show_handover(self, head: str, words: Words | None) -> None:
        """Show the three fields under `head`; hide where there is nothing."""
        self.setVisible(words is not None)
        set_text(self.head, head)
        for name, text in field_names().items():
            said = getattr(words, name) if words is not None else ""
            pair = QCoreApplication.translate("SessionHandover", "%1: %2")
            set_text(self.rows[name], pair.replace("%1", text).replace("%2", said))
            self.rows[name].setVisible(bool(said))


def field_names() -> dict[str, str]:
    """Return what an agent calls the three fields."""
    translate = QCoreApplication.translate
    return {
        "tried": translate("SessionHandover", "Tried"),
        "seen": translate("SessionHandover", "Seen"),
        "promised": translate("SessionHandover", "Promised"),
    }
