"""Who may do what with what follows a session for its customer: credits; a part of `rights_table.py`."""

from collections.abc import Iterator

from agent_desk.rules.people import Role
from agent_desk.storage.right import SEEN, Right, of_row

# Mails and events of what follows a session, whether it has ended or not; agents in their team's, supervisors everywhere.
FOLLOWING_MAILS = "('credit')"
FOLLOWING_EVENTS = "('promise_made', 'mail_queued')"
BILLED_CREDIT = "id, session_id, customer_number, amount_cents, state, settled_at"


def customer_rights() -> Iterator[Right]:
    """Yield what agents and the account of the bill need; supervisors and auditors read all of it."""
    # Given and settled by functions.
    yield Right(Role.AGENT, "credit", "SELECT", of_row(SEEN, "credit.session_id"))
    yield Right(Role.BILLING, "credit", "SELECT", "state = 'granted'", columns=BILLED_CREDIT)
