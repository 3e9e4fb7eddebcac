"""Jobs that one program of a site does at a time: whoever comes second goes on with something else."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from sqlalchemy import text

from agent_desk.storage.database import Database

_TAKE = text("SELECT pg_try_advisory_xact_lock(:job)")


class Job(IntEnum):
    """Any numbers, as long as all programs take the same ones; two below are of upgrades and of counted tries."""

    ENDINGS = 4_185_072_613
    CHECKPOINT = 4_185_072_614
    DECISIONS = 4_185_072_615
    PROMISES = 4_185_072_618
    REPORT = 4_185_072_617
    WITHDRAWALS = 4_185_072_619


@contextmanager
def turn(database: Database, job: Job) -> Iterator[bool]:
    """Tell whether this program may do the job now; until the block ends no other may. A single desk always may.

    The lock lives in a transaction of its own, so that it works behind a pooler, and ends with whoever dies.
    """
    if database.dialect == "sqlite":
        yield True
        return
    with database.write() as tx:
        yield bool(tx.execute(_TAKE, {"job": int(job)}).scalar_one())
