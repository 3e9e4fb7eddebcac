"""The desk's log file: begun in a worker once the first window is painted, ended with the program."""

import logging
import platform
from collections.abc import Callable
from pathlib import Path

from agent_desk import __version__, logfile
from agent_desk.logfile import watch_crashes as watch_crashes  # noqa: PLC0414 - for the front door, loaded as late
from agent_desk.settings import Settings

_log = logging.getLogger(__name__)


def begin(folder: Path, settings: Settings) -> Callable[[], None]:
    """Write the file in `folder` from now on and return how to end; a folder that takes none costs nothing else."""
    try:
        stop = logfile.start(folder, "desk", settings.log_kilobytes, settings.log_files)
    except OSError:
        return lambda: None
    _log.info("desk %s begins, Python %s, %s", __version__, platform.python_version(), platform.system())

    def end() -> None:
        _log.info("desk ends")
        stop()

    return end
