"""What the six steps have in common."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session.binder import Binder
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.preview import Preview
from agent_desk.rules.session import Step


class Page(QScrollArea):
    """One step: a form, its binder, and the session it shows; `refresh` fills it, nothing else does."""

    step: Step
    finished = Signal()  # Enter with nothing left to fill: the primary button is next
    told = Signal(str, str)  # a sentence for the notice, and its tone

    def __init__(self, desk: Desk, form: Any) -> None:
        super().__init__()
        self.desk = desk
        self.ui = form
        form.setupUi(self)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.editor: Editor | None = None
        self.preview: Preview | None = None
        self.binder = Binder(self)
        self.binder.typed.connect(self._type)
        self.binder.finished.connect(self.finish)

    def attach(self, editor: Editor | None) -> None:
        """Show another session from now on."""
        self.editor = editor

    def refresh(self, preview: Preview) -> None:
        """Fill the step from the session on screen."""
        self.preview = preview
        self.arrange(preview)
        self.binder.show(preview.facts.content)
        self.binder.set_read_only(self.editor is not None and self.editor.is_read_only)

    def arrange(self, preview: Preview) -> None:
        """Show what this session needs and hide the rest, before the fields are filled."""

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.ui.retranslateUi(self)

    def current_field(self) -> str:
        """Return the dotted path of the field that has the focus, "" where none has."""
        widget = QApplication.focusWidget()
        while widget is not None and widget is not self:
            if self.field(widget.objectName()) is widget:
                return widget.objectName()
            widget = widget.parentWidget()
        return ""

    def field(self, path: str) -> QWidget | None:
        """Return the widget at `path`; None where this step has no such field now."""
        found = self.binder.fields.get(path)
        return found if found is not None and found.isVisibleTo(self) else None

    def first_field(self) -> QWidget | None:
        """Return where the focus goes when the step opens."""
        return self.binder.first_empty()

    def focus_field(self, path: str) -> bool:
        """Put the focus at `path`, or on the first field; False where there is none."""
        target = self.field(path) or self.first_field()
        if target is None:
            return False
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(target, 0, 40)
        return True

    def finish(self) -> None:
        """Nothing is left to fill here."""
        self.finished.emit()

    def text(self, key: str, /, **values: object) -> str:
        """Return the wording of `key` in the agent's language."""
        return self.desk.wording.text(key, **values)

    def _type(self, path: str, value: object) -> None:
        if self.editor is not None:
            self.typed(path, value)

    def typed(self, path: str, value: object) -> None:
        """Take what was typed at `path`."""
        if self.editor is not None:
            self.editor.set(path, value)
