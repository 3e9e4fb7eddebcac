"""What is typed reaches the database within half a second, in order, and nothing on screen is ever lost."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from agent_desk import late
from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import Adjusted, Saved, SessionView
from agent_desk.desktop.session import editor as editor_module
from agent_desk.desktop.session.editor import Editor
from agent_desk.rules.session import Content, Line, State, Step

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@dataclass(slots=True)
class SlowDesk:
    """Runs a job when the test says so: what happens between asking and answering is the point here."""

    waiting: list[tuple[Callable[[Any], Any], Callable[[Any], None], Callable[[BaseException], None]]] = field(
        default_factory=list
    )
    ran: int = 0

    def run(
        self,
        job: Callable[[Any], Any],
        done: Callable[[Any], None] = lambda _: None,
        failed: Callable[[BaseException], None] = lambda _: None,
        owner: QObject | None = None,
        queue: object = None,
    ) -> None:
        self.waiting.append((job, done, failed))

    def answer(self) -> None:
        """Run the first waiting job and hand its result back."""
        job, done, failed = self.waiting.pop(0)
        self.ran += 1
        try:
            result = job(None)
        except Refusal as error:
            failed(error)
        else:
            done(result)

    def answer_all(self) -> None:
        """Answer until nothing waits."""
        while self.waiting:
            self.answer()


@dataclass(slots=True)
class Shelf:
    """What the actions do to one session, in memory: typed contents, their revisions, and scripted refusals."""

    view: SessionView
    saves: list[Content] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    adjusted: tuple[Adjusted, ...] = ()

    def save_draft(self, _ctx: None, _id: int, revision: int, content: Content, step: Step, place: str) -> Saved:
        if self.refusals:
            raise self.refusals.pop(0)
        if revision != self.view.revision:
            raise Refusal("changed_elsewhere")
        self.saves.append(content)
        self.view = replace(self.view, revision=revision + 1, content=content, step=step, field=place)
        return Saved(revision + 1, AT, content, self.adjusted)

    def load_session(self, _ctx: None, _id: int) -> SessionView:
        return self.view

    def qualify_session(self, _ctx: None, _id: int, version: int) -> SessionView:
        if self.refusals:
            raise self.refusals.pop(0)
        self.view = replace(self.view, version=version + 1, state=State.QUALIFIED)
        return self.view


def _view() -> SessionView:
    return SessionView(
        id=7,
        number="S-2026-000007",
        state=State.DRAFT,
        version=1,
        revision=1,
        step=Step.CUSTOMER,
        field="",
        content=Content(),
        consents=(),
        agent="Nadia",
        opened_at=AT,
        saved_at=AT,
    )


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Put the actions in memory."""
    made = Shelf(_view())
    for name in ("save_draft", "load_session", "qualify_session"):
        monkeypatch.setattr(late, name, getattr(made, name), raising=False)
    return made


@pytest.fixture
def desk() -> SlowDesk:
    """Give workers that answer on request."""
    return SlowDesk()


@pytest.fixture
def editor(qtbot: QtBot, desk: SlowDesk, shelf: Shelf) -> Editor:
    """Give the session on screen."""
    return Editor(desk, shelf.view)  # type: ignore[arg-type]


def _qualify(view: SessionView) -> Callable[[Any], SessionView]:
    return lambda ctx: late.qualify_session(ctx, view.id, view.version)


def test_the_half_second_counts_from_the_first_keystroke_not_the_last(
    qtbot: QtBot, desk: SlowDesk, editor: Editor
) -> None:
    assert editor_module.SAVE_AFTER_MS < 500
    editor.set("customer.surname", "M")
    started = editor._timer.remainingTime()
    qtbot.waitUntil(lambda: editor._timer.remainingTime() < started)
    left = editor._timer.remainingTime()
    editor.set("customer.surname", "Mo")
    assert editor._timer.remainingTime() <= left


def test_a_keystroke_is_saved_without_anybody_asking(
    qtbot: QtBot, desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    editor.set("customer.surname", "Morvan")
    qtbot.waitUntil(lambda: bool(desk.waiting))
    with qtbot.waitSignal(editor.saved):
        desk.answer()
    assert shelf.saves[-1].customer.surname == "Morvan"
    assert not editor.unsaved


def test_typing_the_same_again_saves_nothing(desk: SlowDesk, editor: Editor) -> None:
    editor.set("customer.surname", "")
    assert (editor.unsaved, desk.waiting) == (False, [])


def test_what_is_typed_while_a_save_is_under_way_goes_with_the_next_one(
    desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    editor.set("customer.surname", "Mor")
    editor.flush()
    editor.set("customer.surname", "Morvan")
    assert len(desk.waiting) == 1, "one save at a time: the revision of the next is in the answer of this one"
    desk.answer()
    assert editor.content.customer.surname == "Morvan"
    editor.flush()
    desk.answer_all()
    assert [saved.customer.surname for saved in shelf.saves] == ["Mor", "Morvan"]


def test_typing_is_saved_before_a_change_of_state(desk: SlowDesk, shelf: Shelf, editor: Editor) -> None:
    editor.set("customer.surname", "Morvan")
    editor.act(_qualify)
    desk.answer_all()
    assert shelf.saves[-1].customer.surname == "Morvan"
    assert editor.view.state is State.QUALIFIED


def test_what_is_typed_during_a_change_of_state_stays_on_screen(desk: SlowDesk, shelf: Shelf, editor: Editor) -> None:
    editor.act(_qualify)
    editor.set("customer.surname", "Morvan")
    desk.answer()
    assert (editor.content.customer.surname, editor.unsaved) == ("Morvan", True)
    editor.flush()
    desk.answer_all()
    assert shelf.view.content.customer.surname == "Morvan"


def test_a_failed_save_says_so_keeps_everything_and_tries_again(
    qtbot: QtBot, desk: SlowDesk, shelf: Shelf, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor_module, "RETRY_AFTER_MS", 1)
    shelf.refusals.append(Refusal("disk_full"))
    editor.set("customer.surname", "Morvan")
    editor.flush()
    with qtbot.waitSignal(editor.troubled) as told:
        desk.answer()
    assert told.args is not None
    assert (told.args[0].code, editor.content.customer.surname, editor.unsaved) == ("disk_full", "Morvan", True)
    qtbot.waitUntil(lambda: bool(desk.waiting))
    desk.answer()
    assert shelf.view.content.customer.surname == "Morvan"


def test_an_action_waiting_for_a_save_that_fails_is_refused_and_not_run(
    desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    shelf.refusals.append(Refusal("read_only"))
    refused: list[BaseException] = []
    editor.set("customer.surname", "Morvan")
    editor.act(_qualify, failed=refused.append)
    desk.answer_all()
    assert [getattr(error, "code", "") for error in refused] == ["read_only"]
    assert shelf.view.state is State.DRAFT


def test_a_change_from_another_window_is_taken_in_under_what_was_typed_here(
    desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    elsewhere = replace(shelf.view.content, description="vu ailleurs")
    shelf.view = replace(shelf.view, revision=9, content=elsewhere)
    editor.set("customer.surname", "Morvan")
    editor.flush()
    desk.answer_all()
    assert (editor.content.description, editor.content.customer.surname) == ("vu ailleurs", "Morvan")
    editor.flush()
    desk.answer_all()
    assert shelf.view.content == editor.content


def test_a_line_another_window_removed_takes_only_its_own_typing_with_it(
    desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    editor.set("lines", (Line("mail.account"),))
    editor.flush()
    desk.answer_all()
    shelf.view = replace(shelf.view, revision=9, content=Content())
    editor.set("lines[0].quantity", 3)
    editor.set("customer.surname", "Morvan")
    editor.flush()
    desk.answer_all()
    assert (editor.content.lines, editor.content.customer.surname) == ((), "Morvan")


def test_what_is_too_long_stays_whole_on_screen_while_the_database_keeps_its_beginning(
    qtbot: QtBot, desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    name = "é" * 10_000
    shelf.adjusted = (Adjusted("customer.surname", "too_long", 200),)
    editor.set("customer.surname", name)
    editor.flush()
    with qtbot.waitSignal(editor.adjusted):
        desk.answer()
    assert editor.content.customer.surname == name


def test_the_place_is_saved_with_the_typing(desk: SlowDesk, shelf: Shelf, editor: Editor) -> None:
    editor.place(Step.REQUEST, "description")
    editor.flush()
    desk.answer_all()
    assert (shelf.view.step, shelf.view.field) == (Step.REQUEST, "description")


def test_a_window_that_closes_hands_over_what_waits_behind_a_running_action(
    desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    editor.act(_qualify)
    editor.set("customer.surname", "Morvan")
    editor.hand_over()
    for job, _, _ in desk.waiting:  # nobody reads answers any more
        job(None)
    assert (shelf.view.state, shelf.view.content.customer.surname) == (State.QUALIFIED, "Morvan")


def test_nothing_can_be_typed_into_a_session_that_has_ended(desk: SlowDesk, shelf: Shelf, editor: Editor) -> None:
    editor.take_over(replace(shelf.view, state=State.CLOSED))
    editor.set("customer.surname", "Morvan")
    editor.place(Step.CLOSING, "notes")
    assert (editor.content.customer.surname, editor.unsaved) == ("", False)


def test_what_was_shown_at_once_is_taken_back_when_refused(desk: SlowDesk, shelf: Shelf, editor: Editor) -> None:
    shelf.refusals = [Refusal("blocked")]
    editor.act(_qualify)
    editor.show("ticks", ("help.usage/1",))
    desk.answer_all()
    assert editor.content.ticks == ()
