"""Send what waits in the outbox: claim in one short transaction, speak to the relay in none, settle in another."""

from agent_desk.actions.context import Context
from agent_desk.ports import Delivery, Relay, Reply
from agent_desk.storage.outbox import Claim, begin_data, claim, expire_leases, settle

# What ails the relay ails every mail: the others wait for the next round instead of failing one by one.
_ABOUT_THE_RELAY = frozenset(
    {"relay_unreachable", "relay_certificate", "relay_not_secure", "relay_sign_in", "password_needed"}
)


def send_outbox(ctx: Context, relay: Relay | None) -> int:
    """Send every mail that is due and return how many the relay accepted; without a relay they wait."""
    with ctx.database.write() as tx:
        expire_leases(tx, ctx.clock.now())
    accepted = 0
    while relay is not None and (claimed := _claim(ctx)):
        delivery = _send(ctx, relay, claimed)
        accepted += delivery.reply is Reply.ACCEPTED
        if delivery.cause in _ABOUT_THE_RELAY:
            break
    return accepted


def _claim(ctx: Context) -> Claim | None:
    with ctx.database.write() as tx:
        return claim(tx, ctx.clock.now())


def _send(ctx: Context, relay: Relay, claimed: Claim) -> Delivery:
    def data_begins() -> bool:
        with ctx.database.write() as tx:
            return begin_data(tx, claimed, ctx.clock.now())

    delivery = relay.send(claimed.letter, data_begins)
    with ctx.database.write() as tx:
        settle(tx, claimed, delivery, ctx.clock.now())
    return delivery
