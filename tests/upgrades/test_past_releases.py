"""The data file of every past schema opens in this release, with everything in it."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text

from agent_desk import __version__
from agent_desk.actions.context import Context
from agent_desk.actions.list_today import list_today
from agent_desk.actions.load_session import load_session
from agent_desk.actions.open_session import open_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import JournalFilter
from agent_desk.rules.session import Call, State
from agent_desk.storage.database import Database
from agent_desk.storage.schema import needs_upgrade
from agent_desk.storage.tables import SCHEMA, session
from agent_desk.storage.upgrade import upgrade
from tests.support.desks import context
from tests.support.shares import live, told
from tests.upgrades.freeze import FOLDER, SESSIONS

FILES = sorted(FOLDER.glob("*.sqlite3.gz"))


def unpacked(packed: Path, folder: Path) -> Path:
    path = folder / "desk.sqlite3"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


@pytest.fixture(params=FILES, ids=lambda packed: packed.name.partition(".")[0])
def ctx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Context]:
    """A context over a past release's file, upgraded as the program does."""
    database = Database.open(f"sqlite:///{unpacked(request.param, tmp_path)}")
    if needs_upgrade(database, __version__):
        upgrade(database)
    yield context(database)
    database.close()


def session_ids(ctx: Context) -> list[int]:
    with ctx.database.read() as tx:
        return list(tx.execute(select(session.c.id).order_by(session.c.id)).scalars())


def test_this_schema_has_its_file() -> None:
    assert FOLDER / f"{SCHEMA}.sqlite3.gz" in FILES


def test_every_session_opens_with_its_story(ctx: Context) -> None:
    ids = session_ids(ctx)
    assert len(ids) == SESSIONS
    for number in ids:
        view = load_session(ctx, number)
        events = read_timeline(ctx, number).events
        assert view.content.customer.surname or view.content.customer.company
        assert events
        assert all(event.chain_ok for event in events)


def test_the_log_verifies_up_to_its_signed_checkpoint(ctx: Context) -> None:
    report = verify_log(ctx)
    assert (report.fault, report.signed, report.uncovered) == (None, True, 0)


def test_every_decision_comes_out_the_same(ctx: Context) -> None:
    report = verify_decisions(ctx)
    assert report.decisions > 0
    assert report.mismatches == ()


def test_lists_and_search_find_what_is_there(ctx: Context) -> None:
    assert search_journal(ctx, JournalFilter(text="S-2026")).total == SESSIONS
    assert list_today(ctx).open


def test_work_goes_on(ctx: Context) -> None:
    assert open_session(ctx, Call()).state is State.DRAFT
    assert verify_log(ctx).fault is None


def test_a_screen_can_be_shared(ctx: Context) -> None:
    visitor = live(ctx)
    assert told(ctx, visitor.view) == ["share_joined", "share_admitted", "share_started"]
    assert verify_log(ctx).fault is None


def test_a_migration_once_released_makes_the_same_tables_for_ever(tmp_path: Path) -> None:
    made = Database.open(f"sqlite:///{tmp_path / 'made.sqlite3'}")
    upgrade(made)
    kept = Database.open(f"sqlite:///{unpacked(FOLDER / f'{SCHEMA}.sqlite3.gz', tmp_path)}")
    schemas = []
    for database in (made, kept):
        with database.read() as tx:
            schemas.append(tx.execute(text("SELECT name, sql FROM sqlite_master ORDER BY name")).all())
        database.close()
    assert schemas[0] == schemas[1]
