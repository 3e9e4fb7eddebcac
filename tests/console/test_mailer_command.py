"""`deskctl mailer`: its credential, its log, its figures, its end, and one line where it refuses."""

import json
import signal
import stat
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from agent_desk.actions.context import Context
from agent_desk.actions.make_checkpoint import make_checkpoint
from agent_desk.actions.verify_log import verify_log
from agent_desk.clock import SystemClock
from agent_desk.storage.database import Database
from tests.support.deskctl import deskctl
from tests.support.desks import context
from tests.support.mailers import running
from tests.support.mails import mail, queued
from tests.support.sites import home
from tests.support.smtp import LOOPBACK, MailServer, free_port, mail_server

pytest_plugins = ["tests.support.desks"]


def relay(port: int) -> dict[str, Any]:
    return {"relay_state": "configured", "relay_host": LOOPBACK, "relay_port": port, "relay_security": "none"}


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Give a relay that wants a password."""
    with mail_server(sign_in=True) as made:
        yield made


@pytest.fixture
def credential(tmp_path: Path) -> Path:
    """Give a file with the password and a key."""
    path = tmp_path / "mailer.json"
    path.write_text(
        json.dumps({"relay_password": "sésame", "checkpoint_key": b64encode(bytes(range(32))).decode()}),
        encoding="utf-8",
    )
    path.chmod(0o600)
    return path


def fetch(port: int) -> str:
    with closing(HTTPConnection(LOOPBACK, port, timeout=10)) as asked:
        asked.request("GET", "/metrics")
        return asked.getresponse().read().decode()


def test_it_sends_as_soon_as_it_is_told_signs_checkpoints_and_ends_when_told(
    tmp_path: Path, postgresql_ctx: Context, postgresql_url: str, server: MailServer, credential: Path
) -> None:
    folder = home(tmp_path / "mailer", postgresql_url, relay_user="agent", **relay(server.port))
    ctx = postgresql_ctx
    port = free_port()
    with running(folder, "--credential", str(credential), "--metrics", str(port)) as process:
        for _ in range(2):  # the second one comes while the worker is at rest: NOTIFY wakes it, not the half minute
            one = queued(ctx)
            assert server.wait().recipients == ("claire.morvan@example.org",)
        figures = fetch(port)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, json.loads(out), err) == (0, {"stopped": True}, "")
    assert mail(ctx, one.id).state == "accepted"
    assert 'agent_desk_mailer_mails_total{reply="accepted"} ' in figures
    assert "agent_desk_database_up 1\n" in figures
    report = verify_log(ctx)
    assert (report.fault, report.signed, report.uncovered) == (None, True, 0)
    log = (folder / "logs" / "mailer.log").read_text(encoding="utf-8")
    assert "mailer 0." in log
    assert log.count("a mail: accepted 250 accepted") == 2
    assert "mailer ends" in log
    for personal in ("claire", "example.org", "sésame", LOOPBACK):
        assert personal not in log + figures


def test_a_key_is_made_that_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", sqlite_url)))
    path = tmp_path / "mailer.json"
    assert deskctl("mailer", "--make-credential", "--credential", str(path), "--json").json == {"made": str(path)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert deskctl("mailer", "--make-credential", "--credential", str(path)).refuses("credential")
    assert deskctl("mailer", "--make-credential").refuses("credential")
    from_file = json.loads(path.read_text())
    assert from_file["relay_password"] == ""
    with closing(Database.open(sqlite_url)) as database:
        ctx = context(database, clock=SystemClock())
        ctx.secrets.set("checkpoint-key", from_file["checkpoint_key"])
        queued(ctx)
        assert make_checkpoint(ctx)
        assert verify_log(ctx).signed


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"checkpoint_key": 5}',
        '{"checkpoint_key": "AAAA"}',
        '{"checkpoint_key": "é"}',
        json.dumps({"relay_password": 5, "checkpoint_key": b64encode(bytes(32)).decode()}),
    ],
)
def test_a_credential_that_is_none_is_refused(
    credential: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str, content: str
) -> None:
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", sqlite_url, **relay(1))))
    credential.write_text(content, encoding="utf-8")
    assert deskctl("mailer", "--credential", str(credential)).refuses("credential")


def test_a_credential_others_can_read_is_refused_unless_systemd_hands_it_over(
    credential: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", sqlite_url)))
    credential.chmod(0o640)
    said = deskctl("mailer", "--credential", str(credential))
    assert said.refuses("credential")
    assert "0600" in said.err
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credential.parent))
    assert deskctl("mailer", "--credential", str(credential)).refuses("relay_host")
    credential.chmod(0o644)
    assert deskctl("mailer", "--credential", str(credential)).refuses("credential")


def test_what_is_missing_or_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str, credential: Path
) -> None:
    here = home(tmp_path / "here", sqlite_url)
    monkeypatch.setenv("AGENT_DESK_HOME", str(here))
    assert deskctl("mailer", "--credential", str(credential)).refuses("relay_host")
    home(here, sqlite_url, **relay(1))
    for place in ("nonsense", "127.0.0.1:99999", "192.0.2.7:1"):
        assert deskctl("mailer", "--credential", str(credential), "--metrics", place).refuses("metrics")
    home(here, f"sqlite:///{tmp_path / 'new.sqlite3'}", **relay(1))
    assert deskctl("mailer", "--credential", str(credential)).refuses("database")


def test_where_a_worker_sends_the_command_that_sends_once_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", sqlite_url, mail_sender="worker", **relay(1))))
    said = deskctl("outbox", "run")
    assert said.refuses("outbox")
    assert "deskctl mailer" in said.err
