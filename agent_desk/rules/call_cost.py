"""What reaching us costs the customer, and when somebody answers (3.2): facts of a channel are data, `db/seed/channels.toml`."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from agent_desk.rules.money import divide_half_up
from agent_desk.rules.session import Call, CallChannel, Territory
from agent_desk.rules.territories import local

WEEK = 7


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """One way to reach us; `rate` in cents a minute, None where another price list applies.

    `days`, 1 for Monday, are empty where nobody answers at once.
    """

    code: CallChannel
    rate: int | None
    announced: bool
    days: frozenset[int]
    opens: time
    closes: time
    source: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether somebody answers, and the moment in Paris when that changes; None for what is never answered at once."""

    is_open: bool
    until: datetime | None


def cost_cents(channel: ChannelFacts, seconds: int) -> int | None:
    """Return what `seconds` with an adviser cost so far, None when we cannot know.

    Counted by the second, rounded half up: the document says 0.38 € a minute and no started minute.
    A negative duration (a clock moved back) counts as none.
    """
    return None if channel.rate is None else divide_half_up(channel.rate * max(seconds, 0), 60)


def opening(channel: ChannelFacts, moment: datetime) -> Opening:
    """Return whether somebody answers at `moment`, and until when, or from when on, by the clock in Paris."""
    if not channel.days:
        return Opening(is_open=False, until=None)
    now = local(moment, Territory.METROPOLE)
    for later in range(WEEK + 1):
        day = now.date() + timedelta(days=later)
        opens, closes = (datetime.combine(day, at, now.tzinfo) for at in (channel.opens, channel.closes))
        if day.isoweekday() in channel.days and now < closes:
            return Opening(is_open=now >= opens, until=closes if now >= opens else opens)
    raise ValueError(channel.days)  # no day of any week


def must_announce(channel: ChannelFacts, call: Call) -> bool:
    """Tell whether the tariff of this call's channel is still to be told; once told, it is for this call and channel."""
    return channel.announced and call.started_at is not None and call.tariff_told != call.channel
