"""The server's disk is full: one sentence, nothing of what was told is lost, and work goes on once there is room."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.tables import site
from agent_desk.storage.upgrade import upgrade
from tests.support.hindrances import shelf
from tests.support.servers import Node, node

BALLAST = 8 * 1024 * 1024
ROW = 200_000  # hexadecimal digits that do not compress to nothing


@pytest.fixture
def cramped() -> Iterator[tuple[Node, Path]]:
    """Give a server whose database stands on a disk of its own, with a ballast on it that can be thrown off."""
    with shelf() as disk:
        command = ["mount", "-t", "tmpfs", "-o", "size=40m,mode=0777", "desk", str(disk)]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("mounting is not allowed here")
        try:
            with node() as server:
                place = disk / "place"
                place.mkdir()
                subprocess.run(["chown", server.user, str(place)], check=True)
                server.sql(f"CREATE TABLESPACE small LOCATION '{place}'", "CREATE DATABASE small TABLESPACE small")
                (disk / "ballast").write_bytes(bytes(BALLAST))
                yield server, disk / "ballast"
        finally:
            subprocess.run(["umount", str(disk)], check=True)


def write(database: Database, number: int) -> None:
    with database.write() as tx:
        tx.execute(insert(site).values(key=f"row {number}", value=secrets.token_hex(ROW)))


def rows(database: Database) -> int:
    with database.read() as tx:
        found: int = tx.execute(select(func.count()).where(site.c.key.like("row %"))).scalar_one()
    return found


def test_a_full_disk_of_the_server_is_told_and_nothing_told_is_lost(cramped: tuple[Node, Path]) -> None:
    server, ballast = cramped
    with closing(Database.open(server.url("small"))) as database:
        upgrade(database)
        told = 0
        with pytest.raises(DatabaseFault) as fault:  # noqa: PT012 (how many fit is for the disk to say)
            while told < 1000:
                write(database, told)
                told += 1
        assert fault.value.code == "disk_full"
        ballast.unlink()
        assert rows(database) == told > 0
        write(database, told)
        assert rows(database) == told + 1
