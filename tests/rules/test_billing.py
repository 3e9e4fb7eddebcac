"""Section 3 of the terms: one decision per line, the first rule that matches wins."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.billing import (
    ARTICLE,
    RULES,
    Case,
    CaseLine,
    DecidedLine,
    Decision,
    InvalidCase,
    Rule,
    case_faults,
    decide,
    needs_visit,
)
from agent_desk.rules.catalogue import REMOVAL, VIRUS_REMOVAL, Catalogue, Fault, FaultCode
from agent_desk.rules.session import HomeVisit, Outcome, Segment, Territory
from agent_desk.wording import load_wording
from tests.support.reference import BEGUN_AND_UNSOLVED, CATALOGUE, cases

EXAMPLES = json.loads((Path(__file__).parents[1] / "cases" / "billing.json").read_text(encoding="utf-8"))
LIVEBOX = "livebox.connect-device"
OFFERED = "orange-software.protection"
VIRUS = ("removal",)
FAILED = (Outcome.NOT_SOLVED, Outcome.ACCESS_LOST, Outcome.INTERRUPTED)


def case_of(
    *lines: CaseLine,
    visit: HomeVisit = HomeVisit.NONE,
    segment: Segment = Segment.RESIDENTIAL,
    territory: Territory = Territory.METROPOLE,
) -> Case:
    return Case(territory, segment, visit, lines)


def rule_of(
    service: str, outcome: Outcome, visit: HomeVisit = HomeVisit.NONE, operations: tuple[str, ...] = ()
) -> Rule:
    """Decide one line beside an unsolved one, so that any visit is possible."""
    other = CaseLine(LIVEBOX, 1, Outcome.NOT_SOLVED)
    line = CaseLine(service, 1, outcome, operations)
    return decide(case_of(line, other, visit=visit), CATALOGUE).lines[0].rule


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["expect"]["lines"][0]["rule"])
def test_the_examples_of_the_terms_hold(example: dict[str, Any]) -> None:
    given_case, expected = example["case"], example["expect"]
    decision = decide(
        Case(
            Territory(given_case["territory"]),
            Segment(given_case["segment"]),
            HomeVisit(given_case["home_visit"]),
            tuple(
                CaseLine(line["service"], line["quantity"], Outcome(line["outcome"]), tuple(line.get("operations", ())))
                for line in given_case["lines"]
            ),
        ),
        CATALOGUE,
    )
    assert [
        {"service": line.service, "rule": line.rule, "article": line.article, "amount_cents": line.amount_cents}
        for line in decision.lines
    ] == expected["lines"]
    assert decision.total_cents == expected["total_cents"]
    assert decision.vat_cents == expected["vat_cents"]
    assert decision.travel_ceiling_cents == expected["travel_ceiling_cents"]


@pytest.mark.parametrize(
    ("service", "outcome", "visit", "operations", "rule"),
    [
        pytest.param(LIVEBOX, Outcome.NOT_PERFORMED, HomeVisit.NONE, (), Rule.NOT_PERFORMED, id="not_performed"),
        pytest.param(
            OFFERED, Outcome.NOT_PERFORMED, HomeVisit.NONE, (), Rule.NOT_PERFORMED, id="not_performed before offered"
        ),
        pytest.param(
            VIRUS_REMOVAL, Outcome.NOT_PERFORMED, HomeVisit.ACCEPTED, VIRUS, Rule.NOT_PERFORMED,
            id="not_performed before virus_removal_always_billed",
        ),
        pytest.param(OFFERED, Outcome.SOLVED, HomeVisit.NONE, (), Rule.OFFERED, id="offered"),
        pytest.param(
            OFFERED, Outcome.NOT_SOLVED, HomeVisit.ACCEPTED, (), Rule.OFFERED, id="offered before only_home_visit_billed"
        ),
        *(
            pytest.param(
                VIRUS_REMOVAL, outcome, visit, VIRUS, Rule.VIRUS_REMOVAL_ALWAYS_BILLED,
                id=f"virus_removal_always_billed {outcome} {visit}",
            )
            for outcome in (*FAILED, Outcome.SOLVED)
            for visit in HomeVisit
        ),
        pytest.param(
            VIRUS_REMOVAL, Outcome.NOT_SOLVED, HomeVisit.NONE, ("optimisation", "removal"),
            Rule.VIRUS_REMOVAL_ALWAYS_BILLED, id="virus_removal_always_billed with optimisation",
        ),
        pytest.param(
            VIRUS_REMOVAL, Outcome.SOLVED, HomeVisit.NONE, ("optimisation",), Rule.SOLVED, id="optimisation alone solved"
        ),
        pytest.param(
            VIRUS_REMOVAL, Outcome.NOT_SOLVED, HomeVisit.ACCEPTED, ("optimisation",), Rule.ONLY_HOME_VISIT_BILLED,
            id="optimisation alone and a visit",
        ),
        pytest.param(LIVEBOX, Outcome.SOLVED, HomeVisit.NONE, (), Rule.SOLVED, id="solved"),
        pytest.param(LIVEBOX, Outcome.SOLVED, HomeVisit.ACCEPTED, (), Rule.SOLVED, id="solved beside a visit"),
        *(
            pytest.param(
                LIVEBOX, outcome, HomeVisit.ACCEPTED, (), Rule.ONLY_HOME_VISIT_BILLED,
                id=f"only_home_visit_billed {outcome}",
            )
            for outcome in FAILED
        ),
        *(
            pytest.param(
                LIVEBOX, outcome, visit, (), Rule.FAILED_SESSION_NOT_BILLED,
                id=f"failed_session_not_billed {outcome} {visit}",
            )
            for outcome in FAILED
            for visit in (HomeVisit.NONE, HomeVisit.DECLINED)
        ),
    ],
)  # fmt: skip
def test_first_rule_that_matches_decides(
    service: str, outcome: Outcome, visit: HomeVisit, operations: tuple[str, ...], rule: Rule
) -> None:
    assert rule_of(service, outcome, visit, operations) is rule


def test_each_line_says_what_it_is_made_of() -> None:
    decision = decide(case_of(CaseLine("mail.account", 3, Outcome.SOLVED)), CATALOGUE)
    assert decision == Decision(
        lines=(DecidedLine("mail.account", Rule.SOLVED, "5", 8700, 2900, 3, 1450),),
        total_cents=8700,
        vat_cents=1450,
        travel_ceiling_cents=None,
    )


def test_an_unbilled_line_keeps_its_price_and_quantity() -> None:
    line = decide(case_of(CaseLine("mail.account", 3, Outcome.NOT_SOLVED)), CATALOGUE).lines[0]
    assert (line.amount_cents, line.unit_price_cents, line.quantity, line.vat_cents) == (0, 2900, 3, 0)


@pytest.mark.parametrize(
    ("territory", "ceiling"),
    [
        (Territory.METROPOLE, 6900),
        (Territory.ALSACE_MOSELLE, 6900),
        (Territory.GUADELOUPE, 6239),
        (Territory.MARTINIQUE, 6239),
        (Territory.REUNION, 6239),
        (Territory.MAYOTTE, 6239),
        (Territory.GUYANE, 5750),
    ],
)
def test_a_visit_is_bounded_by_the_ceiling_of_the_territory(territory: Territory, ceiling: int) -> None:
    line = CaseLine(LIVEBOX, 1, Outcome.NOT_SOLVED)
    with_visit = decide(case_of(line, visit=HomeVisit.ACCEPTED, territory=territory), CATALOGUE)
    without = decide(case_of(line, visit=HomeVisit.DECLINED, territory=territory), CATALOGUE)
    assert (with_visit.travel_ceiling_cents, without.travel_ceiling_cents) == (ceiling, None)


def test_vat_is_twenty_percent_wherever_the_customer_lives() -> None:
    line = CaseLine("network.home", 1, Outcome.SOLVED, machines=3)
    assert {decide(case_of(line, territory=where), CATALOGUE).vat_cents for where in Territory} == {1317}


def test_machines_of_a_home_network_are_not_multiplied() -> None:
    amounts = [
        decide(case_of(CaseLine("network.home", 1, Outcome.SOLVED, machines=count)), CATALOGUE).total_cents
        for count in (1, 2, 3)
    ]
    assert amounts == [7900, 7900, 7900]


@pytest.mark.parametrize(
    ("outcome", "may"),
    [
        (Outcome.SOLVED, False),
        (Outcome.NOT_PERFORMED, False),
        (Outcome.NOT_SOLVED, True),
        (Outcome.ACCESS_LOST, True),
        (Outcome.INTERRUPTED, True),
    ],
)
def test_a_visit_needs_a_line_begun_and_not_solved(outcome: Outcome, may: bool) -> None:
    assert needs_visit([Outcome.SOLVED, outcome]) is may
    case = case_of(CaseLine(LIVEBOX, 1, outcome), visit=HomeVisit.ACCEPTED)
    expected = () if may else (Fault(FaultCode.HOME_VISIT_WITHOUT_NEED, "home_visit"),)
    assert case_faults(case, CATALOGUE) == expected


@pytest.mark.parametrize("visit", [HomeVisit.NONE, HomeVisit.DECLINED])
def test_no_visit_needs_no_unsolved_line(visit: HomeVisit) -> None:
    assert case_faults(case_of(CaseLine(LIVEBOX, 1, Outcome.SOLVED), visit=visit), CATALOGUE) == ()


def test_an_impossible_case_is_refused_with_every_fault_named() -> None:
    case = case_of(
        CaseLine("mail.account", 0, Outcome.SOLVED),
        CaseLine("network.livebox-integration", 1, Outcome.SOLVED),
        visit=HomeVisit.ACCEPTED,
    )
    with pytest.raises(InvalidCase) as refused:
        decide(case, CATALOGUE)
    assert refused.value.faults == (
        Fault(FaultCode.QUANTITY_OUT_OF_RANGE, "lines[0].quantity"),
        Fault(FaultCode.PRO_ONLY, "lines[1].service"),
        Fault(FaultCode.HOME_VISIT_WITHOUT_NEED, "home_visit"),
    )
    assert str(refused.value) == (
        "lines[0].quantity: quantity_out_of_range; lines[1].service: pro_only; home_visit: home_visit_without_need"
    )


def test_every_rule_has_its_place_its_article_and_its_words() -> None:
    assert [rule for rule, _ in RULES] == list(Rule)
    assert set(ARTICLE) == set(Rule)
    for language in ("fr", "en"):
        wording = load_wording(language)
        assert all(wording.text(f"rules.{rule}.reason") and wording.text(f"rules.{rule}.title") for rule in Rule)


@given(cases())
def test_the_total_is_the_sum_of_its_lines_and_never_negative(case: Case) -> None:
    decision = decide(case, CATALOGUE)
    assert decision.total_cents == sum(line.amount_cents for line in decision.lines)
    assert all(line.amount_cents in (0, line.unit_price_cents * line.quantity) for line in decision.lines)
    assert [(line.service, line.quantity) for line in decision.lines] == [
        (line.service, line.quantity) for line in case.lines
    ]


@given(cases())
def test_vat_is_within_half_a_cent_a_line(case: Case) -> None:
    decision = decide(case, CATALOGUE)
    exact = decision.total_cents - Fraction(decision.total_cents) / Fraction(12, 10)
    assert abs(decision.vat_cents - exact) <= Fraction(len(decision.lines), 2)
    assert decision.vat_cents == sum(line.vat_cents for line in decision.lines)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(case: Case, random: Random) -> None:
    shuffled = list(case.lines)
    random.shuffle(shuffled)
    before, after = decide(case, CATALOGUE), decide(replace(case, lines=tuple(shuffled)), CATALOGUE)
    assert replace(before, lines=()) == replace(after, lines=())
    assert sorted(map(str, before.lines)) == sorted(map(str, after.lines))


@given(cases(*BEGUN_AND_UNSOLVED, Outcome.NOT_PERFORMED))
def test_a_failed_session_costs_nothing_but_virus_removal(case: Case) -> None:
    for given_line, decided in zip(case.lines, decide(case, CATALOGUE).lines, strict=True):
        removed = REMOVAL in given_line.operations and given_line.outcome is not Outcome.NOT_PERFORMED
        assert decided.amount_cents == (7900 * given_line.quantity if removed else 0)


@given(cases(), st.sampled_from(HomeVisit))
def test_virus_removal_is_billed_in_every_case_once_begun(case: Case, visit: HomeVisit) -> None:
    virus = CaseLine(VIRUS_REMOVAL, 2, Outcome.NOT_SOLVED, ("removal",))
    decision = decide(replace(case, home_visit=visit, lines=(*case.lines, virus)), CATALOGUE)
    assert decision.lines[-1].amount_cents == 2 * 7900


@given(cases())
def test_a_visit_never_makes_a_session_dearer(case: Case) -> None:
    without = decide(replace(case, home_visit=HomeVisit.NONE), CATALOGUE)
    assert decide(case, CATALOGUE).total_cents == without.total_cents


def test_a_price_of_nothing_is_offered_whatever_the_service() -> None:
    virus = CATALOGUE.services[VIRUS_REMOVAL]
    offered = Catalogue("x", {VIRUS_REMOVAL: replace(virus, price_cents=0)}, 200)
    line = CaseLine(VIRUS_REMOVAL, 1, Outcome.NOT_SOLVED, ("removal",))
    assert decide(case_of(line), offered).lines[0].rule is Rule.OFFERED
