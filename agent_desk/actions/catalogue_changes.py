"""What every action on changes of prices and texts has in common: who decides, in which transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.catalogue_changes import DECIDERS, Proposal
from agent_desk.storage.acting import Acting, signed_in
from agent_desk.storage.refused import RefusedByRights


def undecided(ctx: Context) -> str:
    """Return why whoever is here may not change prices and texts, a key of `errors`; "" where they may."""
    who = signed_in(ctx.database)
    if who is None:
        return "change_alone"
    return "" if who.role in DECIDERS else "change_not_allowed"


@contextmanager
def deciding(ctx: Context) -> Iterator[tuple[Connection, Acting]]:
    """Give a transaction in which somebody decides about prices and texts; Refusal, also of the database's own."""
    code, who = undecided(ctx), signed_in(ctx.database)
    if code or who is None:
        raise Refusal(code)
    try:
        with ctx.database.write() as tx:
            yield tx, who
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused


def tidied(proposed: Proposal) -> Proposal:
    """Return the proposal without blanks around its texts, as they are typed or pasted."""
    value = {part: one.strip() if isinstance(one, str) else one for part, one in proposed.value.items()}
    return replace(proposed, value=value, subject=proposed.subject.strip(), reason=proposed.reason.strip())
