"""Which gateways and mail workers run for a site, and when each was seen last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from agent_desk.storage.guest import ask
from agent_desk.storage.site_tables import program
from agent_desk.storage.types import microseconds

FORGOTTEN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Running:
    """One running program; `mark` is a random name that ends with it."""

    mark: str
    kind: str  # mailer, gateway
    version: str


def seen(tx: Connection, one: Running, at: datetime) -> None:
    """Note that a program runs; those not seen for a week are forgotten. A gateway may."""
    ask(tx, "forget_programs", before=microseconds(at - FORGOTTEN))
    ask(tx, "seen", mark=one.mark, kind=one.kind, version=one.version, at=microseconds(at))


def last_seen(tx: Connection) -> Mapping[str, datetime]:
    """Return for each kind when one of its programs was seen last."""
    query = select(program.c.kind, func.max(program.c.seen_at).label("at")).group_by(program.c.kind)
    return {row.kind: row.at for row in tx.execute(query)}
