"""Somebody approves, rejects, takes back or revokes a change of prices and texts: two people, or nothing happens."""

from agent_desk.actions.catalogue_changes import deciding
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.catalogue_changes import ChangeStep, state_of, step_fault
from agent_desk.storage.catalogue_changes import act, read_changes


def act_on_change(ctx: Context, change_id: int, step: ChangeStep, reason: str = "") -> None:
    """Take one step with its event; Refusal `change_unknown`, or with a ChangeFault such as `change_four_eyes`."""
    reason = reason.strip()
    with deciding(ctx) as (tx, who):
        change = next((one for one in read_changes(tx) if one.id == change_id), None)
        if change is None:
            raise Refusal("change_unknown")
        now = ctx.clock.now()
        state = state_of(change.last, change.proposal.valid_from, now)
        fault = step_fault(step, state, me=who.mark, last=change.last_mark, proposer=change.by_mark, reason=reason)
        if fault is not None:
            raise Refusal(str(fault))
        act(tx, change, step, reason, who, now)
