"""The check of the whole log from the Journal: a button that starts it, one that stops it, and what was found."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from agent_desk import late
from agent_desk.actions.views import LogReport
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.screen import Chip
from agent_desk.desktop.under_way import Stopped, UnderWay
from agent_desk.desktop.widgets import button, label, on_click, set_text
from agent_desk.formats import format_number

PROGRESS_MS = 200
VERIFY_KEY, STOP_KEY = "F6", "Esc"


class LogCheck(QObject):
    """Reads every event again in a worker, one check at a time; `chain` is what is known of the log."""

    told = Signal()  # `chain` says something else

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.chain = Chip("")
        self._check: UnderWay | None = None
        self._progress = QTimer(self, interval=PROGRESS_MS)
        self._progress.timeout.connect(self._tell_progress)
        self.verify_button = on_click(button(icon_name="link", name="verify_log"), self.verify)
        self.stop_button = on_click(button(icon_name="cross", name="stop_check"), self.stop)
        self.stop_button.hide()
        self.working = label(role="muted")

    def verify(self) -> None:
        """Read every event again in a worker; it can be stopped."""
        if self._check is not None:
            return
        check = self._check = UnderWay()
        stopping = self.verify_button.hasFocus()
        self.verify_button.hide()
        self.stop_button.show()
        if stopping:
            self.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell_progress()
        self._progress.start()
        self.desk.run(lambda ctx: late.verify_log(ctx, seen=check.seen), self._verified, self._not_verified, owner=self)

    def stop(self) -> None:
        """End the check under way, if there is one."""
        if self._check is not None:
            self._check.stopped = True

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.verify_button.setText(self.tr("Check the chain") + f"   {VERIFY_KEY}")
        self.verify_button.setShortcut(VERIFY_KEY)  # a new text takes the old shortcut away
        self.stop_button.setText(self.tr("Stop the check") + f"   {STOP_KEY}")
        self.stop_button.setShortcut(STOP_KEY)

    def _verified(self, report: LogReport) -> None:
        self._settle()
        words, now = self.desk.wording, self.desk.clock.now().astimezone()
        if report.fault is not None:
            fault = words.text(f"log_faults.{report.fault.kind}")
            self.chain = Chip(fault, "bad")
            self.desk.failed.emit(
                words.text("errors.log_broken", fault=fault, seq=report.fault.seq, chain=report.fault.chain)
            )
        else:
            count = words.count("log.events", report.events).replace(
                str(report.events), format_number(report.events, self.desk.language)
            )
            verified = words.text("log.verified", time=f"{now:%H:%M}")
            parts = [verified, count] + ([] if report.signed else [words.text("log.unsigned")])
            self.chain = Chip(" · ".join(parts), "ok" if report.signed else "warn")
        self.told.emit()

    def _not_verified(self, error: BaseException) -> None:
        self._settle()
        if not isinstance(error, Stopped):
            self.desk.report(error)

    def _tell_progress(self) -> None:
        if self._check is not None:
            events = format_number(self._check.count, self.desk.language)
            set_text(self.working, self.tr("Checking every event of the log… {0} read").format(events))

    def _settle(self) -> None:
        self._check = None
        self._progress.stop()
        self.verify_button.show()
        if self.stop_button.hasFocus():
            self.verify_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stop_button.hide()
        self.working.clear()
