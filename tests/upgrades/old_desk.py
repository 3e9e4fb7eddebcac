"""Runs inside a past release's program: whole jobs on the database at argv[1], until its standard input ends.

Says a line for each round: `ok`, or the code of what went wrong. With `--upgrade` it first makes that release's tables.
"""

import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

from agent_desk import __version__
from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.paths import data_path
from agent_desk.ports import Receipt
from agent_desk.reference import load_reference
from agent_desk.settings import Settings
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.schema import needs_upgrade
from agent_desk.storage.upgrade import upgrade

SESSIONS = 2


class MachineClock:
    """Time as the machine tells it; releases keep theirs at different places."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class NoKeyring:
    """A keyring nobody asks."""

    usable = False

    def get(self, _name: str) -> str | None:
        return None

    def set(self, _name: str, _value: str) -> None:
        raise LookupError

    def delete(self, _name: str) -> None:
        raise LookupError


class PlainPrinter:
    """Draws the receipt as its number."""

    def receipt(self, receipt: Receipt) -> bytes:
        return receipt.number.encode()


def rounds(database: Database, ended: threading.Event) -> Iterator[str]:
    """Do jobs and say how each round went."""
    ctx = Context(
        database=database,
        clock=MachineClock(),
        secrets=NoKeyring(),
        reference=load_reference(data_path("db", "seed")),
        printer=PlainPrinter(),  # type: ignore[arg-type]  # of its own version, which drew one paper
        settings=Settings(agent_name="Nadia Leroy", agent_id="abcd1234"),
        code_key=bytes(range(32)),
    )
    while not ended.is_set():
        try:
            create_sample_data(ctx, SESSIONS)
        except DatabaseFault as fault:
            yield fault.code
        else:
            yield "ok"


def await_end(ended: threading.Event) -> None:
    """Wait until whoever started this has heard enough."""
    sys.stdin.read()
    ended.set()


def say(word: str) -> None:
    """Say one word to whoever started this."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(url: str, *more: str) -> None:
    """Open the database as that release does."""
    ended = threading.Event()
    threading.Thread(target=await_end, args=(ended,), daemon=True).start()
    database = Database.open(url)
    try:
        if needs_upgrade(database, __version__) and "--upgrade" in more:
            upgrade(database)
        say(__version__)
        for word in rounds(database, ended):
            say(word)
    except DatabaseFault as fault:
        say(fault.code)
    finally:
        database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
