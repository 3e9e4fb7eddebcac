"""The team a case was sent to sends it back with a reason; what the customer was promised is not lost by it."""

from agent_desk.actions.cases import open_case, sender, settle_promise, short_answer
from agent_desk.actions.context import Context
from agent_desk.actions.hand_over_session import give
from agent_desk.actions.promises import make_promise
from agent_desk.actions.record import take
from agent_desk.actions.tell_case import News, tell_case
from agent_desk.actions.views import SessionView
from agent_desk.rules.escalation import EscalationState, ReturnReason
from agent_desk.rules.handover import Words
from agent_desk.rules.promise import PromiseKind
from agent_desk.storage.escalations import move_escalation


def return_case(ctx: Context, session_id: int, version: int, reason: ReturnReason, said: str = "") -> SessionView:
    """Send the case back to the team it came from, which keeps what the customer was promised; Refusal `case_not_here`.

    The customer reads who calls now, where it is not who was to call them anyway.
    """
    text = short_answer(said)
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, version=version)
        row, who = open_case(held)
        move_escalation(tx, row, EscalationState.RETURNED, at=held.now, reason=reason, said=text)
        settle_promise(held, row.promise_id, "promise_returned", text)
        if row.kept_by is None:
            due = max(row.promised_at, held.now)
            make_promise(held, PromiseKind.ANSWER, due, subject=row.contact, team_id=row.from_team_id)
            if due > held.now:  # else who gets it back calls, or says until when
                tell_case(held, News.BACK, row.from_team, "", due)
        held.note("case_returned", team=row.to_team, back_reason=reason, **({"said": text} if text else {}))
        return give(held, who, sender(row), Words(seen=text))
