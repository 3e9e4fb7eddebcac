"""New prices and texts: what may be proposed, who may decide, and what holds on a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.catalogue_changes import (
    FURTHEST,
    PARTS,
    PRICE_MAX,
    REASON_MAX,
    STANDING,
    STEPS,
    ChangeFault,
    ChangeKind,
    ChangeState,
    ChangeStep,
    Proposal,
    SiteChange,
    Value,
    Whose,
    first_day,
    in_force,
    last_day_begun,
    proposal_fault,
    state_of,
    step_fault,
    text_version,
)
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
TOMORROW = date(2026, 11, 24)
PRICE = Proposal(ChangeKind.PRICE, "mail.account", {"cents": 3100}, TOMORROW, "Nouveau tarif")
NAME = {"label_fr": "Compte", "label_en": "Account", "short_fr": "Compte", "short_en": "Account"}
CONSENT = {"fr": "Cela coûte {total}.\n\nD’accord ?", "en": "It costs {total}.\n\nAgreed?"}

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - of st


def fault(proposed: Proposal, before: Value | None = None, *, taken: bool = False) -> ChangeFault | None:
    return proposal_fault(proposed, before or {"cents": 2900}, NOON, taken=taken)


def test_a_new_price_from_tomorrow_on_may_be_proposed() -> None:
    assert fault(PRICE) is None


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"valid_from": TOMORROW - timedelta(days=1)}, ChangeFault.DAY_PAST),
        ({"valid_from": date(2014, 1, 1)}, ChangeFault.DAY_PAST),
        ({"valid_from": TOMORROW + FURTHEST}, None),
        ({"valid_from": TOMORROW + FURTHEST + timedelta(days=1)}, ChangeFault.DAY_FAR),
        ({"value": {"cents": 2900}}, ChangeFault.SAME),
        ({"value": {"cents": 0}}, None),
        ({"value": {"cents": PRICE_MAX}}, None),
        ({"value": {"cents": PRICE_MAX + 1}}, ChangeFault.PRICE),
        ({"value": {"cents": -1}}, ChangeFault.PRICE),
        ({"value": {"cents": True}}, ChangeFault.PRICE),
        ({"value": {"cents": "3100"}}, ChangeFault.PRICE),
        ({"value": {}}, ChangeFault.PRICE),
        ({"value": {"cents": 3100, "more": 1}}, ChangeFault.PRICE),
        ({"reason": "  "}, ChangeFault.REASON),
        ({"reason": "x" * REASON_MAX}, None),
        ({"reason": "x" * (REASON_MAX + 1)}, ChangeFault.REASON),
    ],
)
def test_what_a_price_may_be(changed: dict[str, object], found: ChangeFault | None) -> None:
    assert fault(replace(PRICE, **changed)) is found  # type: ignore[arg-type]  # the table names fields


def test_nobody_changes_what_there_is_not_nor_a_day_that_is_another_changes() -> None:
    assert proposal_fault(PRICE, None, NOON, taken=False) is ChangeFault.SUBJECT
    assert fault(PRICE, taken=True) is ChangeFault.DAY_TAKEN


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, ChangeFault.SAME),
        ({"fr": "Voilà {total} : d’accord ?"}, None),
        ({"fr": "Cinq euros\u00a0: d’accord ?"}, ChangeFault.PLACES),  # the amount must be said
        ({"fr": "Voilà {total} et {name}"}, ChangeFault.PLACES),
        ({"fr": "Voilà {total} et }"}, ChangeFault.PLACES),
        ({"fr": ""}, ChangeFault.TEXT),
        ({"fr": " {total}"}, ChangeFault.TEXT),
        ({"fr": "{total}" + "x" * 4000}, ChangeFault.TEXT),
        ({"fr": "{total}\u202e"}, ChangeFault.TEXT),  # reads from right to left
        ({"fr": "{total}\x00"}, ChangeFault.TEXT),
        ({"de": "{total}"}, ChangeFault.TEXT),
    ],
)
def test_what_a_text_may_be(changed: dict[str, str | int], found: ChangeFault | None) -> None:
    proposed = replace(PRICE, kind=ChangeKind.CONSENT, subject="price", value=CONSENT | changed)
    assert fault(proposed, CONSENT) is found


def test_a_name_stands_on_one_line_and_with_its_hard_spaces() -> None:
    proposed = replace(PRICE, kind=ChangeKind.NAME, value=NAME | {"label_fr": "Compte\u00a0: oui"})
    assert fault(proposed, NAME) is None
    assert fault(replace(proposed, value=NAME | {"label_fr": "Com\npte"}), NAME) is ChangeFault.TEXT


def test_every_kind_but_the_price_has_parts() -> None:
    assert {kind for kind in ChangeKind if not PARTS[kind]} == {ChangeKind.PRICE}


@given(moments)
def test_the_first_day_has_begun_for_no_customer_and_the_day_before_has_for_one(now: datetime) -> None:
    days = {local(now, territory).date() for territory in Territory}
    assert first_day(now) not in days
    assert first_day(now) - timedelta(days=1) in days
    assert local(now, Territory.METROPOLE).date() < first_day(now)


def test_in_the_evening_the_next_day_has_begun_in_reunion() -> None:
    assert first_day(datetime(2026, 11, 23, 19, 59, tzinfo=UTC)) == TOMORROW
    assert first_day(datetime(2026, 11, 23, 20, 0, tzinfo=UTC)) == date(2026, 11, 25)


@pytest.mark.parametrize("step", list(ChangeStep))
@pytest.mark.parametrize("state", list(ChangeState))
def test_a_step_is_taken_from_its_own_state_only(step: ChangeStep, state: ChangeState) -> None:
    me = "a" if STEPS[step].whose is Whose.THE_SAME else "b"
    found = step_fault(step, state, me=me, last="a", proposer="a", reason="Parce que")
    assert found is (None if state is STEPS[step].before else ChangeFault.STATE)


@pytest.mark.parametrize(
    ("step", "mine", "others"),
    [
        (ChangeStep.APPROVE, ChangeFault.FOUR_EYES, None),
        (ChangeStep.REJECT, ChangeFault.FOUR_EYES, None),
        (ChangeStep.WITHDRAW, None, ChangeFault.NOT_YOURS),
        (ChangeStep.ASK_REVOCATION, None, None),
        (ChangeStep.KEEP, None, None),
        (ChangeStep.REVOKE, ChangeFault.FOUR_EYES, None),
    ],
)
def test_two_people_decide(step: ChangeStep, mine: ChangeFault | None, others: ChangeFault | None) -> None:
    def asked(me: str) -> ChangeFault | None:
        return step_fault(step, STEPS[step].before, me=me, last="a", proposer="a", reason="Parce que")

    assert (asked("a"), asked("b")) == (mine, others)


@pytest.mark.parametrize("step", list(ChangeStep))
def test_a_refusal_says_why(step: ChangeStep) -> None:
    me = "a" if STEPS[step].whose is Whose.THE_SAME else "b"

    def asked(reason: str) -> ChangeFault | None:
        return step_fault(step, STEPS[step].before, me=me, last="a", proposer="a", reason=reason)

    assert asked("") is (ChangeFault.REASON if STEPS[step].reason else None)
    assert asked("x" * (REASON_MAX + 1)) is ChangeFault.REASON


@given(st.lists(st.tuples(st.sampled_from(list(ChangeStep)), st.sampled_from("abc")), max_size=12))
def test_whatever_three_people_try_two_of_them_have_approved_what_takes_effect(
    tried: list[tuple[ChangeStep, str]],
) -> None:
    last: ChangeStep | None = None
    by, eyes = "a", {"a"}
    for step, me in tried:
        state = state_of(last, TOMORROW, NOON)
        if step_fault(step, state, me=me, last=by, proposer="a", reason="r") is None:
            last, by = step, me
            eyes.add(me)
    taken = state_of(last, TOMORROW, NOON + timedelta(days=2))
    assert taken not in (ChangeState.PROPOSED, ChangeState.APPROVED, ChangeState.REVOCATION_ASKED)
    if taken in (ChangeState.IN_FORCE, ChangeState.REVOKED):
        assert len(eyes) > 1


@pytest.mark.parametrize(
    ("last", "before", "begun"),
    [
        (None, ChangeState.PROPOSED, ChangeState.LAPSED),
        (ChangeStep.APPROVE, ChangeState.APPROVED, ChangeState.IN_FORCE),
        (ChangeStep.ASK_REVOCATION, ChangeState.REVOCATION_ASKED, ChangeState.IN_FORCE),
        (ChangeStep.KEEP, ChangeState.APPROVED, ChangeState.IN_FORCE),
        (ChangeStep.REJECT, ChangeState.REJECTED, ChangeState.REJECTED),
        (ChangeStep.WITHDRAW, ChangeState.WITHDRAWN, ChangeState.WITHDRAWN),
        (ChangeStep.REVOKE, ChangeState.REVOKED, ChangeState.REVOKED),
    ],
)
def test_what_its_day_makes_of_a_change(last: ChangeStep | None, before: ChangeState, begun: ChangeState) -> None:
    assert state_of(last, TOMORROW, NOON) is before
    assert state_of(last, TOMORROW, datetime(2026, 11, 23, 20, 0, tzinfo=UTC)) is begun  # it begins in Réunion
    assert (begun in STANDING) is (begun is ChangeState.IN_FORCE)


changes = st.builds(
    SiteChange,
    id=st.integers(1, 9),
    kind=st.sampled_from([ChangeKind.PRICE, ChangeKind.NAME]),
    subject=st.sampled_from(["mail.account", "help.usage"]),
    value=st.just((("cents", 3100),)),
    valid_from=st.dates(date(2026, 1, 1), date(2026, 1, 9)),
)


@given(st.lists(changes), st.dates(date(2026, 1, 1), date(2026, 1, 9)))
def test_the_change_that_took_effect_last_holds(made: list[SiteChange], day: date) -> None:
    mine = [
        one for one in made if (one.kind, one.subject) == (ChangeKind.PRICE, "help.usage") and one.valid_from <= day
    ]
    found = in_force(made, ChangeKind.PRICE, "help.usage", day)
    assert (found is None) == (not mine)
    if found is not None:
        assert found in mine
        assert all((one.valid_from, one.id) <= (found.valid_from, found.id) for one in mine)


def test_a_sites_own_text_has_a_number_no_text_of_the_program_has() -> None:
    assert text_version(7) == 1007
    assert last_day_begun(NOON) == date(2026, 11, 23)
