"""Who may do what to home visits: agents and supervisors of the session's team, after it was closed, at the territory's terms."""

from collections.abc import Iterator

from agent_desk.rules.people import Role
from agent_desk.rules.visit import VisitState
from agent_desk.storage.right import CLOSED, LOOKED_AFTER, MY_NAME, SEEN, Right, of_row

OF_VISITS = ("visit", "visit_decision")
VISIT_MAILS = "('visit', 'visit_booked', 'visit_moved', 'visit_fee', 'visit_reminder', 'visit_cancelled')"
_EVENTS = """
    ('visit_accepted', 'visit_booked', 'visit_moved', 'visit_done', 'visit_decided', 'visit_not_done', 'visit_cancelled')
"""
# A supervisor reads every session, and acts for those of the team looked after.
VISITED = f"EXISTS (SELECT 1 FROM session s WHERE s.id = {{of}} AND s.state = 'closed' AND {LOOKED_AFTER})"
_OURS = {Role.AGENT: CLOSED, Role.SUPERVISOR: VISITED}
VISIT_EVENT = f"(kind IN {_EVENTS} AND {of_row(VISITED, 'event.chain')})"

_BOOKED = f"""
    state = '{VisitState.BOOKED}' AND ended_at IS NULL AND agent = {MY_NAME}
    AND desk_are_terms(territory, ceiling_cents, vat_permille)
"""
VISIT_CHANGES = "state, ended_at, reason, severe_weather, customer_wish"
_ENDED = f"state <> '{VisitState.BOOKED}' AND ended_at IS NOT NULL"
# It costs, once done, what was agreed; VAT is rounded half up.
_DECIDED = f"""
    agent = {MY_NAME} AND EXISTS (
        SELECT 1 FROM visit v WHERE v.id = visit_decision.visit_id AND v.session_id = visit_decision.session_id
            AND v.state = '{VisitState.DONE}' AND v.fee_cents = total_cents
            AND vat_cents = (2 * v.fee_cents * v.vat_permille + 1000 + v.vat_permille) / (2 * (1000 + v.vat_permille))
    )
"""


def visit_rights() -> Iterator[Right]:
    """Yield what the session's team may do; who reads everything, bills or checks has their lines in `rights_table.py`."""
    for table in OF_VISITS:
        yield Right(Role.AGENT, table, "SELECT", of_row(SEEN, f"{table}.session_id"))
    for role, ours in _OURS.items():
        of_visit, of_decision = (of_row(ours, f"{table}.session_id") for table in OF_VISITS)
        yield Right(role, "visit", "INSERT", check=f"{of_visit} AND {_BOOKED}")
        booked = f"{of_visit} AND state = '{VisitState.BOOKED}'"
        yield Right(role, "visit", "UPDATE", booked, _ENDED, VISIT_CHANGES)
        yield Right(role, "visit_decision", "INSERT", check=f"{of_decision} AND {_DECIDED}")
