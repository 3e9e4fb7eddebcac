"""What the call itself costs the customer, and when somebody answers (3.2)."""

from collections.abc import Mapping
from datetime import datetime, time

from agent_desk.rules.money import divide_half_up
from agent_desk.rules.session import CallChannel

# Cents a minute of conversation beyond the plan; None where another price list applies. Waiting is not counted.
CENTS_PER_MINUTE: Mapping[CallChannel, int | None] = {
    CallChannel.SHORT_776: 38,
    CallChannel.LONG_3976_SOSH_MOBILE: 0,  # taken from the plan
    CallChannel.LONG_3976_OWN_LANDLINE: None,  # an ordinary call
    CallChannel.LONG_3976_OTHER: None,  # their operator's rate
    CallChannel.CHAT: 0,
    CallChannel.CLICK_TO_CALL: 0,
}
OPENS = time(8)
CLOSES = time(22)


def cost_cents(channel: CallChannel, seconds: int) -> int | None:
    """Return what `seconds` with an adviser cost so far, None when we cannot know.

    Counted by the second, rounded half up: the document says 0.38 € a minute and no started minute.
    A negative duration (a clock moved back) counts as none.
    """
    rate = CENTS_PER_MINUTE[channel]
    return None if rate is None else divide_half_up(rate * max(seconds, 0), 60)


def is_open(moment: datetime) -> bool:
    """Tell whether somebody answers at this local time: every channel, 7 days a week, 8 to 22 h."""
    return OPENS <= moment.time() < CLOSES
