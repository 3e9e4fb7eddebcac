"""Database rows as the lists show them."""

from typing import Any

from agent_desk.actions.views import SessionRow
from agent_desk.rules.session import State, Step


def session_row(row: Any) -> SessionRow:
    """Return one line of a list; `row` has the columns `storage.journal` selects."""
    return SessionRow(
        id=row.id,
        number=row.number,
        state=State(row.state),
        step=Step(row.step),
        customer=row.customer,
        customer_number=row.customer_number,
        services=tuple(code for code in row.services.split(",") if code),
        outcome=row.outcome,
        total_cents=row.total_cents,
        mail_state=row.mail_state,
        agent=row.agent,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        parked_at=row.parked_at,
    )
