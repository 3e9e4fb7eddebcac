"""What is typed reaches the database within half a second, in order, and nothing on screen is ever lost."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from agent_desk import late
from agent_desk.actions.errors import Refusal
from agent_desk.actions.late_typing import LateTyping
from agent_desk.actions.views import Adjusted, Saved, SessionView
from agent_desk.desktop.link import Away
from agent_desk.desktop.session import editor as editor_module
from agent_desk.desktop.session.editor import Editor
from agent_desk.rules.late_typing import Difference
from agent_desk.rules.session import Content, Line, State, Step
from tests.support.desks import SetClock

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


class StillLink(QObject):
    """The database is there, or away, as the test says."""

    lost = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_lost = False
        self.suspected = 0

    def suspect(self) -> None:
        self.suspected += 1

    def lose(self) -> None:
        self.is_lost = True
        self.lost.emit()

    def come_back(self) -> None:
        self.is_lost = False
        self.back.emit()


@dataclass(slots=True)
class Shelves:
    """What is kept on the workstation."""

    lasting: bool = True
    kept: dict[int, LateTyping] = field(default_factory=dict)

    def keep_typing(self, _ctx: None, typing: LateTyping) -> bool:
        if self.lasting:
            self.kept[typing.session_id] = typing
        return self.lasting

    def drop_typing(self, _ctx: None, session_id: int) -> None:
        self.kept.pop(session_id, None)


@dataclass(slots=True)
class SlowDesk:
    """Runs a job when the test says so: what happens between asking and answering is the point here."""

    waiting: list[tuple[Callable[[Any], Any], Any, Callable[[BaseException], None]]] = field(default_factory=list)
    ran: int = 0
    link: StillLink = field(default_factory=StillLink)
    site: Shelves = field(default_factory=Shelves)
    clock: SetClock = field(default_factory=SetClock)

    def run(
        self,
        job: Callable[[Any], Any],
        done: Callable[[Any], None] | None = lambda _: None,
        failed: Callable[[BaseException], None] = lambda _: None,
        owner: QObject | None = None,
        queue: object = None,
        away: bool = False,
    ) -> None:
        if away:  # what needs no database is done at once
            (done or (lambda _: None))(job(None))
        else:
            self.waiting.append((job, done, failed))

    def answer(self) -> None:
        """Run the first waiting job and hand its result back."""
        job, done, failed = self.waiting.pop(0)
        self.ran += 1
        try:
            result = job(None)
        except (Refusal, Away) as error:
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
    refusals: list[Exception] = field(default_factory=list)
    adjusted: tuple[Adjusted, ...] = ()
    settled: list[str] = field(default_factory=list)

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

    def save_late_typing(self, _ctx: None, typing: LateTyping) -> bool:
        self.view = replace(self.view, content=typing.content)
        return True

    def settle_change(self, _ctx: None, _id: int, fact: str) -> SessionView:
        if self.refusals:
            raise self.refusals.pop(0)
        self.settled.append(fact)
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
    for name in ("save_draft", "load_session", "qualify_session", "save_late_typing", "settle_change"):
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


def elsewhere(shelf: Shelf, **changes: Any) -> None:
    """Let another desk save."""
    content = replace(shelf.view.content, **changes)
    shelf.view = replace(shelf.view, revision=shelf.view.revision + 1, content=content)


def typed_on_both_desks(desk: SlowDesk, shelf: Shelf, editor: Editor) -> None:
    """Type notes and a name here, other notes elsewhere, and let it come out."""
    editor.set("notes", "ici")
    editor.set("customer.surname", "Morvan")
    elsewhere(shelf, notes="ailleurs")
    editor.flush()
    desk.answer_all()


def test_two_who_typed_into_the_same_field_have_to_choose(desk: SlowDesk, shelf: Shelf, editor: Editor) -> None:
    typed_on_both_desks(desk, shelf, editor)
    assert editor.versions.differences == (Difference("notes", "ici", "ailleurs"),)
    assert (editor.content.notes, editor.unsaved, desk.waiting) == ("ici", True, [])
    refused: list[BaseException] = []
    editor.act(_qualify, failed=refused.append)
    assert [getattr(error, "code", "") for error in refused] == ["choose_first"]
    assert shelf.view.content.notes == "ailleurs", "nothing is overwritten without a choice"


@pytest.mark.parametrize(("mine", "notes"), [(True, "ici"), (False, "ailleurs")])
def test_the_choice_is_saved_with_all_that_nobody_else_touched(
    desk: SlowDesk, shelf: Shelf, editor: Editor, mine: bool, notes: str
) -> None:
    typed_on_both_desks(desk, shelf, editor)
    editor.choose(mine=mine)
    desk.answer_all()
    assert (shelf.view.content.notes, shelf.view.content.customer.surname) == (notes, "Morvan")
    assert (editor.content, editor.unsaved) == (shelf.view.content, False)
    assert desk.site.kept == {}


def test_what_is_typed_on_while_a_choice_is_open_counts(desk: SlowDesk, shelf: Shelf, editor: Editor) -> None:
    typed_on_both_desks(desk, shelf, editor)
    editor.set("notes", "ici et maintenant")
    editor.choose(mine=True)
    desk.answer_all()
    assert shelf.view.content.notes == "ici et maintenant"


def test_somebody_who_types_on_elsewhere_asks_for_another_choice(desk: SlowDesk, shelf: Shelf, editor: Editor) -> None:
    typed_on_both_desks(desk, shelf, editor)
    elsewhere(shelf, notes="encore ailleurs")
    editor.choose(mine=True)
    desk.answer_all()
    assert editor.versions.differences == (Difference("notes", "ici", "encore ailleurs"),)


def test_typing_into_a_session_ended_elsewhere_is_shown_and_lets_itself_be_put_away(
    desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    editor.set("notes", "ici")
    shelf.view = replace(shelf.view, state=State.CLOSED)
    shelf.refusals.append(Refusal("already_closed"))
    editor.flush()
    desk.answer_all()
    assert (editor.ended, editor.versions.differences) == (True, (Difference("notes", "ici", ""),))
    editor.choose(mine=True)
    assert (editor.content.notes, editor.unsaved, desk.waiting) == ("", False, [])


def test_while_the_database_is_away_typing_goes_on_and_is_kept_here(
    qtbot: QtBot, desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    desk.link.lose()
    editor.set("customer.surname", "Morvan")
    qtbot.waitUntil(lambda: bool(desk.site.kept))
    editor.set("notes", "sans réseau")
    qtbot.waitUntil(lambda: desk.site.kept[7].content.notes == "sans réseau")
    assert set(desk.site.kept[7].paths) == {"customer.surname", "notes"}
    assert (desk.waiting, editor.holds_window()) == ([], False)
    desk.link.come_back()
    desk.answer_all()
    assert shelf.view.content.notes == "sans réseau"
    assert (editor.unsaved, desk.site.kept) == (False, {})


def test_without_a_keyring_the_window_is_held_while_the_database_is_away(
    qtbot: QtBot, desk: SlowDesk, editor: Editor
) -> None:
    desk.site.lasting = False
    editor.set("customer.surname", "Morvan")
    desk.link.lose()
    qtbot.waitUntil(lambda: editor.keep.lasting is False)
    assert (editor.holds_window(), editor.holds_window()) == (True, False)


def test_what_needs_the_database_is_refused_at_once_while_it_is_away(desk: SlowDesk, editor: Editor) -> None:
    refused: list[BaseException] = []
    editor.act(_qualify, failed=refused.append)
    editor.act(_qualify, failed=refused.append)
    desk.link.lose()
    editor.act(_qualify, failed=refused.append)
    assert [getattr(error, "code", "") for error in refused] == ["away", "away"]
    assert len(desk.waiting) == 1, "the first was under way already"


def test_a_save_without_an_answer_is_kept_before_anybody_knows_why(
    qtbot: QtBot, desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    editor.set("customer.surname", "Morvan")
    editor.flush()
    qtbot.waitUntil(lambda: bool(desk.site.kept))
    assert desk.site.kept[7].paths == ("customer.surname",)
    desk.answer_all()
    assert desk.site.kept == {}


def test_the_first_failure_for_want_of_an_answer_is_no_alarm(
    qtbot: QtBot, desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    told: list[BaseException] = []
    editor.troubled.connect(told.append)
    for count in (0, 1):
        shelf.refusals.append(Refusal("unreachable"))
        editor.set("customer.surname", f"Morvan {count}")
        editor.flush()
        desk.answer_all()
        assert len(told) == count, "the whole desk tells it in one line"
    assert editor.keep.is_used


def test_typing_kept_before_a_start_goes_on_as_if_nothing_had_been(
    desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    base = shelf.view.content
    kept = LateTyping(
        session_id=7,
        number=shelf.view.number,
        opened_at=AT,
        base=base,
        content=replace(base, notes="ici", description="lent"),
        paths=("notes", "description"),
        step=Step.REQUEST,
        field="description",
        at=AT,
    )
    elsewhere(shelf, notes="ailleurs")
    editor.take_over(shelf.view)
    editor.adopt(kept)
    assert editor.versions.differences == (Difference("notes", "ici", "ailleurs"),)
    assert (editor.content.notes, editor.content.description, editor.step) == ("ici", "lent", Step.REQUEST)
    editor.choose(mine=True)
    desk.answer_all()
    assert (shelf.view.content.notes, shelf.view.content.description) == ("ici", "lent")


def test_a_change_whose_answer_was_lost_is_looked_up_before_anything_else(
    desk: SlowDesk, shelf: Shelf, editor: Editor
) -> None:
    lost = Refusal("unsettled")
    lost.fact = "the fact"  # type: ignore[attr-defined]  # as DatabaseFault has it
    shelf.refusals = [lost, Refusal("unreachable")]
    refused: list[BaseException] = []
    editor.act(_qualify, failed=refused.append)
    editor.act(_qualify, failed=refused.append)
    desk.answer()
    assert (refused, shelf.settled) == ([lost], [])
    desk.answer()
    assert shelf.settled == []
    desk.answer()
    assert shelf.settled == ["the fact"]
    desk.answer_all()
    assert shelf.view.state is State.QUALIFIED
