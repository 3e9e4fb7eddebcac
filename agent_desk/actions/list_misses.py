"""The cases behind a commitment: those in which it was not kept."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.report_commitments import last_day
from agent_desk.actions.report_counting import check_may_report
from agent_desk.reference import commitments
from agent_desk.rules.commitments import Commitment, Miss, first_of
from agent_desk.rules.report import day_of
from agent_desk.storage.commitments import EVERY_TEAM, misses
from agent_desk.storage.report import team_names

MOST = 200


def list_misses(
    ctx: Context, commitment: str, first: str, last: str, team: str = "", most: int = MOST
) -> tuple[Miss, ...]:
    """Return the newest misses of these months; Refusal `no_rights`, `unknown_commitment`, `unknown_team`."""
    check_may_report(ctx)
    with ctx.database.reports() as tx:
        ids = {name: team_id for team_id, name in team_names(tx).items()}
        if team and team not in ids:
            raise Refusal("unknown_team")
        team_id = ids.get(team, EVERY_TEAM)
        now = ctx.clock.now()
        until = min(last_day(last), day_of(now))  # as it is counted
        return tuple(misses(tx, find_commitment(commitment), first_of(first), until, now, team_id, most))


def find_commitment(name: str) -> Commitment:
    """Return the commitment called so; Refusal `unknown_commitment`."""
    found = next((one for one in commitments() if one.id == name), None)
    if found is None:
        raise Refusal("unknown_commitment")
    return found
