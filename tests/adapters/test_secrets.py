"""Secrets live in a real keyring, or in memory where there is none worth the name."""

from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

from agent_desk.adapters.secrets import SERVICE, KeyringSecrets


class Safe(KeyringBackend):
    """A keyring of the operating system's strength, kept in this process."""

    priority = 5.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring leaves it untyped
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def _open(self) -> None:
        if self.locked:
            raise KeyringLocked("locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")


class PlainText(Safe):
    """A keyring that stores in plain text, as its low priority says."""

    priority = 0.5


class Unplugged(Safe):
    """A keyring whose daemon does not answer."""

    def get_password(self, service: str, username: str) -> str | None:
        raise InitError("no daemon")


@pytest.fixture(autouse=True)
def _own_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


def test_a_secret_goes_to_the_keyring_under_our_name() -> None:
    safe = Safe()
    keyring.set_keyring(safe)
    secrets = KeyringSecrets()
    secrets.set("relay", "s3cret")
    assert secrets.usable
    assert safe.kept == {(SERVICE, "relay"): "s3cret"}
    assert KeyringSecrets().get("relay") == "s3cret"


def test_a_deleted_secret_is_gone_and_deleting_it_twice_is_no_error() -> None:
    keyring.set_keyring(Safe())
    secrets = KeyringSecrets()
    secrets.set("relay", "s3cret")
    secrets.delete("relay")
    secrets.delete("relay")
    assert secrets.get("relay") is None
    assert secrets.usable


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, PlainText, Unplugged])
def test_without_a_keyring_worth_the_name_secrets_die_with_the_program(backend: Callable[[], KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    secrets = KeyringSecrets()
    assert not secrets.usable
    secrets.set("relay", "s3cret")
    assert secrets.get("relay") == "s3cret"
    assert KeyringSecrets().get("relay") is None
    secrets.delete("relay")
    assert secrets.get("relay") is None


@pytest.mark.parametrize("first", ["get", "set", "delete"])
def test_a_keyring_locked_on_the_way_counts_as_none_from_then_on(first: str) -> None:
    safe = Safe()
    keyring.set_keyring(safe)
    secrets = KeyringSecrets()
    secrets.set("other", "s3cret")
    assert safe.kept
    safe.locked = True
    use: dict[str, Callable[[], object]] = {
        "get": lambda: secrets.get("relay"),
        "set": lambda: secrets.set("relay", "s3cret"),
        "delete": lambda: secrets.delete("relay"),
    }
    use[first]()
    assert not secrets.usable
    secrets.set("relay", "again")
    assert secrets.get("relay") == "again"
    assert safe.kept == {(SERVICE, "other"): "s3cret"}
