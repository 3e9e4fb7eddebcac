"""`deskctl health` and `deskctl support-bundle`: how it is, within bounded time, and nothing personal."""

import json
import socket
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.make_checkpoint import make_checkpoint
from agent_desk.actions.note_running import note_running
from agent_desk.clock import SystemClock
from agent_desk.settings import Settings, load_settings, save_settings, settings_folder
from agent_desk.storage.database import Database
from agent_desk.storage.programs import Running
from agent_desk.storage.tables import SCHEMA
from agent_desk.wiring import console_operation
from agent_desk.wiring.support_bundle import SHOWN, harmless
from tests.support.deskctl import deskctl
from tests.support.desks import context
from tests.support.mails import queued
from tests.support.sites import home

pytest_plugins = ["tests.support.desks"]


@pytest.fixture
def ctx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[Context]:
    """Give the database this process's settings name, in present time."""
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", database_url)))
    with closing(Database.open(database_url)) as database:
        yield context(database, clock=SystemClock())


def change(**settings: object) -> None:
    folder = settings_folder()
    save_settings(folder, replace(load_settings(folder).settings, **settings))  # type: ignore[arg-type]  # by name


def test_a_site_that_is_well_says_so_with_status_0(ctx: Context) -> None:
    queued(ctx)
    make_checkpoint(ctx)
    said = deskctl("health", "--json")
    assert (said.status, said.json["well"], said.json["signs"]) == (0, True, [])
    assert said.json["mails"] == {"queued": 1}
    assert 0 <= said.json["oldest_mail"] < 60
    assert said.json["database"] == {
        "fault": "",
        "engine": ctx.database.dialect,
        "schema": SCHEMA,
        "expected": SCHEMA,
    }
    assert said.json["room"] > 0
    assert "Tout va bien." in deskctl("health").out


def test_what_is_missed_is_named_with_status_1(ctx: Context) -> None:
    change(mail_sender="worker", gateway_mode="site")
    said = deskctl("health", "--json")
    assert (said.status, said.json["signs"]) == (1, ["no_mailer", "no_gateway"])
    note_running(door_of(ctx), Running("00aa11bb", "mailer", "0.2.0"))
    note_running(door_of(ctx), Running("22cc33dd", "gateway", "0.2.0"))
    said = deskctl("health", "--json")
    assert (said.status, said.json["signs"]) == (0, [])
    assert 0 <= said.json["mailer_seen"] < 60


def test_a_database_that_is_not_there_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database at all, and long enough to be looked at")
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", f"sqlite:///{broken}")))
    said = deskctl("health", "--json")
    assert (said.status, said.json["well"], said.json["database"]["fault"]) == (1, False, "corrupt")
    lines = deskctl("health").out
    assert "La base" in lines
    assert "Courriels en cours" not in lines, "nobody knows how many wait"


def test_a_database_without_tables_is_not_given_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", f"sqlite:///{tmp_path / 'new.sqlite3'}")))
    said = deskctl("health", "--json")
    assert (said.status, said.json["database"]["fault"]) == (1, "schema_old")


def test_a_server_that_takes_calls_and_says_nothing_is_given_up_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_operation, "PATIENCE_SECONDS", 0.5)
    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        url = f"postgresql+psycopg://desk@127.0.0.1:{mute.getsockname()[1]}/desk?sslmode=disable"
        monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", url)))
        began = monotonic()
        said = deskctl("health", "--json")
        assert monotonic() - began < 5
        waiting, _ = mute.accept()
        waiting.close()  # the look that was given up ends as well
    assert (said.status, said.json["database"]["fault"]) == (1, "unreachable")


def test_the_bundle_holds_what_support_needs(ctx: Context, tmp_path: Path) -> None:
    logs = settings_folder() / "logs"
    logs.mkdir()
    (logs / "desk.log").write_text("2026-11-23T11:00:00.000Z INFO agent_desk desk 0.2.0 begins\n")
    path = tmp_path / "bundle.zip"
    said = deskctl("support-bundle", str(path), "--json")
    names = ["versions.json", "settings.json", "health.json", "schema.json", "logs/desk.log"]
    assert (said.status, said.json["parts"]) == (0, names)
    with zipfile.ZipFile(path) as bundle:
        assert bundle.testzip() is None
        assert bundle.namelist() == names
        parts = {name: json.loads(bundle.read(name)) for name in names[:4]}
    assert parts["versions.json"]["libraries"]["SQLAlchemy"].startswith("2.1")
    assert parts["health.json"]["database"]["engine"] == ctx.database.dialect
    assert parts["schema.json"]["revision"] == SCHEMA
    assert "number" in " ".join(parts["schema.json"]["tables"]["session"]["columns"])


@pytest.mark.usefixtures("ctx")
def test_a_file_that_is_there_is_not_written_over_and_a_missing_folder_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"mine")
    assert deskctl("support-bundle", str(path)).refuses(str(path))
    assert path.read_bytes() == b"mine"
    missing = tmp_path / "missing" / "bundle.zip"
    assert deskctl("support-bundle", str(missing)).refuses(str(missing))
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_of_settings_only_numbers_choices_and_flags_are_shown() -> None:
    personal = {
        name: "Éloïse"
        for name, value in ((one, getattr(Settings(), one)) for one in Settings.__dataclass_fields__)
        if isinstance(value, str) and name not in SHOWN
    }
    shown = harmless(Settings(**personal))  # type: ignore[arg-type]  # texts by name
    assert set(shown) == set(Settings.__dataclass_fields__)
    assert "Éloïse" not in json.dumps(shown, ensure_ascii=False)
    assert {shown[name] for name in personal} == {"set"}
    assert shown["relay_port"] == 587
