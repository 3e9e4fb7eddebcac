"""What a visit cost, as it is kept: canonical JSON of all it was given, and of what it says."""

import json

from agent_desk.rules.bill import BillLine
from agent_desk.rules.session import Territory
from agent_desk.rules.visit import VisitDecision, VisitTerms, decide_visit
from agent_desk.rules.visit_rule import TRAVEL, VisitRule
from agent_desk.storage.canonical import plain


def visit_inputs(fee_cents: int, terms: VisitTerms) -> str:
    """Return everything `decide_visit` looks at."""
    return plain(
        {
            "territory": terms.territory,
            "fee_cents": fee_cents,
            "ceiling_cents": terms.ceiling_cents,
            "vat_permille": terms.vat_permille,
        }
    )


def visit_result(decision: VisitDecision) -> str:
    """Return what was decided."""
    return plain(
        {
            "rule": decision.rule,
            "article": decision.article,
            "amount_cents": decision.amount_cents,
            "vat_cents": decision.vat_cents,
        }
    )


def decided_visit(result: str) -> VisitDecision:
    """Return the decision as it is kept."""
    return VisitDecision(**json.loads(result) | {"rule": VisitRule(json.loads(result)["rule"])})


def recompute_visit(inputs: str) -> VisitDecision:
    """Decide again from stored inputs and nothing else; KeyError, ValueError where they are damaged."""
    kept = json.loads(inputs)
    terms = VisitTerms(Territory(kept["territory"]), kept["ceiling_cents"], kept["vat_permille"])
    return decide_visit(kept["fee_cents"], terms)


def visit_line(decision: VisitDecision) -> BillLine:
    """Return a visit's one line of the bill."""
    return BillLine(
        position=1,
        service=TRAVEL,
        quantity=1,
        unit_price_cents=decision.amount_cents,
        amount_cents=decision.amount_cents,
        vat_cents=decision.vat_cents,
        rule=decision.rule,
        article=decision.article,
    )
