"""How long each step was in front of the agent: what is counted of the time between two moments the desk heard of."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from agent_desk.rules.session import Step

# Nobody parks a session to fetch a coffee or to go home: of a longer silence no more than this counts.
LONGEST_SILENCE = timedelta(minutes=15)
# There the agent works on the customer's computer, and has nothing to type for long.
LONGEST_SILENCES: Mapping[Step, timedelta] = MappingProxyType({Step.INTERVENTION: timedelta(hours=1)})


def seconds_at_step(step: Step, opened_at: datetime, since: datetime, until: datetime, counted: int) -> int:
    """Return the whole seconds to add to `step`, in front since `since`; all steps together have `counted` already.

    They are those of the session's own life, so that many short times lose nothing and all together never exceed it.
    """
    begun, ended = (_second(opened_at, moment) for moment in (since, until))
    longest = LONGEST_SILENCES.get(step, LONGEST_SILENCE) // timedelta(seconds=1)
    return max(0, min(ended - begun, longest, ended - counted))


def _second(opened_at: datetime, moment: datetime) -> int:
    """Return in which second of the session that is."""
    return (moment - opened_at) // timedelta(seconds=1)
