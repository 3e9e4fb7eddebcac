"""One right to a table, and the conditions rights are made of."""

from dataclasses import dataclass

from agent_desk.rules.people import Role

# A row's session is visible under the policies of the table of sessions, which therefore say it once.
SEEN = "EXISTS (SELECT 1 FROM session s WHERE s.id = {of})"
OPEN = "EXISTS (SELECT 1 FROM session s WHERE s.id = {of} AND s.ended_at IS NULL)"
CLOSED = "EXISTS (SELECT 1 FROM session s WHERE s.id = {of} AND s.state = 'closed')"
MINE = "team_id = (SELECT desk_team())"
# What a supervisor looks after: everybody, or one team.
LOOKED_AFTER = "((SELECT desk_team()) IS NULL OR team_id = (SELECT desk_team()))"
MY_NAME = "(SELECT desk_name())"
MY_MARK = "(SELECT desk_mark())"
# A line costs what was agreed, or nothing; a decision is the sum of its lines.
IN_FULL_OR_NOTHING = "amount_cents IN (0, unit_price_cents * quantity)"
SUM_OF_LINES = """
    total_cents = (SELECT coalesce(sum(l.amount_cents), 0) FROM session_line l WHERE l.session_id = decision.session_id)
"""


@dataclass(frozen=True, slots=True)
class Right:
    """One verb on one table for one role; without `columns` it is for all of them."""

    role: Role
    table: str
    verb: str
    where: str = "true"
    check: str = "true"
    columns: str = ""


def of_row(condition: str, of: str = "session_id") -> str:
    """Return the condition for the session this column of a row names."""
    return condition.format(of=of)
