"""`deskctl gateway`: its credential, its rights, and one line where it refuses."""

import json
import signal
import stat
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from agent_desk import __version__
from agent_desk.actions.code_seal import public_key
from agent_desk.settings import load_settings, save_settings
from agent_desk.storage.database import Database
from agent_desk.storage.programs import last_seen
from agent_desk.storage.site import read_site
from tests.support.deskctl import deskctl
from tests.support.gateways import Browser
from tests.support.sites import guest_role, home, process
from tests.support.smtp import free_port


@pytest.fixture
def credential(tmp_path: Path) -> Path:
    """Give a file with a gateway's secrets."""
    path = tmp_path / "credential.json"
    path.write_text(json.dumps({"door_key": "11" * 32, "turn_secret": "s"}))
    path.chmod(0o600)
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    """Let this process's settings name a database on SQLite."""
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", sqlite_url)))


@pytest.mark.usefixtures("here")
def test_a_key_is_made_once_and_published_for_desks_to_seal_to(tmp_path: Path, sqlite_url: str) -> None:
    path = tmp_path / "credential.json"
    said = deskctl("gateway", "--credential", str(path), "--publish-key", "--json")
    private = bytes.fromhex(json.loads(path.read_text())["door_key"])
    assert said.json == {"door_key": public_key(private).hex()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert deskctl("gateway", "--credential", str(path), "--publish-key", "--json").json == said.json
    database = Database.open(sqlite_url)
    with database.read() as tx:
        assert read_site(tx, ["door_key"]) == {"door_key": said.json["door_key"]}
    database.close()


@pytest.mark.parametrize("more", [[], ["--publish-key"], ["--grant", "anybody"]], ids=["serve", "publish", "grant"])
def test_a_database_without_tables_is_refused(
    more: list[str], tmp_path: Path, credential: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "new", f"sqlite:///{tmp_path / 'new.sqlite3'}")))
    assert deskctl("gateway", "--credential", str(credential), *more).refuses("database")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("content", "mode"),
    [
        ("", 0o600),
        ("[]", 0o600),
        ('{"door_key": "11"}', 0o600),
        ('{"door_key": 5}', 0o600),
        (f'{{"door_key": "{"11" * 32}", "turn_secret": 5}}', 0o600),
        (f'{{"door_key": "{"11" * 32}"}}', 0o640),
        (f'{{"door_key": "{"11" * 32}"}}', 0o604),
    ],
)
def test_a_credential_that_is_none_or_open_to_others_is_refused(credential: Path, content: str, mode: int) -> None:
    credential.write_text(content)
    credential.chmod(mode)
    said = deskctl("gateway", "--credential", str(credential))
    assert said.refuses("credential")
    assert ("0600" in said.err) is (mode != 0o600)


@pytest.mark.usefixtures("here")
def test_what_is_missing_or_wrong_is_named(credential: Path, tmp_path: Path) -> None:
    assert deskctl("gateway").refuses("credential")
    assert deskctl("gateway", "--credential", str(tmp_path / "missing")).refuses("credential")
    assert deskctl("gateway", "--credential", str(credential), "--listen", "nonsense").refuses("listen")
    assert deskctl("gateway", "--grant", "somebody").refuses("grant")
    assert deskctl("gateway", "--grant", "somebody", "--publish-key").status == 2
    certificate = ("--certificate", str(tmp_path / "missing"))
    assert deskctl("gateway", "--credential", str(credential), "--listen", "127.0.0.1:0", *certificate).refuses(
        "listen"
    )


def test_it_serves_until_it_is_told_to_stop(tmp_path: Path, sqlite_url: str, credential: Path) -> None:
    folder = home(tmp_path / "gateway", sqlite_url)
    with process(folder, "--credential", str(credential)) as (running, port):
        assert Browser(port).get("/healthz?nonce=7").json == {"program": "agent-desk", "nonce": "7"}
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=30)
        assert (running.returncode, json.loads(out), err) == (0, {"stopped": True}, "")


def test_it_shows_figures_keeps_a_log_without_visitors_and_is_seen(
    tmp_path: Path, postgresql_url: str, credential: Path
) -> None:
    folder = home(tmp_path / "gateway", postgresql_url)
    metrics = free_port()
    with process(folder, "--credential", str(credential), "--metrics", f"127.0.0.1:{metrics}") as (running, port):
        assert Browser(port).get("/").status == 200
        assert Browser(port).post("/code", {"digits": "4079152632"}).error == "code_refused"
        shown = Browser(metrics).get("/metrics").body.decode()
        assert Browser(metrics).get("/").status == 404
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
    assert 'agent_desk_gateway_answers_total{status="200"} 1\n' in shown
    assert 'agent_desk_gateway_answers_total{status="403"} 1\n' in shown
    assert "agent_desk_gateway_shares 0\n" in shown
    assert "agent_desk_database_up 1\n" in shown
    database = Database.open(postgresql_url)
    with database.read() as tx:
        assert list(last_seen(tx)) == ["gateway"]
    database.close()
    log = (folder / "logs" / "gateway.log").read_text(encoding="utf-8")
    assert [line.split(" ", maxsplit=3)[3] for line in log.splitlines()] == [
        f"gateway {__version__} begins",
        "gateway ends",
    ]


def test_a_role_serves_only_once_it_has_its_rights(
    postgresql_url: str, tmp_path: Path, credential: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "gateway", postgresql_url)))
    with guest_role(postgresql_url) as (role, url):
        as_role(tmp_path / "gateway", url)
        assert deskctl("gateway", "--credential", str(credential)).refuses("database")
        as_role(tmp_path / "gateway", postgresql_url)
        assert deskctl("gateway", "--grant", "no such role").refuses("grant")
        assert deskctl("gateway", "--grant", role, "--json").json == {"granted": role}
        as_role(tmp_path / "gateway", url)
        with process(tmp_path / "gateway", "--credential", str(credential)) as (_, port):
            assert Browser(port).post("/code", {"digits": "4079152632"}).error == "code_refused"
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM share")


def as_role(folder: Path, url: str) -> None:
    save_settings(folder, replace(load_settings(folder).settings, database_url=url))
