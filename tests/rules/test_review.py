"""Which sessions are reviewed cannot be foreseen, and each review goes its way to an end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.rules.review import (
    ANSWER_DAYS,
    MOVES,
    TEXT_MAX,
    WHOLE,
    Mark,
    Review,
    ReviewState,
    ReviewStep,
    is_drawn,
    marks_open,
    moved,
    refusal,
    tidy,
)

KEY = bytes(range(32))
AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
LATER = AT + timedelta(days=ANSWER_DAYS)
NADIA, SAM, INES = "Nadia Leroy", "Sam Petit", "Inès Faure"
DRAWN = [29, 51, 63, 65, 66]
DUE = Review(7, ReviewState.DUE, 1, NADIA)
FAULT_RETURNED = moved(DUE, ReviewStep.RETURN, SAM, Mark.FAULT, AT)
IMPROVE_RETURNED = moved(DUE, ReviewStep.RETURN, SAM, Mark.TO_IMPROVE, AT)

keys = st.binary(min_size=32, max_size=32)
shares = st.integers(0, WHOLE)
sessions = st.integers(1, 2**40)


@given(keys, sessions, shares, shares)
def test_who_is_in_a_share_is_in_every_larger_one(key: bytes, session: int, one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert is_drawn(key, session, small) <= is_drawn(key, session, large)


@given(keys, sessions, shares)
def test_the_same_key_draws_the_same_for_ever(key: bytes, session: int, share: int) -> None:
    assert is_drawn(key, session, share) is is_drawn(key, session, share)


@given(keys, sessions)
def test_nobody_is_in_no_share_and_everybody_in_the_whole(key: bytes, session: int) -> None:
    assert not is_drawn(key, session, 0)
    assert is_drawn(key, session, WHOLE)


@pytest.mark.parametrize("share", [10, 50, 200, 500])
@pytest.mark.parametrize("key", [KEY, bytes(32), b"x" * 32])
def test_a_share_is_that_share_of_many(key: bytes, share: int) -> None:
    many = 20_000
    found = sum(is_drawn(key, session, share) for session in range(1, many + 1))
    assert abs(found / many - share / WHOLE) < 0.012, "four standard deviations of the widest"


def test_another_key_draws_others() -> None:
    drawn = [{one for one in range(2000) if is_drawn(key, one, 50)} for key in (KEY, bytes(32))]
    assert len(drawn[0] & drawn[1]) < len(drawn[0]) / 2


def test_the_draw_is_the_one_it_always_was() -> None:
    assert [one for one in range(1, 120) if is_drawn(KEY, one, 50)] == DRAWN


@pytest.mark.parametrize(
    ("review", "step", "who", "mark", "text", "at", "why"),
    [
        (DUE, ReviewStep.MARK, SAM, Mark.GOOD, "", AT, ""),
        (DUE, ReviewStep.MARK, SAM, Mark.TO_IMPROVE, "plus lentement", AT, ""),
        (DUE, ReviewStep.MARK, SAM, Mark.TO_IMPROVE, "", AT, "review_words"),
        (DUE, ReviewStep.MARK, SAM, Mark.TO_IMPROVE, "x" * TEXT_MAX, AT, ""),
        (DUE, ReviewStep.MARK, SAM, Mark.GOOD, "x" * (TEXT_MAX + 1), AT, "review_long"),
        (DUE, ReviewStep.MARK, SAM, Mark.FAULT, "prix", AT, "review_fault_returns"),
        (DUE, ReviewStep.MARK, SAM, None, "prix", AT, "review_fault_returns"),
        (DUE, ReviewStep.MARK, NADIA, Mark.GOOD, "", AT, "review_own"),
        (DUE, ReviewStep.RETURN, SAM, Mark.FAULT, "prix", AT, ""),
        (DUE, ReviewStep.RETURN, SAM, Mark.GOOD, "bien", AT, "review_fault_returns"),
        (DUE, ReviewStep.ANSWER, NADIA, None, "oui", AT, "review_done"),
        (DUE, ReviewStep.SETTLE, INES, Mark.GOOD, "", AT, "review_done"),
        (FAULT_RETURNED, ReviewStep.MARK, SAM, Mark.GOOD, "", AT, "review_waits"),
        (FAULT_RETURNED, ReviewStep.ANSWER, NADIA, None, "compris", AT, ""),
        (FAULT_RETURNED, ReviewStep.ANSWER, NADIA, None, "", AT, "review_words"),
        (FAULT_RETURNED, ReviewStep.ANSWER, NADIA, Mark.GOOD, "bien", AT, "review_fault_returns"),
        (FAULT_RETURNED, ReviewStep.ANSWER, SAM, None, "compris", AT, "review_not_yours"),
        (FAULT_RETURNED, ReviewStep.SETTLE, INES, Mark.FAULT, "prix", AT, "review_waits"),
        (FAULT_RETURNED, ReviewStep.SETTLE, INES, Mark.FAULT, "prix", LATER, ""),
        (FAULT_RETURNED, ReviewStep.SETTLE, SAM, Mark.FAULT, "prix", LATER, "review_second_person"),
    ],
)
def test_each_step_has_who_may_do_it_and_when(
    review: Review, step: ReviewStep, who: str, mark: Mark | None, text: str, at: datetime, why: str
) -> None:
    assert refusal(review, step, who, mark, text, at) == why


@pytest.mark.parametrize(
    ("review", "who", "mark", "why"),
    [
        (FAULT_RETURNED, INES, Mark.FAULT, ""),
        (FAULT_RETURNED, INES, Mark.GOOD, ""),
        (FAULT_RETURNED, SAM, Mark.GOOD, "review_second_person"),
        (IMPROVE_RETURNED, SAM, Mark.TO_IMPROVE, ""),
        (IMPROVE_RETURNED, SAM, Mark.FAULT, "review_second_person"),
        (IMPROVE_RETURNED, NADIA, Mark.GOOD, "review_own"),
    ],
)
def test_a_fault_is_settled_by_a_second_person(review: Review, who: str, mark: Mark, why: str) -> None:
    answered = moved(review, ReviewStep.ANSWER, NADIA, None, AT)
    assert refusal(answered, ReviewStep.SETTLE, who, mark, "vu", AT) == why
    settled = moved(answered, ReviewStep.SETTLE, who, mark, AT)
    assert (settled.state, settled.mark, settled.reviewer) == (ReviewState.SETTLED, mark, SAM)


def test_whoever_looks_is_offered_the_marks_they_may_give() -> None:
    assert marks_open(DUE, ReviewStep.MARK, SAM, AT) == (Mark.GOOD, Mark.TO_IMPROVE)
    assert marks_open(DUE, ReviewStep.RETURN, SAM, AT) == (Mark.TO_IMPROVE, Mark.FAULT)
    assert marks_open(DUE, ReviewStep.MARK, NADIA, AT) == ()
    assert marks_open(FAULT_RETURNED, ReviewStep.ANSWER, NADIA, AT) == (None,)
    answered = moved(IMPROVE_RETURNED, ReviewStep.ANSWER, NADIA, None, AT)
    assert marks_open(answered, ReviewStep.SETTLE, SAM, AT) == (Mark.GOOD, Mark.TO_IMPROVE)
    assert marks_open(answered, ReviewStep.SETTLE, INES, AT) == tuple(Mark)


def test_what_is_returned_is_due_until_it_is_answered() -> None:
    assert DUE.answer_until is None
    assert FAULT_RETURNED.answer_until == LATER
    assert moved(FAULT_RETURNED, ReviewStep.ANSWER, NADIA, None, AT).answer_until is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(ReviewStep),
            st.sampled_from([NADIA, SAM, INES]),
            st.sampled_from([None, *Mark]),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_whatever_people_try_a_review_ends_at_most_once_and_never_by_the_agent(
    tried: list[tuple[ReviewStep, str, Mark | None, bool]],
) -> None:
    review, done = DUE, []
    for step, who, mark, said in tried:
        if refusal(review, step, who, mark, "dit" if said else "", AT) == "":
            review = moved(review, step, who, mark, AT)
            done.append((step, who))
    assert len(done) == review.version - 1 <= 3
    assert {who for step, who in done if step is not ReviewStep.ANSWER} <= {SAM, INES}
    if review.state is ReviewState.SETTLED:
        assert review.mark is not None
        if review.mark is Mark.FAULT:
            assert len({who for step, who in done if step is not ReviewStep.ANSWER}) == 2


def test_each_state_but_the_last_can_be_left() -> None:
    assert {before for before, _marks, _after in MOVES.values()} == set(ReviewState) - {ReviewState.SETTLED}


@given(st.text())
def test_a_comment_is_one_paragraph_and_stays_so(text: str) -> None:
    kept = tidy(text)
    assert "\n" not in kept
    assert tidy(kept) == kept
