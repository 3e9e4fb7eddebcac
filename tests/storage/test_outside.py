"""The file of checkpoints kept outside only grows, and a crash cannot spoil it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent_desk.storage import notes
from agent_desk.storage.notes import Checkpoint
from agent_desk.storage.outside import keep_note, read_notes

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
SAID = Checkpoint("agent-desk/log/0123", 1, bytes(32), bytes(32), datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
FIRST, SECOND, THIRD = (notes.write(replace(SAID, size=size), key) for size, key in ((1, KEY), (2, None), (3, KEY)))


def test_notes_are_read_as_they_were_kept(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "outside.txt"
    for note in (FIRST, SECOND, THIRD):
        keep_note(path, note)
    assert path.read_text(encoding="utf-8") == FIRST + SECOND + THIRD
    assert read_notes(path) == (FIRST, SECOND, THIRD)


def test_the_same_note_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "outside.txt"
    for _ in range(3):
        keep_note(path, FIRST)
    assert read_notes(path) == (FIRST,)


@pytest.mark.parametrize("length", [1, 30, 100, len(THIRD.encode()) - 1])
def test_what_a_crash_left_of_a_note_is_passed_over_and_then_replaced(tmp_path: Path, length: int) -> None:
    path = tmp_path / "outside.txt"
    torn = THIRD.encode()[:length]
    path.write_bytes((FIRST + SECOND).encode() + torn)
    assert read_notes(path)[:2] == (FIRST, SECOND)
    keep_note(path, THIRD)
    assert read_notes(path) == (FIRST, SECOND, THIRD)


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
@pytest.mark.parametrize("note", [FIRST, SECOND])
def test_a_note_copied_by_hand_may_end_in_more_or_fewer_empty_lines(tmp_path: Path, note: str, end: str) -> None:
    path = tmp_path / "outside.txt"
    path.write_text(note.rstrip("\n") + end, encoding="utf-8", newline="\r\n")
    assert read_notes(path) == (note,)


@pytest.mark.parametrize("held", ["My shopping list\n", "agent-desk/log/9999\n1\n"])
def test_a_file_that_holds_something_else_is_left_alone(tmp_path: Path, held: str) -> None:
    path = tmp_path / "outside.txt"
    path.write_text(held)
    with pytest.raises(ValueError, match="something else"):
        keep_note(path, FIRST)
    assert path.read_text() == held


def test_a_changed_note_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "outside.txt"
    path.write_text(FIRST.replace("previous", "before") + THIRD, encoding="utf-8")
    with pytest.raises(ValueError):  # noqa: PT011 - which part stumbles over it is all the same
        read_notes(path)


@pytest.mark.parametrize("held", [b"", b"\n", b"\xff\xfe", b"x", b"agent-desk/log/0123\n"])
def test_a_file_without_notes_is_refused(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "outside.txt"
    path.write_bytes(held)
    with pytest.raises(ValueError):  # noqa: PT011 - undecodable or unfit, both say ValueError
        read_notes(path)
