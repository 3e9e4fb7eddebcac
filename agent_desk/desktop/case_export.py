"""One session's case file as PDF, from its story: where to is asked, and the story shows that it was taken out."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog

from agent_desk.actions.views import SessionView, Timeline
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import button, on_click

CASE_KEY = "Shift+F8"


class CaseExport(QObject):
    """A button that writes the case file of the session whose story is shown; one at a time."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._story: Timeline | None = None
        self.button = on_click(button(icon_name="printer", name="export_case"), self.begin)
        self.button.hide()

    def show_story(self, story: Timeline | None) -> None:
        """Offer this story's session, where whoever reads it may take it out."""
        self._story = story
        self.button.setVisible(story is not None and story.may_export)

    def begin(self) -> None:
        """Ask where to, and write; nothing where nothing may be taken out, or while one is under way."""
        story = self._story
        if story is None or not story.may_export or not self.button.isEnabled():
            return
        words = self._desk.wording
        name = words.text("attachments.case_file", number=story.session.number)
        title = self.tr("Case file as PDF")
        chosen, _kind = QFileDialog.getSaveFileName(self.button, title, name, "PDF (*.pdf)")
        if chosen:
            path = Path(chosen)
            self._write(story.session, path if path.suffix else path.with_suffix(".pdf"))

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        key = QKeySequence(CASE_KEY)
        self.button.setText(f"PDF   {key.toString(QKeySequence.SequenceFormat.NativeText)}")
        self.button.setAccessibleName(self.tr("Case file as PDF"))
        self.button.setToolTip(self.tr("Everything about this session on paper"))
        self.button.setShortcut(key)  # a new text takes the old shortcut away

    def _write(self, session: SessionView, path: Path) -> None:
        write, language = self._desk.site.export_case, self._desk.language
        self.button.setEnabled(False)

        def written(_nothing: object) -> None:
            self.button.setEnabled(True)
            told = self._desk.wording.text("deskctl.case_exported", number=session.number, file=path.name)
            self._desk.told.emit(told)
            self._desk.sessionChanged.emit(session.id)

        def failed(error: BaseException) -> None:
            self.button.setEnabled(True)
            self._desk.report(error)

        self._desk.run(lambda ctx: write(ctx, session.id, path, language), written, failed, owner=self)
