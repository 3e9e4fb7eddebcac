"""Somebody proposes a new price or text from a day on; nothing changes before another person has approved it."""

from agent_desk.actions.catalogue_changes import deciding, tidied
from agent_desk.actions.change_values import value_on
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.site_catalogue import reference_of
from agent_desk.rules.catalogue_changes import STANDING, Proposal, proposal_fault, state_of
from agent_desk.storage.catalogue_changes import propose, read_changes


def propose_change(ctx: Context, proposed: Proposal) -> int:
    """Keep the proposal with its event and return its number; Refusal with a ChangeFault, or `change_alone`."""
    proposed = tidied(proposed)
    with deciding(ctx) as (tx, who):
        now = ctx.clock.now()
        before = value_on(reference_of(ctx, tx), proposed.kind, proposed.subject, proposed.valid_from)
        taken = any(
            one.proposal.kind is proposed.kind
            and (one.proposal.subject, one.proposal.valid_from) == (proposed.subject, proposed.valid_from)
            and state_of(one.last, one.proposal.valid_from, now) in STANDING
            for one in read_changes(tx)
        )
        fault = proposal_fault(proposed, before, now, taken=taken)
        if fault is not None or before is None:
            raise Refusal(str(fault))
        return propose(tx, proposed, before, who, now)
