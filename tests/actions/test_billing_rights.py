"""The account of the bill makes batches, and is refused whatever else it tries."""

import json
from pathlib import Path

import psycopg
import pytest

from agent_desk.actions.close_session import close_session
from agent_desk.actions.verify_log import verify_log
from agent_desk.storage.events import SITE_CHAIN, history
from tests.support.callcentre import ADA, BILL, NADIA, POST, SAM, CallCentre
from tests.support.deskctl import deskctl
from tests.support.desks import drafted, finished

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]


@pytest.fixture
def billed(staffed: CallCentre) -> CallCentre:
    """Give a call centre in which an agent has closed a session, and another one is under way."""
    nadia = staffed.ctx(NADIA)
    done = finished(nadia)
    close_session(nadia, done.id, done.version)
    drafted(nadia)
    return staffed


def test_it_exports_signed_in_as_itself(billed: CallCentre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"database_url": billed.url(BILL)}))
    monkeypatch.setenv("AGENT_DESK_HOME", str(tmp_path))
    (tmp_path / "out").mkdir()
    said = deskctl("billing", "export", "--to", str(tmp_path / "out"), "--json")
    assert said.status == 0, said.err
    assert len(said.json["files"]) == 3
    assert len(deskctl("billing", "list", "--json").json) == 1
    assert deskctl("billing", "export", "--to", str(tmp_path / "out")).refuses("billing")
    with billed.owner.read() as tx:
        last = history(tx, SITE_CHAIN)[-1]
    assert (last.kind, last.actor) == ("billing_batch_made", "system")
    assert verify_log(billed.own).fault is None


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT content FROM draft",
        "SELECT customer FROM session",
        "SELECT * FROM mail",
        "SELECT * FROM consent",
        "UPDATE decision SET total_cents = 0",
        "UPDATE session SET total_cents = 0",
        "UPDATE billing_batch SET total_cents = 0",
        "DELETE FROM billed_decision",
        "INSERT INTO decision SELECT * FROM decision",
        "SELECT desk_tell('signed_in')",
        "INSERT INTO event SELECT chain, seq + 1, 'session_closed', at, actor, payload_mac, hash FROM event",
    ],
)
def test_with_sql_alone_it_reads_and_changes_nothing_else(billed: CallCentre, statement: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)):
        billed.connect(BILL).execute(statement.encode())


@pytest.mark.parametrize("login", [NADIA, SAM, ADA, POST])
def test_nobody_else_makes_a_batch(billed: CallCentre, login: str) -> None:
    made = "INSERT INTO billing_batch VALUES (1, 1, 1, 1, 1, 0, 1, 1, ''::bytea)"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        billed.connect(login).execute(made.encode())
