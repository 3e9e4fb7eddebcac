"""PgBouncer itself, in transaction mode, before a server that is already there, until the test ends."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.support.certificates import Authority
from tests.support.postgresql import unprivileged_user
from tests.support.servers import Node
from tests.support.smtp import LOOPBACK, free_port
from tests.support.source import ROOT

SHIPPED = ROOT / "resources" / "installer" / "pgbouncer.ini"
PORT = 6432
STARTED = "process up"


def _settings(folder: Path, server: str, **others: str) -> str:
    """Return the settings that administrators are given, at a place of their own and before another server."""
    parser = ConfigParser(interpolation=None)
    parser.read(SHIPPED, encoding="utf-8")
    parser["databases"] = {"*": server}
    kept = {key: value for key, value in parser["pgbouncer"].items() if "_tls_" not in key}
    here = {"unix_socket_dir": str(folder), "auth_file": str(folder / "users"), "admin_users": unprivileged_user()}
    parser["pgbouncer"] = kept | here | others
    with StringIO() as text:
        parser.write(text)
        return text.getvalue()


@contextmanager
def pgbouncer(url: str) -> Iterator[str]:
    """Give the address of the database at `url`, a socket's, through a PgBouncer."""
    address = make_url(url)
    user = unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="desk-pgb-", dir="/tmp"))
    try:
        (folder / "users").write_text(f'"{address.username}" ""\n')
        settings = _settings(folder, f"host={address.query['host']}", listen_addr="", auth_type="trust")
        (folder / "pgbouncer.ini").write_text(settings)
        for path in (folder, *folder.iterdir()):
            if os.geteuid() == 0:
                shutil.chown(path, user)
        with _running(folder, user):
            yield f"postgresql+psycopg://{address.username}@/{address.database}?host={folder}&port={PORT}"
    finally:
        shutil.rmtree(folder)


@contextmanager
def secure_pgbouncer(server: Node, name: str, authority: Authority, password: str) -> Iterator[int]:
    """Give the loopback port of a PgBouncer known as `name`, with TLS and SCRAM on both sides, as shipped.

    `server` must have TLS for its loopback address, and the role `pgbouncer` with that password.
    """
    user, port = unprivileged_user(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="desk-pgb-", dir="/tmp"))
    try:
        (folder / "users").write_text(f'"pgbouncer" "{password}"\n')
        certificate, key = (str(shutil.copy(path, folder)) for path in authority.server(name))
        trusted = str(shutil.copy(authority.file, folder))
        settings = _settings(
            folder,
            f"host={LOOPBACK} port={server.port}",
            listen_addr=LOOPBACK,
            listen_port=str(port),
            client_tls_sslmode="require",
            client_tls_cert_file=certificate,
            client_tls_key_file=key,
            server_tls_sslmode="verify-full",
            server_tls_ca_file=trusted,
        )
        (folder / "pgbouncer.ini").write_text(settings)
        for path in (folder, *folder.iterdir()):
            if os.geteuid() == 0:
                shutil.chown(path, user)
        with _running(folder, user):
            yield port
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(folder: Path, user: str) -> Iterator[None]:
    root = os.geteuid() == 0
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin") or "pgbouncer"
    with subprocess.Popen(
        [program, str(folder / "pgbouncer.ini")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        user=user if root else None,
        group=pwd.getpwnam(user).pw_gid if root else None,
        extra_groups=[] if root else None,
    ) as process:
        try:
            _await(process)
            yield
        finally:
            process.terminate()
            process.communicate(timeout=20)


def _await(process: "subprocess.Popen[str]") -> None:
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if STARTED in line:
            return
    raise RuntimeError("".join(said))


def lent(url: str) -> int:
    """Return to how many connections of the server this PgBouncer has spread the transactions so far."""
    address = make_url(url)
    place = f"host={address.query['host']} port={PORT} user={unprivileged_user()} dbname=pgbouncer"
    with psycopg.connect(place, autocommit=True) as console:
        return len(console.execute("SHOW SERVERS").fetchall())
