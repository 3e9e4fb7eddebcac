"""New prices and texts: proposed by one person, decided by another, from a day on that has not begun anywhere."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from agent_desk.rules.people import Role
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local

Value = Mapping[str, str | int]

DECIDERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
PRICE_MAX = 99_999  # cents; what the screens have room for
REASON_MAX = 500
FURTHEST = timedelta(days=3 * 366)  # a later day is a slip of the fingers
SITE_VERSIONS = 1000  # a site's texts are numbered above these, which are those of the program
CENTS = "cents"
LINE_MAX = 1000  # a text that may be longer has paragraphs


class ChangeKind(StrEnum):
    """What a change replaces; also the key of its wording (`change_kinds.<kind>`)."""

    PRICE = "price"  # of one service
    NAME = "name"  # of one service, as customers hear it
    CONDITION = "condition"  # a question of customers and its answer
    CONSENT = "consent"  # what is read to a customer who then agrees or states something


# The parts of each kind and the longest text of each; a price has none.
PARTS: Mapping[ChangeKind, Mapping[str, int]] = {
    ChangeKind.PRICE: {},
    ChangeKind.NAME: {"label_fr": 120, "label_en": 120, "short_fr": 40, "short_en": 40},
    ChangeKind.CONDITION: {"question_fr": 120, "answer_fr": 400, "question_en": 120, "answer_en": 400},
    ChangeKind.CONSENT: {"fr": 4000, "en": 4000},
}


class ChangeState(StrEnum):
    """Where a change stands; also the key of its wording (`change_states.<state>`)."""

    PROPOSED = "proposed"
    APPROVED = "approved"  # its day has not come
    REVOCATION_ASKED = "revocation_asked"  # one person wants it undone; without a second it takes effect
    IN_FORCE = "in_force"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    LAPSED = "lapsed"  # nobody decided before its day


class ChangeStep(StrEnum):
    """What a person does with a change that is there; also the key of its wording (`change_steps.<step>`)."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    ASK_REVOCATION = "ask_revocation"
    KEEP = "keep"
    REVOKE = "revoke"


class Whose(StrEnum):
    """Who may take a step: compared with whoever took the one before."""

    ANOTHER = "another"
    THE_SAME = "the_same"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class StepRule:
    """From which state a step leads to which, who may take it, and whether a reason has to be given."""

    before: ChangeState
    after: ChangeState
    whose: Whose
    reason: bool = False


STEPS: Mapping[ChangeStep, StepRule] = {
    ChangeStep.APPROVE: StepRule(ChangeState.PROPOSED, ChangeState.APPROVED, Whose.ANOTHER),
    ChangeStep.REJECT: StepRule(ChangeState.PROPOSED, ChangeState.REJECTED, Whose.ANOTHER, reason=True),
    ChangeStep.WITHDRAW: StepRule(ChangeState.PROPOSED, ChangeState.WITHDRAWN, Whose.THE_SAME),
    ChangeStep.ASK_REVOCATION: StepRule(ChangeState.APPROVED, ChangeState.REVOCATION_ASKED, Whose.ANY, reason=True),
    ChangeStep.KEEP: StepRule(ChangeState.REVOCATION_ASKED, ChangeState.APPROVED, Whose.ANY),
    ChangeStep.REVOKE: StepRule(ChangeState.REVOCATION_ASKED, ChangeState.REVOKED, Whose.ANOTHER),
}
# What the site's log calls a proposal and each step; also keys of the wording table `events`.
PROPOSED_EVENT = "change_proposed"
STEP_EVENTS: Mapping[ChangeStep, str] = {
    ChangeStep.APPROVE: "change_approved",
    ChangeStep.REJECT: "change_rejected",
    ChangeStep.WITHDRAW: "change_withdrawn",
    ChangeStep.ASK_REVOCATION: "change_revocation_asked",
    ChangeStep.KEEP: "change_kept",
    ChangeStep.REVOKE: "change_revoked",
}
# What becomes of an undecided change once its day has begun.
_BEGUN: Mapping[ChangeState, ChangeState] = {
    ChangeState.PROPOSED: ChangeState.LAPSED,
    ChangeState.APPROVED: ChangeState.IN_FORCE,
    ChangeState.REVOCATION_ASKED: ChangeState.IN_FORCE,
}
# What still holds its day, so that no second change of the same thing can have it.
STANDING = frozenset({ChangeState.PROPOSED, ChangeState.APPROVED, ChangeState.REVOCATION_ASKED, ChangeState.IN_FORCE})


class ChangeFault(StrEnum):
    """Why a change or a step is refused; a key of the wording table `errors`."""

    SUBJECT = "change_subject"
    DAY_PAST = "change_day_past"
    DAY_FAR = "change_day_far"
    DAY_TAKEN = "change_day_taken"
    PRICE = "change_price"
    TEXT = "change_text"
    PLACES = "change_places"
    SAME = "change_same"
    REASON = "change_reason"
    STATE = "change_state"
    FOUR_EYES = "change_four_eyes"
    NOT_YOURS = "change_not_yours"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants changed: of which service, condition or consent, to what, from which day on, and why."""

    kind: ChangeKind
    subject: str
    value: Value
    valid_from: date
    reason: str


@dataclass(frozen=True, slots=True)
class SiteChange:
    """A change the site has approved, whether its day has come or not; `value` is made of pairs so that it can be a key."""

    id: int
    kind: ChangeKind
    subject: str
    value: tuple[tuple[str, str | int], ...]
    valid_from: date


def first_day(now: datetime) -> date:
    """Return the earliest day a change may take effect on: the first that has not begun for any customer."""
    return last_day_begun(now) + timedelta(days=1)


def last_day_begun(now: datetime) -> date:
    """Return the latest day on a customer's calendar, wherever they live."""
    return max(local(now, territory).date() for territory in Territory)


def proposal_fault(proposed: Proposal, before: Value | None, now: datetime, *, taken: bool) -> ChangeFault | None:
    """Return what is wrong with a proposal, None when it may be put to somebody else.

    `before` is what would hold on that day without it, None for a subject there is not; `taken`: another change of the
    same subject has that day.
    """
    if before is None:
        return ChangeFault.SUBJECT
    if proposed.valid_from < first_day(now):
        return ChangeFault.DAY_PAST
    if proposed.valid_from > first_day(now) + FURTHEST:
        return ChangeFault.DAY_FAR
    if taken:
        return ChangeFault.DAY_TAKEN
    return _value_fault(proposed, before) or _reason_fault(proposed.reason)


def step_fault(
    step: ChangeStep, state: ChangeState, *, me: str, last: str, proposer: str, reason: str
) -> ChangeFault | None:
    """Return why `me` may not take `step` now, None where they may; `last` took the step before, or proposed it."""
    rule = STEPS[step]
    if state is not rule.before:
        return ChangeFault.STATE
    if rule.whose is Whose.ANOTHER and me == last:
        return ChangeFault.FOUR_EYES
    if rule.whose is Whose.THE_SAME and me != proposer:
        return ChangeFault.NOT_YOURS
    return _reason_fault(reason) if rule.reason or reason else None


def state_of(last: ChangeStep | None, valid_from: date, now: datetime) -> ChangeState:
    """Return where a change stands after its last step, None for a proposal nobody has looked at."""
    told = ChangeState.PROPOSED if last is None else STEPS[last].after
    return _BEGUN.get(told, told) if valid_from <= last_day_begun(now) else told


def in_force(changes: Iterable[SiteChange], kind: ChangeKind, subject: str, day: date) -> SiteChange | None:
    """Return the approved change that holds on `day`, the last one to have taken effect; None for what the program ships."""
    found = (one for one in changes if (one.kind, one.subject) == (kind, subject) and one.valid_from <= day)
    return max(found, key=lambda one: (one.valid_from, one.id), default=None)


def text_version(change_id: int) -> int:
    """Return the number that consents keep of a site's own text."""
    return SITE_VERSIONS + change_id


def _value_fault(proposed: Proposal, before: Value) -> ChangeFault | None:
    if proposed.kind is ChangeKind.PRICE:
        cents = proposed.value.get(CENTS)
        fits = len(proposed.value) == 1 and type(cents) is int and 0 <= cents <= PRICE_MAX
        fault = None if fits else ChangeFault.PRICE
    else:
        fault = _text_fault(PARTS[proposed.kind], proposed.value, before)
    return fault or (ChangeFault.SAME if dict(proposed.value) == dict(before) else None)


def _text_fault(parts: Mapping[str, int], value: Value, before: Value) -> ChangeFault | None:
    if value.keys() != parts.keys():
        return ChangeFault.TEXT
    for part, longest in parts.items():
        text = str(value[part])
        if text != text.strip() or not 0 < len(text) <= longest or not _is_readable(text, lines=longest > LINE_MAX):
            return ChangeFault.TEXT
        if _places(text) != _places(str(before[part])):
            return ChangeFault.PLACES
    return None


def _is_readable(text: str, *, lines: bool) -> bool:
    """Tell whether everything in it can be seen; a text that turns its letters round could not be approved by eye."""
    seen = text.replace("\n", "") if lines else text
    return not any(unicodedata.category(letter).startswith("C") for letter in seen)


def _places(text: str) -> tuple[str, ...]:
    """Return what is filled in later, such as {price}, and every brace that stands alone."""
    return tuple(sorted(set(re.findall(r"\{\w+\}|[{}]", text))))


def _reason_fault(reason: str) -> ChangeFault | None:
    return None if 0 < len(reason.strip()) <= REASON_MAX else ChangeFault.REASON
