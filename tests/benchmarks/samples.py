"""Large databases for measurements, made once and kept in build/."""

from pathlib import Path

from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.storage.database import Database
from agent_desk.storage.upgrade import upgrade
from tests.benchmarks.screen import ROOT
from tests.support.desks import context

FOLDER = ROOT / "build" / "benchmarks"


def sample_file(sessions: int) -> Path:
    """Return an SQLite file with that many sessions, made now when it is not there; never write into it."""
    schema = max(path.stat().st_mtime for path in (ROOT / "db" / "migrations").rglob("*.py"))
    path = FOLDER / f"sessions-{sessions}.sqlite3"
    if path.exists() and path.stat().st_mtime > schema:
        return path
    FOLDER.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    database = Database.open(f"sqlite:///{unfinished}")
    upgrade(database)
    create_sample_data(context(database), sessions, bulk=True)
    database.close()
    return unfinished.replace(path)
