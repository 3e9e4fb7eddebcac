"""Customer or agent gives up before the work: a reason, no decision, a short mail."""

from agent_desk.actions.appointments import settle_with_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import standing
from agent_desk.actions.live_codes import end_live_code
from agent_desk.actions.load_session import view
from agent_desk.actions.outgoing import mail_facts, queue_mail
from agent_desk.actions.record import BEFORE_WORK, take
from agent_desk.actions.render_mail import render_cancellation
from agent_desk.actions.shares import end_session_share
from agent_desk.actions.views import SessionView
from agent_desk.rules.session import State
from agent_desk.rules.share import ShareEnd

REASON = 200


def cancel_session(ctx: Context, session_id: int, version: int, reason: str) -> SessionView:
    """End the session as `cancelled` before work began; Refusal `reason_needed` without one. Cut at 200 characters.

    A mail goes only to somebody who has given an address.
    """
    said = " ".join(reason.split())[:REASON]
    if not said:
        raise Refusal("reason_needed")
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, states=BEFORE_WORK, version=version)
        end_live_code(held, "revoked")
        end_session_share(held, ShareEnd.SESSION_ENDED)
        settle_with_session(held, spoken=False, reason=said)
        held.move(State.CANCELLED, ended_at=held.now, parked_at=None, outcome="cancelled")
        held.note("session_cancelled", reason=said)
        if held.record.content.customer.email.strip():
            ground = standing(held)
            facts = mail_facts(held, ground.catalogue, ground.consents)
            queue_mail(held, facts, render_cancellation(facts, said))
        return view(ctx, tx, session_id)
