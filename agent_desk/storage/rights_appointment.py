"""Who may do what with call-backs at an agreed hour; a part of `rights_table.py`."""

from collections.abc import Iterator

from agent_desk.rules.people import Role
from agent_desk.storage.right import LOOKED_AFTER, MINE, MY_MARK, MY_NAME, OPEN, SEEN, Right, of_row

_TEAMS_AGENT = """
    EXISTS (SELECT 1 FROM person p WHERE p.id = appointment.person_id AND p.team_id = appointment.team_id AND p.active
        AND p.mark = appointment.person_mark AND p.name = appointment.person AND p.role = 'agent')
"""
_CALLED = "EXISTS (SELECT 1 FROM appointment a WHERE a.id = call_attempt.appointment_id)"
_CHANGES = "state, ended_at, reason, next_at, version"


def appointment_rights() -> Iterator[Right]:
    """Yield what books, moves and ends call-backs: of the own team, or one looked after; attempts are only added."""
    for role, ours in ((Role.AGENT, MINE), (Role.SUPERVISOR, LOOKED_AFTER)):
        fresh = f"state = 'booked' AND version = 1 AND {of_row(OPEN, 'appointment.session_id')}"
        yield Right(role, "appointment", "INSERT", check=f"{ours} AND {fresh} AND {_TEAMS_AGENT}")
        yield Right(role, "appointment", "UPDATE", f"{ours} AND state = 'booked'", ours, _CHANGES)
    seen = f"{MINE} OR {of_row(SEEN, 'appointment.session_id')}"
    yield Right(Role.AGENT, "appointment", "SELECT", seen)
    yield Right(Role.AGENT, "call_attempt", "SELECT", _CALLED)
    by_me = f"{_CALLED} AND by_mark = {MY_MARK} AND by = {MY_NAME}"
    yield Right(Role.AGENT, "call_attempt", "INSERT", check=by_me)
