"""Who may be booked for a call-back; apart from what books them, which loads what writes mails."""

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.rules.appointment import Agent
from agent_desk.rules.people import Role
from agent_desk.storage import appointments
from agent_desk.storage.acting import signed_in


def candidates(ctx: Context, tx: Connection, team_id: int) -> tuple[Agent, ...]:
    """Return who may be booked: the team's agents, whoever works on a single desk, on one with accounts both."""
    found = appointments.agents_of(tx, team_id)
    who = signed_in(ctx.database)
    if who is None:
        return found or (Agent(0, "", ctx.settings.agent_name),)
    if tx.dialect.name == "sqlite" and who.role is not Role.AUDITOR and who.mark not in {one.mark for one in found}:
        me = appointments.agent_marked(tx, who.mark)
        return (*found, me) if me is not None else found
    return found
