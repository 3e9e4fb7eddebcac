"""What changes of prices and texts are called on screen."""

from agent_desk.actions.change_values import value_on
from agent_desk.desktop.desk import Desk
from agent_desk.formats import format_cents
from agent_desk.rules.catalogue_changes import CENTS, ChangeKind, ChangeState, Proposal, Value

TONES = {
    ChangeState.PROPOSED: "warn",
    ChangeState.REVOCATION_ASKED: "warn",
    ChangeState.APPROVED: "acc",
    ChangeState.IN_FORCE: "ok",
}
# What waits for somebody first, then what comes, what holds, and what came to nothing.
ORDER = (
    ChangeState.PROPOSED,
    ChangeState.REVOCATION_ASKED,
    ChangeState.APPROVED,
    ChangeState.IN_FORCE,
    ChangeState.LAPSED,
    ChangeState.REJECTED,
    ChangeState.WITHDRAWN,
    ChangeState.REVOKED,
)


def subject_name(desk: Desk, kind: ChangeKind, subject: str) -> str:
    """Return what is changed, as people call it; its code where it is known no longer."""
    if kind is ChangeKind.CONSENT:
        key = f"consents.{subject}.title"
        return desk.wording.text(key) if desk.wording.has(key) else subject
    if kind is ChangeKind.CONDITION:
        asked = desk.reference.files["conditions"].get(subject)
        return str(asked[f"question_{desk.language}"]) if asked else subject
    service = desk.reference.history[-1].services.get(subject)
    return subject if service is None else service.label(desk.language)


def price_in(desk: Desk, value: Value) -> str:
    """Return the price of a value, "" where it is a text."""
    cents = value.get(CENTS)
    if not isinstance(cents, int):
        return ""
    return format_cents(cents, desk.language) if cents else desk.wording.text("money.offered")


def parts_in(desk: Desk, value: Value) -> dict[str, str]:
    """Return a value part by part as it is read, prices in words."""
    return {part: price_in(desk, {part: one}) if part == CENTS else str(one) for part, one in value.items()}


def held_on(desk: Desk, proposal: Proposal) -> Value:
    """Return what would hold on the day of a proposal without it."""
    return value_on(desk.reference, proposal.kind, proposal.subject, proposal.valid_from) or {}
