"""The session stands on a desk's screen: others in it see that, and are seen."""

from agent_desk.actions.context import Context
from agent_desk.rules.presence import Colleague
from agent_desk.rules.session import Step
from agent_desk.storage.acting import acting
from agent_desk.storage.presence import note_presence, others_there


def attend_session(ctx: Context, session_id: int, step: Step) -> tuple[Colleague, ...]:
    """Note for some seconds who is in the session and at which step; return who else is."""
    settings = ctx.settings
    with ctx.database.write() as tx:
        now, who = ctx.clock.now(), acting(tx)
        name = settings.agent_name if who is None else who.name
        note_presence(tx, session_id, settings.agent_id, name, step, now)
        return others_there(tx, session_id, settings.agent_id, now)
