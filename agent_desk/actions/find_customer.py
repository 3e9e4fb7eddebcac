"""A number is given: a caller helped before is recognised."""

from collections.abc import Sequence
from typing import Any

from agent_desk.actions.context import Context
from agent_desk.actions.listing import phone_key
from agent_desk.actions.rows import session_row
from agent_desk.actions.views import KnownCustomer
from agent_desk.rules.identity import normal_number
from agent_desk.storage.acting import is_confined
from agent_desk.storage.content import from_json
from agent_desk.storage.journal import customer_rows, other_teams_rows

SHOWN = 6  # the last five, and the one under way


def find_customer(ctx: Context, customer_number: str = "", callback_number: str = "") -> KnownCustomer | None:
    """Return who was last known under either number, and the last sessions; None for a new caller.

    The identity is that of the last session that ended, of the last one with a name where none has. What other teams
    know of an exact number is given to an agent with an event beside it.
    """
    number, callback = normal_number(customer_number), phone_key(callback_number)
    rows = _rows(ctx, number, callback)
    named = [row for row in rows if row.customer]
    if not named:
        return None
    return KnownCustomer(from_json(_identity(named).content), tuple(session_row(row) for row in rows))


def _rows(ctx: Context, number: str, callback: str) -> Sequence[Any]:
    if not is_confined(ctx.database):
        with ctx.database.read() as tx:
            return customer_rows(tx, number, callback, SHOWN)
    with ctx.database.write() as tx:
        known = [*customer_rows(tx, number, callback, SHOWN), *other_teams_rows(tx, number, callback, SHOWN)]
    return sorted(known, key=lambda row: -row.id)[:SHOWN]


def _identity(named: Sequence[Any]) -> Any:
    return next((row for row in named if row.ended_at is not None), named[0])
