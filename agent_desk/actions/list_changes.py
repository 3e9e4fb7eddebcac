"""Every change of prices and texts: who proposed what, who decided, and what whoever asks may do with it now."""

from datetime import datetime

from agent_desk.actions.catalogue_changes import undecided
from agent_desk.actions.change_views import ChangesView, ChangeView, StepView
from agent_desk.actions.context import Context
from agent_desk.rules.catalogue_changes import STEPS, ChangeFault, ChangeStep, first_day, state_of, step_fault
from agent_desk.storage.acting import signed_in
from agent_desk.storage.catalogue_changes import ChangeRecord, read_changes

REASON_LATER = "…"  # a step that wants a reason is offered before there is one


def list_changes(ctx: Context) -> ChangesView:
    """Return the changes this person may see, the last proposal first."""
    refused, who, now = undecided(ctx), signed_in(ctx.database), ctx.clock.now()
    me = "" if refused or who is None else who.mark
    with ctx.database.read() as tx:
        found = read_changes(tx)
    return ChangesView(tuple(_view(one, me, now) for one in found), first_day(now), refused)


def _view(change: ChangeRecord, me: str, now: datetime) -> ChangeView:
    state = state_of(change.last, change.proposal.valid_from, now)

    def fault(step: ChangeStep) -> ChangeFault | None:
        return step_fault(step, state, me=me, last=change.last_mark, proposer=change.by_mark, reason=REASON_LATER)

    return ChangeView(
        id=change.id,
        proposal=change.proposal,
        before=change.before,
        state=state,
        by=change.by_name,
        at=change.at,
        steps=tuple(StepView(one.step, one.by_name, one.at, one.reason) for one in change.steps),
        may=tuple(step for step in STEPS if me and fault(step) is None),
    )
