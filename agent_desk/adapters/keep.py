"""What could not reach the database, in files of this workstation that only this person's keyring opens.

ChaCha20-Poly1305 under a random key that the keyring holds; each file has a nonce of its own and is bound to its name,
so that none can stand for another. A crash leaves the old file or the new one, whole.
"""

import secrets as random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from agent_desk.ports import Secrets
from agent_desk.whole_file import write_whole

KEY_NAME = "keep-key"
KEY_BYTES, NONCE_BYTES = 32, 12
LARGEST = 4 * 1024 * 1024
_BEGIN = b"agent-desk keep 1\n"
_SUFFIX, _UNREADABLE = ".keep", ".unreadable"


class Keep:
    """Sealed notes by number, in one folder; only where `lasting`, for without a keyring nothing could open them again."""

    def __init__(self, folder: Path, secrets: Secrets) -> None:
        self._folder = folder
        self._secrets = secrets

    @property
    def lasting(self) -> bool:
        """Tell whether what is put here outlives the program."""
        return self._secrets.usable

    def put(self, number: int, note: bytes) -> bool:
        """Keep `note` in place of the one before; False where it is not kept. OSError where the folder takes no file."""
        if not self.lasting or len(note) > LARGEST:
            return False
        nonce = random.token_bytes(NONCE_BYTES)
        sealed = self._cipher().encrypt(nonce, note, _bound(number))
        if not self._secrets.usable:  # the keyring went away at this very question: nothing would open the file
            return False
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._path(number), _BEGIN + nonce + sealed)
        return True

    def get(self, number: int) -> bytes | None:
        """Return the note, or None; one that cannot be opened is set aside, never lost."""
        path = self._path(number)
        try:
            with path.open("rb") as file:
                raw = file.read(2 * LARGEST)
        except OSError:
            return None
        if not self.lasting:  # perhaps it is again at the next start
            return None
        try:
            return self._opened(number, raw)
        except (InvalidTag, ValueError):
            with suppress(OSError):
                path.rename(path.with_suffix(_UNREADABLE))
            return None

    def drop(self, number: int) -> None:
        """Forget the note; a missing one is no error."""
        with suppress(OSError):
            self._path(number).unlink(missing_ok=True)

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of what is kept, lowest first."""
        found = (path.stem for path in self._folder.glob(f"*{_SUFFIX}"))
        yield from sorted(int(stem) for stem in found if stem.isdecimal())

    def _opened(self, number: int, raw: bytes) -> bytes:
        if not raw.startswith(_BEGIN):
            raise ValueError("not a note of ours")
        nonce, sealed = raw[len(_BEGIN) :][:NONCE_BYTES], raw[len(_BEGIN) + NONCE_BYTES :]
        return self._cipher().decrypt(nonce, sealed, _bound(number))

    def _cipher(self) -> ChaCha20Poly1305:
        kept = self._secrets.get(KEY_NAME)
        if kept is None:
            kept = random.token_hex(KEY_BYTES)
            self._secrets.set(KEY_NAME, kept)
        return ChaCha20Poly1305(bytes.fromhex(kept))

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}{_SUFFIX}"


def _bound(number: int) -> bytes:
    return _BEGIN + str(number).encode()
