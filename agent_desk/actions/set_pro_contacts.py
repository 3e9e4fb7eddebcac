"""Professional customers get their dedicated contacts, from a list: all of it, or nothing."""

from collections.abc import Sequence
from dataclasses import replace

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.people import managing
from agent_desk.rules.identity import is_customer_number, normal_number
from agent_desk.rules.pro import NewContact
from agent_desk.storage.pro_contacts import set_contacts


def set_pro_contacts(ctx: Context, contacts: Sequence[NewContact]) -> int:
    """Set the contacts of these customers and return how many; one without a team is taken away.

    Refusal `pro_number`, whose `fields` name the number, `team_unknown`, `person_unknown`, `not_administrator`.
    """
    for one in contacts:
        if not is_customer_number(one.customer_number):
            raise Refusal("pro_number", fields=(one.customer_number,))
    known = [replace(one, customer_number=normal_number(one.customer_number)) for one in contacts]
    with managing(ctx) as tx:
        set_contacts(tx, known)
    return len(known)
