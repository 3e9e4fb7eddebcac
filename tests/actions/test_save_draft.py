"""What is typed is kept, and typing changes nothing else."""

from dataclasses import replace

import pytest

from agent_desk.actions.answer_feasibility import answer_feasibility
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import load_session
from agent_desk.actions.open_session import open_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.save_draft import save_draft
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.set_protection import set_protection
from agent_desk.actions.tick_step import tick_step
from agent_desk.actions.views import Adjusted, JournalFilter
from agent_desk.rules.session import Call, Content, Feasibility, Line, Step
from tests.support.desks import begun, clock, content, drafted, type_in

PRINTER = Line("devices.computer-peripheral", equipment="Epson XP-2200")


def test_the_session_reopens_at_the_same_step_and_field_with_what_was_typed(ctx: Context) -> None:
    view = open_session(ctx, Call())
    clock(ctx).move(minutes=1)
    saved = save_draft(ctx, view.id, 1, content(), Step.PREREQUISITES, "prerequisites.discs")
    reopened = load_session(ctx, view.id)
    assert (reopened.content, reopened.step, reopened.field) == (content(), Step.PREREQUISITES, "prerequisites.discs")
    assert (reopened.revision, reopened.saved_at) == (saved.revision, saved.at) == (2, clock(ctx).now())


def test_typing_writes_no_event_and_changes_no_version(ctx: Context) -> None:
    view = drafted(ctx)
    assert [event.kind for event in read_timeline(ctx, view.id).events] == ["session_opened"]
    assert load_session(ctx, view.id).version == 1


def test_a_second_window_is_refused_and_overwrites_nothing(ctx: Context) -> None:
    view = drafted(ctx)
    type_in(ctx, view, replace(view.content, notes="first window"))
    with pytest.raises(Refusal) as refused:
        type_in(ctx, view, replace(view.content, notes="second window"))
    assert refused.value.code == "changed_elsewhere"
    assert load_session(ctx, view.id).content.notes == "first window"


def test_an_ended_session_takes_no_typing(ctx: Context) -> None:
    view = drafted(ctx)
    cancel_session(ctx, view.id, view.version, "Rappellera")
    with pytest.raises(Refusal) as refused:
        type_in(ctx, view, replace(view.content, notes="late"))
    assert refused.value.code == "already_ended"


def test_a_session_that_never_was_is_not_found(ctx: Context) -> None:
    with pytest.raises(Refusal) as refused:
        save_draft(ctx, 77, 1, Content(), Step.CUSTOMER, "")
    assert refused.value.code == "not_found"


def test_what_is_too_long_is_named_and_all_of_it_is_saved(ctx: Context) -> None:
    view = drafted(ctx)
    typed = replace(view.content, notes="n" * 5000, description="kept")
    saved = save_draft(ctx, view.id, view.revision, typed, Step.CUSTOMER, "f" * 900)
    stored = load_session(ctx, view.id)
    assert saved.adjusted == (Adjusted("notes", "long", 4000),)
    assert (len(stored.content.notes), stored.content.description, len(stored.field)) == (5000, "kept", 200)


def test_names_beyond_any_index_are_saved_whole_and_found_by_what_follows_them(ctx: Context) -> None:
    view = drafted(ctx)
    names = dict.fromkeys(("first_name", "surname", "company", "city", "login", "callback_number"), "long" * 2500)
    lines = (replace(view.content.lines[0], equipment="webcam" * 2000),)
    customer = replace(view.content.customer, **names)  # type: ignore[arg-type]  # all of these are texts
    typed = replace(view.content, customer=customer, lines=lines, description="frozen")
    type_in(ctx, view, typed)
    stored = load_session(ctx, view.id).content
    assert (stored.customer, stored.lines[0].equipment) == (typed.customer, lines[0].equipment)
    for words in ("482 915 307", "frozen"):
        assert [row.id for row in search_journal(ctx, JournalFilter(text=words)).rows] == [view.id]


def test_a_clock_moved_back_is_told_even_where_nothing_but_typing_went_before(ctx: Context) -> None:
    view = drafted(ctx)
    clock(ctx).move(hours=2)
    view = type_in(ctx, view, replace(view.content, notes="later"))
    clock(ctx).move(hours=-1)
    saved = save_draft(ctx, view.id, view.revision, replace(view.content, notes="earlier"), Step.CUSTOMER, "")
    assert saved.clock_back_minutes == 60
    assert load_session(ctx, view.id).content.notes == "earlier"


def test_text_of_any_script_survives_the_database(ctx: Context) -> None:
    view = drafted(ctx)
    name = "O'Brien \"; DROP TABLE session; -- محمد 👩‍👧 \x00"
    saved = type_in(ctx, view, replace(view.content, notes=name))
    assert load_session(ctx, view.id).content.notes == saved.content.notes == name.removesuffix("\x00")


def test_typing_never_changes_ticks_or_protection(ctx: Context) -> None:
    view = begun(ctx)
    ticked = tick_step(ctx, view.id, "security.virus-removal/1", True)
    off = set_protection(ctx, view.id, off=True)
    stale = replace(view.content, notes="typed without knowing")
    after = type_in(ctx, view, stale)
    assert after.content.ticks == ticked.content.ticks == ("security.virus-removal/1",)
    assert after.content.closing == off.content.closing
    assert after.content.notes == "typed without knowing"


def test_typing_cannot_grant_feasibility(ctx: Context) -> None:
    granted = replace(PRINTER, feasibility=Feasibility.YES)
    asked = content(granted)
    asked = replace(asked, prerequisites=replace(asked.prerequisites, platform_feasibility=Feasibility.YES))
    view = drafted(ctx, asked)
    assert view.content.lines[0].feasibility is Feasibility.NOT_ASKED
    assert view.content.prerequisites.platform_feasibility is Feasibility.NOT_ASKED


def test_an_answer_stays_with_its_equipment_and_its_platform(ctx: Context) -> None:
    view = drafted(ctx, content(PRINTER))
    answer_feasibility(ctx, view.id, "lines[0]", Feasibility.YES)
    asked = answer_feasibility(ctx, view.id, "platform", Feasibility.YES)
    respelled = replace(view.content, lines=(replace(PRINTER, equipment="EPSON  xp2200"),))
    view = type_in(ctx, asked, respelled)
    assert view.content.lines[0].feasibility is Feasibility.YES
    assert view.content.prerequisites.platform_feasibility is Feasibility.YES
    other = replace(
        view.content,
        lines=(replace(PRINTER, equipment="Canon"),),
        prerequisites=replace(view.content.prerequisites, platform="macos"),
    )
    view = type_in(ctx, view, other)
    assert view.content.lines[0].feasibility is Feasibility.NOT_ASKED
    assert view.content.prerequisites.platform_feasibility is Feasibility.NOT_ASKED


def test_an_earlier_answer_for_the_same_equipment_serves_another_customer(ctx: Context) -> None:
    first = drafted(ctx, content(PRINTER))
    answer_feasibility(ctx, first.id, "lines[0]", Feasibility.NO)
    answer_feasibility(ctx, first.id, "lines[0]", Feasibility.YES)
    second = drafted(ctx, content(replace(PRINTER, equipment="epson XP 2200")))
    assert second.content.lines[0].feasibility is Feasibility.YES


def test_lists_and_searches_follow_what_is_typed(ctx: Context) -> None:
    view = drafted(ctx, content(PRINTER))
    for words in ("morvan", "QUIMPER", "482915307", "imprimante", "Epson", "0261911234", str(view.id), "fenetres"):
        (row,) = search_journal(ctx, JournalFilter(text=words)).rows
        assert (row.customer, row.services) == ("Claire Morvan", ("devices.computer-peripheral",))


def test_a_clock_moved_back_loses_nothing_and_is_said(ctx: Context) -> None:
    view = drafted(ctx)
    clock(ctx).move(hours=-1)
    saved = save_draft(ctx, view.id, view.revision, replace(view.content, notes="kept"), Step.CUSTOMER, "")
    assert saved.clock_back_minutes == 60
    reopened = load_session(ctx, view.id)
    assert (reopened.content.notes, reopened.clock_back_minutes) == ("kept", 60)
