"""Mails handed to a local Postfix by one mail worker, everything on this machine: PostgreSQL, worker, Postfix, next hop."""

import tempfile
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from agent_desk.actions.context import Context
from agent_desk.rules.people import Role
from agent_desk.storage import rights
from agent_desk.storage.database import Database
from agent_desk.storage.people import PersonRecord, add_person
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
LOGIN = "courrier"
AIM = 50.0
# As in a call centre: what is committed is on the disk.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def measure() -> list[Figure]:
    """Return the one figure of the mail worker; Postfix wants to be started by root."""
    if not can_run():
        return []
    return [Figure("mails handed to a local Postfix, one worker", mails_a_second(), "/s", AIM, at_least=True)]


def mails_a_second() -> float:
    """Return how many mails a worker hands over in a second, from its first to its last, signed in as a mail worker."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "sink").mkdir()
        port = stack.enter_context(postfix(stack.enter_context(smtp_sink(folder / "sink"))))
        server = stack.enter_context(node(**DURABLE))
        ctx = context(stack.enter_context(closing(Database.open(server.url()))))
        upgrade(ctx.database)
        rights.apply(ctx.database)
        with ctx.database.write() as tx:
            add_person(tx, PersonRecord(LOGIN, "Courrier", "", Role.MAILER, "", "00000001"))
        content = (PDF * (PDF_BYTES // len(PDF) + 1))[:PDF_BYTES]
        for _ in range(MAILS):
            queued(ctx, attachments=(attachment(content),))
        relay: dict[str, Any] = {
            "relay_state": "configured",
            "relay_host": LOOPBACK,
            "relay_port": port,
            "relay_security": "none",
        }
        with running(home(folder / "mailer", server.url(user=LOGIN), **relay)):
            server.await_(lambda: _accepted(ctx)[0] == MAILS)
        return (MAILS - 1) / _accepted(ctx)[1].total_seconds()


def _accepted(ctx: Context) -> tuple[int, timedelta]:
    """Return how many mails were accepted, and how long that took from the first to the last."""
    query = select(func.count(), func.min(mail.c.state_at), func.max(mail.c.state_at))
    with ctx.database.read() as tx:
        count, first, last = tx.execute(query.where(mail.c.state == "accepted")).one()
    return count, last - first if count else timedelta()
