"""A person's keyring; where the system has none worth the name, memory until the program ends."""

import keyring
from keyring.errors import KeyringError, PasswordDeleteError

SERVICE = "agent-desk"
PROBE = "probe"

# What a keyring raises when its daemon, bus or session is missing; backends do not wrap all of it in KeyringError.
_FAULTS = (KeyringError, OSError, RuntimeError)


class KeyringSecrets:
    """Secrets of this person under the name `agent-desk`, never in a file of ours."""

    def __init__(self) -> None:
        self._memory: dict[str, str] = {}
        self._usable: bool | None = None

    @property
    def usable(self) -> bool:
        """Tell whether secrets outlive the program; asked of the system once, at first use."""
        if self._usable is None:
            self._usable = _keyring_works()
        return self._usable

    def get(self, name: str) -> str | None:
        """Return the secret called `name`, or None."""
        if name in self._memory or not self.usable:
            return self._memory.get(name)
        try:
            return keyring.get_password(SERVICE, name)
        except _FAULTS:
            self._usable = False
            return None

    def set(self, name: str, value: str) -> None:
        """Keep `value` under `name`; in memory only where the keyring is not usable."""
        if self.usable:
            try:
                keyring.set_password(SERVICE, name, value)
            except _FAULTS:
                self._usable = False
            else:
                self._memory.pop(name, None)
                return
        self._memory[name] = value

    def delete(self, name: str) -> None:
        """Forget `name`; a missing one is no error."""
        self._memory.pop(name, None)
        if not self.usable:
            return
        try:
            keyring.delete_password(SERVICE, name)
        except PasswordDeleteError:
            return
        except _FAULTS:
            self._usable = False


def _keyring_works() -> bool:
    try:
        # Below 1 stand keyring's own fail and null backends, and files in plain text, which are no place for secrets.
        if keyring.get_keyring().priority < 1:
            return False
        keyring.get_password(SERVICE, PROBE)
    except _FAULTS:
        return False
    return True
