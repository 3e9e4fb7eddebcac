"""`deskctl decide`: what a case costs and why."""

from datetime import date

from agent_desk.console.answer import Answer, columns
from agent_desk.console.case_file import read_case
from agent_desk.console.catalogue import catalogue_in_force
from agent_desk.console.refusal import Refused
from agent_desk.formats import format_cents, format_permille
from agent_desk.reference import Reference
from agent_desk.rules.billing import DecidedLine, Decision, InvalidCase, Rule, decide
from agent_desk.rules.catalogue import Catalogue
from agent_desk.wording import Wording


def show_decision(raw: bytes, name: str, reference: Reference, day: date, french: Wording, wording: Wording) -> Answer:
    """Return the decision on the case in `raw`; reasons are French in JSON, in the reader's language in the table."""
    catalogue = catalogue_in_force(reference, day)
    case = read_case(raw, name)
    try:
        decision = decide(case, catalogue)
    except InvalidCase as error:
        first = error.faults[0]
        raise Refused(first.path, f"faults.{first.code}") from error
    return Answer(_plain(decision, french), _table(decision, catalogue, wording))


def reason(rule: Rule, wording: Wording) -> str:
    """Return why a line costs what it costs, in a sentence."""
    return wording.text(f"rules.{rule}.reason")


def _plain(decision: Decision, french: Wording) -> dict[str, object]:
    return {
        "lines": [
            {
                "service": line.service,
                "rule": line.rule,
                "article": line.article,
                "amount_cents": line.amount_cents,
                "unit_price_cents": line.unit_price_cents,
                "quantity": line.quantity,
            }
            for line in decision.lines
        ],
        "total_cents": decision.total_cents,
        "vat_cents": decision.vat_cents,
        "travel_ceiling_cents": decision.travel_ceiling_cents,
        "reasons": [reason(line.rule, french) for line in decision.lines],
    }


def _table(decision: Decision, catalogue: Catalogue, wording: Wording) -> tuple[str, ...]:
    language = wording.language
    rows = [_row(line, catalogue, wording) for line in decision.lines]
    total = format_cents(decision.total_cents, language)
    rate = format_permille(catalogue.vat_permille, language)
    vat = wording.text("money.vat", rate=rate, amount=format_cents(decision.vat_cents, language))
    lines = [*columns(rows, right={1, 2}), "", f"{wording.text('money.to_bill')}  {total}  ({vat})"]
    if decision.travel_ceiling_cents is not None:
        ceiling = format_cents(decision.travel_ceiling_cents, language)
        lines.append(wording.text("money.travel", ceiling=ceiling))
    return tuple(lines)


def _row(line: DecidedLine, catalogue: Catalogue, wording: Wording) -> tuple[str, ...]:
    language = wording.language
    return (
        catalogue.services[line.service].short(language),
        f"{line.quantity} × {format_cents(line.unit_price_cents, language)}",
        format_cents(line.amount_cents, language),
        wording.text("money.article", article=line.article),
        reason(line.rule, wording),
    )
