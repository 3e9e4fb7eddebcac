"""Who may do what with what goes round a session: promises, questions, cases; a part of `rights_table.py`."""

from collections.abc import Iterator

from agent_desk.rules.people import Role
from agent_desk.storage.right import CLOSED, LOOKED_AFTER, MINE, MY_MARK, MY_NAME, OPEN, SEEN, Right, of_row
from agent_desk.storage.rights_appointment import appointment_rights

_DECIDES = """
    NOT EXISTS (SELECT 1 FROM team_duty d WHERE d.duty = 'feasibility' AND d.team_id <> (SELECT desk_team()))
"""
_ASKED_BY_ME = f"asked_mark = {MY_MARK} AND (verdict = '' OR (answered_by = {MY_NAME} AND {_DECIDES}))"
_SENT_BY_ME = f"by_mark = {MY_MARK} AND from_team_id = (SELECT desk_team()) AND state = 'sent'"
_FRESH = "missed_at IS NULL AND ended_at IS NULL AND on_top = 0 AND version = 1"


def around_rights() -> Iterator[Right]:
    """Yield what agents need; supervisors and auditors read all of it, and what needs more is a function."""

    def may(table: str, verb: str, where: str = "true", check: str = "true", columns: str = "") -> Right:
        return Right(Role.AGENT, table, verb, where, check, columns)

    # Whose promise it is sees it, wherever the session has gone; steps are taken by a function.
    yield may("promise", "SELECT", f"{MINE} OR {of_row(SEEN, 'promise.session_id')}")
    yield may("promise", "INSERT", check=f"{of_row(SEEN, 'promise.session_id')} AND {_FRESH}")
    # By a correction after closing a visit may be wanted after all.
    corrected = f"(kind = 'visit' AND {of_row(CLOSED, 'promise.session_id')})"
    lasting = f"({of_row(OPEN, 'promise.session_id')} OR kind IN ('credit', 'complaint') OR {corrected})"
    looked_after = f"{LOOKED_AFTER} AND {lasting} AND {_FRESH}"
    yield Right(Role.SUPERVISOR, "promise", "INSERT", check=looked_after)
    yield from appointment_rights()
    # An answer is everybody's; where a team decides, nobody else's word is one.
    yield may("feasibility", "SELECT")
    yield may("feasibility", "INSERT", check=f"{of_row(OPEN, 'feasibility.session_id')} AND {_ASKED_BY_ME}")
    yield may("feasibility", "UPDATE", of_row(OPEN, "feasibility.session_id"), "verdict <> ''", "applied_at")
    on_the_way = f"{of_row(SEEN, 'escalation.session_id')} OR (SELECT desk_team()) IN (from_team_id, to_team_id)"
    yield may("escalation", "SELECT", on_the_way)
    yield may("escalation", "INSERT", check=f"{of_row(OPEN, 'escalation.session_id')} AND {_SENT_BY_ME}")
    here = "ended_at IS NULL AND to_team_id = (SELECT desk_team())"
    yield may("escalation", "UPDATE", here, "to_team_id = (SELECT desk_team())", "state, reason, said, ended_at")
