"""A supervisor reviews what was drawn with one key each; the agent answers what is returned."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import delete

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.review_session import choose_review, review_session
from agent_desk.actions.sample_rules import add_sample_rule
from agent_desk.actions.views import JournalFilter, ReviewView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.journal import JournalScreen
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.timeline import EventRow
from agent_desk.desktop.today import TodayScreen
from agent_desk.rules.review import Mark, ReviewState, ReviewStep, SampleRule
from agent_desk.storage.review_tables import review_rule
from tests.desktop.conftest import settle
from tests.support.desks import finished

Work = Callable[..., Any]


def named(ctx: Context, name: str) -> Context:
    return replace(ctx, settings=replace(ctx.settings, agent_name=name))


def closed_by(ctx: Context, name: str) -> int:
    """Close a session as somebody of that name, and let everything be reviewed."""
    own = named(ctx, name)
    view = finished(own)
    close_session(own, view.id, view.version)
    with ctx.database.write() as tx:
        tx.execute(delete(review_rule))
    add_sample_rule(ctx, SampleRule())
    return view.id


@pytest.fixture
def theirs(desk_ctx: Context, in_worker: Work) -> list[int]:
    """Give three sessions Karim has closed, all to be reviewed, newest first."""
    return [in_worker(closed_by, desk_ctx, "Karim Benali") for _ in range(3)][::-1]


def journal_of(qtbot: QtBot, window: MainWindow, desk: Desk) -> JournalScreen:
    window.go("journal")
    settle(qtbot, desk)
    screen = window.current
    assert isinstance(screen, JournalScreen)
    return screen


def press(qtbot: QtBot, desk: Desk, made: QPushButton) -> None:
    """Press a button by its key: Qt shows it pressed for a moment first."""
    with qtbot.waitSignal(made.clicked):
        qtbot.keySequence(made.window(), made.shortcut())
    settle(qtbot, desk)


def shown_ids(journal: JournalScreen) -> list[int]:
    return [row.id for row in journal.model.rows]


def state_of(ctx: Context, session_id: int) -> ReviewView:
    found = read_timeline(ctx, session_id).review
    assert found is not None
    return found


def test_the_journal_says_how_many_wait_and_shows_them_in_one_key(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk
) -> None:
    journal = journal_of(qtbot, window, desk)
    assert journal.reviews.button.isVisible()
    assert "À relire (3)" in journal.reviews.button.text()
    press(qtbot, desk, journal.reviews.button)
    assert journal.filters.wanted() == JournalFilter(review="waiting")
    assert shown_ids(journal) == theirs
    assert journal.story.session_id == theirs[0]
    press(qtbot, desk, journal.reviews.button)
    assert journal.story.session_id == theirs[1], "the same key goes on"


def test_a_good_session_is_marked_in_one_key_and_the_next_one_comes(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Work
) -> None:
    journal = journal_of(qtbot, window, desk)
    press(qtbot, desk, journal.reviews.button)
    press(qtbot, desk, journal.reviews.button)
    card = journal.story.review
    assert "À relire" in card.state.text()
    assert "toutes les sessions" in card.why.text()
    press(qtbot, desk, card.marks[Mark.GOOD])
    found = in_worker(state_of, desk_ctx, theirs[1])
    assert (found.review.state, found.review.mark, found.review.reviewer) == (
        ReviewState.SETTLED,
        Mark.GOOD,
        "Nadia Leroy",
    )
    assert shown_ids(journal) == [theirs[0], theirs[2]]
    assert journal.story.session_id == theirs[2], "the one below it"
    assert "(2)" in journal.reviews.button.text()


def test_a_fault_asks_for_words_and_goes_to_the_agent(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Work
) -> None:
    journal = journal_of(qtbot, window, desk)
    press(qtbot, desk, journal.reviews.button)
    card = journal.story.review
    assert card.hint.isVisible()
    press(qtbot, desk, card.marks[Mark.FAULT])
    assert card.text.hasFocus(), "first the words"
    qtbot.keyClicks(card.text, "Prix non redit avant l'accord.")
    assert not card.hint.isVisible()
    press(qtbot, desk, card.marks[Mark.FAULT])
    found = in_worker(state_of, desk_ctx, theirs[0])
    assert (found.review.state, found.review.mark) == (ReviewState.RETURNED, Mark.FAULT)
    assert found.notes[0].body == "Prix non redit avant l'accord."
    assert card.text.text() == ""


def test_what_is_to_improve_is_noted_or_returned_as_wished(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Work
) -> None:
    journal = journal_of(qtbot, window, desk)
    press(qtbot, desk, journal.reviews.button)
    card = journal.story.review
    for back, session_id, state in ((False, theirs[0], ReviewState.SETTLED), (True, theirs[1], ReviewState.RETURNED)):
        qtbot.keyClicks(card.text, "plus lentement")
        card.back.setChecked(back)
        press(qtbot, desk, card.marks[Mark.TO_IMPROVE])
        assert in_worker(state_of, desk_ctx, session_id).review.state is state
        assert not card.back.isChecked(), "the next one begins anew"


def test_somebody_who_was_first_is_told_in_one_sentence_and_shown(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Work
) -> None:
    journal = journal_of(qtbot, window, desk)
    version = in_worker(read_timeline, desk_ctx, theirs[0]).session.version
    in_worker(review_session, named(desk_ctx, "Inès Faure"), theirs[0], 1, version, ReviewStep.MARK, Mark.GOOD)
    with qtbot.waitSignal(desk.failed) as failed:
        journal.story.review.marks[Mark.GOOD].click()
    assert failed.args[0] == desk.wording.text("errors.review_changed")
    settle(qtbot, desk)
    assert "Relue · Conforme" in journal.story.review.state.text()
    assert not journal.story.review.marks[Mark.GOOD].isVisible()


def test_a_session_nothing_has_drawn_is_chosen_by_hand(
    qtbot: QtBot, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Work
) -> None:
    of = in_worker(closed_by, desk_ctx, "Karim Benali")
    in_worker(lambda: _no_rules(desk_ctx))
    journal = journal_of(qtbot, window, desk)
    card = journal.story.review
    assert "(0)" in journal.reviews.button.text()
    qtbot.mouseClick(card.choose, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert in_worker(state_of, desk_ctx, of).rule is None
    assert "choisie par un superviseur" in card.why.text()
    assert card.marks[Mark.GOOD].isVisible()


def _no_rules(ctx: Context) -> None:
    with ctx.database.write() as tx:
        tx.execute(delete(review_rule))


def test_ones_own_session_offers_no_mark(
    qtbot: QtBot, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Work
) -> None:
    of = in_worker(closed_by, desk_ctx, "Nadia Leroy")
    in_worker(choose_review, named(desk_ctx, "Sam Petit"), of)
    journal = journal_of(qtbot, window, desk)
    assert not journal.reviews.button.isVisible(), "here works one person alone, who reviews nobody"
    card = journal_of(qtbot, window, desk).story.review
    assert card.isVisible()
    assert [mark for mark, made in card.marks.items() if made.isVisible()] == []
    assert not card.text.isVisible()


def returned_to_nadia(ctx: Context) -> int:
    of = closed_by(ctx, "Nadia Leroy")
    sam = named(ctx, "Sam Petit")
    found = choose_review(sam, of)
    version = read_timeline(ctx, of).session.version
    review_session(sam, of, found.review.version, version, ReviewStep.RETURN, Mark.FAULT, "Prix non redit.")
    return of


def test_the_agent_finds_a_returned_review_in_today_and_answers_it_beside_the_story(
    qtbot: QtBot, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Work
) -> None:
    of = in_worker(returned_to_nadia, desk_ctx)
    today = window.current
    assert isinstance(today, TodayScreen)
    today.update_lists()
    settle(qtbot, desk)
    assert today.returned_card.isVisible()
    texts = [one.text() for one in today.returned_card.findChildren(QLabel)]
    assert "réponse avant le 30\u00a0nov.\u00a02026" in texts
    way = today.returned_card.findChildren(QPushButton, f"answer_{of}")[0]
    way.setFocus()
    today.update_lists()
    settle(qtbot, desk)
    assert way.hasFocus(), "news from elsewhere take no keyboard away"
    with qtbot.waitSignal(desk.listRequested):
        way.click()
    settle(qtbot, desk)
    journal = window.current
    assert isinstance(journal, JournalScreen)
    card = journal.story.review
    said = [one.text() for one in card.findChildren(QLabel)]
    assert "Prix non redit." in said
    assert not card.why.isVisible(), "why it was drawn is not the agent's to know"
    assert not card.answer.isEnabled()
    qtbot.keyClicks(card.text, "Compris, je le redirai.")
    qtbot.keyClick(card.text, Qt.Key.Key_Return)
    settle(qtbot, desk)
    assert in_worker(state_of, desk_ctx, of).review.state is ReviewState.ANSWERED
    events = [one.text() for row in journal.story.findChildren(EventRow) for one in row.findChildren(QLabel)]
    assert "L’agent répond à la relecture" in events
    window.go("today")
    settle(qtbot, desk)
    assert not today.returned_card.isVisible()


def test_to_have_read_it_is_an_answer_too(
    qtbot: QtBot, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Work
) -> None:
    of = in_worker(returned_to_nadia, desk_ctx)
    card = journal_of(qtbot, window, desk).story.review
    qtbot.mouseClick(card.read, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert in_worker(state_of, desk_ctx, of).notes[-1].body == "Lu et compris"


def test_rules_are_added_and_switched_in_a_small_form(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk
) -> None:
    journal = journal_of(qtbot, window, desk)
    rules = journal.reviews.rules
    qtbot.mouseClick(journal.reviews.rules_button, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert rules.isVisible()
    assert len(rules.switches) == 1
    rules.share.setValue(20)
    rules.waived.setValue(49)
    qtbot.keyClicks(rules.name, "Gros montants")
    qtbot.mouseClick(rules.add_button, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    texts = [one.text() for one in rules.findChildren(QLabel)]
    wanted = "Gros montants (20\u202f% des sessions, tirées au sort, non facturé\u00a0: 49,00\u00a0€ au moins)"
    assert wanted in texts
    assert len(rules.switches) == 2
    rules.switches[1].click()
    settle(qtbot, desk)
    assert [one.isChecked() for one in rules.switches] == [True, False]
    rules.close_button.click()
    assert not rules.isVisible()


def test_rules_closed_while_an_answer_is_under_way_stay_closed_and_escape_closes_them(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk
) -> None:
    journal = journal_of(qtbot, window, desk)
    rules = journal.reviews.rules
    rules.open()
    settle(qtbot, desk)
    assert rules.share.hasFocus()
    rules.name.setText("Tout")
    rules.add_button.click()
    qtbot.keyClick(rules.name, Qt.Key.Key_Escape)
    assert not rules.isVisible()
    settle(qtbot, desk)
    assert not rules.isVisible()
    assert (len(rules.switches), rules.name.text()) == (2, "")


def test_a_rule_that_is_refused_keeps_its_name(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = journal_of(qtbot, window, desk).reviews.rules
    rules.open()
    settle(qtbot, desk)

    def refuse(_ctx: Context, _rule: SampleRule) -> None:
        raise Refusal("review_rule_team")

    monkeypatch.setattr("agent_desk.actions.sample_rules.add_sample_rule", refuse)
    rules.name.setText("Gros montants")
    with qtbot.waitSignal(desk.failed):
        rules.add_button.click()
    assert rules.name.text() == "Gros montants"


def test_what_is_typed_for_the_next_session_stays_when_the_step_before_is_done(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Work
) -> None:
    card = journal_of(qtbot, window, desk).story.review
    next_one = in_worker(read_timeline, desk_ctx, theirs[1])
    card.marks[Mark.GOOD].click()
    card.show_story(next_one)
    card.text.setText("plus lentement")
    with qtbot.waitSignal(card.taken) as taken:
        pass
    assert taken.args == [theirs[0]]
    assert card.text.text() == "plus lentement"


def test_the_journal_filters_by_the_state_of_a_review(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Work
) -> None:
    version = in_worker(read_timeline, desk_ctx, theirs[1]).session.version
    journal = journal_of(qtbot, window, desk)
    in_worker(review_session, desk_ctx, theirs[1], 1, version, ReviewStep.MARK, Mark.GOOD)
    box = journal.filters.more.review
    assert box.isVisibleTo(journal.filters.more)
    box.setCurrentIndex(box.findData("settled"))
    settle(qtbot, desk)
    assert shown_ids(journal) == [theirs[1]]


def test_who_does_not_review_sees_neither_count_nor_rules(
    qtbot: QtBot, theirs: list[int], window: MainWindow, desk: Desk
) -> None:
    journal = journal_of(qtbot, window, desk)
    page = journal._page
    assert page is not None
    journal._show_first(replace(page, to_review=None))
    for widget in (journal.reviews.button, journal.reviews.rules_button, journal.filters.more.review):
        assert not widget.isVisibleTo(journal)
    assert "relire" not in " ".join(one.text for one in journal.commands())
