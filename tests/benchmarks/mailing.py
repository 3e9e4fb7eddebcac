"""Mails handed to a local Postfix by one mail worker, everything on this machine: PostgreSQL, worker, Postfix, next hop."""

import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import func, select

from agent_desk.actions.context import Context
from agent_desk.storage.database import Database
from agent_desk.storage.tables import mail
from agent_desk.storage.upgrade import upgrade
from tests.benchmarks.figure import Figure
from tests.support.desks import context
from tests.support.letters import PDF, attachment
from tests.support.mailers import running
from tests.support.mails import queued
from tests.support.postfix import can_run, postfix
from tests.support.servers import node
from tests.support.sites import home
from tests.support.smtp import LOOPBACK, smtp_sink

MAILS = 600
PDF_BYTES = 40_000  # about a confirmation's
LOOK_SECONDS = 0.02
AIM = 50.0
# As in a call centre: what is committed is on the disk.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def measure() -> list[Figure]:
    """Return the one figure of the mail worker; Postfix wants to be started by root."""
    if not can_run():
        return []
    return [Figure("mails handed to a local Postfix, one worker", mails_a_second(), "/s", AIM, at_least=True)]


def mails_a_second() -> float:
    """Return how many mails a worker hands over in a second, from its first to its last."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "sink").mkdir()
        port = stack.enter_context(postfix(stack.enter_context(smtp_sink(folder / "sink"))))
        url = stack.enter_context(node(**DURABLE)).url()
        ctx = context(stack.enter_context(closing(Database.open(url))))
        upgrade(ctx.database)
        content = (PDF * (PDF_BYTES // len(PDF) + 1))[:PDF_BYTES]
        for _ in range(MAILS):
            queued(ctx, attachments=(attachment(content),))
        relay: dict[str, Any] = {
            "relay_state": "configured",
            "relay_host": LOOPBACK,
            "relay_port": port,
            "relay_security": "none",
        }
        stack.enter_context(running(home(folder / "mailer", url, **relay)))
        began = _wait_for(ctx, 1)
        return (MAILS - began[1]) / (_wait_for(ctx, MAILS)[0] - began[0])


def _wait_for(ctx: Context, count: int) -> tuple[float, int]:
    """Return the moment at which so many mails were accepted, and how many there were by then."""
    query = select(func.count()).where(mail.c.state == "accepted")
    while True:
        with ctx.database.read() as tx:
            accepted = tx.execute(query).scalar_one()
        if accepted >= count:
            return perf_counter(), accepted
        sleep(LOOK_SECONDS)
