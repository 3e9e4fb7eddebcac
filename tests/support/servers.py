"""Database servers of their own, for tests that harden, stop, fill or promote one."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import psycopg

from tests.support.postgresql import configure, initialise, run, unprivileged_user
from tests.support.smtp import LOOPBACK, free_port

DATABASE = "desk"
PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class Node:
    """One server; its socket is in `folder`, and it listens on the loopback port if it has one."""

    folder: Path
    user: str
    port: int = 5432
    runs: bool = False

    @property
    def data(self) -> Path:
        """The folder of the cluster."""
        return self.folder / "data"

    def url(self, database: str = DATABASE, user: str = "", **query: str) -> str:
        """Return the SQLAlchemy address by its socket."""
        more = "".join(f"&{key}={value}" for key, value in query.items())
        return f"postgresql+psycopg://{user or self.user}@/{database}?host={self.folder}&port={self.port}{more}"

    def over_network(self, name: str, user: str, password: str, database: str = DATABASE, **query: str) -> str:
        """Return the address as from another machine that knows this one as `name`."""
        more = "".join(f"&{key}={value}" for key, value in query.items())
        secret = f":{password}" if password else ""
        place = f"{name}:{self.port}/{database}?hostaddr={LOOPBACK}"
        return f"postgresql+psycopg://{user}{secret}@{place}{more}"

    def sql(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements as superuser, each committed at once; return the rows of the last one that has any."""
        rows: list[Any] = []
        where = f"host={self.folder} port={self.port} user={self.user} dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            for statement in statements:
                found = connection.execute(statement.encode())
                rows = found.fetchall() if found.description else rows
        return rows

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._control("-l", str(self.folder / "log"), "-w", "start")
        self.runs = True

    def stop(self, how: str = "immediate") -> None:
        """Stop it: `immediate` is what a power cut leaves."""
        self._control("-m", how, "-w", "stop")
        self.runs = False

    def reload(self) -> None:
        """Let it read its configuration again."""
        self._control("reload")

    def promote(self) -> None:
        """Make a standby the primary, and wait until it is."""
        self._control("-w", "promote")

    def await_(self, holds: Callable[[], object]) -> None:
        """Wait until the server has come to what it was asked for."""
        until = monotonic() + PATIENCE_SECONDS
        while not holds():
            if monotonic() > until:
                raise TimeoutError
            Event().wait(0.05)

    def allow(self, *lines: str) -> None:
        """Say who may sign in how over the network; by its socket everybody may."""
        (self.data / "pg_hba.conf").write_text("\n".join(("local all all trust", *lines, "")))
        if self.runs:
            self.reload()

    def _control(self, *arguments: str) -> None:
        run("pg_ctl", "-D", str(self.data), *arguments, user=self.user)


@contextmanager
def node(**settings: str) -> Iterator[Node]:
    """Give a server that runs until the block ends, with an empty database `desk`."""
    with _folder() as (folder, user):
        made = Node(folder, user)
        initialise(folder, user, **settings)
        yield from _running(made, fresh=True)


@contextmanager
def networked(certificate: tuple[Path, Path] | None = None, **settings: str) -> Iterator[Node]:
    """Give a server that listens on a loopback port as well, with TLS where it has certificate and key."""
    with _folder() as (folder, user):
        made = Node(folder, user, free_port())
        initialise(folder, user, listen_addresses=LOOPBACK, port=str(made.port), **settings)
        if certificate is not None:
            _encrypt(made, certificate)
        made.allow()
        yield from _running(made, fresh=True)


@contextmanager
def standby(primary: Node, name: str = "standby", **settings: str) -> Iterator[Node]:
    """Give a server that follows `primary`, which must let it (max_wal_senders, hot_standby)."""
    with _folder() as (folder, user):
        made = Node(folder, user, primary.port)
        where = f"host={primary.folder} port={primary.port} user={user} application_name={name}"
        run("pg_basebackup", "-D", str(made.data), "-d", where, "-R", "-X", "stream", "-c", "fast", user=user)
        configure(folder, unix_socket_directories=str(folder), **settings)
        yield from _running(made, fresh=False)


@contextmanager
def kept_node(data: Path, prepare: Callable[[Node], None], making: dict[str, str], **settings: str) -> Iterator[Node]:
    """Give a server whose cluster stays in `data`: made once, by `prepare` on a server set as `making` says."""
    with _folder() as (folder, user):
        made = Node(folder, user)
        if not data.exists():
            unfinished = data.with_name(f"{data.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            _own(unfinished, user)
            made.data.symlink_to(unfinished)
            initialise(folder, user, **making)
            for one in _running(made, fresh=True):
                prepare(one)
                one.stop("fast")
            made.data.unlink()
            unfinished.replace(data)
        made.data.symlink_to(data)
        configure(folder, unix_socket_directories=str(folder), **settings)
        for one in _running(made, fresh=False):
            yield one
            one.stop("fast")


def _running(made: Node, *, fresh: bool) -> Iterator[Node]:
    made.start()
    try:
        if fresh:
            made.sql(f"CREATE DATABASE {DATABASE}")
        yield made
    finally:
        if made.runs:
            made.stop()


@contextmanager
def _folder() -> Iterator[tuple[Path, str]]:
    """Give a short-named folder, as a socket's path has 107 characters, and who may run a server there."""
    user = unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="desk-node-", dir="/tmp"))
    try:
        _own(folder, user)
        yield folder, user
    finally:
        shutil.rmtree(folder)


def _encrypt(made: Node, certificate: tuple[Path, Path]) -> None:
    for source, name in zip(certificate, ("server.crt", "server.key"), strict=True):
        target = made.data / name
        shutil.copyfile(source, target)
        _own(target, made.user)
        target.chmod(0o600)
    configure(made.folder, ssl="on")


def _own(path: Path, user: str) -> None:
    if path.owner() != user:
        shutil.chown(path, user)
