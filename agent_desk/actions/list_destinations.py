"""Where a case may be sent from here."""

from agent_desk.actions.context import Context
from agent_desk.actions.destinations import Destination, teams_to_send_to
from agent_desk.storage.acting import signed_in
from agent_desk.storage.promises import team_of


def list_destinations(ctx: Context) -> tuple[Destination, ...]:
    """Return the teams a case may be sent to, by level; none where nobody signed in."""
    who = signed_in(ctx.database)
    if who is None:
        return ()
    with ctx.database.read() as tx:
        return teams_to_send_to(tx, team_of(tx, who.mark))
