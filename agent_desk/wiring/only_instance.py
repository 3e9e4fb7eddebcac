"""One desk per data folder."""

import sys
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QLockFile, QProcess

from agent_desk import late
from agent_desk.desktop.main_window import MainWindow


class OnlyInstance:
    """One desk per data folder: the second start brings the first window to the front and ends."""

    def __init__(self, folder: Path) -> None:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = QLockFile(str(folder / "desk.lock"))
        self._lock.setStaleLockTime(0)
        # A folder that takes no lock, read-only or full, holds no other desk; what is wrong with it is told in the window.
        self.first = self._lock.tryLock(0) or self._lock.error() is not QLockFile.LockError.LockFailedError

    def show_the_other(self) -> None:
        """Ask the desk already open to come to the front."""
        late.load("agent_desk.desktop.single_instance:call")(self._folder)

    def begin_anew(self) -> None:
        """Give the folder free and start the program once more, for somebody else."""
        self._lock.unlock()
        own = [] if getattr(sys, "frozen", False) else ["-m", "agent_desk"]
        QProcess.startDetached(sys.executable, own)

    def answer(self, window: MainWindow) -> None:
        """Bring `window` to the front whenever a second start asks; called once Today is there, as it loads QtNetwork."""
        late.load("agent_desk.desktop.single_instance:answer")(self._folder, window)
