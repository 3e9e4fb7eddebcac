"""Who may do what with what follows a session for its customer: credits, complaints, contacts; a part of `rights_table.py`."""

from collections.abc import Iterator

from agent_desk.rules.people import Role
from agent_desk.storage.right import MY_MARK, MY_NAME, SEEN, Right, of_row

# Mails and events of what follows a session, whether it has ended or not; agents in their team's, supervisors everywhere.
FOLLOWING_MAILS = (
    "('credit', 'complaint_received', 'complaint_moved', 'complaint_answer', 'duplicate', 'escalation_moved')"
)
FOLLOWING_EVENTS = """
    ('promise_made', 'mail_queued', 'complaint_received', 'complaint_answered', 'complaint_raised', 'duplicate_sent')
"""
# By whoever notes it, as received by now on the server's clock, and not answered yet.
_CLOCKS_APART = 300_000_000  # microseconds by which a desk's clock may differ from the server's
_RECEIVED = f"""
    by_mark = {MY_MARK} AND by_name = {MY_NAME} AND state = 'open' AND level = 'service' AND version = 1
    AND received_at <= (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + {_CLOCKS_APART}
"""
_CHANGES = "level, level_at, state, due_at, promise_id, answer, reason, answered_at, answered_by, credit_id, correction, version"
_ANSWERED = f"answered_by IN ('', {MY_NAME}) OR state = 'open'"
BILLED_CREDIT = "id, session_id, customer_number, amount_cents, state, settled_at"


def customer_rights() -> Iterator[Right]:
    """Yield what agents and the account of the bill need; supervisors and auditors read all of it."""
    # Given and settled by functions.
    yield Right(Role.AGENT, "credit", "SELECT", of_row(SEEN, "credit.session_id"))
    seen = of_row(SEEN, "complaint.session_id")
    yield Right(Role.AGENT, "complaint", "SELECT", seen)
    for role in (Role.AGENT, Role.SUPERVISOR):
        yield Right(role, "complaint", "INSERT", check=f"{seen} AND {_RECEIVED}")
        yield Right(role, "complaint", "UPDATE", seen, f"{seen} AND ({_ANSWERED})", _CHANGES)
    # Set by a function; agents are told of one customer's by another.
    yield Right(Role.ADMINISTRATOR, "pro_contact", "SELECT")
    yield Right(Role.BILLING, "credit", "SELECT", "state = 'granted'", columns=BILLED_CREDIT)
