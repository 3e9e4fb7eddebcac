"""Section 5: what must be there before a session goes on, enforced and explained."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent_desk.rules.gate_checks import after_hours, screen_sharing
from agent_desk.rules.gates import (
    Blocker,
    Gate,
    GateFacts,
    answered,
    blockers,
    current,
    may_see_screen,
    price_fingerprint,
    to_collect,
)
from agent_desk.rules.identity import equipment_key
from agent_desk.rules.platforms import Platform
from agent_desk.rules.session import (
    Answer,
    Channel,
    Closing,
    Consent,
    ConsentKind,
    Content,
    Customer,
    Feasibility,
    HomeVisit,
    Line,
    Outcome,
    Prerequisites,
    Segment,
    State,
    Step,
    Territory,
    VirusTool,
)
from agent_desk.wording import load_wording
from tests.support.reference import CATALOGUE, REFERENCE

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
VIRUS = Line("security.virus-removal", operations=("removal",), outcome=Outcome.SOLVED)
PRINTER = Line(
    "devices.computer-peripheral", equipment="HP 3630", feasibility=Feasibility.YES, outcome=Outcome.NOT_SOLVED
)
CUSTOMER = Customer(
    surname="Morvan",
    first_name="Claire",
    address="1 rue de l’Exemple",
    postcode="35000",
    city="Rennes",
    login="claire.morvan",
    customer_number="482 915 307",
    callback_number="01 99 00 12 34",
    email="claire.morvan@example.org",
    subscription=True,
)
PREREQUISITES = Prerequisites(
    platform="windows-10", discs=True, conformity=True, internet_working=True, virus_tool=VirusTool.FREE
)
ANSWERS = {
    ConsentKind.WARRANTY: Answer.YES,
    ConsentKind.BACKUP: Answer.DONE,
    ConsentKind.EARLY_START: Answer.YES,
    ConsentKind.EARLY_START_WAIVER: Answer.YES,
    ConsentKind.PRICE: Answer.YES,
}


def consent(kind: ConsentKind, answer: Answer, channel: Channel = Channel.VOICE, **more: Any) -> Consent:
    values: dict[str, Any] = {"at": NOON, "recorded_by": "agent", "text_version": 1, "text_sha256": "00"} | more
    return Consent(kind=kind, answer=answer, channel=channel, **values)


def facts_of(
    *lines: Line,
    customer: Customer = CUSTOMER,
    prerequisites: Prerequisites = PREREQUISITES,
    closing: Closing | None = None,
    answers: dict[ConsentKind, Answer] | None = None,
    **more: Any,
) -> GateFacts:
    """Return facts nothing is missing from, for the lines given (a virus and a printer when none are)."""
    lines = lines or (VIRUS, PRINTER)
    covers = price_fingerprint(lines, CATALOGUE)
    given = ANSWERS | (answers or {})
    values: dict[str, Any] = {
        "content": Content(customer=customer, lines=lines, prerequisites=prerequisites, closing=closing or Closing()),
        "consents": tuple(consent(kind, answer, covers=covers) for kind, answer in given.items()),
        "catalogue": CATALOGUE,
        "platforms": REFERENCE.platforms,
        "now": NOON,
    }
    return GateFacts(**(values | more))


def missing(target: State, facts: GateFacts) -> list[tuple[str, str, str]]:
    return [(blocker.code.value, blocker.field, blocker.article) for blocker in blockers(target, facts)]


def customer(**changes: Any) -> Callable[[], GateFacts]:
    return lambda: facts_of(customer=replace(CUSTOMER, **changes))


def prerequisites(*lines: Line, **changes: Any) -> Callable[[], GateFacts]:
    return lambda: facts_of(*lines, prerequisites=replace(PREREQUISITES, **changes))


def line(of: Line, **changes: Any) -> Callable[[], GateFacts]:
    return lambda: facts_of(replace(of, **changes))


def closing(*lines: Line, **changes: Any) -> Callable[[], GateFacts]:
    return lambda: facts_of(*lines, closing=Closing(**changes))


def answer(kind: ConsentKind, given: Answer) -> Callable[[], GateFacts]:
    return lambda: facts_of(answers={kind: given})


WORKING = [State.QUALIFIED, State.FEASIBILITY, State.AGREED, State.SCHEDULED, State.IN_PROGRESS, State.CLOSED]


@pytest.mark.parametrize("target", [*WORKING, State.DRAFT, State.CANCELLED, State.WITHDRAWN])
def test_nothing_blocks_when_nothing_is_missing(target: State) -> None:
    assert missing(target, facts_of()) == []


@pytest.mark.parametrize(
    ("make", "gate", "field", "article"),
    [
        (customer(surname=" "), "surname", "customer.surname", "3.2"),
        (customer(first_name=""), "first_name", "customer.first_name", "3.2"),
        (customer(address=""), "address", "customer.address", "3.2"),
        (customer(postcode=""), "address", "customer.postcode", "3.2"),
        (customer(city=""), "address", "customer.city", "3.2"),
        (customer(login=""), "login", "customer.login", "3.2"),
        (customer(customer_number="12345678"), "customer_number", "customer.customer_number", "3.2"),
        (customer(callback_number="12"), "callback_number", "customer.callback_number", "3.2"),
        (customer(email=""), "email", "customer.email", "4.7"),
        (customer(email="nowhere"), "email", "customer.email", "4.7"),
        (customer(email="nowhere", no_email_reason="refused"), "email", "customer.email", "4.7"),
        (
            customer(caller_is_holder=False, holder_permission=True),
            "caller",
            "customer.caller_name",
            "3.2",
        ),
        (
            customer(caller_is_holder=False, caller_name="Paul"),
            "holder_permission",
            "customer.holder_permission",
            "3.2",
        ),
        (
            customer(caller_is_holder=False, caller_name="Paul", holder_permission=False),
            "holder_permission",
            "customer.holder_permission",
            "3.2",
        ),
        (customer(subscription=None), "subscription", "customer.subscription", "2.1"),
        (customer(subscription=False), "subscription", "customer.subscription", "2.1"),
        (line(Line("mail.account-own-domain")), "pro_only", "lines[0].service", "3.3"),
        (line(Line("nothing.known")), "unknown_service", "lines[0].service", "3.3"),
        (line(Line("mail.account"), quantity=100), "quantity", "lines[0].quantity", "3.3"),
        (line(Line("mail.software"), quantity=2), "quantity", "lines[0].quantity", "3.3"),
        (line(VIRUS, operations=()), "operations", "lines[0].operations", "3.3"),
        (line(VIRUS, operations=("removal", "removal")), "operations", "lines[0].operations", "3.3"),
        (line(VIRUS, operations=("removal", "magic")), "operations", "lines[0].operations", "3.3"),
        (line(Line("network.home"), machines=4), "machines", "lines[0].machines", "3.3"),
        (lambda: facts_of(*[VIRUS] * 100), "services", "lines", "3.3"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("target", [State.QUALIFIED, State.FEASIBILITY, State.AGREED, State.IN_PROGRESS])
def test_a_request_needs_who_and_what(
    target: State, make: Callable[[], GateFacts], gate: str, field: str, article: str
) -> None:
    assert missing(target, make()) == [(gate, field, article)]


def test_a_request_needs_a_service() -> None:
    facts = facts_of()
    empty = replace(facts, content=replace(facts.content, lines=()))
    assert missing(State.QUALIFIED, empty) == [("services", "lines", "3.3")]


def test_a_reason_stands_for_the_address_there_is_none_of() -> None:
    assert missing(State.QUALIFIED, customer(email="", no_email_reason="no_address")()) == []


def test_somebody_else_may_call_with_the_holders_permission() -> None:
    named = customer(caller_is_holder=False, caller_name="Paul Morvan", holder_permission=True)
    assert missing(State.AGREED, named()) == []


def test_professionals_may_order_pro_services() -> None:
    facts = facts_of(Line("mail.account-own-domain"), customer=replace(CUSTOMER, segment=Segment.PRO))
    assert missing(State.AGREED, facts) == []


@pytest.mark.parametrize(
    ("make", "gate", "field", "article"),
    [
        (prerequisites(platform=""), "platform", "prerequisites.platform", "4.1"),
        (prerequisites(platform="amiga"), "platform", "prerequisites.platform", "4.1"),
        (prerequisites(platform="macos"), "platform_feasibility", "prerequisites.platform_feasibility", "4.1"),
        (
            prerequisites(platform="mac-os-x", platform_feasibility=Feasibility.ASKED),
            "platform_feasibility",
            "prerequisites.platform_feasibility",
            "4.1",
        ),
        (
            prerequisites(platform="other", platform_feasibility=Feasibility.NO),
            "not_feasible",
            "prerequisites.platform_feasibility",
            "4.1",
        ),
        (line(PRINTER, equipment=" "), "equipment", "lines[0].equipment", "4.4"),
        (
            line(PRINTER, feasibility=Feasibility.NOT_ASKED),
            "equipment_feasibility",
            "lines[0].feasibility",
            "4.4",
        ),
        (line(PRINTER, feasibility=Feasibility.ASKED), "equipment_feasibility", "lines[0].feasibility", "4.4"),
        (line(PRINTER, feasibility=Feasibility.NO), "not_feasible", "lines[0].feasibility", "4.4"),
        (line(Line("network.router")), "equipment", "lines[0].equipment", "4.4"),
        (prerequisites(discs=None), "discs", "prerequisites.discs", "3.3"),
        (prerequisites(discs=False), "discs", "prerequisites.discs", "3.3"),
        (prerequisites(conformity=None), "conformity", "prerequisites.conformity", "4.2"),
        (prerequisites(conformity=False), "conformity", "prerequisites.conformity", "4.2"),
        (prerequisites(internet_working=None), "internet", "prerequisites.internet_working", "3.3"),
        (prerequisites(internet_working=False), "internet", "prerequisites.internet_working", "3.3"),
        (prerequisites(virus_tool=VirusTool.UNKNOWN), "virus_tool", "prerequisites.virus_tool", "3.3"),
        (
            prerequisites(virus_tool=VirusTool.OWN_UNLICENSED),
            "virus_licence",
            "prerequisites.virus_tool",
            "3.3",
        ),
        (answer(ConsentKind.WARRANTY, Answer.NO), "warranty", "consents.warranty", "4.10"),
        (answer(ConsentKind.WARRANTY, Answer.WITHDRAWN), "warranty", "consents.warranty", "4.10"),
        (answer(ConsentKind.PRICE, Answer.NO), "price", "consents.price", "3.3"),
        (answer(ConsentKind.PRICE, Answer.WITHDRAWN), "price", "consents.price", "3.3"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("target", [State.AGREED, State.SCHEDULED, State.IN_PROGRESS])
def test_an_agreement_needs_what_the_work_needs(
    target: State, make: Callable[[], GateFacts], gate: str, field: str, article: str
) -> None:
    assert missing(target, make()) == [(gate, field, article)]


def test_a_request_may_wait_for_what_the_agreement_needs() -> None:
    assert missing(State.FEASIBILITY, prerequisites(platform="macos", discs=None)()) == []


@pytest.mark.parametrize(
    "platform", ["windows-xp", "windows-vista", "windows-7", "windows-8.1", "windows-10", "windows-11"]
)
def test_windows_is_worked_on_at_once(platform: str) -> None:
    assert missing(State.AGREED, prerequisites(platform=platform)()) == []


@pytest.mark.parametrize("platform", ["mac-os-x", "macos", "other"])
def test_other_systems_are_worked_on_once_found_feasible(platform: str) -> None:
    assert missing(State.AGREED, prerequisites(platform=platform, platform_feasibility=Feasibility.YES)()) == []


def test_a_supported_system_that_nobody_need_ask_about_is_ready() -> None:
    plain = Platform("x", "X", "X", supported=True, screen_sharing=True, feasibility_needed=False, source="")
    assert plain.ready
    assert not replace(plain, supported=False).ready
    assert not replace(plain, feasibility_needed=True).ready


def test_no_computer_is_asked_for_where_none_is_needed() -> None:
    assert missing(State.AGREED, prerequisites(Line("tv.advanced-use"), platform="")()) == []


def test_an_answer_serves_every_line_about_the_same_equipment() -> None:
    other = Line("devices.mobile-wifi", equipment="hp-3630")
    assert missing(State.AGREED, facts_of(PRINTER, other)) == []


def test_an_earlier_answer_for_the_same_equipment_serves() -> None:
    asked = replace(PRINTER, feasibility=Feasibility.NOT_ASKED)
    known = frozenset({equipment_key("hp 3630")})
    assert missing(State.AGREED, facts_of(asked, known_equipment=known)) == []


def test_a_refusal_today_outweighs_an_earlier_answer() -> None:
    refused = replace(PRINTER, feasibility=Feasibility.NO)
    facts = facts_of(refused, known_equipment=frozenset({equipment_key("hp 3630")}))
    assert missing(State.AGREED, facts) == [("not_feasible", "lines[0].feasibility", "4.4")]


def test_optimising_alone_needs_no_tool_against_viruses() -> None:
    optimised = replace(VIRUS, operations=("optimisation",))
    assert missing(State.AGREED, prerequisites(optimised, internet_working=None, virus_tool=VirusTool.UNKNOWN)()) == []


def test_a_licensed_tool_of_the_customer_may_be_used() -> None:
    assert missing(State.AGREED, prerequisites(virus_tool=VirusTool.OWN_LICENSED)()) == []


@pytest.mark.parametrize(
    "changed",
    [
        (VIRUS,),
        (VIRUS, PRINTER, Line("help.usage")),
        (replace(VIRUS, quantity=2), PRINTER),
        (replace(VIRUS, operations=("removal", "optimisation")), PRINTER),
    ],
)
@pytest.mark.parametrize("target", [State.AGREED, State.IN_PROGRESS, State.CLOSED])
def test_a_changed_order_is_accepted_again(target: State, changed: tuple[Line, ...]) -> None:
    facts = facts_of()
    ended = tuple(replace(one, outcome=Outcome.SOLVED) for one in changed)
    facts = replace(facts, content=replace(facts.content, lines=ended))
    assert missing(target, facts) == [("price_changed", "consents.price", "3.3")]


def test_the_price_accepted_does_not_depend_on_order_outcome_or_equipment() -> None:
    both = ("removal", "optimisation")
    one = price_fingerprint([replace(VIRUS, operations=both), PRINTER], CATALOGUE)
    other = [replace(PRINTER, equipment="x", outcome=None), replace(VIRUS, operations=both[::-1])]
    assert price_fingerprint(other, CATALOGUE) == one


def test_the_price_accepted_is_that_of_the_catalogue() -> None:
    dearer = replace(CATALOGUE.services[VIRUS.service], price_cents=8000)
    raised = replace(CATALOGUE, services={**CATALOGUE.services, VIRUS.service: dearer})
    assert price_fingerprint([VIRUS], raised) != price_fingerprint([VIRUS], CATALOGUE)
    assert price_fingerprint([Line("gone")], raised) == price_fingerprint([Line("gone")], CATALOGUE)


@pytest.mark.parametrize(
    ("kind", "given", "gate", "article"),
    [
        (ConsentKind.BACKUP, Answer.NO, "backup", "4.3"),
        (ConsentKind.BACKUP, Answer.WITHDRAWN, "backup", "4.3"),
        (ConsentKind.EARLY_START, Answer.NO, "early_start", "10"),
        (ConsentKind.EARLY_START_WAIVER, Answer.WITHDRAWN, "early_start_waiver", "10"),
    ],
)
def test_work_needs_the_customers_statements(kind: ConsentKind, given: Answer, gate: str, article: str) -> None:
    facts = facts_of(answers={kind: given})
    assert missing(State.IN_PROGRESS, facts) == [(gate, f"consents.{kind}", article)]
    assert missing(State.AGREED, facts) == []


def test_no_backup_is_accepted_with_its_consequences() -> None:
    assert missing(State.IN_PROGRESS, facts_of(answers={ConsentKind.BACKUP: Answer.NONE_ACCEPTED})) == []


NO_EARLY_START = {ConsentKind.EARLY_START: Answer.NO, ConsentKind.EARLY_START_WAIVER: Answer.NO}


def test_professionals_need_no_early_start_statements() -> None:
    facts = facts_of(customer=replace(CUSTOMER, segment=Segment.PRO), answers=NO_EARLY_START)
    assert missing(State.IN_PROGRESS, facts) == []


@pytest.mark.parametrize(("days", "gates"), [(14, ["early_start", "early_start_waiver"]), (18, [])])
def test_work_may_start_once_the_withdrawal_period_is_over(days: int, gates: list[str]) -> None:
    facts = facts_of(answers=NO_EARLY_START, agreed_at=NOON - timedelta(days=days))
    assert [code for code, _, _ in missing(State.IN_PROGRESS, facts)] == gates


def test_a_site_may_publish_a_longer_withdrawal() -> None:
    facts = facts_of(answers=NO_EARLY_START, agreed_at=NOON - timedelta(days=18), published_days=30)
    assert [code for code, _, _ in missing(State.IN_PROGRESS, facts)] == ["early_start", "early_start_waiver"]


@pytest.mark.parametrize(
    ("territory", "hour", "blocked"),
    [
        (Territory.METROPOLE, 6, True),
        (Territory.METROPOLE, 7, False),
        (Territory.METROPOLE, 20, True),
        (Territory.REUNION, 4, False),
        (Territory.REUNION, 17, True),
        (Territory.MARTINIQUE, 11, True),
        (Territory.MARTINIQUE, 12, False),
    ],
)
def test_work_begins_between_8_and_21_where_the_customer_is(territory: Territory, hour: int, blocked: bool) -> None:
    facts = facts_of(customer=replace(CUSTOMER, territory=territory), now=NOON.replace(hour=hour))
    expected = [("outside_hours", "call.started_at", "3.2")] if blocked else []
    assert missing(State.IN_PROGRESS, facts) == expected


@pytest.mark.parametrize(
    ("make", "gate", "field", "article"),
    [
        (line(PRINTER, outcome=None), "outcome", "lines[0].outcome", "5"),
        (closing(VIRUS, home_visit=HomeVisit.ACCEPTED), "home_visit", "closing.home_visit", "4.8"),
        (closing(protection_off_at=NOON), "protection", "closing.protection_on_at", "4.5"),
        (
            closing(protection_off_at=NOON, protection_on_at=NOON - timedelta(minutes=1)),
            "protection",
            "closing.protection_on_at",
            "4.5",
        ),
        (lambda: facts_of(code_live=True), "code", "code", "4.6"),
        (lambda: facts_of(share_live=True), "share", "share", "2.2"),
        (
            customer(email="", no_email_reason="no_address"),
            "confirmation",
            "closing.confirmation",
            "4.7",
        ),
        (closing(confirmation="letter"), "confirmation", "closing.confirmation", "4.7"),
        (closing(confirmation="pigeon"), "confirmation", "closing.confirmation", "4.7"),
        (line(Line("nothing.known", outcome=Outcome.SOLVED)), "unknown_service", "lines[0].service", "3.3"),
    ],
)  # fmt: skip
def test_closing_leaves_nothing_open(make: Callable[[], GateFacts], gate: str, field: str, article: str) -> None:
    assert missing(State.CLOSED, make()) == [(gate, field, article)]


@pytest.mark.parametrize("way", ["letter", "sms"])
@pytest.mark.parametrize("reason", ["no_address", "mailbox_broken"])
def test_a_confirmation_goes_another_way_when_it_is_said_why(way: str, reason: str) -> None:
    offline = replace(CUSTOMER, email="", no_email_reason=reason)
    mobile = replace(offline, callback_number="06 12 34 56 78")
    assert missing(State.CLOSED, facts_of(customer=mobile, closing=Closing(confirmation=way))) == []
    without = facts_of(customer=replace(offline, callback_number="02 61 91 12 34"), closing=Closing(confirmation=way))
    lacks = [("mobile", "closing.confirmation", "4.7")] if way == "sms" else []
    assert missing(State.CLOSED, without) == lacks


def test_a_visit_may_follow_what_was_not_solved() -> None:
    assert missing(State.CLOSED, closing(VIRUS, PRINTER, home_visit=HomeVisit.ACCEPTED)()) == []


def test_protection_that_is_on_again_blocks_nothing() -> None:
    on_again = closing(protection_off_at=NOON, protection_on_at=NOON)
    assert missing(State.CLOSED, on_again()) == []


def test_professionals_do_not_withdraw() -> None:
    facts = facts_of(customer=replace(CUSTOMER, segment=Segment.PRO))
    assert missing(State.WITHDRAWN, facts) == [("withdrawal_pro", "customer.segment", "10")]


def test_one_withdraws_in_time() -> None:
    assert missing(State.WITHDRAWN, facts_of(agreed_at=NOON - timedelta(days=14))) == []
    late = facts_of(agreed_at=NOON - timedelta(days=18))
    assert missing(State.WITHDRAWN, late) == [("withdrawal_over", "consents.price", "10")]


CLOSING_STEPS = [
    (line(PRINTER, outcome=None), Step.CLOSING),
    (closing(VIRUS, home_visit=HomeVisit.ACCEPTED), Step.CLOSING),
    (closing(protection_off_at=NOON), Step.CLOSING),
    (lambda: facts_of(code_live=True), Step.INTERVENTION),
    (lambda: facts_of(share_live=True), Step.INTERVENTION),
    (closing(confirmation="letter"), Step.CLOSING),
    (answer(ConsentKind.PRICE, Answer.NO), Step.AGREEMENT),
    (line(Line("nothing.known", outcome=Outcome.SOLVED)), Step.REQUEST),
]


@pytest.mark.parametrize(("make", "step"), CLOSING_STEPS)
def test_what_closing_misses_leads_to_its_step(make: Callable[[], GateFacts], step: Step) -> None:
    assert [blocker.step for blocker in blockers(State.CLOSED, make())] == [step]


def test_a_refused_withdrawal_leads_to_its_reason() -> None:
    pro = facts_of(customer=replace(CUSTOMER, segment=Segment.PRO))
    late = facts_of(agreed_at=NOON - timedelta(days=18))
    assert [blocker.step for blocker in blockers(State.WITHDRAWN, pro)] == [Step.CUSTOMER]
    assert [blocker.step for blocker in blockers(State.WITHDRAWN, late)] == [Step.AGREEMENT]


def test_what_is_asked_during_the_work_leads_to_the_agreement_missing() -> None:
    spoken = consent(ConsentKind.SCREEN_SHARING, Answer.YES)
    facts = facts_of(now=EVENING, started_at=NOON)
    facts = replace(facts, consents=(*facts.consents, spoken))
    assert list(screen_sharing(facts)) == [
        Blocker(Gate.SCREEN_SHARING, Step.INTERVENTION, "consents.screen_sharing", "2.2")
    ]
    assert list(after_hours(facts)) == [Blocker(Gate.AFTER_HOURS, Step.INTERVENTION, "consents.after_hours", "3.2")]


def test_the_fingerprint_of_a_price_never_changes_between_versions() -> None:
    # Consents are kept for years: what they cover must be recognised by later programs.
    assert price_fingerprint([Line("mail.account", 2), Line("gone")], CATALOGUE) == (
        "1dbf6aa4fdd0f40f281ea86915c6c5722937dd620a9bf39035270536c4432358"
    )


def test_what_is_missing_is_told_in_the_order_of_the_steps() -> None:
    facts = GateFacts(
        content=Content(lines=(VIRUS,)),
        consents=(),
        catalogue=CATALOGUE,
        platforms={},
        now=NOON.replace(hour=3),
    )
    steps = [blocker.step for blocker in blockers(State.IN_PROGRESS, facts)]
    assert steps == sorted(steps)
    assert set(steps) == {Step.CUSTOMER, Step.PREREQUISITES, Step.AGREEMENT, Step.INTERVENTION}


def test_the_latest_answer_counts_and_a_withdrawn_one_is_none() -> None:
    yes, no = consent(ConsentKind.PRICE, Answer.YES), consent(ConsentKind.PRICE, Answer.NO)
    gone = consent(ConsentKind.PRICE, Answer.WITHDRAWN)
    assert current((), ConsentKind.PRICE) is None
    assert current((yes,), ConsentKind.WARRANTY) is None
    assert current((yes, no), ConsentKind.PRICE) == no
    assert current((no, yes), ConsentKind.PRICE) == yes
    assert current((yes, gone), ConsentKind.PRICE) is None
    assert current((gone, yes), ConsentKind.PRICE) == yes
    assert answered((yes,), ConsentKind.PRICE, Answer.YES)
    assert not answered((yes,), ConsentKind.PRICE, Answer.NO)


@pytest.mark.parametrize(
    ("given", "channel", "may"),
    [
        (Answer.YES, Channel.PAGE, True),
        (Answer.YES, Channel.VOICE, False),
        (Answer.NO, Channel.PAGE, False),
        (Answer.WITHDRAWN, Channel.PAGE, False),
    ],
)
def test_the_screen_is_seen_only_with_a_yes_given_on_the_page(given: Answer, channel: Channel, may: bool) -> None:
    assert may_see_screen([consent(ConsentKind.SCREEN_SHARING, given, channel)]) is may


def test_without_an_answer_no_screen_is_seen() -> None:
    assert not may_see_screen([])


def collected(facts: GateFacts) -> dict[str, bool]:
    return {item.code: item.done for item in to_collect(facts)}


def test_what_is_to_be_collected_is_shown_done_or_not() -> None:
    assert collected(facts_of()) == dict.fromkeys(
        [
            "identity", "subscription", "platform", "feasibility", "discs", "conformity", "virus_tool", "warranty",
            "backup", "early_start", "price",
        ],
        True,
    )  # fmt: skip


def test_a_plain_request_has_a_short_list() -> None:
    facts = facts_of(
        Line("tv.advanced-use"), customer=replace(CUSTOMER, segment=Segment.PRO, caller_is_holder=False, surname="")
    )
    assert collected(facts) == {
        "identity": False,
        "holder": False,
        "subscription": True,
        "discs": True,
        "conformity": True,
        "warranty": True,
        "backup": True,
        "price": True,
    }


def test_an_item_leads_to_the_first_field_that_is_missing() -> None:
    items = {item.code: item for item in to_collect(customer(login="")())}
    assert (items["identity"].field, items["identity"].step) == ("customer.login", Step.CUSTOMER)
    assert items["price"].field == "consents.price"


def test_a_service_nobody_knows_asks_for_nothing_more() -> None:
    assert "platform" not in collected(facts_of(Line("nothing.known")))


@pytest.mark.parametrize(("channel", "done"), [(Channel.PAGE, True), (Channel.VOICE, False)])
def test_screen_sharing_is_listed_once_asked(channel: Channel, done: bool) -> None:
    facts = facts_of()
    asked = consent(ConsentKind.SCREEN_SHARING, Answer.YES, channel)
    assert collected(replace(facts, consents=(*facts.consents, asked)))["screen_sharing"] is done


EVENING = NOON.replace(hour=19, minute=40)


@pytest.mark.parametrize(
    ("given", "at", "done"),
    [
        (Answer.YES, EVENING, True),
        (Answer.NO, EVENING, False),
        (Answer.YES, EVENING - timedelta(days=1), False),
    ],
)
def test_going_on_late_needs_a_yes_of_the_same_evening(given: Answer, at: datetime, done: bool) -> None:
    facts = facts_of(now=EVENING, started_at=NOON)
    assert collected(facts)["after_hours"] is False
    yes = consent(ConsentKind.AFTER_HOURS, given, at=at)
    assert collected(replace(facts, consents=(*facts.consents, yes)))["after_hours"] is done


@pytest.mark.parametrize("facts", [facts_of(now=EVENING), facts_of(started_at=NOON)])
def test_going_on_late_is_asked_only_of_running_sessions_in_the_evening(facts: GateFacts) -> None:
    assert "after_hours" not in collected(facts)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_gate_and_item_has_its_words(language: str) -> None:
    wording = load_wording(language)
    assert [gate for gate in Gate if not wording.has(f"gates.{gate}")] == []
    assert all(len(wording.text(f"gates.{gate}")) <= 60 for gate in Gate)
    evening = facts_of(customer=replace(CUSTOMER, caller_is_holder=False), now=EVENING, started_at=NOON)
    assert all(wording.has(f"collect.{item.code}") for item in to_collect(evening))
