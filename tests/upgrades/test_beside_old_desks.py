"""The database is upgraded while desks of the release before are at work: they go on, or are told in one sentence."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import select, text, update

from agent_desk import __version__
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.storage import upgrade as upgrading
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.schema import needs_upgrade, revision
from agent_desk.storage.tables import SCHEMA, session, site
from agent_desk.storage.upgrade import upgrade
from tests.support.desks import context
from tests.support.source import ROOT
from tests.upgrades.freeze import FOLDER

DESKS = 2
BEFORE = "0.2.0"


@pytest.fixture(scope="module")
def old_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the release before, as it was: what works without a screen."""
    folder = tmp_path_factory.mktemp("program")
    with zipfile.ZipFile(FOLDER / f"program-{BEFORE}.zip") as packed:
        packed.extractall(folder)
    return folder


@contextmanager
def old_desk(program: Path, url: str, *more: str) -> Iterator[IO[str]]:
    """Run a desk of the release before; give what it says, a line each."""
    surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(ROOT / "tests/upgrades/old_desk.py"), url, *more]
    with subprocess.Popen(
        command, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.stdin.close()
            rest = process.stdout.read()
            process.wait(60)
        assert set(rest.split()) <= {"ok"}


def said(desk: IO[str]) -> str:
    return desk.readline().strip()


@pytest.fixture
def old_url(empty_postgresql_url: str, old_program: Path) -> str:
    """Give the address of a database with the tables of the release before, made by itself."""
    with old_desk(old_program, empty_postgresql_url, "--upgrade") as desk:
        assert (said(desk), said(desk)) == (BEFORE, "ok")
    return empty_postgresql_url


def test_desks_of_the_release_before_work_on_while_the_database_is_upgraded_and_after(
    old_url: str, old_program: Path
) -> None:
    with old_desk(old_program, old_url) as one, old_desk(old_program, old_url) as other:
        desks = (one, other)
        assert [(said(desk), said(desk)) for desk in desks] == [(BEFORE, "ok")] * DESKS
        with closing(Database.open(old_url)) as database:
            assert needs_upgrade(database, __version__)
            upgrade(database)
            told = [said(desk) for desk in desks for _ in range(4)]
            assert set(told) == {"ok"}
            ctx = context(database)
            assert create_sample_data(ctx, 2) == 2  # a new desk beside the old ones
            assert [said(desk) for desk in desks] == ["ok"] * DESKS
    with closing(Database.open(old_url)) as database, database.read() as tx:
        assert revision(tx) == SCHEMA
        assert len(tx.execute(select(session.c.id)).all()) >= 2 * DESKS * 6
    with closing(Database.open(old_url)) as database:
        assert verify_log(context(database)).fault is None
        assert verify_decisions(context(database)).mismatches == ()


def test_a_desk_too_old_for_the_database_is_told_so_and_changes_nothing(old_url: str, old_program: Path) -> None:
    with closing(Database.open(old_url)) as database:
        upgrade(database)
        with database.write() as tx:
            tx.execute(update(site).where(site.c.key == "min_program").values(value=__version__ + ".1"))
    with old_desk(old_program, old_url) as desk:
        assert said(desk) == "newer"


def test_an_upgrade_gives_way_to_a_desk_and_comes_back(old_url: str) -> None:
    """A desk holds a table for longer than the upgrade waits; another desk reads it meanwhile."""
    with closing(Database.open(old_url)) as holding, closing(Database.open(old_url)) as database:
        seen: list[str] = []
        patience = upgrading._migrate

        def migrate(*given: object) -> None:
            try:
                patience(*given)  # type: ignore[arg-type]
            except DatabaseFault as fault:
                seen.append(fault.code)
                held.__exit__(None, None, None)
                raise

        held = holding.write()
        tx = held.__enter__()
        tx.execute(text("LOCK TABLE session IN ACCESS SHARE MODE"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(upgrading, "_migrate", migrate)
            upgrade(database)
        assert seen == ["locked"]
        with database.read() as reading:
            assert revision(reading) == SCHEMA


def test_an_upgrade_that_never_finds_the_tables_free_says_so_and_changes_nothing(
    old_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "PATIENCE_SECONDS", 0.0)
    with closing(Database.open(old_url)) as holding, closing(Database.open(old_url)) as database:
        with holding.write() as tx:
            tx.execute(text("LOCK TABLE session IN ACCESS SHARE MODE"))
            with pytest.raises(DatabaseFault) as fault:
                upgrade(database)
        assert fault.value.code == "upgrade_waits"
        assert needs_upgrade(database, __version__)


def test_who_does_not_own_the_tables_is_told_before_anything_is_tried(old_url: str) -> None:
    with closing(Database.open(old_url)) as database:
        with database.write() as tx:
            tx.execute(text("CREATE ROLE agent_of_tests LOGIN"))
            tx.execute(text("GRANT SELECT ON alembic_version, site TO agent_of_tests"))
        try:
            as_agent = Database.open(
                old_url.replace("postgresql+psycopg://postgres@", "postgresql+psycopg://agent_of_tests@")
            )
            with closing(as_agent), pytest.raises(DatabaseFault) as fault:
                upgrade(as_agent)
            assert fault.value.code == "upgrade_rights"
        finally:
            with database.write() as tx:
                tx.execute(text("DROP OWNED BY agent_of_tests; DROP ROLE agent_of_tests"))
