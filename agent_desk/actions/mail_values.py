"""What the mail templates may say: every value of a session as text in the customer's language."""

from dataclasses import dataclass
from datetime import date, datetime

from agent_desk.formats import format_cents, format_date, format_day, format_hour, format_moment, format_permille
from agent_desk.rules.appointment import Appointment
from agent_desk.rules.billing import DecidedLine, Decision
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.clocks import withdrawal, withdrawal_over
from agent_desk.rules.gates import current
from agent_desk.rules.links import Purpose, address
from agent_desk.rules.money import vat_included
from agent_desk.rules.session import Answer, Consent, ConsentKind, Content, Customer, HomeVisit, Line, Segment
from agent_desk.rules.territories import local
from agent_desk.settings import Settings
from agent_desk.wording import LANGUAGES, Wording


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What a mail about a session depends on; `at` is when it is written, `worked_at` when the work began."""

    number: str
    content: Content
    consents: tuple[Consent, ...]
    agent: str
    agreed_at: datetime | None
    worked_at: datetime | None
    at: datetime
    catalogue: Catalogue  # in force at acceptance
    settings: Settings

    @property
    def language(self) -> str:
        """Language of the customer; French for one we do not write."""
        wanted = self.content.customer.language
        return wanted if wanted in LANGUAGES else LANGUAGES[0]

    def local(self, moment: datetime) -> datetime:
        """Return `moment` on the customer's wall."""
        return local(moment, self.content.customer.territory)


@dataclass(frozen=True, slots=True)
class LineValues:
    """One service line as templates print it."""

    label: str
    unit: str
    quantity: int
    unit_price: str
    amount: str
    is_free: bool
    reason: str = ""
    article: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawalValues:
    """The right of withdrawal: whether it `applies`, was `waived` by an early start, and its last day in words."""

    applies: bool
    waived: bool
    honoured: str


@dataclass(frozen=True, slots=True)
class VisitValues:
    """A home visit agreed: the most its travel may cost, and when ("" where not yet known)."""

    ceiling: str
    at: str


def common_values(facts: MailFacts, wording: Wording) -> dict[str, object]:
    """Return the values every mail may print."""
    customer = facts.content.customer
    accepted, right = facts.agreed_at, withdrawal_values(facts, wording)
    return {
        "customer": customer_name(customer, wording),
        "customer_number": grouped(customer.customer_number),
        "salutation": salutation(customer, wording),
        "number": facts.number,
        "company": facts.settings.company,
        "support_phone": facts.settings.support_phone,
        "page_url": facts.settings.page_url,
        "agent_first_name": first_word(facts.agent),
        "terms_version": format_date(date.fromisoformat(facts.catalogue.version), wording.language),
        "accepted_at": format_moment(facts.local(accepted), wording.language) if accepted else "",
        "written_on": format_date(facts.local(facts.at).date(), wording.language),
        "work_date": format_date(facts.local(facts.worked_at or facts.at).date(), wording.language),
        "vat_rate_label": format_permille(facts.catalogue.vat_permille, wording.language),
        "withdrawal": right,
        "withdrawal_url": address(facts.settings.link_base, Purpose.WITHDRAWAL, wording.language)
        if right.applies
        else "",
    }


def offer_values(facts: MailFacts, wording: Wording) -> dict[str, object]:
    """Return what the offer adds: the lines at catalogue price, and their sum should all be solved."""
    prices = [facts.catalogue.services[line.service].price_cents for line in facts.content.lines]
    amounts = [price * line.quantity for price, line in zip(prices, facts.content.lines, strict=True)]
    total = sum(amounts)
    vat = sum(vat_included(amount, facts.catalogue.vat_permille) for amount in amounts)
    return {
        "lines": [
            _line(facts, line, wording, price, amount)
            for line, price, amount in zip(facts.content.lines, prices, amounts, strict=True)
        ],
        "total": format_cents(total, wording.language),
        "vat": format_cents(vat, wording.language),
        "is_free": total == 0,
        "home_visit": None,
    }


def call_values(facts: MailFacts, one: Appointment, reason: str, before: datetime | None) -> dict[str, object]:
    """Return what a mail about a call-back adds: from when until when on the customer's clock, on which number, by whom."""
    language, begins, ends = facts.language, facts.local(one.starts_at), facts.local(one.ends_at)
    return {
        "day": format_day(begins.date(), language),
        "from_hour": format_hour(begins, language),
        "until_hour": format_hour(ends, language),
        "phone": one.phone,
        "caller": first_word(one.person),
        "reason": reason,
        "has_file": bool(facts.content.customer.email.strip()),  # a letter has no file for a calendar
        "before": _appointment(facts.local(before), language) if before is not None else "",
    }


def decided_values(facts: MailFacts, decision: Decision, wording: Wording) -> dict[str, object]:
    """Return what the confirmation adds: each line with its outcome, rule and article, the total and the visit."""
    return {
        "lines": [
            _decided_line(facts, line, decided, wording)
            for line, decided in zip(facts.content.lines, decision.lines, strict=True)
        ],
        "total": format_cents(decision.total_cents, wording.language),
        "vat": format_cents(decision.vat_cents, wording.language),
        "is_free": decision.total_cents == 0,
        "home_visit": _visit(facts, decision, wording),
        "opinion_url": address(facts.settings.link_base, Purpose.SATISFACTION, wording.language),
    }


def customer_name(customer: Customer, wording: Wording) -> str:
    """Return the name as on an envelope: "Mme Claire Morvan", or the company where there is no person."""
    title = wording.text(f"titles.{customer.title}") if wording.has(f"titles.{customer.title}") else ""
    person = " ".join(part for part in (title, customer.first_name, customer.surname) if part)
    return person if customer.surname or customer.first_name else customer.company


def salutation(customer: Customer, wording: Wording) -> str:
    """Return how a letter addresses the customer, such as "Madame Morvan"."""
    key = customer.title if customer.surname and wording.has(f"salutations.{customer.title}") else "none"
    text = wording.text(f"salutations.{key}", surname=customer.surname, first_name=customer.first_name).strip()
    return text or customer.company


def grouped(number: str) -> str:
    """Return the digits of a customer number three by three, as the bill prints them."""
    digits = "".join(char for char in number if char.isdigit())
    return "\u00a0".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def first_word(name: str) -> str:
    """Return the first name of an agent: customers are told no more."""
    return next(iter(name.split()), "")


def withdrawal_values(facts: MailFacts, wording: Wording) -> WithdrawalValues:
    """Return what becomes of the right of withdrawal (10); professionals have none, and it ends with its last day."""
    customer = facts.content.customer
    if customer.segment is not Segment.RESIDENTIAL or facts.agreed_at is None:
        return WithdrawalValues(applies=False, waived=False, honoured="")
    statements = (current(facts.consents, kind) for kind in (ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER))
    terms = withdrawal(
        facts.agreed_at,
        customer.territory,
        extra_days=facts.settings.extra_holidays,
        published_days=facts.settings.withdrawal_published_days,
    )
    return WithdrawalValues(
        applies=not withdrawal_over(terms, facts.at, customer.territory),
        waived=all(given is not None and given.answer is Answer.YES for given in statements),
        honoured=format_day(terms.honoured, wording.language),
    )


def _line(facts: MailFacts, line: Line, wording: Wording, unit_price: int, amount: int, **decided: str) -> LineValues:
    service = facts.catalogue.services[line.service]
    operations = " · ".join(wording.text(f"operations.{operation}") for operation in line.operations)
    return LineValues(
        label=operations or service.label(wording.language),
        unit=wording.text(f"units.{service.unit}"),
        quantity=line.quantity,
        unit_price=format_cents(unit_price, wording.language),
        amount=format_cents(amount, wording.language),
        is_free=amount == 0,
        **decided,
    )


def _decided_line(facts: MailFacts, line: Line, decided: DecidedLine, wording: Wording) -> LineValues:
    return _line(
        facts,
        line,
        wording,
        decided.unit_price_cents,
        decided.amount_cents,
        reason=wording.text(f"rules.{decided.rule}.reason"),
        article=decided.article,
        outcome=wording.text(f"outcomes_for_customer.{line.outcome}") if line.outcome else "",
    )


def _visit(facts: MailFacts, decision: Decision, wording: Wording) -> VisitValues | None:
    closing = facts.content.closing
    if closing.home_visit is not HomeVisit.ACCEPTED or decision.travel_ceiling_cents is None:
        return None
    at = closing.visit_at
    return VisitValues(
        ceiling=format_cents(decision.travel_ceiling_cents, wording.language),
        at=_appointment(facts.local(at), wording.language) if at else "",
    )


def _appointment(at: datetime, language: str) -> str:
    return f"{format_day(at.date(), language)}, {format_hour(at, language)}"
