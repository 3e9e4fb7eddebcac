"""Databases for tests: fresh, with their tables, closed afterwards."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_desk.storage.database import Database
from agent_desk.storage.upgrade import upgrade


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "desk.sqlite3"
    database = Database.open(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """Give the address of a new SQLite file with its tables."""
    path = tmp_path / "desk.sqlite3"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """Give a new database on SQLite."""
    yield from _opened(sqlite_url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the address of a new database with its tables, once for each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give a new database, once for each engine."""
    yield from _opened(database_url)


def _opened(url: str) -> Iterator[Database]:
    database = Database.open(url)
    yield database
    database.close()
