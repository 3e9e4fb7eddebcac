"""While a relay takes its time, whoever sends keeps its mails: the heartbeat of each lease."""

from agent_desk.actions.context import Context
from agent_desk.actions.in_hand import InHand
from agent_desk.storage.outbox import renew


def renew_leases(ctx: Context, in_hand: InHand) -> int:
    """Renew the lease of every mail in hand, a short transaction each; return how many were over already."""
    lost = 0
    for claimed in in_hand.claims:
        with ctx.database.write() as tx:
            lost += not renew(tx, claimed, ctx.clock.now())
    return lost
