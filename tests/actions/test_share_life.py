"""The life of a screen share, step by step: who is asked what, and what each side is told."""

import pytest
from sqlalchemy import delete, select

from agent_desk.actions.admit_viewer import admit_viewer
from agent_desk.actions.choose_words import choose_words
from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.enter_code import enter_code
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_share import look_at_share
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.record_consent import record_consent
from agent_desk.actions.redeem_viewer import redeem_viewer
from agent_desk.actions.share_views import Happening, PageFacts, ViewerSeat
from agent_desk.actions.shares_state import shares_state
from agent_desk.actions.stop_share import stop_share
from agent_desk.actions.try_code import try_code
from agent_desk.rules.gate_facts import may_see_screen
from agent_desk.rules.session import Answer, Channel, ConsentKind
from agent_desk.rules.share import ShareEnd, ShareState
from agent_desk.storage.tables import consent as consent_table
from agent_desk.storage.tables import share as share_table
from tests.support.desks import DEVICE, NOON, agreed, begun, clock, consent, content, type_in
from tests.support.shares import (
    CHROMIUM,
    FIREFOX,
    HOME,
    STAGES,
    Visitor,
    admitted,
    ends,
    entered,
    live,
    lost,
    place_of_words,
    refusal,
    seat,
    seen,
    told,
    waiting,
    wrong,
)


def test_a_share_goes_from_code_to_picture_and_both_sides_know_where_it_stands(ctx: Context) -> None:
    visitor = entered(ctx)
    assert visitor.look().state is ShareState.OPENED
    assert visitor.look().words is None
    assert seen(visitor).choices == ()
    accepted = visitor.accept()
    assert accepted.state is ShareState.WAITING
    assert accepted.words in seen(visitor).choices
    assert len(seen(visitor).choices) == 3
    chosen = choose_words(ctx, visitor.view.id, place_of_words(visitor))
    assert (chosen.state, chosen.admitted_at, chosen.choices) == (ShareState.ADMITTED, NOON, ())
    assert visitor.look().words is None
    clock(ctx).move(seconds=20)
    assert visitor.note(Happening.STARTED).state is ShareState.LIVE
    assert seen(visitor).live_at == clock(ctx).now()
    stopped = stop_share(ctx, visitor.view.id)
    assert (stopped.state, stopped.end_reason, stopped.ended_at) == (ShareState.ENDED, "by_agent", clock(ctx).now())
    assert (visitor.look().state, visitor.look().end_reason) == (ShareState.ENDED, ShareEnd.BY_AGENT)
    assert told(ctx, visitor.view) == ["share_joined", "share_admitted", "share_started", "share_ended"]
    assert all(event.chain_ok for event in read_timeline(ctx, visitor.view.id).events)


def test_the_page_shows_what_it_may_and_nothing_else(ctx: Context) -> None:
    view = agreed(ctx)
    found = enter_code(door_of(ctx), issue_code(ctx, view.id).digits, HOME, FIREFOX)
    assert found.page == PageFacts(
        agent="Nadia",
        company=ctx.settings.company,
        case=view.number[-4:],
        total_cents=10_800,
        language="fr",
        statements=(ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER),
    )
    assert found.session_id == view.id


def test_statements_already_made_are_not_asked_for(ctx: Context) -> None:
    assert entered(ctx, begun(ctx)).look().page.statements == ()


def test_a_statement_spoken_meanwhile_leaves_the_page(ctx: Context) -> None:
    visitor = entered(ctx)
    consent(ctx, visitor.view, ConsentKind.EARLY_START)
    assert visitor.look().page.statements == (ConsentKind.EARLY_START_WAIVER,)


def test_a_price_agreed_anew_is_the_price_on_the_page(ctx: Context) -> None:
    visitor = entered(ctx)
    changed = type_in(ctx, load_session(ctx, visitor.view.id), content(DEVICE))
    consent(ctx, changed, ConsentKind.PRICE)
    assert visitor.look().page.total_cents == 2_900


def test_accepting_records_the_statements_first_and_then_the_consent_of_the_page(ctx: Context) -> None:
    visitor = entered(ctx)
    visitor.accept(ConsentKind.EARLY_START_WAIVER, ConsentKind.EARLY_START)
    given = load_session(ctx, visitor.view.id).consents[-3:]
    assert [(one.kind, one.answer, one.channel, one.recorded_by) for one in given] == [
        (ConsentKind.EARLY_START, Answer.YES, Channel.PAGE, ""),
        (ConsentKind.EARLY_START_WAIVER, Answer.YES, Channel.PAGE, ""),
        (ConsentKind.SCREEN_SHARING, Answer.YES, Channel.PAGE, ""),
    ]
    assert all(one.text_version == 1 and len(one.text_sha256) == 64 for one in given)
    events = [one for one in read_timeline(ctx, visitor.view.id).events if one.kind == "consent_recorded"][-3:]
    assert {one.actor for one in events} == {"customer"}
    assert [one.payload and one.payload["sha256"] for one in events] == [one.text_sha256 for one in given]


def test_only_statements_the_page_asked_for_are_recorded(ctx: Context) -> None:
    visitor = entered(ctx, begun(ctx))
    before = len(load_session(ctx, visitor.view.id).consents)
    visitor.accept(ConsentKind.EARLY_START, ConsentKind.PRICE, ConsentKind.BACKUP)
    assert [one.kind for one in load_session(ctx, visitor.view.id).consents[before:]] == [ConsentKind.SCREEN_SHARING]


def test_refusing_records_the_no_and_ends_the_share(ctx: Context) -> None:
    visitor = entered(ctx)
    refused = visitor.refuse()
    assert (refused.state, refused.end_reason) == (ShareState.ENDED, ShareEnd.REFUSED)
    last = load_session(ctx, visitor.view.id).consents[-1]
    assert (last.kind, last.answer, last.channel) == (ConsentKind.SCREEN_SHARING, Answer.NO, Channel.PAGE)
    assert ends(ctx, visitor.view) == [("refused", "customer")]


def test_an_answer_given_twice_counts_once(ctx: Context) -> None:
    visitor = entered(ctx)
    first = visitor.accept()
    before = len(load_session(ctx, visitor.view.id).consents)
    assert visitor.accept() == first
    assert visitor.refuse() == first
    assert len(load_session(ctx, visitor.view.id).consents) == before


def test_the_wrong_pair_of_words_ends_the_share(ctx: Context) -> None:
    visitor = waiting(ctx)
    wrong = (place_of_words(visitor) + 1) % 3
    assert choose_words(ctx, visitor.view.id, wrong).end_reason is ShareEnd.WRONG_WORDS
    assert ends(ctx, visitor.view) == [("wrong_words", "agent")]
    assert visitor.look().words is None


@pytest.mark.parametrize("place", [-1, 3])
def test_a_pair_that_was_not_offered_changes_nothing(ctx: Context, place: int) -> None:
    visitor = waiting(ctx)
    assert refusal(choose_words, ctx, visitor.view.id, place) == "share_wrong_state"
    assert seen(visitor).state is ShareState.WAITING


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage is not ShareState.WAITING])
def test_words_are_picked_only_while_they_are_waited_for(sqlite_ctx: Context, stage: ShareState) -> None:
    visitor = STAGES[stage](sqlite_ctx)
    assert refusal(choose_words, sqlite_ctx, visitor.view.id, 0) == "share_wrong_state"
    assert seen(visitor).state is stage


def test_without_any_share_there_is_nothing_to_look_at_pick_admit_or_stop(ctx: Context) -> None:
    view = agreed(ctx)
    assert look_at_share(ctx, view.id) is None
    for act in (
        lambda: choose_words(ctx, view.id, 0),
        lambda: admit_viewer(ctx, view.id),
        lambda: stop_share(ctx, view.id),
    ):
        assert refusal(act) == "share_gone"


@pytest.mark.parametrize("stage", [ShareState.OPENED, ShareState.WAITING])
def test_no_viewer_and_no_screen_before_the_right_words(ctx: Context, stage: ShareState) -> None:
    visitor = STAGES[stage](ctx)
    assert refusal(admit_viewer, ctx, visitor.view.id) == "share_wrong_state"
    assert refusal(visitor.note, Happening.STARTED) == "share_not_admitted"
    assert seen(visitor).state is stage


def test_a_spoken_yes_serves_the_telephone_only(ctx: Context) -> None:
    visitor = entered(ctx)
    record_consent(ctx, visitor.view.id, ConsentKind.SCREEN_SHARING, Answer.YES, Channel.VOICE)
    assert not may_see_screen(load_session(ctx, visitor.view.id).consents)
    assert refusal(choose_words, ctx, visitor.view.id, 0) == "share_wrong_state"


def only_spoken(visitor: Visitor) -> None:
    """Leave of the consents to be seen a spoken one."""
    with visitor.ctx.database.write() as tx:
        tx.execute(delete(consent_table).where(consent_table.c.kind == ConsentKind.SCREEN_SHARING))
    record_consent(visitor.ctx, visitor.view.id, ConsentKind.SCREEN_SHARING, Answer.YES, Channel.VOICE)


def test_words_let_nothing_in_without_a_yes_of_the_page(ctx: Context) -> None:
    visitor = waiting(ctx)
    only_spoken(visitor)
    assert refusal(choose_words, ctx, visitor.view.id, place_of_words(visitor)) == "share_no_consent"
    assert seen(visitor).state is ShareState.WAITING


def test_no_viewer_comes_in_without_a_yes_of_the_page(ctx: Context) -> None:
    visitor = admitted(ctx)
    only_spoken(visitor)
    assert refusal(admit_viewer, ctx, visitor.view.id) == "share_no_consent"


def test_a_spoken_yes_during_a_share_does_not_weaken_the_one_of_the_page(ctx: Context) -> None:
    visitor = live(ctx)
    record_consent(ctx, visitor.view.id, ConsentKind.SCREEN_SHARING, Answer.YES, Channel.VOICE)
    assert redeem_viewer(visitor.door, seat(visitor)).share_id == seen(visitor).share_id


@pytest.mark.parametrize("stage", [ShareState.ADMITTED, ShareState.LIVE, ShareState.LOST])
def test_the_viewer_comes_in_once_with_the_agents_token(ctx: Context, stage: ShareState) -> None:
    visitor = STAGES[stage](ctx)
    token = seat(visitor)
    assert redeem_viewer(visitor.door, token) == ViewerSeat(seen(visitor).share_id, visitor.view.id, "Nadia Leroy")
    assert refusal(redeem_viewer, visitor.door, token) == "share_viewer"


def test_a_viewers_token_lives_a_minute(ctx: Context) -> None:
    visitor = admitted(ctx)
    token = seat(visitor)
    clock(ctx).move(seconds=60)
    assert refusal(redeem_viewer, visitor.door, token) == "share_viewer"


def test_a_new_viewers_token_voids_the_one_before(ctx: Context) -> None:
    visitor = admitted(ctx)
    first, second = seat(visitor), seat(visitor)
    assert refusal(redeem_viewer, visitor.door, first) == "share_viewer"
    assert redeem_viewer(visitor.door, second).session_id == visitor.view.id


def test_a_viewers_token_dies_with_its_share(ctx: Context) -> None:
    visitor = admitted(ctx)
    token = seat(visitor)
    stop_share(ctx, visitor.view.id)
    admitted(ctx, visitor.view)
    assert refusal(redeem_viewer, visitor.door, token) == "share_viewer"


def test_a_clock_moved_back_does_not_lengthen_the_life_of_a_viewers_token(ctx: Context) -> None:
    visitor = admitted(ctx)
    token = seat(visitor)
    clock(ctx).move(minutes=-10)
    assert refusal(redeem_viewer, visitor.door, token) == "share_viewer"


@pytest.mark.parametrize("token", ["", "x", "x" * 1_000_000, "\ud800", "'; DROP TABLE share; --"])
def test_a_forged_token_opens_nothing(ctx: Context, token: str) -> None:
    visitor = live(ctx)
    assert refusal(redeem_viewer, visitor.door, token) == "share_viewer"
    assert refusal(Visitor(ctx, visitor.view, token).look) == "share_gone"
    assert refusal(Visitor(ctx, visitor.view, token).accept) == "share_gone"
    assert refusal(Visitor(ctx, visitor.view, token).note, Happening.RESUMED) == "share_gone"
    assert visitor.look().state is ShareState.LIVE


def test_a_resume_token_is_bound_to_its_browser(ctx: Context) -> None:
    visitor = lost(ctx)
    thief = Visitor(ctx, visitor.view, visitor.token, CHROMIUM)
    assert refusal(thief.look) == refusal(thief.note, Happening.RESUMED) == "share_gone"
    assert visitor.look().state is ShareState.LOST


def test_a_lost_share_comes_back_within_a_minute_without_a_new_code(ctx: Context) -> None:
    visitor = lost(ctx)
    clock(ctx).move(seconds=59)
    assert visitor.note(Happening.RESUMED).state is ShareState.LIVE
    assert told(ctx, visitor.view)[-2:] == ["share_lost", "share_resumed"]


def test_a_lost_share_that_shows_again_is_back_too(ctx: Context) -> None:
    visitor = lost(ctx)
    assert visitor.note(Happening.STARTED).state is ShareState.LIVE
    assert told(ctx, visitor.view)[-1] == "share_resumed"


def test_after_a_minute_it_does_not_come_back(ctx: Context) -> None:
    visitor = lost(ctx)
    clock(ctx).move(seconds=60)
    late = visitor.note(Happening.RESUMED)
    assert (late.state, late.end_reason) == (ShareState.ENDED, ShareEnd.LOST)
    assert ends(ctx, visitor.view) == [("lost", "system")]


def test_signs_of_life_alone_do_not_keep_a_lost_share(ctx: Context) -> None:
    visitor = lost(ctx)
    for _ in range(11):
        clock(ctx).move(seconds=5)
        visitor.note(Happening.BEAT)
    clock(ctx).move(seconds=5)
    assert visitor.note(Happening.RESUMED).end_reason is ShareEnd.LOST


@pytest.mark.parametrize("happening", list(Happening))
def test_nothing_brings_a_stopped_share_back(ctx: Context, happening: Happening) -> None:
    visitor = live(ctx)
    stop_share(ctx, visitor.view.id)
    before = told(ctx, visitor.view)
    assert visitor.note(happening).state is ShareState.ENDED
    assert visitor.accept().state is ShareState.ENDED
    assert told(ctx, visitor.view) == before


def test_happenings_told_twice_are_told_once(ctx: Context) -> None:
    visitor = live(ctx)
    for happening in (Happening.JOINED, Happening.STARTED, Happening.RESUMED, Happening.LOST, Happening.LOST):
        visitor.note(happening)
    assert told(ctx, visitor.view) == ["share_joined", "share_admitted", "share_started", "share_lost"]


def test_the_agent_sees_whether_the_customer_is_on_the_page(ctx: Context) -> None:
    visitor = waiting(ctx)
    assert seen(visitor).on_page
    clock(ctx).move(seconds=15)
    assert not seen(visitor).on_page
    visitor.note(Happening.BEAT)
    assert seen(visitor).on_page
    assert visitor.look().seen_at == clock(ctx).now()


def test_a_second_browser_with_the_code_gets_nothing_and_the_agent_is_warned_once(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    first = Visitor(ctx, view, enter_code(door_of(ctx), code.digits, HOME, FIREFOX).token)
    assert not seen(first).second_browser
    for _ in range(2):
        assert refusal(try_code, door_of(ctx), code.digits, "198.51.100.9", CHROMIUM) == "code_refused"
    assert seen(first).second_browser
    kinds = [event.kind for event in read_timeline(ctx, view.id).events]
    assert kinds.count("code_reused") == 1
    assert first.look().state is ShareState.OPENED


def test_a_guess_at_a_used_locator_warns_nobody(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    first = Visitor(ctx, view, enter_code(door_of(ctx), code.digits, HOME, FIREFOX).token)
    refusal(try_code, door_of(ctx), wrong(code), HOME, FIREFOX)
    assert not seen(first).second_browser


def test_the_gateway_asks_only_for_shares_it_knows(ctx: Context) -> None:
    first, second = live(ctx), waiting(ctx)
    stop_share(ctx, first.view.id)
    ids = [seen(first).share_id, seen(second).share_id]
    assert shares_state(door_of(ctx), [*ids, 999]) == {
        ids[0]: (ShareState.ENDED, ShareEnd.BY_AGENT),
        ids[1]: (ShareState.WAITING, None),
    }
    assert shares_state(door_of(ctx), []) == {}


def test_what_is_secret_of_a_share_goes_with_its_end(ctx: Context) -> None:
    visitor = waiting(ctx)
    stop_share(ctx, visitor.view.id)
    with ctx.database.read() as tx:
        row = tx.execute(select(share_table)).one()
    assert (row.page, row.words, row.right_pair, row.viewer_sha256) == ("", "", None, None)
    assert visitor.look().page == PageFacts()
