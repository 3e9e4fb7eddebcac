"""Who may do what with call-backs at an agreed hour; a part of `rights_table.py`, and what supervisors do by a function."""

from collections.abc import Iterator

from agent_desk.rules.people import Role
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.right import LOOKED_AFTER, MINE, MY_MARK, MY_NAME, OPEN, SEEN, Right, of_row
from agent_desk.storage.rights_functions import Function

# Mails, SMS and events of a supervisor who moves, calls off or makes a team's call-back.
MAILS_OF_CALLS = "('appointment_moved', 'call_back_moved', 'appointment_cancelled', 'call_back_cancelled')"
EVENTS_OF_CALLS = """
    ('appointment_moved', 'appointment_cancelled', 'call_attempted', 'session_resumed', 'promise_made', 'mail_queued')
"""
_TEAMS_AGENT = """
    EXISTS (SELECT 1 FROM person p WHERE p.id = appointment.person_id AND p.team_id = appointment.team_id AND p.active
        AND p.mark = appointment.person_mark AND p.name = appointment.person AND p.role = 'agent')
"""
_CALLED = "EXISTS (SELECT 1 FROM appointment a WHERE a.id = call_attempt.appointment_id{})"
_CHANGES = "state, ended_at, reason, next_at, version"
# Nobody tells that a customer was called back who has not just written down that they reached them.
_CALLED_BACK = f"""
    EXISTS (SELECT 1 FROM appointment a JOIN call_attempt t ON t.appointment_id = a.id
        WHERE a.session_id = call_back.session_id AND a.state = 'done' AND {LOOKED_AFTER}
            AND t."end" = 'reached' AND t.by_mark = {MY_MARK} AND t.at = call_back.called_at)
"""

CALL_BACKS = (
    # What the team's agent does to the session itself; for one whose call-back has just ended, and never a later one's.
    Function(
        "go_on(_session bigint, _taken_up boolean, _step integer, _seconds integer)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE moment bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
        BEGIN
            PERFORM 1 FROM session s JOIN person p ON p.login = session_user AND p.active AND p.role = 'supervisor'
            WHERE s.id = _session AND s.ended_at IS NULL AND (p.team_id IS NULL OR p.team_id = s.team_id)
                AND _step BETWEEN 1 AND 6 AND _seconds >= 0
                AND EXISTS (SELECT 1 FROM appointment a WHERE a.session_id = s.id)
                AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.session_id = s.id AND a.state = 'booked')
            FOR UPDATE OF s;
            IF NOT FOUND THEN RAISE EXCEPTION 'appointment_changed' USING ERRCODE = '{REFUSED}'; END IF;
            IF _taken_up THEN
                EXECUTE format('UPDATE draft SET saved_at = $1, seconds_%1$s = greatest(seconds_%1$s, $2)
                    WHERE session_id = $3', _step) USING moment, _seconds, _session;
                UPDATE session SET parked_at = NULL, version = version + 1 WHERE id = _session AND parked_at IS NOT NULL;
            ELSE
                UPDATE session SET state = 'agreed', version = version + 1 WHERE id = _session AND state = 'scheduled';
            END IF;
        END
        """,
        (Role.SUPERVISOR,),
    ),
)


def appointment_rights() -> Iterator[Right]:
    """Yield what books, moves and ends call-backs: of the own team, or one looked after; attempts are only added."""
    for role, ours in ((Role.AGENT, MINE), (Role.SUPERVISOR, LOOKED_AFTER)):
        fresh = f"state = 'booked' AND version = 1 AND {of_row(OPEN, 'appointment.session_id')}"
        yield Right(role, "appointment", "INSERT", check=f"{ours} AND {fresh} AND {_TEAMS_AGENT}")
        yield Right(role, "appointment", "UPDATE", f"{ours} AND state = 'booked'", ours, _CHANGES)
        by_me = f"by_mark = {MY_MARK} AND by = {MY_NAME}"
        called = _CALLED.format("" if role is Role.AGENT else f" AND a.state = 'booked' AND {LOOKED_AFTER}")
        yield Right(role, "call_attempt", "INSERT", check=f"{called} AND {by_me}")
    seen = f"{MINE} OR {of_row(SEEN, 'appointment.session_id')}"
    yield Right(Role.AGENT, "appointment", "SELECT", seen)
    yield Right(Role.AGENT, "call_attempt", "SELECT", _CALLED.format(""))
    yield Right(Role.SUPERVISOR, "call_back", "INSERT", check=_CALLED_BACK)
