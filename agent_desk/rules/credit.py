"""Goodwill credits: how much one person may grant, what needs a second one, and whose it is to approve."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from agent_desk.rules.money import vat_included
from agent_desk.rules.people import Role
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local, midnight, utc

REASON_MAX = 200
_AMOUNT = re.compile(r"(?P<sign>[-−])?(?P<euros>[0-9]{1,9})(?:[.,](?P<cents>[0-9]{0,2}))?")
DECISION_WITHIN = timedelta(hours=24)  # a customer who was told of a credit is not left without an answer (house rule)


class CreditState(StrEnum):
    """Where a credit stands; also the key of its wording (`credit_states.<state>`)."""

    PROPOSED = "proposed"  # above the limit of who proposed it: a second person decides
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CreditLimits:
    """Data of db/seed/credits.toml: what a role grants alone in one session, and what nobody grants; in cents."""

    alone: Mapping[Role, int]
    most_cents: int

    def of(self, role: Role) -> int:
        """Return what somebody of that role may grant alone in one session."""
        return self.alone.get(role, 0)


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit; `approved_by` is the second person, "" where none was needed or has decided."""

    id: int
    session_id: int
    number: str
    customer_number: str
    amount_cents: int
    reason: str
    by: str
    by_mark: str
    at: datetime
    state: CreditState
    version: int
    approved_by: str = ""
    settled_at: datetime | None = None
    promise_id: int | None = None


def is_amount(cents: int, limits: CreditLimits) -> bool:
    """Tell whether an amount can be credited at all: positive, and no more than anybody grants."""
    return 0 < cents <= limits.most_cents


def needs_second(role: Role, cents: int, in_session_cents: int, limits: CreditLimits) -> bool:
    """Tell whether a second person decides: the limit holds for all that the session was credited, not for each part."""
    return in_session_cents + cents > limits.of(role)


def may_settle(credit: Credit, role: Role, mark: str) -> bool:
    """Tell whether somebody may decide about a proposed credit: a supervisor, and never whoever proposed it."""
    return credit.state is CreditState.PROPOSED and role is Role.SUPERVISOR and mark != credit.by_mark


def decision_due(proposed: datetime) -> datetime:
    """Return by when a second person has decided, in UTC."""
    return utc(proposed) + DECISION_WITHIN


def counted_cents(given: tuple[Credit, ...]) -> int:
    """Return what is granted or may still be: what counts against limits and in the sums people are shown."""
    return sum(one.amount_cents for one in given if one.state is not CreditState.REFUSED)


def month_of(moment: datetime) -> tuple[datetime, datetime]:
    """Return the moments at which the calendar month of `moment` begins and ends, in metropolitan France."""
    first = local(moment, Territory.METROPOLE).date().replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return midnight(first, Territory.METROPOLE), midnight(following, Territory.METROPOLE)


def credited(amount_cents: int, vat_permille: int) -> tuple[int, int]:
    """Return what a credit adds to the bill and the VAT in it, both negative: a reduction of price including VAT."""
    return -amount_cents, -vat_included(amount_cents, vat_permille)


def cents_of(text: str) -> int | None:
    """Return the cents of an amount as typed ("15", "12,50", "−5 €"), None for what is no amount of euros and cents."""
    found = _AMOUNT.fullmatch("".join(text.split()).replace("€", ""))
    if found is None:
        return None
    cents = int(found["euros"]) * 100 + int((found["cents"] or "").ljust(2, "0"))
    return -cents if found["sign"] else cents
