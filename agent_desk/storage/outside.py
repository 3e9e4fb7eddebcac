"""The copy of checkpoints kept outside: one text file, note after note, that only grows."""

import os
from pathlib import Path
from typing import BinaryIO

from agent_desk.storage import notes

LARGEST_FILE = 256 * 1024 * 1024
_TAIL = 16 * 1024  # a note has some 400 bytes


def keep_note(path: Path, note: str) -> None:
    """Append `note` unless it is the last one already; what a crash left of a note is cut off first.

    OSError; ValueError for a file that begins with anything but this log's origin, which is then left alone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with path.open("r+b") as file:
        end, last = _last_note(file, note.partition("\n")[0].encode() + b"\n")
        if last != note:
            file.seek(end)
            file.truncate()
            file.write(note.encode())
            file.flush()
            os.fsync(file.fileno())


def read_notes(path: Path) -> tuple[str, ...]:
    """Return the notes in a file, oldest first, without what a crash left of the last; OSError, ValueError."""
    with path.open("rb") as file:
        raw = file.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise ValueError("too large for a file of checkpoints")
    text = raw.decode().replace("\r\n", "\n")
    origin = text.partition("\n")[0]
    *chunks, last = f"\n{text}".split(f"\n{origin}\n")
    last = last.rstrip("\n")
    found = [f"{origin}\n{chunk}\n" for chunk in chunks[1:]]
    for note in found:
        notes.read(note)
    # Whatever saved it may have added or taken away line ends.
    whole = [f"{origin}\n{last}{end}" for end in ("\n", "\n\n")]
    found += [note for note in whole if _is_note(note)]
    if not found:
        raise ValueError("no checkpoint in this file")
    return tuple(found)


def _last_note(file: BinaryIO, origin: bytes) -> tuple[int, str]:
    """Return where the next note belongs, and the note before it, "" where there is none."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        return 0, ""
    file.seek(0)
    if file.read(len(origin)) != origin:
        raise ValueError("this file holds something else than checkpoints of this log")
    start = max(size - _TAIL, 0)
    file.seek(start)
    tail = b"\n" + file.read()
    at = tail.rindex(b"\n" + origin)
    note = tail[at + 1 :].decode("utf-8", "replace")
    return (size, note) if _is_note(note) else (start + at, "")


def _is_note(text: str) -> bool:
    try:
        notes.read(text)
    except ValueError:
        return False
    return True
