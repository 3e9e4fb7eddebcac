"""A billing decision as it is kept: canonical JSON of all it was given, and of what it says."""

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from agent_desk.rules.billing import Case, CaseLine, DecidedLine, Decision, Rule, decide
from agent_desk.rules.catalogue import Catalogue, Service, Unit
from agent_desk.rules.session import Content, HomeVisit, Outcome, Segment, Territory
from agent_desk.storage.canonical import plain


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
    """Return everything `decide` looks at, as canonical JSON (RFC 8785): the case, and what the catalogue says of it.

    Left out where they say nothing: operations, machines, `pro_only`, and the travel ceiling without a visit.
    """
    inputs: dict[str, Any] = {
        "territory": case.territory,
        "segment": case.segment,
        "home_visit": case.home_visit,
        "vat_permille": catalogue.vat_permille,
        "lines": [_line_inputs(line, catalogue.services[line.service]) for line in case.lines],
    }
    if case.home_visit is HomeVisit.ACCEPTED:
        inputs["travel_ceiling_cents"] = catalogue.travel_ceilings[case.territory]
    return plain(inputs)


def _line_inputs(line: CaseLine, service: Service) -> dict[str, Any]:
    inputs: dict[str, Any] = {
        "service": line.service,
        "quantity": line.quantity,
        "outcome": line.outcome,
        "unit": service.unit,
        "unit_price_cents": service.price_cents,
    }
    if line.operations:
        inputs["operations"] = list(line.operations)
    if line.machines != 1:
        inputs["machines"] = line.machines
    if service.pro_only:
        inputs["pro_only"] = True
    return inputs


def recompute(inputs: str) -> Decision:
    """Decide again from stored inputs and nothing else; KeyError, ValueError where they are damaged."""
    kept = json.loads(inputs)
    territory = Territory(kept["territory"])
    lines = kept["lines"]
    case = Case(
        territory=territory,
        segment=Segment(kept["segment"]),
        home_visit=HomeVisit(kept["home_visit"]),
        lines=tuple(
            CaseLine(
                service=line["service"],
                quantity=line["quantity"],
                outcome=Outcome(line["outcome"]),
                operations=tuple(line.get("operations", ())),
                machines=line.get("machines", 1),
            )
            for line in lines
        ),
    )
    ceiling = kept.get("travel_ceiling_cents")
    catalogue = Catalogue(
        version="",
        services={line["service"]: _service(line) for line in lines},
        vat_permille=kept["vat_permille"],
        travel_ceilings={} if ceiling is None else {territory: ceiling},
    )
    return decide(case, catalogue)


def decision_to_json(decision: Decision) -> str:
    """Return what was decided as canonical JSON; services, quantities and prices stand in the inputs already."""
    result: dict[str, Any] = {
        "lines": [
            {
                "rule": line.rule,
                "article": line.article,
                "amount_cents": line.amount_cents,
                "vat_cents": line.vat_cents,
            }
            for line in decision.lines
        ],
        "total_cents": decision.total_cents,
        "vat_cents": decision.vat_cents,
    }
    if decision.travel_ceiling_cents is not None:
        result["travel_ceiling_cents"] = decision.travel_ceiling_cents
    return plain(result)


def fingerprint(inputs: str, result: str) -> str:
    """Return the SHA-256, hexadecimal, that ties a stored decision to the log."""
    return sha256(f"{inputs}\n{result}".encode()).hexdigest()


def decision_from_json(inputs: str, result: str) -> Decision:
    """Return a stored decision; KeyError, ValueError where it is damaged."""
    kept = json.loads(result)
    return Decision(
        lines=tuple(
            DecidedLine(
                service=given["service"],
                rule=Rule(line["rule"]),
                article=line["article"],
                amount_cents=line["amount_cents"],
                unit_price_cents=given["unit_price_cents"],
                quantity=given["quantity"],
                vat_cents=line["vat_cents"],
            )
            for line, given in zip(kept["lines"], json.loads(inputs)["lines"], strict=True)
        ),
        total_cents=kept["total_cents"],
        vat_cents=kept["vat_cents"],
        travel_ceiling_cents=kept.get("travel_ceiling_cents"),
    )


def _service(line: Mapping[str, Any]) -> Service:
    return Service(
        code=line["service"],
        domain="",
        label_fr="",
        label_en="",
        short_fr="",
        short_en="",
        unit=Unit(line["unit"]),
        price_cents=line["unit_price_cents"],
        pro_only=line.get("pro_only", False),
        needs_computer=False,
        foreign_equipment=False,
        words=(),
        conditions=(),
        valid_from=date.min,
    )
