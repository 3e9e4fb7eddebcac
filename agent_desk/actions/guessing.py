"""Whether somebody is guessing codes at this site just now."""

from datetime import datetime

from sqlalchemy import Connection

from agent_desk.rules.guessing import SITE_WINDOW, is_open
from agent_desk.storage.attempts import read_breaker, site_failures


def guessing_since(tx: Connection, now: datetime) -> datetime | None:
    """Return since when somebody is guessing codes at this site, None while nobody is."""
    since = read_breaker(tx)
    if since is None or not is_open(len(site_failures(tx, now - SITE_WINDOW)), before=True):
        return None
    return since
