"""The customer's firewall or antivirus is switched off, exceptionally, and on again (4.5)."""

from dataclasses import replace

from agent_desk.actions.context import Context
from agent_desk.actions.load_session import view
from agent_desk.actions.record import AGREED, take
from agent_desk.actions.views import SessionView
from agent_desk.rules.session import Closing
from agent_desk.storage.sessions import write_draft


def set_protection(ctx: Context, session_id: int, off: bool) -> SessionView:
    """Note that protection is off, or on again; what is so already changes nothing."""
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, states=AGREED)
        closing = held.record.content.closing
        if off is not is_off(closing):
            moment = max(held.now, closing.protection_off_at or held.now)  # a clock moved back must not leave it off
            times = {"protection_off_at": held.now, "protection_on_at": None} if off else {"protection_on_at": moment}
            write_draft(tx, session_id, replace(held.record.content, closing=replace(closing, **times)))
            held.note("protection_off" if off else "protection_on")
        return view(ctx, tx, session_id)


def is_off(closing: Closing) -> bool:
    """Tell whether protection was switched off and not on again."""
    off, on = closing.protection_off_at, closing.protection_on_at
    return off is not None and (on is None or on < off)
