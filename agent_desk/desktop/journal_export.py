"""The Journal's export: a button that starts it and then stops it, and a line that says how far it is."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from agent_desk.actions.views import JournalFilter
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.under_way import Stopped, UnderWay
from agent_desk.desktop.widgets import button, label, on_click
from agent_desk.formats import format_number

EXPORT_KEY = "F8"
PROGRESS_MS = 200
KINDS = {"CSV (*.csv)": ".csv", "Excel (*.xlsx)": ".xlsx"}


class JournalExport(QObject):
    """Writes what is listed, `listed()`, to a file somebody chooses; one at a time."""

    def __init__(self, desk: Desk, listed: Callable[[], JournalFilter | None]) -> None:
        super().__init__()
        self._desk = desk
        self._listed = listed
        self._work: UnderWay | None = None
        self.button = on_click(button(name="export"), self._press)
        self.told = label(role="muted")
        self._progress = QTimer(self, interval=PROGRESS_MS)
        self._progress.timeout.connect(self._tell)

    def begin(self) -> None:
        """Ask where to, and write; nothing while one is under way."""
        wanted = self._listed()
        if self._work is not None or wanted is None:
            return
        now = self._desk.clock.now().astimezone()
        name = self.tr("journal-{0}.csv").format(f"{now:%Y-%m-%d}")
        title = self.tr("Export what is listed")
        chosen, kind = QFileDialog.getSaveFileName(self.button, title, name, ";;".join(KINDS))
        if chosen:
            path = Path(chosen)
            self._write(wanted, path if path.suffix else path.with_suffix(KINDS.get(kind, ".csv")))

    def stop(self) -> None:
        """End the export under way, if there is one; the file is as before."""
        if self._work is not None:
            self._work.stopped = True

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        text = self.tr("Export") if self._work is None else self.tr("Stop the export")
        self.button.setText(f"{text}   {EXPORT_KEY}")
        self.button.setShortcut(EXPORT_KEY)  # a new text takes the old shortcut away

    def _write(self, wanted: JournalFilter, path: Path) -> None:
        work = self._work = UnderWay()
        write, language = self._desk.site.export_journal, self._desk.language
        self.retranslate()
        self._tell()
        self._progress.start()
        self._desk.run(
            lambda ctx: write(ctx, wanted, path, language, work.seen),
            lambda rows: self._written(path, rows),
            self._failed,
            owner=self,
        )

    def _press(self) -> None:
        if self._work is None:
            self.begin()
        else:
            self.stop()

    def _tell(self) -> None:
        if self._work is not None:
            count = format_number(self._work.count, self._desk.language)
            self.told.setText(self.tr("Exporting… {0} sessions written").format(count))

    def _written(self, path: Path, rows: int) -> None:
        self._settle()
        self._desk.told.emit(self._desk.wording.text("deskctl.exported", count=rows, file=path.name))

    def _failed(self, error: BaseException) -> None:
        self._settle()
        if not isinstance(error, Stopped):
            self._desk.report(error)

    def _settle(self) -> None:
        self._work = None
        self._progress.stop()
        self.told.clear()
        self.retranslate()
