"""The customer takes an answer back: another row, never a change of the first."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import view
from agent_desk.actions.record import take
from agent_desk.actions.record_consent import write_consent
from agent_desk.actions.views import SessionView
from agent_desk.rules.gates import current
from agent_desk.rules.session import Answer, Channel, ConsentKind
from agent_desk.storage.consents import read_consents


def withdraw_consent(ctx: Context, session_id: int, kind: ConsentKind, channel: Channel = Channel.VOICE) -> SessionView:
    """Record that the answer no longer holds; Refusal `consent_not_allowed` where there is none."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        if current(read_consents(tx, session_id), kind) is None:
            raise Refusal("consent_not_allowed", fields=(f"consents.{kind}",))
        write_consent(held, kind, Answer.WITHDRAWN, channel)
        return view(ctx, tx, session_id)
