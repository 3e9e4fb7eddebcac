"""One point of a procedure is done, or to be done again."""

import re
from dataclasses import replace

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import check_hours
from agent_desk.actions.load_session import view
from agent_desk.actions.record import AGREED, take
from agent_desk.actions.views import SessionView
from agent_desk.rules.session import State
from agent_desk.storage.sessions import write_draft

_ITEM = re.compile(r"(?P<service>[a-z.-]{1,60})/(?P<number>\d{1,2})")


def tick_step(ctx: Context, session_id: int, item: str, done: bool) -> SessionView:
    """Tick or untick `<service>/<item number>` of a service asked for; twice the same changes nothing.

    Refusal `blocked` when work goes on outside its hours without the customer's yes (3.2).
    """
    match = _ITEM.fullmatch(item)
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, states=AGREED)
        content = held.record.content
        if match is None or match["service"] not in {line.service for line in content.lines}:
            raise Refusal("invalid_value", fields=("ticks",), values={"path": item[:80]})
        if done is not (item in content.ticks):
            if done and held.record.state is State.IN_PROGRESS:
                check_hours(held)
            ticks = (*content.ticks, item) if done else tuple(tick for tick in content.ticks if tick != item)
            write_draft(tx, session_id, replace(content, ticks=ticks))
            held.note("step_ticked" if done else "step_unticked", tick=item)
        return view(ctx, tx, session_id)
