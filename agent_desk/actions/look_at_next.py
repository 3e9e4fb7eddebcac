"""What whoever sits here has to keep next."""

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.views import Promised
from agent_desk.rules.people import Role
from agent_desk.storage import promises
from agent_desk.storage.acting import Acting, signed_in

SHOWN = 50
CAP = 1000


def look_at_next(ctx: Context) -> Promised:
    """Return what comes next for whoever sits here; asked often, so it looks at nothing else."""
    with ctx.database.read() as tx:
        return promised(ctx, tx)


def promised(ctx: Context, tx: Connection) -> Promised:
    """Return what this person, or anybody of their team, keeps next; a supervisor's is all their team's, or everybody's."""
    who, now = signed_in(ctx.database), ctx.clock.now()
    teams, marks, ears = _whose(tx, who)
    found = promises.next_promises(tx, teams, marks, SHOWN)
    behind = promises.count_open(tx, teams, marks, CAP) - len(found) if len(found) == SHOWN else 0
    return Promised(found, max(behind, 0), now, ears)


def _whose(tx: Connection, who: Acting | None) -> tuple[tuple[int, ...], tuple[str, ...] | None, frozenset[str]]:
    """Return teams and marks whose promises are shown (None: whoever's), and what the server calls them when it tells."""
    if who is None:
        return (promises.NO_TEAM,), ("",), frozenset()
    own = promises.team_of(tx, who.mark)
    if who.role is Role.AGENT:
        return (own,), ("", who.mark), frozenset({who.mark, str(own)})
    teams = (own,) if own else promises.teams(tx)
    return teams, None, frozenset(map(str, teams))
