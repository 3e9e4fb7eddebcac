"""Section 2 of the terms: 23 services, and what a line may ask of each."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.billing import Case
from agent_desk.rules.catalogue import (
    FaultCode,
    Unit,
    line_faults,
    lines_faults,
)
from agent_desk.rules.session import Segment
from agent_desk.wording import load_wording
from tests.support.reference import CATALOGUE, cases

# Section 2 once more, by hand: euros, unit, Pro only.
TERMS = {
    "livebox.connect-device": (29, "session", False),
    "webmail.training": (19, "session", False),
    "orange-software.protection": (0, "session", False),
    "orange-software.applications": (19, "session", False),
    "tv.advanced-use": (19, "session", False),
    "phone.setup": (19, "session", False),
    "orange-services.cloud": (19, "session", False),
    "mobile.setup": (19, "session", False),
    "mail.software": (49, "session", False),
    "mail.account": (29, "account", False),
    "mail.account-own-domain": (49, "account", True),
    "security.antivirus": (49, "computer", False),
    "security.virus-removal": (79, "computer", False),
    "software.windows-setup": (49, "session", False),
    "software.application": (49, "session", False),
    "devices.mobile-wifi": (29, "session", False),
    "devices.multimedia-wifi": (29, "session", False),
    "devices.computer-peripheral": (49, "session", False),
    "network.home": (79, "session", False),
    "network.router": (49, "session", False),
    "network.livebox-advanced": (29, "session", False),
    "network.livebox-integration": (49, "session", True),
    "help.usage": (49, "session", False),
}
WITHOUT_COMPUTER = {
    "livebox.connect-device",
    "tv.advanced-use",
    "phone.setup",
    "orange-services.cloud",
    "mobile.setup",
    "devices.mobile-wifi",
    "devices.multimedia-wifi",
    "network.router",
    "network.livebox-advanced",
    "network.livebox-integration",
}
BOUGHT_ELSEWHERE = {
    "devices.mobile-wifi",
    "devices.multimedia-wifi",
    "devices.computer-peripheral",
    "network.router",
}


@dataclass(frozen=True)
class Asked:
    """A line nobody has checked yet."""

    service: str
    quantity: int = 1
    operations: tuple[str, ...] = ()
    machines: int = 1


def codes(line: Asked, segment: Segment = Segment.RESIDENTIAL) -> list[tuple[str, str]]:
    return [(fault.code.value, fault.path) for fault in line_faults(line, segment, CATALOGUE)]


def test_the_services_prices_units_and_limits_are_those_of_the_terms() -> None:
    found = {code: (one.price_cents // 100, one.unit, one.pro_only) for code, one in CATALOGUE.services.items()}
    assert found == TERMS
    assert list(found) == list(TERMS)
    assert all(one.price_cents % 100 == 0 for one in CATALOGUE.services.values())


def test_a_computer_is_needed_where_the_terms_say_so() -> None:
    assert {code for code, one in CATALOGUE.services.items() if not one.needs_computer} == WITHOUT_COMPUTER


def test_equipment_bought_elsewhere_is_known() -> None:
    assert {code for code, one in CATALOGUE.services.items() if one.foreign_equipment} == BOUGHT_ELSEWHERE


@pytest.mark.parametrize(
    "line", [Asked("mail.account", 1), Asked("mail.account", 99), Asked("network.home", machines=3)]
)
def test_what_the_terms_allow_has_no_fault(line: Asked) -> None:
    assert codes(line) == []


@pytest.mark.parametrize(
    ("line", "fault", "path"),
    [
        (Asked("mail.unknown"), "unknown_service", "service"),
        (Asked("mail.account-own-domain"), "pro_only", "service"),
        (Asked("mail.account", 0), "quantity_out_of_range", "quantity"),
        (Asked("mail.account", -1), "quantity_out_of_range", "quantity"),
        (Asked("mail.account", 100), "quantity_out_of_range", "quantity"),
        (Asked("mail.software", 100), "quantity_out_of_range", "quantity"),
        (Asked("mail.software", 2), "quantity_always_one", "quantity"),
        (Asked("security.virus-removal"), "operations_missing", "operations"),
        (Asked("security.virus-removal", operations=("reinstall",)), "operations_unknown", "operations"),
        (Asked("security.virus-removal", operations=("removal", "removal")), "operations_twice", "operations"),
        (Asked("security.antivirus", operations=("removal",)), "operations_unknown", "operations"),
        (Asked("network.home", machines=0), "machines_out_of_range", "machines"),
        (Asked("network.home", machines=4), "machines_out_of_range", "machines"),
        (Asked("network.router", machines=2), "machines_out_of_range", "machines"),
    ],
)
def test_what_they_do_not_allow_is_named(line: Asked, fault: str, path: str) -> None:
    assert codes(line) == [(fault, path)]


def test_several_faults_of_one_line_are_all_named() -> None:
    line = Asked("mail.account-own-domain", 0, ("removal",), 2)
    assert [path for _, path in codes(line)] == ["service", "quantity", "operations", "machines"]


def test_professionals_get_the_pro_services() -> None:
    assert codes(Asked("mail.account-own-domain"), Segment.PRO) == []


def test_lines_are_named_by_their_place() -> None:
    faults = lines_faults([Asked("mail.account"), Asked("mail.account", 0)], Segment.PRO, CATALOGUE)
    assert [(fault.code, fault.path) for fault in faults] == [(FaultCode.QUANTITY_OUT_OF_RANGE, "lines[1].quantity")]


@pytest.mark.parametrize(("count", "fault"), [(0, "no_lines"), (1, None), (99, None), (100, "too_many_lines")])
def test_a_session_has_one_to_99_lines(count: int, fault: str | None) -> None:
    faults = lines_faults([Asked("mail.account")] * count, Segment.PRO, CATALOGUE)
    assert [(one.code, one.path) for one in faults] == ([(fault, "lines")] if fault else [])


@given(cases())
def test_cases_that_can_be_sold_have_no_fault(case: Case) -> None:
    assert lines_faults(case.lines, case.segment, CATALOGUE) == ()


@given(st.text(max_size=20), st.integers(), st.lists(st.text(max_size=9), max_size=3), st.integers())
def test_whatever_is_asked_gets_an_answer(service: str, quantity: int, operations: list[str], machines: int) -> None:
    for code in (service, "security.virus-removal"):
        faults = line_faults(Asked(code, quantity, tuple(operations), machines), Segment.PRO, CATALOGUE)
        assert all(fault.path in {"service", "quantity", "operations", "machines"} for fault in faults)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_everything_shown_has_words_in_both_languages(language: str) -> None:
    wording = load_wording(language)
    assert all(wording.has(f"faults.{code}") for code in FaultCode)
    assert all(wording.has(f"units.{unit}") for unit in Unit)
    for service in CATALOGUE.services.values():
        assert wording.has(f"domains.{service.domain}")
        assert service.label(language)
        assert len(service.short(language)) <= 24
        assert all(one.question(language).endswith("?") and one.answer(language) for one in service.conditions)


def test_names_and_questions_come_in_the_language_asked_for() -> None:
    service = CATALOGUE.services["mail.account"]
    assert service.label("fr") == "Installer un compte de messagerie"
    assert service.label("en") == "Install a mail account"
    assert (service.short("fr"), service.short("en")) == ("Compte de messagerie", "Mail account")
    assert service.conditions[0].question("fr") == "Combien\u202f?"
    assert service.conditions[0].question("en") == "How much?"


def test_conditions_name_the_price_in_force() -> None:
    first = CATALOGUE.services["mail.account"].conditions[0]
    assert "29,00\u00a0€" in first.answer("fr")
    assert "€29.00" in first.answer("en")
    assert first.article == "5"
