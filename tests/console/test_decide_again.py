"""`deskctl decide` beside a second reading of section 3 that shares no code with the first."""

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given, settings

from agent_desk.rules.billing import Case, CaseLine
from tests.support.deskctl import deskctl
from tests.support.reference import cases

# Section 2 of the terms, in euros; what is missing here costs what its group costs.
EUROS = {
    "livebox.connect-device": 29, "orange-software.protection": 0, "mail.software": 49, "mail.account": 29,
    "mail.account-own-domain": 49, "security.antivirus": 49, "security.virus-removal": 79, "software": 49,
    "devices": 29, "devices.computer-peripheral": 49, "network.home": 79, "network.router": 49,
    "network.livebox-advanced": 29, "network.livebox-integration": 49, "help.usage": 49,
}  # fmt: skip
CEILING = {"metropole": 6900, "alsace-moselle": 6900, "guyane": 5750}
OVERSEAS_CEILING = 6239


def price(service: str) -> int:
    group = service.partition(".")[0]
    return 100 * EUROS.get(service, EUROS.get(group, 19))


def line_as_read(line: CaseLine, visit: str) -> tuple[str, str, int]:
    """Return rule, article and amount of one line, in the order of the table of section 3."""
    full = price(line.service) * line.quantity
    if line.outcome == "not_performed":
        return "not_performed", "5", 0
    if not full:
        return "offered", "3.3", 0
    if "removal" in line.operations:
        return "virus_removal_always_billed", "4.9", full
    if line.outcome == "solved":
        return "solved", "5", full
    return ("only_home_visit_billed", "4.8", 0) if visit == "accepted" else ("failed_session_not_billed", "4.9", 0)


def vat(cents: int) -> int:
    return int((cents - cents / Decimal("1.20")).quantize(Decimal(1), ROUND_HALF_UP))


def written(case: Case) -> bytes:
    lines: list[dict[str, Any]] = [
        {"service": line.service, "quantity": line.quantity, "outcome": line.outcome}
        | ({"operations": list(line.operations)} if line.operations else {})
        | ({"machines": line.machines} if line.machines != 1 else {})
        for line in case.lines
    ]
    named = {"territory": case.territory, "segment": case.segment, "home_visit": case.home_visit}
    return json.dumps(named | {"lines": lines}).encode()


@settings(max_examples=50)
@given(cases())
def test_every_case_is_decided_as_the_terms_read(case: Case) -> None:
    said = deskctl("decide", "-", "--json", given=written(case))
    assert said.status == 0
    answer = said.json
    read = [line_as_read(line, case.home_visit) for line in case.lines]
    assert [(line["rule"], line["article"], line["amount_cents"]) for line in answer["lines"]] == read
    assert [(line["service"], line["unit_price_cents"], line["quantity"]) for line in answer["lines"]] == [
        (line.service, price(line.service), line.quantity) for line in case.lines
    ]
    assert answer["total_cents"] == sum(amount for _rule, _article, amount in read)
    assert answer["vat_cents"] == sum(vat(amount) for _rule, _article, amount in read)
    visit = CEILING.get(case.territory, OVERSEAS_CEILING) if case.home_visit == "accepted" else None
    assert answer["travel_ceiling_cents"] == visit
    assert len(answer["reasons"]) == len(case.lines)
