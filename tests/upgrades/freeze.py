"""Writes the data file of this release's schema, once: `python -m tests.upgrades.freeze`; later releases must open it."""

import gzip
import shutil
import tempfile
from pathlib import Path

from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.make_checkpoint import make_checkpoint
from agent_desk.storage.database import Database
from agent_desk.storage.tables import SCHEMA
from agent_desk.storage.upgrade import upgrade
from tests.support.desks import context

FOLDER = Path(__file__).parent
SESSIONS = 9


def freeze(target: Path) -> None:
    """Write a database with sample sessions and a signed checkpoint, compressed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.sqlite3"
        database = Database.open(f"sqlite:///{path}")
        upgrade(database)
        ctx = context(database)
        create_sample_data(ctx, SESSIONS)
        make_checkpoint(ctx)
        database.close()
        with path.open("rb") as source, gzip.GzipFile(target, "wb", mtime=0) as packed:
            shutil.copyfileobj(source, packed)


if __name__ == "__main__":
    freeze(FOLDER / f"{SCHEMA}.sqlite3.gz")
