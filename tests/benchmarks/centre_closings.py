"""Closings in a second: eight agents, each a process that closes sessions of its own as its role, documents apart."""

import subprocess
import sys
from contextlib import ExitStack, closing
from dataclasses import replace
from time import time

from sqlalchemy import func, select

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.rules.people import Role
from agent_desk.storage import rights
from agent_desk.storage.acting import act_as
from agent_desk.storage.database import Database
from agent_desk.storage.people import PersonRecord, add_person, who_am_i
from agent_desk.storage.tables import decision, mail, session
from agent_desk.storage.upgrade import upgrade
from agent_desk.wiring.service import spare_what_is_loaded
from tests.benchmarks.figure import Figure
from tests.benchmarks.mailing import DURABLE
from tests.benchmarks.screen import ROOT
from tests.support.desks import context, finished
from tests.support.servers import Node, node

WRITERS = 8
EACH = 100
AIM = 100.0


def measure() -> list[Figure]:
    """Return how many are closed in a second, and how many were lost; counted after."""
    with node(**DURABLE) as server, closing(Database.open(server.url())) as database:
        upgrade(database)
        rights.apply(database)
        with database.write() as tx:
            for number, login in enumerate(_logins(), 1):
                add_person(tx, PersonRecord(login, login.capitalize(), "", Role.AGENT, "Nord", f"{number:08x}"))
        begun, ended = _closed_by_all(server)
        with database.read() as tx:
            closed = tx.execute(select(func.count()).where(session.c.state == "closed")).scalar_one()
            whole = session.join(decision, decision.c.session_id == session.c.id).join(
                mail, mail.c.session_id == session.c.id
            )
            with_all = select(func.count()).select_from(whole).where(mail.c.kind == "confirmation")
            kept = tx.execute(with_all).scalar_one()
    lost = WRITERS * EACH - min(closed, kept)
    return [
        Figure(
            f"closings in a second, {WRITERS} writers, PDF apart", closed / (ended - begun), "/s", AIM, at_least=True
        ),
        Figure("closings lost, with decision and mail", lost, "lost", 0),
    ]


def _logins() -> list[str]:
    return [f"agent{number}" for number in range(1, WRITERS + 1)]


def _closed_by_all(server: Node) -> tuple[float, float]:
    """Let all begin at once; return when, and when the last one was done."""
    with ExitStack() as stack:
        children = []
        for login in _logins():
            command = [sys.executable, "-m", "tests.benchmarks.centre_closings", server.url(user=login)]
            child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            children.append(stack.enter_context(child))
            stack.callback(child.kill)
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        begun = time()
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        ended = [float(child.communicate()[0]) for child in children]
    return begun, max(ended)


def main(url: str) -> None:
    """Prepare sessions, wait for the sign, close them, and say when the last was closed."""
    with closing(Database.open(url)) as database:
        ctx = _signed_in(database)
        views = [finished(ctx) for _ in range(EACH)]
        spare_what_is_loaded()
        print("ready", flush=True)
        sys.stdin.readline()
        for view in views:
            close_session(ctx, view.id, view.version)
        print(time())


def _signed_in(database: Database) -> Context:
    with database.read() as tx:
        me = who_am_i(tx)
    assert me is not None
    act_as(database, me)
    made = context(database)
    return replace(made, settings=replace(made.settings, agent_name=me.name))


if __name__ == "__main__":
    main(sys.argv[1])
