"""The customer was told what the call costs (3.2), once for each call."""

from dataclasses import replace

from agent_desk.actions.context import Context
from agent_desk.actions.load_session import view
from agent_desk.actions.record import take
from agent_desk.actions.views import SessionView
from agent_desk.storage.sessions import write_draft


def tell_tariff(ctx: Context, session_id: int) -> SessionView:
    """Note that the tariff of the call's channel was told; told already, nothing changes."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        content = held.record.content
        call, rate = content.call, ctx.reference.channels[content.call.channel].rate
        if call.tariff_told != call.channel:
            write_draft(tx, session_id, replace(content, call=replace(call, tariff_told=call.channel)))
            held.note("tariff_told", channel=call.channel, cents_per_minute=rate)
        return view(ctx, tx, session_id)
