"""What the keyring keeps of who signed in, and what an address takes of it."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agent_desk.actions.add_people import NewPerson, add_people
from agent_desk.actions.errors import Refusal
from agent_desk.actions.set_password import set_password
from agent_desk.ports import Account
from agent_desk.settings import Settings
from agent_desk.storage import password_hash
from agent_desk.storage.addresses import listening, with_account
from agent_desk.storage.database import Database
from agent_desk.wiring.account import (
    NAME,
    asks,
    change_password,
    forget_password,
    keep_account,
    known_account,
    may_lock,
    open_signed_in,
    takes_account,
)
from agent_desk.wiring.only_instance import OnlyInstance
from tests.support.desks import MemorySecrets, context

PASSWORD = "correct horse battery"

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


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> MemorySecrets:
    """Give the keyring of a workstation, which outlives the program."""
    made = MemorySecrets()
    monkeypatch.setattr("agent_desk.wiring.context.LateSecrets", lambda: made)
    monkeypatch.setattr("agent_desk.wiring.account.LateSecrets", lambda: made)
    monkeypatch.setattr(password_hash, "KIBIBYTES", 32)
    return made


def enter(settings: Settings, asked: Account | None = None) -> str:
    """Open the desk as the program does, and return who is there then."""
    ctx = open_signed_in(settings, 0, lambda ctx: seen.append(ctx.person), asked)
    ctx.database.close()
    return ctx.person


seen: list[str] = []


def test_a_desk_with_accounts_opens_by_what_was_typed_or_kept_and_by_nothing_else(
    sqlite_database: Database, keyring: MemorySecrets
) -> None:
    here = Settings(database_url=str(sqlite_database.engine.url))
    seen.clear()
    assert enter(here) == ""  # nobody has a password
    ctx = context(sqlite_database)
    add_people(ctx, [NewPerson("nadia", "Nadia Leroy", "administrator")])
    set_password(ctx, "nadia", PASSWORD)
    for asked, code in ((None, "account_missing"), (Account("nadia", "wrong horse battery"), "account_refused")):
        with pytest.raises(Refusal, match=code) as refused:
            enter(here, asked)
        assert asks(refused.value, here)
    assert seen == [""]  # nothing was shown to who was not let in
    assert enter(here, Account("nadia", PASSWORD)) == "nadia"
    with pytest.raises(Refusal, match="account_missing"):
        enter(here)
    assert PASSWORD not in keyring.kept[NAME]
    assert enter(here, Account("nadia", PASSWORD, keep=True)) == "nadia"
    assert enter(here) == "nadia"


def test_a_kept_password_follows_its_change_and_goes_when_somebody_else_signs_in(
    sqlite_database: Database, keyring: MemorySecrets
) -> None:
    here = Settings(database_url=str(sqlite_database.engine.url))
    ctx = context(sqlite_database)
    add_people(ctx, [NewPerson("nadia", "Nadia Leroy", "administrator")])
    set_password(ctx, "nadia", PASSWORD)
    signed_in = open_signed_in(here, 0, lambda _ctx: None, Account("nadia", PASSWORD, keep=True))
    assert may_lock(signed_in)
    change_password(signed_in, PASSWORD, "another good password")
    assert enter(here) == "nadia"
    forget_password(signed_in)
    signed_in.database.close()
    with pytest.raises(Refusal, match="account_missing"):
        enter(here)
    assert known_account(here, keyring).login == "nadia"
    assert not may_lock(ctx)


def test_a_program_that_begins_anew_gives_its_folder_free_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, list[str], bool]] = []

    def start(program: str, arguments: list[str]) -> bool:
        started.append((program, arguments, OnlyInstance(tmp_path).first))
        return True

    monkeypatch.setattr("agent_desk.wiring.only_instance.QProcess.startDetached", start)
    only = OnlyInstance(tmp_path)
    assert only.first
    assert not OnlyInstance(tmp_path).first
    only.begin_anew()
    assert started == [(sys.executable, ["-m", "agent_desk"], True)]
