"""A session somebody has handed over to this person: from whom, what they wrote, and a button that takes it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.handover_bar import field_names
from agent_desk.desktop.session_list import local_time
from agent_desk.desktop.widgets import Elided, button, chip, label, on_click
from agent_desk.formats import format_short_date
from agent_desk.rules.handover import Handover


class HandedRow(QWidget):
    """The customer and the three fields; opening it takes it."""

    def __init__(self, desk: Desk, one: Handover, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"handed_{one.session_id}")
        now = desk.clock.now()
        when = local_time(one.at, now) or format_short_date(one.at.astimezone().date(), desk.language)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(Elided(text=one.customer or self.tr("Customer not named yet"), role="strong"))
        top.addWidget(chip(one.session_number))
        top.addWidget(Elided(text=self.tr("from {0}, {1}").format(one.from_name, when), role="muted"))
        top.addStretch(1)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addLayout(top)
        pair = self.tr("{0}: {1}", "what was tried, seen or promised")
        for name, text in field_names().items():
            said = getattr(one.words, name)
            if said:
                texts.addWidget(label(pair.format(text, said), "muted", wrap=True))
        self.take = button(self.tr("Take it"), "primary", name=f"take_{one.session_id}")
        on_click(self.take, lambda: desk.openRequested.emit(one.session_id))
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 9, 15, 9)
        row.setSpacing(12)
        row.addLayout(texts, 1)
        row.addWidget(self.take)
