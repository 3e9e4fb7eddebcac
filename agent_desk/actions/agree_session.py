"""The customer accepts: prices are kept for ever and the offer goes out, before any work."""

from agent_desk.actions.agreement import settle_lines, write_agreement
from agent_desk.actions.context import Context
from agent_desk.actions.gate import Standing, check_gate, pass_gate, standing
from agent_desk.actions.load_session import view
from agent_desk.actions.record import AGREED, Held, take
from agent_desk.actions.views import SessionView
from agent_desk.rules.session import State


def agree_session(ctx: Context, session_id: int, version: int) -> SessionView:
    """Take the session to `agreed`: gates, prices of today for ever, offer queued; a draft is qualified on the way.

    On an agreed session it accepts what was added or removed since, at the prices of the first acceptance, with a new
    offer; where nothing changed, nothing happens. Refusal `blocked` names what misses.
    """
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, version=version)
        if held.record.state in AGREED:
            settle_lines(held, standing(held))
        else:
            _agree(held, standing(held))
        return view(ctx, tx, session_id)


def _agree(held: Held, ground: Standing) -> None:
    if held.record.state is State.DRAFT:
        check_gate(held, State.AGREED, ground)
        held.note("session_qualified", services=[line.service for line in held.record.content.lines])
    else:
        pass_gate(held, State.AGREED, ground)
    write_agreement(held, ground, "session_agreed")
    held.move(State.AGREED, agreed_at=held.now)
