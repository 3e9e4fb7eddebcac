"""What the keyring keeps of who signed in, and what an address takes of it."""

import json
from dataclasses import replace

import pytest

from agent_desk.ports import Account
from agent_desk.settings import Settings
from agent_desk.storage.addresses import listening, with_account
from agent_desk.wiring.account import NAME, keep_account, known_account, takes_account
from tests.support.desks import MemorySecrets

HERE = Settings(database_url="postgresql://db.example/desk?sslrootcert=/x.pem")
ELSEWHERE = replace(HERE, database_url="postgresql://evil.example/desk?sslrootcert=/x.pem")


def test_the_password_is_kept_only_where_the_person_wishes() -> None:
    keyring = MemorySecrets()
    keep_account(HERE, keyring, Account("nadia", "secret words here"))
    assert known_account(HERE, keyring) == Account("nadia", "", keep=False)
    assert "secret" not in keyring.kept[NAME]
    keep_account(HERE, keyring, Account("nadia", "secret words here", keep=True))
    assert known_account(HERE, keyring) == Account("nadia", "secret words here", keep=True)


def test_a_kept_password_goes_to_no_other_server() -> None:
    keyring = MemorySecrets()
    keep_account(HERE, keyring, Account("nadia", "secret words here", keep=True))
    assert known_account(ELSEWHERE, keyring) == Account("")


@pytest.mark.parametrize(
    "kept", ["", "no json", "[]", '{"place": 1}', json.dumps({"place": "db.example / desk", "x": 1})]
)
def test_what_the_keyring_holds_otherwise_is_nobody(kept: str) -> None:
    assert known_account(HERE, MemorySecrets(kept={NAME: kept})) == Account("")


def test_only_a_server_whose_address_names_nobody_is_signed_in_to() -> None:
    assert takes_account(HERE)
    assert not takes_account(Settings(database_url="sqlite:///desk.sqlite3"))
    assert not takes_account(Settings(database_url="postgresql://nadia@db.example/desk?sslrootcert=/x.pem"))
    assert not takes_account(Settings(database_url="nonsense"))
    assert with_account("postgresql://karim@db.example/desk?sslrootcert=/x.pem", "nadia", "x").count("nadia") == 0
    assert with_account("", "nadia", "x") == ""


def test_who_signed_in_listens_at_the_direct_address_too() -> None:
    signed_in = with_account(HERE.database_url, "nadia", "it's")
    told = listening(signed_in, "postgresql://direct.example/desk?sslrootcert=/x.pem")
    assert "host='direct.example'" in told
    assert "user='nadia'" in told
    assert "password='it\\'s'" in told


def test_a_password_does_not_show_where_an_account_is_printed() -> None:
    assert "secret" not in repr(Account("nadia", "secret words here"))
