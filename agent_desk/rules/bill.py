"""What a decision adds to the Sosh bill (5): its lines; of a correction, the difference to the decision before; and credits."""

from dataclasses import dataclass
from itertools import zip_longest

from agent_desk.rules.billing import DecidedLine, Decision
from agent_desk.rules.credit import credited

CREDIT = "goodwill_credit"  # in place of a service and of a rule


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of the bill, from 1; `corrects` is the position in the decision before that it takes back or changes."""

    position: int
    service: str
    quantity: int
    unit_price_cents: int
    amount_cents: int
    vat_cents: int
    rule: str
    article: str
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """What one decision adds; `zeros` lines of it add nothing and are only counted."""

    lines: tuple[BillLine, ...]
    zeros: int

    @property
    def total_cents(self) -> int:
        """Return what it adds."""
        return sum(line.amount_cents for line in self.lines)

    @property
    def vat_cents(self) -> int:
        """Return the VAT in it."""
        return sum(line.vat_cents for line in self.lines)


def bill(decision: Decision, before: Decision | None = None) -> Bill:
    """Return what a decision adds to a bill that already holds the one `before`, whose place it takes."""
    lines: list[BillLine] = []
    gone: list[tuple[int, DecidedLine]] = []
    for position, (new, old) in enumerate(zip_longest(decision.lines, before.lines if before else ()), 1):
        same = new is not None and old is not None and new.service == old.service
        if new is not None:
            lines.append(_line(position, new, old if same else None))
        if old is not None and not same:
            gone.append((position, old))
    # What is no longer there is taken back under numbers after all that is.
    for place, (position, old) in enumerate(gone, len(decision.lines) + 1):
        lines.append(_taken_back(place, old, position))
    telling = tuple(line for line in lines if line.amount_cents or line.vat_cents)
    return Bill(telling, len(lines) - len(telling))


def credit_line(amount_cents: int, vat_permille: int) -> BillLine:
    """Return what a goodwill credit takes off the bill: one negative line."""
    amount, vat = credited(amount_cents, vat_permille)
    return BillLine(
        position=1,
        service=CREDIT,
        quantity=1,
        unit_price_cents=amount,
        amount_cents=amount,
        vat_cents=vat,
        rule=CREDIT,
        article="",
    )


def _line(position: int, new: DecidedLine, old: DecidedLine | None) -> BillLine:
    return BillLine(
        position=position,
        service=new.service,
        quantity=new.quantity,
        unit_price_cents=new.unit_price_cents,
        amount_cents=new.amount_cents - (old.amount_cents if old else 0),
        vat_cents=new.vat_cents - (old.vat_cents if old else 0),
        rule=new.rule,
        article=new.article,
        corrects=position if old else None,
    )


def _taken_back(position: int, old: DecidedLine, corrects: int) -> BillLine:
    return BillLine(
        position=position,
        service=old.service,
        quantity=old.quantity,
        unit_price_cents=old.unit_price_cents,
        amount_cents=-old.amount_cents,
        vat_cents=-old.vat_cents,
        rule=old.rule,
        article=old.article,
        corrects=corrects,
    )
