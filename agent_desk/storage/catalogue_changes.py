"""What a site changes in its catalogue and texts; who signed in to PostgreSQL has functions write it, with its event."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Exists, exists, insert, select, text

from agent_desk.rules.catalogue_changes import (
    PROPOSED_EVENT,
    STEP_EVENTS,
    ChangeKind,
    ChangeStep,
    Proposal,
    SiteChange,
    Value,
)
from agent_desk.storage.acting import Acting, under_rights
from agent_desk.storage.canonical import canonical
from agent_desk.storage.catalogue_tables import catalogue_change, catalogue_step
from agent_desk.storage.events import SITE_CHAIN, append
from agent_desk.storage.ready import Ready
from agent_desk.storage.refused import refusals

_PROPOSE = text("SELECT desk_propose_change(:kind, :subject, :before, :value, :valid_from, :reason)")
_ACT = text("SELECT desk_act_on_change(:change, :step, :reason)")


def _took(step: ChangeStep) -> Exists:
    return exists().where(catalogue_step.c.change_id == catalogue_change.c.id, catalogue_step.c.step == str(step))


_APPROVED = Ready(
    select(
        catalogue_change.c.id,
        catalogue_change.c.kind,
        catalogue_change.c.subject,
        catalogue_change.c.value,
        catalogue_change.c.valid_from,
    )
    .where(_took(ChangeStep.APPROVE), ~_took(ChangeStep.REVOKE))
    .order_by(catalogue_change.c.id)
)


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step somebody took with a change."""

    step: ChangeStep
    reason: str
    by_mark: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One proposal with the steps taken since, oldest first."""

    id: int
    proposal: Proposal
    before: Value
    by_mark: str
    by_name: str
    at: datetime
    steps: tuple[StepRecord, ...]

    @property
    def last(self) -> ChangeStep | None:
        """Return the last step, None where nobody has taken one."""
        return self.steps[-1].step if self.steps else None

    @property
    def last_mark(self) -> str:
        """Return the mark of whoever took the last step, or proposed it."""
        return self.steps[-1].by_mark if self.steps else self.by_mark


def approved_changes(tx: Connection) -> tuple[SiteChange, ...]:
    """Return what two people have approved and not revoked, whether its day has come or not, oldest proposal first."""
    return tuple(
        SiteChange(
            row.id,
            ChangeKind(row.kind),
            row.subject,
            tuple(sorted(json.loads(row.value).items())),
            date.fromisoformat(row.valid_from),
        )
        for row in _APPROVED.all(tx, {})
    )


def read_changes(tx: Connection) -> tuple[ChangeRecord, ...]:
    """Return every change this person may see with its steps, the last proposal first."""
    steps: dict[int, list[StepRecord]] = {}
    for row in tx.execute(select(catalogue_step).order_by(catalogue_step.c.change_id, catalogue_step.c.ordinal)):
        taken = StepRecord(ChangeStep(row.step), row.reason, row.by_mark, row.by_name, row.at)
        steps.setdefault(row.change_id, []).append(taken)
    return tuple(
        ChangeRecord(
            id=row.id,
            proposal=Proposal(
                ChangeKind(row.kind), row.subject, json.loads(row.value), date.fromisoformat(row.valid_from), row.reason
            ),
            before=json.loads(row.before),
            by_mark=row.by_mark,
            by_name=row.by_name,
            at=row.at,
            steps=tuple(steps.get(row.id, ())),
        )
        for row in tx.execute(select(catalogue_change).order_by(catalogue_change.c.id.desc()))
    )


def propose(tx: Connection, proposed: Proposal, before: Value, who: Acting, at: datetime) -> int:
    """Keep a proposal with its event and return its number; RefusedByRights with a code of ours."""
    row = {
        "kind": str(proposed.kind),
        "subject": proposed.subject,
        "before": canonical(dict(before)),
        "value": canonical(dict(proposed.value)),
        "valid_from": proposed.valid_from.isoformat(),
        "reason": proposed.reason,
    }
    if under_rights(tx) is not None:
        with refusals():
            return int(tx.execute(_PROPOSE, row).scalar_one())
    added = insert(catalogue_change).returning(catalogue_change.c.id)
    made: int = tx.execute(added, {**row, "by_mark": who.mark, "by_name": who.name, "at": at}).scalar_one()
    told = {**row, "before": dict(before), "value": dict(proposed.value), "by": who.name, "change": made}
    append(tx, SITE_CHAIN, PROPOSED_EVENT, told, at=at, actor="agent")
    return made


def act(tx: Connection, change: ChangeRecord, step: ChangeStep, reason: str, who: Acting, at: datetime) -> None:
    """Keep one step with its event; RefusedByRights with a code of ours."""
    if under_rights(tx) is not None:
        with refusals():
            tx.execute(_ACT, {"change": change.id, "step": str(step), "reason": reason})
        return
    row = {
        "change_id": change.id,
        "ordinal": len(change.steps) + 1,
        "step": str(step),
        "reason": reason,
        "by_mark": who.mark,
        "by_name": who.name,
        "at": at,
    }
    tx.execute(insert(catalogue_step), row)
    told = {
        "before": dict(change.before),
        "by": who.name,
        "change": change.id,
        "kind": change.proposal.kind,
        "reason": reason,
        "subject": change.proposal.subject,
        "valid_from": change.proposal.valid_from.isoformat(),
        "value": dict(change.proposal.value),
    }
    append(tx, SITE_CHAIN, STEP_EVENTS[step], told, at=at, actor="agent")
