"""One mail goes out: claimed in a short transaction, handed over in none, settled in another."""

from collections.abc import Callable

from agent_desk.actions.context import Context
from agent_desk.actions.in_hand import InHand
from agent_desk.actions.personal_links import with_links
from agent_desk.ports import Delivery, Relay
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.outbox import Claim, begin_data, claim, settle


def never_again() -> bool:
    """Give up at once what the database does not take."""
    return False


def send_next(
    ctx: Context, relay: Relay, in_hand: InHand | None = None, again: Callable[[], bool] = never_again
) -> Delivery | None:
    """Send the message of the relay's channel that is due first and return what became of it; None when none is due.

    What the relay said is written again as long as `again`, which may wait, says so: lost, it leaves the mail uncertain.
    """
    with ctx.database.write() as tx:
        claimed = claim(tx, ctx.clock.now(), relay.channel)
        letter = None if claimed is None else with_links(ctx, tx, claimed)
    if claimed is None or letter is None:
        return None
    with (in_hand or InHand()).holding(claimed):
        delivery = relay.send(letter, lambda: _begins(ctx, claimed))
        _settle(ctx, claimed, delivery, again)
    return delivery


def _begins(ctx: Context, claimed: Claim) -> bool:
    try:
        with ctx.database.write() as tx:
            return begin_data(tx, claimed, ctx.clock.now())
    except DatabaseFault:
        return False  # whether noted or not, DATA is not sent, and the mail will be settled as such


def _settle(ctx: Context, claimed: Claim, delivery: Delivery, again: Callable[[], bool]) -> None:
    while True:
        try:
            with ctx.database.write() as tx:
                settle(tx, claimed, delivery, ctx.clock.now())
        except DatabaseFault:
            if not again():
                raise
        else:
            return
