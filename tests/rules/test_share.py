"""The life of a screen share: what may follow what, when it ends by itself, and which words are drawn."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.paths import data_path
from agent_desk.rules.share import (
    LONGEST,
    LOST_AFTER,
    NEXT,
    SEEN,
    UNANSWERED,
    VIEWED,
    VIEWER_TOKEN_LIFE,
    ShareEnd,
    ShareFacts,
    ShareState,
    draw_words,
    end_due,
    is_on_page,
    may_become,
)

AT = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ALIVE = [state for state in ShareState if state is not ShareState.ENDED]
SHOWING = (ShareState.LIVE, ShareState.LOST)
ASKING = (ShareState.OPENED, ShareState.WAITING, ShareState.ADMITTED)
WORDS = tuple(data_path("resources", "gateway", "words.txt").read_text(encoding="utf-8").split())


def test_the_figures_are_those_promised() -> None:
    assert LOST_AFTER == VIEWER_TOKEN_LIFE == timedelta(seconds=60)
    assert timedelta(hours=2) == LONGEST
    assert timedelta(minutes=10) == UNANSWERED
    assert timedelta(seconds=15) == SEEN


def test_a_share_goes_forward_to_its_end_and_only_a_lost_one_comes_back() -> None:
    order = [ShareState.OPENED, ShareState.WAITING, ShareState.ADMITTED, ShareState.LIVE, ShareState.LOST]
    steps = {*pairwise(order), (ShareState.LOST, ShareState.LIVE)} | {(state, ShareState.ENDED) for state in ALIVE}
    assert {(one, other) for one in ShareState for other in ShareState if may_become(one, other)} == steps


def test_nothing_follows_the_end() -> None:
    assert NEXT[ShareState.ENDED] == frozenset()
    assert NEXT.keys() == set(ShareState)


def test_a_viewer_joins_only_once_the_words_were_right() -> None:
    assert {ShareState.ADMITTED, ShareState.LIVE, ShareState.LOST} == VIEWED


def facts(state: ShareState, admitted_at: datetime | None = None, seen_at: datetime | None = None) -> ShareFacts:
    return ShareFacts(state, AT, admitted_at, seen_at)


@pytest.mark.parametrize("state", SHOWING)
def test_a_screen_unheard_of_for_a_minute_is_lost(state: ShareState) -> None:
    shown = facts(state, AT, AT + 5 * SECOND)
    assert end_due(shown, AT + LOST_AFTER + 4 * SECOND) is None
    assert end_due(shown, AT + LOST_AFTER + 5 * SECOND) is ShareEnd.LOST


@pytest.mark.parametrize("state", SHOWING)
def test_two_hours_after_it_was_let_in_it_ends_however_alive(state: ShareState) -> None:
    admitted = AT + timedelta(minutes=3)
    almost = admitted + LONGEST - SECOND
    assert end_due(facts(state, admitted, almost), almost) is None
    assert end_due(facts(state, admitted, admitted + LONGEST), admitted + LONGEST) is ShareEnd.TOO_LONG


@pytest.mark.parametrize("state", SHOWING)
def test_without_any_sign_it_counts_from_what_is_known(state: ShareState) -> None:
    assert end_due(facts(state, AT + SECOND), AT + LOST_AFTER) is None
    assert end_due(facts(state, AT + SECOND), AT + LOST_AFTER + SECOND) is ShareEnd.LOST
    assert end_due(facts(state), AT + LOST_AFTER) is ShareEnd.LOST


@pytest.mark.parametrize("state", ASKING)
def test_ten_minutes_without_an_answer_end_it_alive_or_not(state: ShareState) -> None:
    assert end_due(facts(state, seen_at=AT + UNANSWERED), AT + UNANSWERED - SECOND) is None
    assert end_due(facts(state, seen_at=AT + UNANSWERED), AT + UNANSWERED) is ShareEnd.UNANSWERED


@pytest.mark.parametrize("state", ASKING)
def test_a_page_in_the_background_is_not_lost(state: ShareState) -> None:
    assert end_due(facts(state, seen_at=AT), AT + 2 * LOST_AFTER) is None


def test_choosing_a_screen_has_ten_minutes_of_its_own() -> None:
    admitted = AT + UNANSWERED - SECOND
    waiting = facts(ShareState.ADMITTED, admitted)
    assert end_due(waiting, admitted + UNANSWERED - SECOND) is None
    assert end_due(waiting, admitted + UNANSWERED) is ShareEnd.UNANSWERED


@given(st.integers(0, 10**6))
def test_what_has_ended_does_not_end_again(seconds: int) -> None:
    assert end_due(facts(ShareState.ENDED, AT, AT), AT + seconds * SECOND) is None


@given(
    st.sampled_from(ALIVE),
    st.none() | st.integers(0, 20_000),
    st.none() | st.integers(0, 20_000),
    st.integers(0, 20_000),
    st.integers(0, 20_000),
)
def test_what_is_due_stays_due(state: ShareState, admitted: int | None, seen: int | None, now: int, later: int) -> None:
    def at(seconds: int | None) -> datetime | None:
        return None if seconds is None else AT + seconds * SECOND

    share = facts(state, at(admitted), at(seen))
    if end_due(share, AT + now * SECOND) is not None:
        assert end_due(share, AT + (now + later) * SECOND) is not None


@pytest.mark.parametrize("state", ALIVE)
def test_a_customer_heard_of_in_the_last_quarter_of_a_minute_is_on_the_page(state: ShareState) -> None:
    assert is_on_page(facts(state, seen_at=AT), AT + SEEN - SECOND)
    assert not is_on_page(facts(state, seen_at=AT), AT + SEEN)
    assert not is_on_page(facts(state), AT)


def test_nobody_is_on_the_page_of_an_ended_share() -> None:
    assert not is_on_page(facts(ShareState.ENDED, seen_at=AT), AT)


@given(st.lists(st.integers(0, 10**9), min_size=7, max_size=7))
def test_six_different_words_make_three_pairs_and_one_of_them_is_right(drawn: list[int]) -> None:
    left = iter(drawn)
    right, pairs = draw_words(WORDS, lambda most: next(left) % most)
    assert len(pairs) == 3
    assert right in pairs
    words = [word for pair in pairs for word in pair]
    assert len(set(words)) == 6
    assert set(words) <= set(WORDS)


def test_each_pair_may_be_the_right_one_and_each_word_may_come() -> None:
    right, pairs = draw_words(WORDS, lambda most: most - 1)
    assert right == pairs[2]
    assert pairs[0] == (WORDS[-1], WORDS[-2])
    right, pairs = draw_words(WORDS, lambda _most: 0)
    assert right == pairs[0]
    assert pairs == tuple(pairwise(WORDS[:6]))[::2]


def test_exactly_six_words_are_enough() -> None:
    right, pairs = draw_words(WORDS[:6], lambda _most: 0)
    assert right == (WORDS[0], WORDS[1])
    assert [word for pair in pairs for word in pair] == list(WORDS[:6])


def test_the_words_are_short_plain_and_never_begin_alike_for_long() -> None:
    assert len(WORDS) == len(set(WORDS)) == 200
    assert list(WORDS) == sorted(WORDS)
    assert all(word.isascii() and word.isalpha() and word.islower() and 4 <= len(word) <= 8 for word in WORDS)
    for one in WORDS:  # none is another in the plural, or without its last letter
        assert f"{one}s" not in WORDS
        assert one[:-1] not in WORDS
