"""The request is understood: who calls, and which services are asked for."""

from agent_desk.actions.answer_feasibility import feasibility_answers
from agent_desk.actions.context import Context
from agent_desk.actions.gate import pass_gate, standing
from agent_desk.actions.load_session import view
from agent_desk.actions.record import take
from agent_desk.actions.views import SessionView
from agent_desk.rules.session import Feasibility, State


def qualify_session(ctx: Context, session_id: int, version: int) -> SessionView:
    """Take the session to `qualified`, and on to `feasibility` while an answer is open; Refusal `blocked`."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, version=version)
        pass_gate(held, State.QUALIFIED, standing(held))
        waits = Feasibility.ASKED in feasibility_answers(held.record.content)
        held.move(State.FEASIBILITY if waits else State.QUALIFIED)
        held.note("session_qualified", services=[line.service for line in held.record.content.lines])
        return view(ctx, tx, session_id)
