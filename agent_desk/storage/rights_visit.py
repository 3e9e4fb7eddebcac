"""Who may do what to home visits: agents of the session's team, after it was closed, at the territory's terms."""

from collections.abc import Iterator

from agent_desk.rules.people import Role
from agent_desk.rules.visit import VisitState
from agent_desk.storage.right import CLOSED, MY_NAME, SEEN, Right, of_row

OF_VISITS = ("visit", "visit_decision")
_BOOKED = f"""
    {of_row(CLOSED, "visit.session_id")} AND state = '{VisitState.BOOKED}' AND ended_at IS NULL AND agent = {MY_NAME}
    AND desk_are_terms(territory, ceiling_cents, vat_permille)
"""
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
    """Yield what agents may do; who reads everything, bills or checks has their lines in `rights_table.py`."""
    seen = of_row(SEEN, "visit.session_id")
    yield Right(Role.AGENT, "visit", "SELECT", seen)
    yield Right(Role.AGENT, "visit", "INSERT", check=_BOOKED)
    booked = f"{seen} AND state = '{VisitState.BOOKED}'"
    yield Right(Role.AGENT, "visit", "UPDATE", booked, _ENDED, "state, ended_at, reason, severe_weather")
    yield Right(Role.AGENT, "visit_decision", "SELECT", of_row(SEEN, "visit_decision.session_id"))
    yield Right(Role.AGENT, "visit_decision", "INSERT", check=_DECIDED)
