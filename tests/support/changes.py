"""Changes of prices and texts for tests: two people on one SQLite desk, and what they propose."""

from dataclasses import replace
from datetime import date

from agent_desk.actions.context import Context
from agent_desk.rules.catalogue_changes import CENTS, ChangeKind, ChangeStep, Proposal
from agent_desk.rules.people import Role
from agent_desk.storage.acting import Acting, act_as
from agent_desk.storage.catalogue_changes import act, propose, read_changes

TOMORROW = date(2026, 11, 24)  # of `desks.NOON`
SAM = Acting("sam", "aaaa0001", "Sam Petit", Role.SUPERVISOR)
ADA = Acting("ada", "aaaa0002", "Ada Martin", Role.ADMINISTRATOR)
DEARER = Proposal(ChangeKind.PRICE, "livebox.connect-device", {CENTS: 3150}, TOMORROW, "Nouveau tarif")


def as_person(ctx: Context, who: Acting | None) -> Context:
    """Return the context of a desk at which `who` has signed in, None for nobody in particular."""
    act_as(ctx.database, who)
    return replace(ctx, person="" if who is None else who.login)


def approved(ctx: Context, proposed: Proposal = DEARER) -> int:
    """Keep a change as two people have decided on it, on both engines: the rows alone, nobody signs in."""
    now = ctx.clock.now()
    with ctx.database.write() as tx:
        number = propose(tx, proposed, {}, SAM, now)
        found = next(one for one in read_changes(tx) if one.id == number)
        act(tx, found, ChangeStep.APPROVE, "", ADA, now)
    return number
