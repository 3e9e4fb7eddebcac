"""Who may do what to withdrawals declared through a link: mailers acknowledge them, agents of the session's team settle them."""

from collections.abc import Iterator

from agent_desk.rules.people import Role
from agent_desk.storage.right import SEEN, Right, of_row
from agent_desk.storage.rights_functions import Function

# Of these sessions alone a mailer reads what was typed, until their receipt is queued.
WITHDRAWALS = (
    Function(
        "declared(_most integer)",
        "TABLE (id bigint, number text, content text, declared_at bigint, answer text)",
        "sql STABLE",
        """
        SELECT s.id, s.number, d.content, w.declared_at, w.answer
        FROM withdrawal w JOIN session s ON s.id = w.session_id JOIN draft d ON d.session_id = s.id
        WHERE w.receipt_at IS NULL ORDER BY s.id LIMIT least(_most, 50)
        """,
        (Role.MAILER,),
    ),
)
RECEIPT_OF = """
    kind = 'withdrawal_receipt' AND EXISTS (SELECT 1 FROM withdrawal w WHERE w.session_id = mail.session_id)
"""


def withdrawal_rights() -> Iterator[Right]:
    """Yield what both may do; a gateway writes a row by its functions, for a link just used."""
    seen = of_row(SEEN, "withdrawal.session_id")
    yield Right(Role.AGENT, "withdrawal", "SELECT", seen)
    yield Right(
        Role.AGENT, "withdrawal", "UPDATE", f"{seen} AND settled_at IS NULL", "settled_at IS NOT NULL", "settled_at"
    )
    yield Right(Role.MAILER, "withdrawal", "SELECT")
    yield Right(Role.MAILER, "withdrawal", "UPDATE", "receipt_at IS NULL", "receipt_at IS NOT NULL", "receipt_at")
