"""The log files of desk, gateway and mailer: bounded in size, and nothing personal gets in.

Our own lines are written from words, numbers and codes only. Of what others log, libraries and Python itself, only who
and where is kept, for their words may quote a customer. An address of the network is cut to its network.
"""

import logging
import re
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from io import TextIOWrapper
from ipaddress import ip_address, ip_network
from logging.handlers import RotatingFileHandler
from pathlib import Path
from time import monotonic
from types import TracebackType

FOLDER = "logs"
OURS = "agent_desk"
MINUTE = 60.0
MOST_NOTED = 1000
LONGEST_LINE = 500
_KEPT_BITS = {4: 24, 6: 48}
_MAYBE_ADDRESS = re.compile(
    r"(?<![\w.:])(\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?:/\d{1,3})?(?!\w|:\w)"
)
_noted: dict[str, float] = {}  # what the log said last, and when; a repetition tells nothing
_log = logging.getLogger(OURS)


def start(folder: Path, name: str, kilobytes: int, files: int) -> Callable[[], None]:
    """Write to `<folder>/logs/<name>.log` from now on, at most `files` files of `kilobytes`; return how to stop.

    OSError where no file can be written.
    """
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = _OwnFile(place / f"{name}.log", maxBytes=kilobytes * 1024, backupCount=files - 1, encoding="utf-8")
    handler.setFormatter(_Plain())
    root, level = logging.getLogger(), _log.level
    root.addHandler(handler)
    _log.setLevel(logging.INFO)

    def stop() -> None:
        root.removeHandler(handler)
        _log.setLevel(level)
        handler.close()

    return stop


def watch_crashes() -> None:
    """Note what nobody catches, in any thread, before Python says it on the terminal."""
    said, said_of_thread = sys.excepthook, threading.excepthook

    def crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        told(error)
        said(kind, error, trace)

    def thread_crashed(happened: threading.ExceptHookArgs) -> None:
        if happened.exc_value is not None:
            told(happened.exc_value)
        said_of_thread(happened)

    sys.excepthook, threading.excepthook = crashed, thread_crashed


def told(error: BaseException) -> None:
    """Write to the log what failed and where, once a minute, without a word of what was in it."""
    code = getattr(error, "code", "")
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place is not None else "nowhere"
    note(logging.ERROR, f"{type(error).__name__} {code} in {where}")


def note(level: int, text: str) -> None:
    """Write a line to the log, unless the same was written in the last minute."""
    now = monotonic()
    if now - _noted.get(text, -MINUTE) < MINUTE:
        return
    if len(_noted) >= MOST_NOTED:
        _noted.clear()
    _noted[text] = now
    _log.log(level, "%s", text)


def without_addresses(text: str) -> str:
    """Return a text whose network addresses are cut to /24 or /48."""
    return _MAYBE_ADDRESS.sub(_network_of, text)


def _network_of(found: re.Match[str]) -> str:
    try:
        address = ip_address(found[1])
    except ValueError:
        return found[0]
    return str(ip_network(f"{address}/{_KEPT_BITS[address.version]}", strict=False))


class _OwnFile(RotatingFileHandler):
    """A file only this user reads; a full disk costs lines, never the program."""

    def _open(self) -> TextIOWrapper:
        opened = super()._open()
        Path(self.baseFilename).chmod(0o600)
        return opened

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Say nothing: there is nowhere left to say it."""


class _Plain(logging.Formatter):
    """One line for each record: when, how grave, who, what."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of others' records who and where, and of an exception its kind."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        ours = record.name.partition(".")[0] == OURS
        said = record.getMessage() if ours else f"{record.funcName}:{record.lineno}"
        if record.exc_info and record.exc_info[0] is not None:
            said = f"{said} ({record.exc_info[0].__name__})"
        line = "".join(char if char.isprintable() else " " for char in without_addresses(said))
        return f"{at} {record.levelname} {record.name} {line[:LONGEST_LINE]}"
