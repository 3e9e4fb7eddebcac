"""A batch's files in a folder: each whole or not there, and never in place of another."""

from collections.abc import Sequence
from pathlib import Path

from agent_desk.actions.errors import Refusal
from agent_desk.storage.bill import BatchFile
from agent_desk.whole_file import write_whole

READABLE = 0o640  # by the group of whoever puts it on the bill


def check_folder(folder: Path) -> None:
    """Raise Refusal `folder_missing` where there is no folder to write to."""
    if not folder.is_dir():
        raise Refusal("folder_missing")


def write_batch(folder: Path, number: int, files: Sequence[BatchFile]) -> None:
    """Write the files, the manifest last; what stands there already, byte for byte, stays.

    Refusal `batch_other_file` where another file has such a name, `batch_not_written` where the folder takes none.
    """
    try:
        for one in files:
            _write(folder / one.name, one.content, number)
    except OSError as error:
        raise Refusal("batch_not_written", values={"number": number}) from error


def _write(path: Path, content: bytes, number: int) -> None:
    if path.exists():
        if path.read_bytes() != content:
            raise Refusal("batch_other_file", values={"file": path.name, "number": number})
        return
    write_whole(path, content, READABLE)
