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
    found = [f"{origin}\n{chunk}\n" for chunk in chunks[1:]]
    for note in found:
        notes.read(note)
    bare = last.rstrip("\n")
    # Whatever saved it may have added or taken away line ends.
    ends = (last, f"{bare}\n", f"{bare}\n\n")
    found += [whole for end in ends if (whole := _without_torn_line(f"{origin}\n{end}"))][:1]
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
    note = _without_torn_line(tail[at + 1 :].decode("utf-8", "replace"))
    return start + at + len(note.encode()), note


def _without_torn_line(text: str) -> str:
    """Return the note that `text` is, or was before a crash left the beginning of another after it; "" for neither."""
    for note in (text, text[: text.rfind("\n") + 1]):
        try:
            notes.read(note)
        except ValueError:
            continue
        return note
    return ""
