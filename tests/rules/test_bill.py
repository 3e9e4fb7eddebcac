"""What a decision adds to the bill, and a correction to what was billed before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.bill import Bill, BillLine, bill
from agent_desk.rules.billing import DecidedLine, Decision, Rule, decide
from tests.support.reference import CATALOGUE, cases


def line(service: str, amount: int, rule: Rule = Rule.SOLVED) -> DecidedLine:
    return DecidedLine(service, rule, "5", amount, 7900, 1, amount // 6)


def decision(*lines: DecidedLine) -> Decision:
    return Decision(lines, sum(one.amount_cents for one in lines), sum(one.vat_cents for one in lines), None)


def test_what_is_billed_is_a_line_and_what_costs_nothing_is_counted() -> None:
    added = bill(decision(line("a", 7900), line("b", 0, Rule.OFFERED), line("c", 2900)))
    assert [(one.position, one.service, one.amount_cents) for one in added.lines] == [(1, "a", 7900), (3, "c", 2900)]
    assert (added.zeros, added.total_cents, added.vat_cents) == (1, 10800, 1799)
    assert {one.corrects for one in added.lines} == {None}


def test_a_correction_is_the_difference_and_names_the_line_it_corrects() -> None:
    before = decision(line("a", 7900), line("b", 2900))
    added = bill(decision(line("a", 0, Rule.FAILED_SESSION_NOT_BILLED), line("b", 2900)), before)
    assert added == Bill((BillLine(1, "a", 1, 7900, -7900, -1316, "failed_session_not_billed", "5", 1),), 1)


def test_a_correction_upwards_refers_to_a_line_that_cost_nothing() -> None:
    added = bill(decision(line("a", 7900)), decision(line("a", 0, Rule.FAILED_SESSION_NOT_BILLED)))
    assert [(one.amount_cents, one.corrects) for one in added.lines] == [(7900, 1)]


def test_another_service_in_its_place_takes_the_old_one_back() -> None:
    added = bill(decision(line("b", 2900)), decision(line("a", 7900), line("c", 1900)))
    assert [(one.position, one.service, one.amount_cents, one.corrects) for one in added.lines] == [
        (1, "b", 2900, None),
        (2, "a", -7900, 1),
        (3, "c", -1900, 2),
    ]


@pytest.mark.parametrize("corrections", [1, 3])
@given(data=st.data())
def test_after_any_corrections_the_bill_holds_what_was_decided_last(corrections: int, data: st.DataObject) -> None:
    decisions = [decide(data.draw(cases()), CATALOGUE) for _ in range(corrections + 1)]
    added = [bill(new, old) for new, old in zip(decisions, [None, *decisions], strict=False)]
    assert sum(one.total_cents for one in added) == decisions[-1].total_cents
    assert sum(one.vat_cents for one in added) == decisions[-1].vat_cents
    for one in added:
        assert len({of.position for of in one.lines}) == len(one.lines)
        assert all(of.amount_cents or of.vat_cents for of in one.lines)
