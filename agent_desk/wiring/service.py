"""What every service of a site has: a log file, a metrics page where asked for, a sign of life, and an end when told."""

import gc
import logging
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from types import FrameType

from agent_desk import __version__, late, logfile
from agent_desk.actions.door import Door
from agent_desk.adapters.metrics_page import Measure, MetricsPage
from agent_desk.console.refusal import Refused
from agent_desk.mailer.rhythm import Rhythm
from agent_desk.ports import Metric
from agent_desk.settings import Settings, settings_folder
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.programs import Running

LOOPBACK = "127.0.0.1"
LIFE_SECONDS = 30.0
FAREWELL_SECONDS = 1.0
_log = logging.getLogger(__name__)


def spare_what_is_loaded() -> None:
    """Look for garbage in what is made from now on only: the rest took a tenth of a second each time."""
    gc.collect()
    gc.freeze()


@contextmanager
def written_log(name: str, settings: Settings) -> Iterator[None]:
    """Write this program's log file until the block ends; without one where the folder takes none."""
    try:
        stop = logfile.start(settings_folder(), name, settings.log_kilobytes, settings.log_files)
    except OSError:
        yield
        return
    logfile.watch_crashes()
    _log.info("%s %s begins", name, __version__)
    try:
        yield
    finally:
        _log.info("%s ends", name)
        stop()


@contextmanager
def metrics_page(place: str | None, measure: Measure) -> Iterator[None]:
    """Serve a metrics page at "ADDRESS:PORT" or "PORT", which means this machine only; Refused. None: no page."""
    if place is None:
        yield
        return
    host, _, port = place.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) < 65_536):
        raise Refused("metrics")
    try:
        page = MetricsPage(host.strip("[]") or LOOPBACK, int(port), measure)
    except OSError as error:
        raise Refused("metrics", "errors.metrics_not_served") from error
    with closing(page):
        yield


@contextmanager
def sign_of_life(door: Door, kind: str) -> Iterator[None]:
    """Note every half minute that this program runs, until the block ends."""
    one = Running(secrets.token_hex(4), kind, __version__)
    rhythm = Rhythm("life", LIFE_SECONDS, lambda: late.note_running(door, one))
    rhythm.start()
    try:
        yield
    finally:
        rhythm.stop(FAREWELL_SECONDS)


def database_up(database: Database) -> Metric:
    """Return whether the database answers."""
    try:
        with database.read() as tx:
            tx.exec_driver_sql("SELECT 1")
    except DatabaseFault:
        return _up(0)
    return _up(1)


def _up(value: int) -> Metric:
    return Metric("agent_desk_database_up", "Whether the database answers.", "gauge", ((None, value),))


@contextmanager
def until_told() -> Iterator[Callable[[], None]]:
    """Heed until the block ends when the system, or Ctrl+C, says stop, and give a function that waits for it."""
    # A handler in Python runs only between two steps of the main thread: one that has just begun to wait for a lock
    # would not hear it. So it is the byte that counts, which is written as the signal comes.
    told, tells = socket.socketpair()
    tells.setblocking(False)
    with told, tells:
        signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
        before = [(number, signal.signal(number, _hear)) for number in (signal.SIGTERM, signal.SIGINT)]
        try:
            yield lambda: _take(told)
        finally:
            for number, handler in before:
                signal.signal(number, handler)
            signal.set_wakeup_fd(-1)


def _hear(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: see above."""


def _take(told: socket.socket) -> None:
    told.recv(1)
