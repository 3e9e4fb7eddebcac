"""The quiet line below every screen: what becomes of what is typed while the database is away, or that the desk will lock."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from agent_desk.desktop.boxes import Frame
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import label, set_text


class StatusLine(Frame):
    """There only while there is something to say; it comes and goes by itself."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("status", (18, 5, 18, 5), 0, parent)
        self._desk = desk
        self._warning = ""
        self.sentence = label(role="small", wrap=True)
        self.sentence.setObjectName("status_sentence")
        dot = label("●", "todo")
        dot.setAccessibleName(" ")
        row = QHBoxLayout()
        row.setSpacing(9)
        row.addWidget(dot)
        row.addWidget(self.sentence, 1)
        self.box.addLayout(row)
        desk.link.lost.connect(self.show_state)
        desk.link.back.connect(self.show_state)
        self.hide()

    def warn(self, sentence: str) -> None:
        """Say what is about to happen at this desk; "" once it is not."""
        self._warning = sentence
        self.show_state()

    def show_state(self) -> None:
        """Say how things stand; nothing while all is well."""
        since = self._desk.link.since
        self.setVisible(since is not None or bool(self._warning))
        if since is None:
            set_text(self.sentence, self._warning)
            self.setAccessibleName(self._warning)
            return
        lasting = self._desk.ready and self._desk.context.secrets.usable
        key = "away.kept" if lasting else "away.in_memory"
        set_text(self.sentence, self._desk.wording.text(key, time=f"{since.astimezone():%H:%M}"))
        self.setAccessibleName(self.sentence.text())
