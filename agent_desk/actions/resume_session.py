"""A session put aside is taken up again, by who put it aside or by whom it was handed over to."""

from agent_desk.actions.cases import accept_case
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import view
from agent_desk.actions.record import Held, take
from agent_desk.actions.views import SessionView
from agent_desk.rules.clocks import callback_limit
from agent_desk.rules.people import Role
from agent_desk.storage.acting import acting, signed_in
from agent_desk.storage.appointments import booked_in
from agent_desk.storage.call_backs import add_call_back
from agent_desk.storage.handovers import latest_handover, on_their_way, take_handover


def resume_session(ctx: Context, session_id: int) -> SessionView:
    """Take the session up again; one that is not parked stays as it is.

    Refusal `handed_to_other` while it waits for somebody else.
    """
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        if held.record.parked_at is not None:
            _take_up(held)
        return view(ctx, tx, session_id)


def may_resume(ctx: Context) -> bool:
    """Tell whether whoever sits there takes sessions up: on a server a supervisor reads them and leaves them to their agent."""
    who = signed_in(ctx.database)
    return who is None or who.role is Role.AGENT or ctx.database.dialect == "sqlite"


def _take_up(held: Held) -> None:
    _note_call_back(held)
    who = acting(held.tx)
    if who is not None and on_their_way(held.tx, [held.id]):
        if not take_handover(held.tx, held.id, who, held.now):
            found = latest_handover(held.tx, held.id)
            raise Refusal("handed_to_other", values={"name": found.to_name if found else ""})
        held.take_up()
        held.note("session_taken_over")
        accept_case(held, who)
        return
    held.take_up()
    held.note("session_resumed")


def _note_call_back(held: Held) -> None:
    """Note how long the customer waited for the call, and until when they had to be called (3.2)."""
    parked = held.record.parked_at
    if parked is not None and booked_in(held.tx, held.id) is None:  # else the attempts tell
        territory = held.record.content.customer.territory
        limit = callback_limit(parked, territory, held.ctx.settings.extra_holidays)
        add_call_back(held.tx, held.id, promised_at=parked, limit=limit, called_at=held.now)
