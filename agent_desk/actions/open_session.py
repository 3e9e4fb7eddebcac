"""A call comes in: a session begins."""

from agent_desk.actions.bounds import within_bounds
from agent_desk.actions.context import Context
from agent_desk.actions.listing import listed
from agent_desk.actions.load_session import view
from agent_desk.actions.record import check_works
from agent_desk.actions.views import SessionView
from agent_desk.rules.session import Call, Content, Customer
from agent_desk.storage import events
from agent_desk.storage.sessions import add_session, change_session


def open_session(ctx: Context, call: Call, customer: Customer | None = None) -> SessionView:
    """Open a draft session for `call`, with what is already known of a repeat caller."""
    content, _ = within_bounds(Content(customer=customer or Customer(), call=call), Content())
    now = ctx.clock.now()
    by = ctx.settings.agent_name
    with ctx.database.write() as tx:
        check_works(tx)
        session_id = add_session(tx, content, agent=by, at=now)
        change_session(tx, session_id, **listed(ctx.reference, content, session_id))
        events.append(tx, session_id, "session_opened", {"channel": call.channel, "by": by}, at=now, actor="agent")
        return view(ctx, tx, session_id)
