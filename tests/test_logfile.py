"""The log files: bounded, for their owner only, and without a word that could be a customer's."""

import logging
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_desk import logfile

SECRET = "Éloïse Secrète 482915307"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Give the path of a log file that is being written."""
    logfile._noted.clear()
    stop = logfile.start(tmp_path, "desk", kilobytes=64, files=3)
    yield tmp_path / "logs" / "desk.log"
    stop()


def test_a_line_says_when_how_grave_who_and_what(log: Path) -> None:
    logging.getLogger("agent_desk.some.part").info("a mail: %s %d", "accepted", 250)
    line = log.read_text(encoding="utf-8")
    assert line.endswith(["", "INFO agent_desk.some.part a mail: accepted 250\n"][1])
    assert line[10] == "T"


def test_only_its_owner_reads_it(log: Path) -> None:
    logging.getLogger("agent_desk").info("x")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_of_what_libraries_say_only_who_and_where_is_kept(log: Path) -> None:
    logging.getLogger("sqlalchemy.pool").warning("lost %s", SECRET)
    said = log.read_text(encoding="utf-8")
    assert "sqlalchemy.pool test_of_what_libraries_say" in said
    assert "Secr" not in said


def test_of_an_error_only_its_kind_and_place_are_kept(log: Path) -> None:
    def fails() -> None:
        raise ValueError(SECRET)

    with pytest.raises(ValueError, match="Secr") as caught:
        fails()
    logfile.told(caught.value)
    logging.getLogger("agent_desk").error("a job failed", exc_info=caught.value)
    said = log.read_text(encoding="utf-8")
    assert "ValueError  in fails:" in said
    assert "a job failed (ValueError)" in said
    assert "Secr" not in said


def test_what_nobody_catches_is_noted_in_any_thread(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    monkeypatch.setattr(threading, "excepthook", lambda *_: None)
    logfile.watch_crashes()

    def fails() -> None:
        raise LookupError(SECRET)

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    with pytest.raises(LookupError) as caught:
        fails()
    logfile._noted.clear()
    sys.excepthook(LookupError, caught.value, caught.tb)
    said = log.read_text(encoding="utf-8")
    assert said.count("LookupError  in fails") == 2
    assert "Secr" not in said


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("refused 192.0.2.77: wrong_host", "refused 192.0.2.0/24: wrong_host"),
        ("refused 2001:db8:1:2::/64: wrong_host", "refused 2001:db8:1::/48: wrong_host"),
        ("a socket of ::1 was closed", "a socket of ::/48 was closed"),
        ("at 12:34:56, 1.2.3 and 0.2.0", "at 12:34:56, 1.2.3 and 0.2.0"),
        ("300.1.2.3", "300.1.2.3"),
    ],
)
def test_addresses_are_cut_to_their_network(said: str, kept: str) -> None:
    assert logfile.without_addresses(said) == kept


def test_files_are_bounded_in_size_and_number(log: Path) -> None:
    writer = logging.getLogger("agent_desk")
    for number in range(3000):
        writer.info("line %d %s", number, "x" * 100)
    files = sorted(path.name for path in log.parent.iterdir())
    assert files == ["desk.log", "desk.log.1", "desk.log.2"]
    assert all(path.stat().st_size <= 64 * 1024 for path in log.parent.iterdir())
    assert "line 2999 " in log.read_text(encoding="utf-8")


def test_a_line_is_one_line_and_has_an_end(log: Path) -> None:
    logging.getLogger("agent_desk").info("a\nb\x1b[31m %s", "x" * 10_000)
    (line,) = log.read_text(encoding="utf-8").splitlines()
    assert "a b [31m" in line
    assert len(line) < 600


def test_a_full_disk_costs_lines_and_nothing_else(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (handler,) = [one for one in logging.getLogger().handlers if isinstance(one, logfile._OwnFile)]

    class Full:
        def write(self, _text: str) -> None:
            raise OSError(28, "No space left on device")

        def flush(self) -> None: ...

        def close(self) -> None: ...

    real = handler.stream
    monkeypatch.setattr(handler, "stream", Full())
    logging.getLogger("agent_desk").info("x")
    monkeypatch.setattr(handler, "stream", real)
    logging.getLogger("agent_desk").info("y")
    assert log.read_text(encoding="utf-8").endswith("y\n")
