"""An administrator says what a team is there for."""

from collections.abc import Collection

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.people import managing
from agent_desk.rules.duties import Duty
from agent_desk.storage import people


def set_duties(ctx: Context, team: str, duties: Collection[str]) -> tuple[Duty, ...]:
    """Give a team these duties and no others, with an event of the site, and return them in their order.

    Refusal `duty_unknown`, `team_unknown`, `not_administrator`.
    """
    if unknown := set(duties) - set(Duty):
        raise Refusal("duty_unknown", values={"duty": min(unknown), "known": ", ".join(Duty)})
    ordered = tuple(duty for duty in Duty if duty in set(duties))
    with managing(ctx) as tx:
        people.set_duties(tx, team, ordered)
    return ordered
