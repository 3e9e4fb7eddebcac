"""Feasibility, procedure ticks, protection, putting aside: each an event, each told twice as once."""

from dataclasses import replace

import pytest

from agent_desk.actions.answer_feasibility import answer_feasibility
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import load_session
from agent_desk.actions.park_session import park_session
from agent_desk.actions.qualify_session import qualify_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.resume_session import resume_session
from agent_desk.actions.set_protection import is_off, set_protection
from agent_desk.actions.tick_step import tick_step
from agent_desk.actions.views import EventView, SessionView
from agent_desk.rules.session import Closing, Feasibility, Line, State
from tests.support.desks import NOON, agreed, begun, clock, content, drafted

PRINTER = Line("devices.computer-peripheral", equipment="Epson XP-2200")


def events(ctx: Context, view: SessionView) -> list[EventView]:
    return list(read_timeline(ctx, view.id).events)


def refusal(ctx: Context, view: SessionView, subject: str) -> str:
    with pytest.raises(Refusal) as refused:
        answer_feasibility(ctx, view.id, subject, Feasibility.ASKED)
    assert refused.value.fields == (subject,)
    return refused.value.code


def test_a_qualified_session_waits_for_the_answer_and_comes_back(ctx: Context) -> None:
    view = drafted(ctx, content(PRINTER))
    view = qualify_session(ctx, view.id, view.version)
    view = answer_feasibility(ctx, view.id, "lines[0].feasibility", Feasibility.ASKED)
    assert (view.state, view.content.lines[0].feasibility) == (State.FEASIBILITY, Feasibility.ASKED)
    view = answer_feasibility(ctx, view.id, "prerequisites.platform_feasibility", Feasibility.ASKED)
    assert view.state is State.FEASIBILITY
    view = answer_feasibility(ctx, view.id, "lines[0]", Feasibility.YES)
    assert view.state is State.FEASIBILITY
    view = answer_feasibility(ctx, view.id, "platform", Feasibility.NO)
    assert view.state is State.QUALIFIED
    about = [event for event in events(ctx, view) if event.kind.startswith("feasibility_")]
    told = [(event.kind, event.payload and event.payload["subject"]) for event in about]
    assert told == [
        ("feasibility_asked", "Epson XP-2200"),
        ("feasibility_asked", "windows-11"),
        ("feasibility_answered", "Epson XP-2200"),
        ("feasibility_answered", "windows-11"),
    ]


def test_a_question_asked_early_makes_the_session_wait_once_qualified(ctx: Context) -> None:
    view = drafted(ctx, content(PRINTER))
    view = answer_feasibility(ctx, view.id, "lines[0]", Feasibility.ASKED)
    assert view.state is State.DRAFT
    assert qualify_session(ctx, view.id, view.version).state is State.FEASIBILITY


def test_the_same_answer_twice_is_one_event(ctx: Context) -> None:
    view = drafted(ctx, content(PRINTER))
    answer_feasibility(ctx, view.id, "lines[0]", Feasibility.YES)
    answer_feasibility(ctx, view.id, "lines[0]", Feasibility.YES)
    assert [event.kind for event in events(ctx, view)] == ["session_opened", "feasibility_answered"]


def test_an_answer_about_nothing_is_refused_by_its_path(sqlite_ctx: Context) -> None:
    view = drafted(sqlite_ctx, content(PRINTER))
    for subject in ("lines[1]", "lines[x]", "lines[-1]", "customer"):
        assert refusal(sqlite_ctx, view, subject) == "invalid_value"


def test_ticks_are_events_and_come_back(ctx: Context) -> None:
    view = begun(ctx)
    tick_step(ctx, view.id, "livebox.connect-device/2", True)
    tick_step(ctx, view.id, "livebox.connect-device/2", True)
    ticked = tick_step(ctx, view.id, "security.virus-removal/10", True)
    assert ticked.content.ticks == ("livebox.connect-device/2", "security.virus-removal/10")
    after = tick_step(ctx, view.id, "livebox.connect-device/2", False)
    assert after.content.ticks == load_session(ctx, view.id).content.ticks == ("security.virus-removal/10",)
    told = [(event.kind, event.payload or {}) for event in events(ctx, view) if "tick" in event.kind]
    assert [(kind, said["by"], said["service"], said["item"]) for kind, said in told] == [
        ("step_ticked", "Nadia Leroy", "livebox.connect-device", 2),
        ("step_ticked", "Nadia Leroy", "security.virus-removal", 10),
        ("step_unticked", "Nadia Leroy", "livebox.connect-device", 2),
    ]


@pytest.mark.parametrize(
    "item", ["tv.advanced-use/1", "livebox.connect-device", "livebox.connect-device/x", "", "/1", "a" * 900]
)
def test_a_tick_outside_the_services_asked_for_is_refused(sqlite_ctx: Context, item: str) -> None:
    view = begun(sqlite_ctx)
    with pytest.raises(Refusal) as refused:
        tick_step(sqlite_ctx, view.id, item, True)
    assert (refused.value.code, refused.value.fields) == ("invalid_value", ("ticks",))


def test_nothing_is_ticked_before_the_agreement(sqlite_ctx: Context) -> None:
    view = drafted(sqlite_ctx)
    with pytest.raises(Refusal) as refused:
        tick_step(sqlite_ctx, view.id, "livebox.connect-device/1", True)
    assert refused.value.code == "wrong_state"


def test_protection_off_and_on_is_noted_with_its_time(ctx: Context) -> None:
    view = begun(ctx)
    assert set_protection(ctx, view.id, off=False).content.closing.protection_on_at is None
    view = set_protection(ctx, view.id, off=True)
    assert view.content.closing.protection_off_at == NOON
    clock(ctx).move(minutes=9)
    assert set_protection(ctx, view.id, off=True).content.closing.protection_off_at == NOON
    view = set_protection(ctx, view.id, off=False)
    assert view.content.closing.protection_on_at == clock(ctx).now()
    again = set_protection(ctx, view.id, off=True).content.closing
    assert (again.protection_off_at, again.protection_on_at) == (clock(ctx).now(), None)
    kinds = [event.kind for event in events(ctx, view) if event.kind.startswith("protection")]
    assert kinds == ["protection_off", "protection_on", "protection_off"]


def test_a_clock_moved_back_does_not_leave_protection_off(ctx: Context) -> None:
    view = begun(ctx)
    set_protection(ctx, view.id, off=True)
    clock(ctx).move(hours=-1)
    assert not is_off(set_protection(ctx, view.id, off=False).content.closing)


def test_protection_never_switched_off_is_on() -> None:
    assert not is_off(Closing())
    assert is_off(Closing(protection_off_at=NOON))


def test_putting_aside_and_taking_up_leave_the_state_alone(ctx: Context) -> None:
    view = agreed(ctx)
    parked = park_session(ctx, view.id)
    assert (parked.state, parked.parked_at, parked.version) == (State.AGREED, NOON, view.version)
    clock(ctx).move(minutes=1)
    assert park_session(ctx, view.id).parked_at == NOON
    assert resume_session(ctx, view.id).parked_at is None
    assert resume_session(ctx, view.id).parked_at is None
    assert [event.kind for event in events(ctx, view)[-2:]] == ["session_parked", "session_resumed"]


def test_another_agent_is_named_in_the_event(ctx: Context) -> None:
    view = drafted(ctx)
    other = replace(ctx, settings=replace(ctx.settings, agent_name="Karim Haddad"))
    park_session(other, view.id)
    event = events(ctx, view)[-1]
    assert event.payload == {"by": "Karim Haddad"}


def test_a_clock_moved_back_keeps_the_order_and_is_noted_in_the_event(ctx: Context) -> None:
    view = drafted(ctx)
    clock(ctx).move(minutes=-61)
    park_session(ctx, view.id)
    clock(ctx).move(minutes=61)
    resume_session(ctx, view.id)
    story = events(ctx, view)
    assert [event.kind for event in story] == ["session_opened", "session_parked", "session_resumed"]
    assert [event.payload and event.payload.get("clock_back_minutes") for event in story] == [None, 61, None]
    assert all(event.chain_ok for event in story)
