"""Who is there for a professional customer who calls."""

from agent_desk.actions.context import Context
from agent_desk.rules.identity import is_customer_number, normal_number
from agent_desk.rules.pro import ProContact
from agent_desk.storage.pro_contacts import find_contact


def look_at_pro_contact(ctx: Context, customer_number: str) -> ProContact | None:
    """Return the dedicated contact of exactly that customer, None where there is none."""
    if not is_customer_number(customer_number):
        return None
    with ctx.database.read() as tx:
        return find_contact(tx, normal_number(customer_number))
