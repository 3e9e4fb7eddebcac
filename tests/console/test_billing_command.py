"""`deskctl billing`: batches as files, the same bytes again, and one line where it refuses."""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.storage.database import Database
from tests.support.deskctl import Said, deskctl
from tests.support.desks import NOON, SetClock, context, finished
from tests.support.sites import home

NAMES = ["billing-000001.csv", "billing-000001.jsonl", "billing-000001.manifest.json"]


@pytest.fixture
def ctx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[Context]:
    """Give the database this process's settings name, with one closed session; deskctl comes three days later."""
    monkeypatch.setattr("agent_desk.storage.database.SystemClock", lambda: SetClock(NOON + timedelta(days=3)))
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", sqlite_url)))
    with closing(Database.open(sqlite_url)) as database:
        made = context(database)
        close_one(made)
        yield made


def close_one(ctx: Context) -> None:
    done = finished(ctx)
    close_session(ctx, done.id, done.version)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder for the files."""
    made = tmp_path / "bill"
    made.mkdir()
    return made


def export(folder: Path, *more: str) -> Said:
    return deskctl("billing", "export", "--to", str(folder), "--json", *more)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.usefixtures("ctx")
def test_a_batch_is_written_with_the_hashes_it_tells(folder: Path) -> None:
    said = export(folder)
    assert (said.status, said.err) == (0, "")
    assert [one["name"] for one in said.json["files"]] == NAMES
    assert {one["name"]: one["sha256"] for one in said.json["files"]} == {
        name: sha256(found).hexdigest() for name, found in content(folder).items()
    }


@pytest.mark.usefixtures("ctx")
def test_it_is_written_again_byte_for_byte_beside_itself_and_elsewhere(folder: Path, tmp_path: Path) -> None:
    export(folder)
    before = content(folder)
    assert export(folder, "--batch", "1").status == 0
    other = tmp_path / "other"
    other.mkdir()
    assert export(other, "--batch", "1").status == 0
    assert content(folder) == content(other) == before


def test_each_export_makes_the_next_batch_and_all_are_listed(ctx: Context, folder: Path) -> None:
    assert deskctl("billing", "list").out.strip() == "Aucun lot n’a encore été fait."
    export(folder)
    assert export(folder).refuses("billing")
    close_one(ctx)
    assert export(folder).json["files"][0]["batch"] == 2
    listed = deskctl("billing", "list", "--json").json
    assert [(one["number"], one["lines"], one["total_cents"]) for one in listed] == [(2, 2, 10800), (1, 2, 10800)]
    assert "108,00" in deskctl("billing", "list").out


@pytest.mark.usefixtures("ctx")
def test_a_day_bounds_what_goes_in(folder: Path) -> None:
    assert export(folder, "--until", "2026-11-22").refuses("billing")
    assert export(folder, "--until", "2026-11-23").status == 0
    assert json.loads(content(folder)[NAMES[2]])["until"] == "2026-11-23T23:00:00.000000Z"


@pytest.mark.usefixtures("ctx")
def test_what_is_missing_or_wrong_is_named_and_no_batch_is_made(folder: Path, tmp_path: Path) -> None:
    assert deskctl("billing", "export").refuses("to")
    assert export(tmp_path / "missing").refuses("to")
    assert export(folder, "--until", "yesterday").refuses("until")
    assert export(folder, "--batch", "0").refuses("batch")
    assert export(folder, "--batch", "7").status == 2
    assert export(folder, "--batch", "1", "--until", "2026-11-23").status == 2
    assert deskctl("billing", "list", "--json").json == []
    assert content(folder) == {}


@pytest.mark.usefixtures("ctx")
def test_a_folder_that_is_full_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    said = export(folder)
    assert said.refuses("billing")
    assert "--batch 1" in said.err
    assert content(folder) == {}
    monkeypatch.setattr(os, "fsync", real)
    assert export(folder, "--batch", "1").status == 0
    assert list(content(folder)) == NAMES


@pytest.mark.usefixtures("ctx")
def test_another_file_of_that_name_is_left_alone(folder: Path) -> None:
    (folder / NAMES[0]).write_bytes(b"mine")
    said = export(folder)
    assert said.refuses("billing")
    assert NAMES[0] in said.err
    assert content(folder) == {NAMES[0]: b"mine"}
