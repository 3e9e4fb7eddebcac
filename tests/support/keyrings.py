"""A keyring in a file, for tests in which one program keeps what another one reads again; no place for real secrets."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

PLACE = "AGENT_DESK_TEST_KEYRING"
BACKEND = "tests.support.keyrings.FileKeyring"


class FileKeyring(KeyringBackend):
    """Keeps everything in the file that the environment names."""

    priority = 5

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write(self._read() | {f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._read()
        if kept.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError(username)
        self._write(kept)

    def _read(self) -> dict[str, str]:
        place = Path(os.environ[PLACE])
        kept: dict[str, str] = json.loads(place.read_text()) if place.exists() else {}
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        Path(os.environ[PLACE]).write_text(json.dumps(kept))


@contextmanager
def file_keyring(place: Path) -> Iterator[dict[str, str]]:
    """Let this program, and those started with the environment given, have a keyring in `place`."""
    before, os.environ[PLACE] = keyring.get_keyring(), str(place)
    keyring.set_keyring(FileKeyring())  # type: ignore[no-untyped-call]
    try:
        yield {**os.environ, "PYTHON_KEYRING_BACKEND": BACKEND}
    finally:
        keyring.set_keyring(before)
        del os.environ[PLACE]
