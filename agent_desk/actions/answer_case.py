"""The team a case was sent to answers it."""

from agent_desk.actions.cases import open_case, sender, settle_promise, short_answer
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.hand_over_session import give
from agent_desk.actions.load_session import view
from agent_desk.actions.record import take
from agent_desk.actions.views import SessionView
from agent_desk.rules.duties import TAKES_NO_CALLS, Duty
from agent_desk.rules.escalation import EscalationState
from agent_desk.rules.handover import Words
from agent_desk.storage.escalations import move_escalation


def answer_case(ctx: Context, session_id: int, version: int, said: str) -> SessionView:
    """Answer: the customer was told; or, where this team takes no calls, whoever sent the case is to tell them.

    Refusal `answer_missing`, `case_not_here`.
    """
    text = short_answer(said)
    if not text:
        raise Refusal("answer_missing")
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, version=version)
        row, who = open_case(held)
        move_escalation(tx, row, EscalationState.ANSWERED, at=held.now, said=text)
        settle_promise(held, row.promise_id, "promise_kept")
        held.note("case_answered", team=row.to_team, answer_text=text)
        if Duty(row.duty) not in TAKES_NO_CALLS:
            held.move()
            return view(ctx, tx, session_id)
        return give(held, who, sender(row), Words(tried=text))
