"""The catalogue as the site has it: what ships, and over it what two people have approved, read in the transaction."""

from datetime import date, datetime

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.reference import Reference, with_changes
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local
from agent_desk.storage.catalogue_changes import approved_changes


def reference_of(ctx: Context, tx: Connection) -> Reference:
    """Return catalogue and texts as they are approved by now, for every day past and to come."""
    return with_changes(ctx.reference, approved_changes(tx))


def price_day(moment: datetime, territory: Territory) -> date:
    """Return the day whose prices and texts hold for a customer who agrees at `moment`: that of their own calendar."""
    return local(moment, territory).date()
