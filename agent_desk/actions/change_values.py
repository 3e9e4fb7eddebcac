"""What holds on a day of what can be changed, part by part; light, for the form that changes it shows it at once."""

from datetime import date

from agent_desk.actions.consent_texts import text_on
from agent_desk.reference import Reference
from agent_desk.rules.catalogue_changes import CENTS, PARTS, ChangeKind, Value, in_force
from agent_desk.rules.session import ConsentKind


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
