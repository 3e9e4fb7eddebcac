"""What a page may send that no page should: refused with one sentence, told once, and nothing else disturbed."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.enter_code import enter_code
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.load_session import load_session
from agent_desk.actions.note_share import note_share
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.share_views import Happening
from agent_desk.actions.try_code import try_code
from agent_desk.rules.code import build
from agent_desk.rules.session import ConsentKind
from agent_desk.rules.share import ShareState
from agent_desk.storage.tables import code_attempt
from agent_desk.wording import LANGUAGES, load_wording
from tests.support.desks import agreed, clock
from tests.support.shares import CHROMIUM, FIREFOX, HOME, Visitor, entered, live, refusal, seen, told, wrong

NO_CODES = {
    "letters": "quatre cent sept",
    "nothing": "",
    "a megabyte": "4" * 1_000_000,
    "a megabyte of letters": "é" * 1_000_000,
    "digits of another script": "٤٠٧٩١٥٢٦٣٢",
    "a wrong check digit": "4079152633",
    "too long for any site": "407915263212345",
    "a code of another site's length": build("40791", "915263"),
    "a control character": "407915\x002632",
    "half a pair of surrogates": "\ud800079152632",
    "an injection": "' OR 1=1 --",
}


def attempts(ctx: Context) -> int:
    with ctx.database.read() as tx:
        return int(tx.execute(select(func.count()).select_from(code_attempt)).scalar_one())


@pytest.mark.parametrize("what", NO_CODES)
def test_what_is_no_code_here_is_refused_like_a_wrong_one(ctx: Context, what: str) -> None:
    going, view = live(ctx), agreed(ctx)
    code = issue_code(ctx, view.id)
    before, counted = len(read_timeline(ctx, view.id).events), attempts(ctx)
    assert refusal(enter_code, door_of(ctx), NO_CODES[what], HOME, FIREFOX) == "code_refused"
    assert attempts(ctx) == counted + 1
    assert len(read_timeline(ctx, view.id).events) == before
    shown = load_session(ctx, view.id).code
    assert shown is not None
    assert (shown.state, shown.failures) == ("live", 0)
    assert going.look().state is ShareState.LIVE
    assert enter_code(door_of(ctx), code.digits, HOME, FIREFOX).session_id == view.id


def test_a_wrong_code_is_told_once_in_the_session_it_was_aimed_at(ctx: Context) -> None:
    view, other = agreed(ctx), agreed(ctx)
    code = issue_code(ctx, view.id)
    before = len(read_timeline(ctx, other.id).events)
    refusal(enter_code, door_of(ctx), wrong(code), HOME, FIREFOX)
    last = read_timeline(ctx, view.id).events[-1]
    assert (last.kind, last.actor, last.payload) == ("code_failed", "customer", {"failures": 1, "source": HOME})
    assert len(read_timeline(ctx, other.id).events) == before


def test_what_stands_in_the_log_of_a_source_is_short(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    refusal(try_code, door_of(ctx), wrong(code), "9" * 10_000, FIREFOX)
    assert (read_timeline(ctx, view.id).events[-1].payload or {})["source"] == "9" * 64


@pytest.mark.parametrize("browser", ["", "x" * 1_000_000, "\ud800", "\x00"])
def test_whatever_a_browser_calls_itself_it_is_known_again(ctx: Context, browser: str) -> None:
    view = agreed(ctx)
    found = enter_code(door_of(ctx), issue_code(ctx, view.id).digits, HOME, browser)
    assert Visitor(ctx, view, found.token, browser).look().session_id == view.id
    assert refusal(Visitor(ctx, view, found.token, browser + "x").look) == "share_gone"


def test_a_forged_token_is_told_nowhere_and_disturbs_nothing(ctx: Context) -> None:
    visitor = live(ctx)
    before = told(ctx, visitor.view)
    forged = visitor.token[:-1] + ("A" if visitor.token[-1] != "A" else "B")
    for happening in Happening:
        assert refusal(note_share, visitor.door, forged, FIREFOX, happening) == "share_gone"
        assert refusal(note_share, visitor.door, visitor.token, CHROMIUM, happening) == "share_gone"
    assert told(ctx, visitor.view) == before
    assert seen(visitor).state is ShareState.LIVE


def test_statements_that_nobody_asked_for_are_left_out(ctx: Context) -> None:
    visitor = entered(ctx)
    visitor.accept(*ConsentKind)
    assert {one.kind for one in load_session(ctx, visitor.view.id).consents if one.recorded_by == ""} == {
        ConsentKind.EARLY_START,
        ConsentKind.EARLY_START_WAIVER,
        ConsentKind.SCREEN_SHARING,
    }


@pytest.mark.parametrize("hours", [-10_000, -1, 1, 10_000])
def test_a_clock_that_jumps_refuses_the_code_and_spares_the_rest(ctx: Context, hours: int) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    clock(ctx).move(hours=hours)
    assert refusal(enter_code, door_of(ctx), code.digits, HOME, FIREFOX) == "code_refused"
    again = issue_code(ctx, view.id)
    assert enter_code(door_of(ctx), again.digits, HOME, FIREFOX).session_id == view.id


def test_a_door_with_another_key_opens_nothing(ctx: Context) -> None:
    view = agreed(ctx)
    code = issue_code(ctx, view.id)
    elsewhere = replace(door_of(ctx), key=bytes(32))
    assert refusal(enter_code, elsewhere, code.digits, HOME, FIREFOX) == "code_refused"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "code",
    [
        "code_refused",
        "share_gone",
        "share_not_admitted",
        "share_wrong_state",
        "share_no_consent",
        "share_viewer",
        "site_busy",
        "source_busy",
    ],
)
def test_each_refusal_is_one_plain_sentence(language: str, code: str) -> None:
    sentence = load_wording(language).text(f"errors.{code}", retry_after=3_600)
    assert 0 < len(sentence) <= 160
    assert "\n" not in sentence
