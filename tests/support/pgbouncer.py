"""PgBouncer itself, in transaction mode, before a server that is already there, until the test ends."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.support.postgresql import unprivileged_user

PORT = 6432
STARTED = "process up"
# As the page for administrators says: three connections for all desks, each lent for one transaction.
_SETTINGS = """
[databases]
* = host={server}
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users
admin_users = {user}
pool_mode = transaction
default_pool_size = 3
max_client_conn = 400
server_reset_query =
"""


@contextmanager
def pgbouncer(url: str) -> Iterator[str]:
    """Give the address of the database at `url`, a socket's, through a PgBouncer."""
    address = make_url(url)
    user = unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="desk-pgb-", dir="/tmp"))
    try:
        (folder / "users").write_text(f'"{address.username}" ""\n')
        settings = _SETTINGS.format(server=address.query["host"], port=PORT, folder=folder, user=user)
        (folder / "pgbouncer.ini").write_text(settings)
        for path in (folder, *folder.iterdir()):
            if os.geteuid() == 0:
                shutil.chown(path, user)
        with _running(folder, user):
            yield f"postgresql+psycopg://{address.username}@/{address.database}?host={folder}&port={PORT}"
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
