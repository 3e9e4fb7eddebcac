"""What a gateway or mail worker must keep to itself, in one file that only it can read."""

import json
import os
import secrets
import stat
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent_desk.actions.make_checkpoint import KEY_NAME
from agent_desk.adapters.kannel import PASSWORD_NAME as SMS_PASSWORD_NAME
from agent_desk.adapters.smtp import PASSWORD_NAME
from agent_desk.ports import Secrets

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
    """A gateway's: the private door key, and the secret shared with the TURN server ("" for none)."""

    door_key: bytes = field(repr=False)
    turn_secret: str = field(default="", repr=False)


class CredentialSecrets(Secrets):
    """A mail worker's passwords ("" for none), and the key that signs checkpoints, in place of a keyring."""

    usable = True

    def __init__(self, password: str, sms_password: str, checkpoint_key: str) -> None:
        self._kept = {PASSWORD_NAME: password, SMS_PASSWORD_NAME: sms_password, KEY_NAME: checkpoint_key}

    def get(self, name: str) -> str | None:
        """Return the secret called `name`, or None."""
        return self._kept.get(name) or None

    def set(self, name: str, value: str) -> None:
        """Keep nothing: the file is its administrator's."""

    def delete(self, name: str) -> None:
        """Forget nothing."""


def read_credential(path: Path) -> Credential:
    """Return what a gateway's file holds; UnusableCredential where it is missing, broken, or open to others."""
    content = _read(path)
    try:
        key, turn_secret = bytes.fromhex(content["door_key"]), content.get("turn_secret", "")
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableCredential("credential_unreadable") from error
    if len(key) != KEY_BYTES or not isinstance(turn_secret, str):
        raise UnusableCredential("credential_unreadable")
    return Credential(key, turn_secret)


def make_credential(path: Path) -> Credential:
    """Write a gateway's new file with a new key; UnusableCredential where none can be written."""
    key = secrets.token_bytes(KEY_BYTES)
    _write(path, {"door_key": key.hex(), "turn_secret": ""})
    return Credential(key)


def read_mailer_credential(path: Path) -> CredentialSecrets:
    """Return what a mail worker's file holds; UnusableCredential as above."""
    content = _read(path)
    password: Any = content.get("relay_password", "")
    sms_password: Any = content.get("sms_password", "")
    key: Any = content.get("checkpoint_key", "")
    try:
        texts = isinstance(password, str) and isinstance(sms_password, str)
        whole = texts and len(b64decode(key, validate=True)) == KEY_BYTES
    except (ValueError, TypeError) as error:
        raise UnusableCredential("credential_unreadable") from error
    if not whole:
        raise UnusableCredential("credential_unreadable")
    return CredentialSecrets(password, sms_password, key)


def make_mailer_credential(path: Path) -> None:
    """Write a mail worker's new file with a new key and no password; UnusableCredential where none can be written."""
    key = b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode("ascii")
    _write(path, {"relay_password": "", "sms_password": "", "checkpoint_key": key})


def _read(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            raw = file.read(LONGEST_FILE)
        content = json.loads(raw)
    except (OSError, ValueError, RecursionError) as error:
        raise UnusableCredential("credential_unreadable") from error
    if not isinstance(content, dict):
        raise UnusableCredential("credential_unreadable")
    if mode & _strangers(path) and sys.platform != "win32":
        raise UnusableCredential("credential_open")
    return content


def _strangers(path: Path) -> int:
    """Return the rights that nobody may have; where systemd hands the file over, the group's are its list's mask."""
    handed_over = os.environ.get("CREDENTIALS_DIRECTORY")
    return stat.S_IRWXO if handed_over and path.parent == Path(handed_over) else FOR_OTHERS


def _write(path: Path, content: Mapping[str, str]) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(content, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UnusableCredential("credential_unreadable") from error
