"""What a gateway of its own must keep to itself, in one file that only it can read."""

import json
import os
import secrets
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path

KEY_BYTES = 32
LONGEST_FILE = 64 * 1024
FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class UnusableCredential(Exception):
    """The file does not serve; `code` is a key of the wording table `errors`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Credential:
    """The private door key, and the secret shared with the TURN server ("" for none)."""

    door_key: bytes = field(repr=False)
    turn_secret: str = field(default="", repr=False)


def read_credential(path: Path) -> Credential:
    """Return what the file holds; UnusableCredential where it is missing, broken, or open to others."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            raw = file.read(LONGEST_FILE)
        content = json.loads(raw)
        key, turn_secret = bytes.fromhex(content["door_key"]), content.get("turn_secret", "")
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise UnusableCredential("credential_unreadable") from error
    if len(key) != KEY_BYTES or not isinstance(turn_secret, str):
        raise UnusableCredential("credential_unreadable")
    if mode & FOR_OTHERS and sys.platform != "win32":
        raise UnusableCredential("credential_open")
    return Credential(key, turn_secret)


def make_credential(path: Path) -> Credential:
    """Write a new file with a new key, which only this user can read; UnusableCredential where none can be written."""
    key = secrets.token_bytes(KEY_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps({"door_key": key.hex(), "turn_secret": ""}, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UnusableCredential("credential_unreadable") from error
    return Credential(key)
