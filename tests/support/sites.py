"""Gateways as a call centre runs them: processes of their own on one PostgreSQL, as a role without rights to any table."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from agent_desk.settings import Settings, save_settings
from tests.support.source import ROOT

ROLES = count(1)
PROGRAM = (sys.executable, "-m", "agent_desk.wiring.console", "gateway", "--json")


def home(folder: Path, url: str, **settings: Any) -> Path:
    """Make a data folder whose settings name this database."""
    folder.mkdir(parents=True, exist_ok=True)
    save_settings(folder, replace(Settings(agent_id="gateway1"), database_url=url, **settings))
    return folder


@contextmanager
def process(folder: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Run `deskctl gateway` and give its process and port; it is stopped as systemd stops it."""
    with subprocess.Popen(
        [*PROGRAM, "--listen", "127.0.0.1:0", *arguments],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        told = running.stdout.readline()
        try:
            assert told, running.stderr.read()
            yield running, json.loads(told)["port"]
        finally:
            running.terminate()
            running.communicate(timeout=30)


@contextmanager
def guest_role(url: str) -> Iterator[tuple[str, str]]:
    """Give a role that may sign in and nothing else: its name, and the address it signs in at."""
    name = f"gateway_{next(ROLES)}"
    address = make_url(url)
    admin = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
        try:
            yield name, address.set(username=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP OWNED BY {name}".encode())
            connection.execute(f"DROP ROLE {name}".encode())


def environment(folder: Path) -> dict[str, str]:
    """Return what a program of a site finds around it: its own folder, no keyring."""
    return {
        "AGENT_DESK_HOME": str(folder),
        "AGENT_DESK_SITE": "",
        "LANG": "fr_FR.UTF-8",
        "PATH": "/usr/bin:/bin",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONPATH": str(ROOT),
    }
