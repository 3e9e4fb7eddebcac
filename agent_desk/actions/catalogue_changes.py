"""What every action on changes of prices and texts has in common: who decides, and what holds without the change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from agent_desk.actions.consent_texts import text_on
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.reference import Reference
from agent_desk.rules.catalogue_changes import CENTS, DECIDERS, PARTS, ChangeKind, Proposal, Value, in_force
from agent_desk.rules.session import ConsentKind
from agent_desk.storage.acting import Acting, signed_in
from agent_desk.storage.people import RefusedByRights


def undecided(ctx: Context) -> str:
    """Return why whoever is here may not change prices and texts, a key of `errors`; "" where they may."""
    who = signed_in(ctx.database)
    if who is None:
        return "change_alone"
    return "" if who.role in DECIDERS else "change_not_allowed"


@contextmanager
def deciding(ctx: Context) -> Iterator[tuple[Connection, Acting]]:
    """Give a transaction in which somebody decides about prices and texts; Refusal, also of the database's own."""
    code, who = undecided(ctx), signed_in(ctx.database)
    if code or who is None:
        raise Refusal(code)
    try:
        with ctx.database.write() as tx:
            yield tx, who
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused


def tidied(proposed: Proposal) -> Proposal:
    """Return the proposal without blanks around its texts, as they are typed or pasted."""
    value = {part: one.strip() if isinstance(one, str) else one for part, one in proposed.value.items()}
    return replace(proposed, value=value, subject=proposed.subject.strip(), reason=proposed.reason.strip())


def value_on(reference: Reference, kind: ChangeKind, subject: str, day: date) -> Value | None:
    """Return what holds on `day`, in the parts a change of that kind has; None for what there is not."""
    if kind is ChangeKind.CONSENT:
        return _consent(reference, subject, day)
    if kind is ChangeKind.CONDITION:
        return _condition(reference, subject, day)
    service = reference.catalogue_on(max(day, reference.days[0])).services.get(subject)
    if service is None:
        return None
    if kind is ChangeKind.PRICE:
        return {CENTS: service.price_cents}
    return {part: str(getattr(service, part)) for part in PARTS[kind]}


def subjects(reference: Reference, kind: ChangeKind, day: date) -> tuple[str, ...]:
    """Return what can be changed, in the order in which it is read."""
    if kind is ChangeKind.CONSENT:
        return tuple(str(one) for one in ConsentKind)
    if kind is ChangeKind.CONDITION:
        return tuple(reference.files["conditions"])
    return tuple(reference.catalogue_on(max(day, reference.days[0])).services)


def _consent(reference: Reference, subject: str, day: date) -> Value | None:
    if subject not in list(ConsentKind):
        return None
    kind = ConsentKind(subject)
    parts = PARTS[ChangeKind.CONSENT]
    return {language: text_on(kind, language, reference.changes, day).text.strip() for language in parts}


def _condition(reference: Reference, subject: str, day: date) -> Value | None:
    own = in_force(reference.changes, ChangeKind.CONDITION, subject, day)
    row = reference.files["conditions"].get(subject) if own is None else dict(own.value)
    return None if row is None else {part: str(row[part]) for part in PARTS[ChangeKind.CONDITION]}
