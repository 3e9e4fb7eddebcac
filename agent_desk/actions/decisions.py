"""A billing decision as it is kept: canonical JSON of all it was given, and of what it says."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from agent_desk.rules.billing import Case, CaseLine, DecidedLine, Decision, Rule, decide
from agent_desk.rules.catalogue import Catalogue, Service, Unit
from agent_desk.rules.session import Content, HomeVisit, Outcome, Segment, Territory


def case_of(content: Content) -> Case:
    """Return what a decision on this content depends on; every line must have its outcome."""
    return Case(
        territory=content.customer.territory,
        segment=content.customer.segment,
        home_visit=content.closing.home_visit,
        lines=tuple(
            CaseLine(line.service, line.quantity, line.outcome or Outcome.NOT_PERFORMED, line.operations, line.machines)
            for line in content.lines
        ),
    )


def inputs_to_json(case: Case, catalogue: Catalogue) -> str:
    """Return everything `decide` looks at: the case, and of the catalogue the services and figures it needs (RFC 8785)."""
    wanted = {line.service: catalogue.services[line.service] for line in case.lines}
    return _canonical(
        {
            "territory": case.territory,
            "segment": case.segment,
            "home_visit": case.home_visit,
            "lines": [
                {
                    "service": line.service,
                    "quantity": line.quantity,
                    "outcome": line.outcome,
                    "operations": list(line.operations),
                    "machines": line.machines,
                }
                for line in case.lines
            ],
            "catalogue": catalogue.version,
            "vat_permille": catalogue.vat_permille,
            "travel_ceiling_cents": catalogue.travel_ceilings.get(case.territory),
            "services": {
                code: {"price_cents": one.price_cents, "unit": one.unit, "pro_only": one.pro_only}
                for code, one in wanted.items()
            },
        }
    )


def recompute(inputs: str) -> Decision:
    """Decide again from stored inputs and nothing else; KeyError, ValueError where they are damaged."""
    kept = json.loads(inputs)
    territory = Territory(kept["territory"])
    case = Case(
        territory=territory,
        segment=Segment(kept["segment"]),
        home_visit=HomeVisit(kept["home_visit"]),
        lines=tuple(
            CaseLine(
                service=line["service"],
                quantity=line["quantity"],
                outcome=Outcome(line["outcome"]),
                operations=tuple(line["operations"]),
                machines=line["machines"],
            )
            for line in kept["lines"]
        ),
    )
    ceiling = kept["travel_ceiling_cents"]
    catalogue = Catalogue(
        version=kept["catalogue"],
        services={code: _service(code, facts) for code, facts in kept["services"].items()},
        vat_permille=kept["vat_permille"],
        travel_ceilings={} if ceiling is None else {territory: ceiling},
    )
    return decide(case, catalogue)


def decision_to_json(decision: Decision) -> str:
    """Return the decision as canonical JSON (RFC 8785)."""
    return _canonical(
        {
            "lines": [
                {
                    "service": line.service,
                    "rule": line.rule,
                    "article": line.article,
                    "amount_cents": line.amount_cents,
                    "unit_price_cents": line.unit_price_cents,
                    "quantity": line.quantity,
                    "vat_cents": line.vat_cents,
                }
                for line in decision.lines
            ],
            "total_cents": decision.total_cents,
            "vat_cents": decision.vat_cents,
            "travel_ceiling_cents": decision.travel_ceiling_cents,
        }
    )


def decision_from_json(text: str) -> Decision:
    """Return a stored decision; KeyError, ValueError where it is damaged."""
    kept = json.loads(text)
    return Decision(
        lines=tuple(DecidedLine(**{**line, "rule": Rule(line["rule"])}) for line in kept["lines"]),
        total_cents=kept["total_cents"],
        vat_cents=kept["vat_cents"],
        travel_ceiling_cents=kept["travel_ceiling_cents"],
    )


# For strings and whole numbers below 2^53 this writes what RFC 8785 asks, in a quarter of rfc8785's time.
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _service(code: str, facts: Mapping[str, Any]) -> Service:
    return Service(
        code=code,
        domain="",
        label_fr="",
        label_en="",
        short_fr="",
        short_en="",
        unit=Unit(facts["unit"]),
        price_cents=facts["price_cents"],
        pro_only=facts["pro_only"],
        needs_computer=False,
        foreign_equipment=False,
        words=(),
        conditions=(),
        valid_from=date.min,
    )
