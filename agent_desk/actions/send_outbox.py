"""Send what waits in the outbox, one mail after the other, over as few connections as is safe."""

from agent_desk.actions.context import Context
from agent_desk.actions.end_leases import end_leases
from agent_desk.actions.in_hand import InHand
from agent_desk.actions.send_next import send_next
from agent_desk.ports import Delivery, Relay, Reply

# What ails the relay ails every mail: the others wait for the next round instead of failing one by one.
_ABOUT_THE_RELAY = frozenset(
    {
        *("relay_unreachable", "relay_certificate", "relay_not_secure", "relay_sign_in", "password_needed"),
        *("sms_unreachable", "sms_certificate", "sms_not_secure", "sms_sign_in", "sms_password_needed", "sms_strange"),
    }
)


def send_outbox(ctx: Context, relay: Relay | None, in_hand: InHand | None = None) -> int:
    """Send every mail that is due and return how many the relay accepted; without a relay they wait."""
    end_leases(ctx)
    if relay is None:
        return 0
    accepted = 0
    with relay.kept() as line:
        while (delivery := send_next(ctx, line, in_hand)) is not None:
            accepted += delivery.reply is Reply.ACCEPTED
            if is_about_the_relay(delivery):
                break
    return accepted


def is_about_the_relay(delivery: Delivery) -> bool:
    """Tell whether every other mail would fare the same just now."""
    return delivery.cause in _ABOUT_THE_RELAY
