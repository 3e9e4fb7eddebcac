"""Prices and texts are changed on screen by two people, with what people will read in sight."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from agent_desk.actions.context import Context
from agent_desk.actions.list_changes import list_changes
from agent_desk.actions.propose_change import propose_change
from agent_desk.desktop.catalogue import CHANGES_KEY, CatalogueScreen
from agent_desk.desktop.changes import ChangesScreen
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.main_window import MainWindow
from agent_desk.rules.catalogue_changes import CENTS, ChangeKind, ChangeState, ChangeStep
from agent_desk.storage.acting import Acting
from tests.support.changes import ADA, DEARER, SAM, TOMORROW, approved, as_person
from tests.support.desks import SetClock

Worker = Callable[..., Any]


@pytest.fixture
def open_as(qtbot: QtBot, window: MainWindow, desk_ctx: Context, in_worker: Worker) -> Callable[..., ChangesScreen]:
    """Give a function that shows the screen to somebody who has signed in."""

    def show(who: Acting | None) -> ChangesScreen:
        in_worker(as_person, desk_ctx, who)
        window.go("changes")
        screen = window.current
        assert isinstance(screen, ChangesScreen)
        qtbot.waitUntil(lambda: not window.desk.background.busy)
        return screen

    return show


def type_price(qtbot: QtBot, screen: ChangesScreen, typed: str, why: str = "Nouveau tarif") -> None:
    field = screen.form.fields[CENTS]
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, typed)
    screen.form.reason.clear()
    qtbot.keyClicks(screen.form.reason, why)


def said(screen: ChangesScreen) -> list[str]:
    return [one.text() for one in screen.reading.findChildren(QLabel) if not one.isHidden()]


def states(screen: ChangesScreen) -> list[ChangeState]:
    return [one.state for one in screen.model.rows]


def test_where_one_person_works_alone_the_screen_says_so(open_as: Callable[..., ChangesScreen], desk: Desk) -> None:
    screen = open_as(None)
    assert screen.why_not.sentence.text() == desk.wording.text("errors.change_alone")
    assert not screen.new_button.isEnabled()
    assert not screen.ui.nothing.isHidden()
    assert "Catalogue" in screen.back_button.text()


def test_a_price_is_proposed_by_one_and_approved_by_another(
    qtbot: QtBot, open_as: Callable[..., ChangesScreen], window: MainWindow, desk_ctx: Context
) -> None:
    screen = open_as(SAM)
    assert screen.new_button.shortcut().toString() == "F6"
    screen.new_button.click()
    assert screen.form.day.date() == QDate(2026, 11, 24)
    type_price(qtbot, screen, "31,50")
    qtbot.waitUntil(screen.form.propose.isEnabled)
    qtbot.waitUntil(lambda: any("31,50\u00a0€" in one.text() for one in screen.form.places.findChildren(QLabel)))
    screen.form.propose.click()
    qtbot.waitUntil(lambda: states(screen) == [ChangeState.PROPOSED])
    assert [step for step, one in screen.reading.buttons.items() if not one.isHidden()] == [ChangeStep.WITHDRAW]
    screen = open_as(ADA)
    approve = screen.reading.buttons[ChangeStep.APPROVE]
    qtbot.waitUntil(lambda: not approve.isHidden() and any("31,50\u00a0€" in text for text in said(screen)))
    assert not screen.reading.buttons[ChangeStep.REJECT].isEnabled()  # a reason is wanted
    approve.click()
    qtbot.waitUntil(lambda: states(screen) == [ChangeState.APPROVED])
    assert any("Approuvé par Ada Martin" in text for text in said(screen))
    assert isinstance(desk_ctx.clock, SetClock)
    desk_ctx.clock.move(days=1)
    window.go("catalogue")
    catalogue = window.current
    assert isinstance(catalogue, CatalogueScreen)
    qtbot.waitUntil(lambda: catalogue.model.services[0].price_cents == 3150)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("29,00", "change_same"),
        ("31,505", "change_price"),
        ("-5", "change_price"),
        ("", "change_price"),
        ("1000", "change_price"),
    ],
)
def test_what_is_no_new_price_is_said_before_it_is_proposed(
    qtbot: QtBot, open_as: Callable[..., ChangesScreen], desk: Desk, typed: str, code: str
) -> None:
    screen = open_as(SAM)
    screen.open_form()
    type_price(qtbot, screen, typed or "\b")
    qtbot.waitUntil(lambda: screen.form.told.text() == desk.wording.text(f"errors.{code}"))
    assert not screen.form.propose.isEnabled()


def test_a_day_that_has_begun_cannot_be_chosen_and_a_reason_is_wanted(
    qtbot: QtBot, open_as: Callable[..., ChangesScreen], desk: Desk
) -> None:
    screen = open_as(SAM)
    screen.open_form()
    screen.form.day.setDate(QDate(2014, 1, 1))
    assert screen.form.day.date() == QDate(2026, 11, 24)
    type_price(qtbot, screen, "31", why="")
    qtbot.waitUntil(lambda: screen.form.told.text() == desk.wording.text("errors.change_reason"))


def test_a_text_keeps_its_hard_spaces_and_shows_both_languages(
    qtbot: QtBot, open_as: Callable[..., ChangesScreen], desk_ctx: Context, in_worker: Worker
) -> None:
    screen = open_as(SAM)
    screen.open_form()
    screen.form.kind.setCurrentIndex(list(ChangeKind).index(ChangeKind.CONSENT))
    screen.form.subject.setCurrentIndex(screen.form.subject.findData("backup"))
    assert "\u00a0" in str(screen.form.wanted().value["fr"])
    french = screen.form.fields["fr"]
    assert isinstance(french, QPlainTextEdit)
    french.appendPlainText("Merci.")
    qtbot.keyClicks(screen.form.reason, "Plus poli")
    qtbot.waitUntil(screen.form.propose.isEnabled)
    screen.form.propose.click()
    qtbot.waitUntil(lambda: states(screen) == [ChangeState.PROPOSED])
    (kept,) = in_worker(list_changes, desk_ctx).changes
    assert str(kept.proposal.value["fr"]).endswith("\nMerci.")
    assert str(kept.proposal.value["fr"])[:-7] == str(kept.before["fr"])


def test_a_day_for_which_something_else_is_proposed_is_refused_and_what_was_typed_stays(
    qtbot: QtBot, open_as: Callable[..., ChangesScreen], desk: Desk, desk_ctx: Context, in_worker: Worker
) -> None:
    in_worker(lambda: propose_change(as_person(desk_ctx, SAM), DEARER))
    screen = open_as(SAM)
    screen.open_form()
    type_price(qtbot, screen, "33")
    qtbot.waitUntil(screen.form.propose.isEnabled)
    with qtbot.waitSignal(desk.failed) as told:
        screen.form.propose.click()
    assert told.args == [desk.wording.text("errors.change_day_taken")]
    assert screen.form.wanted().value == {CENTS: 3300}
    qtbot.keyClick(screen.form.reason, Qt.Key.Key_Escape)
    assert screen.form.isHidden()


def test_what_waits_comes_first_and_the_catalogue_leads_here_by_a_key(
    qtbot: QtBot, open_as: Callable[..., ChangesScreen], window: MainWindow, desk_ctx: Context, in_worker: Worker
) -> None:
    in_worker(lambda: propose_change(as_person(desk_ctx, SAM), DEARER))
    in_worker(
        lambda: (as_person(desk_ctx, None), approved(desk_ctx, replace(DEARER, valid_from=TOMORROW + timedelta(9))))
    )
    window.go("catalogue")
    catalogue = window.current
    assert isinstance(catalogue, CatalogueScreen)
    assert catalogue.changes_button.shortcut().toString() == CHANGES_KEY
    screen = open_as(ADA)
    assert states(screen) == [ChangeState.PROPOSED, ChangeState.APPROVED]
    assert screen.header().chips[0].text.endswith("1")
    assert {command.key for command in screen.commands()} == {"F6", "Alt+Left"}
    assert window.ui.rail.buttons["catalogue"].isChecked()


def test_everything_the_keyboard_reaches_has_a_name(open_as: Callable[..., ChangesScreen]) -> None:
    screen = open_as(SAM)
    screen.open_form()
    for kind in range(len(ChangeKind)):
        screen.form.kind.setCurrentIndex(kind)
        for field in (*screen.form.fields.values(), screen.form.reason, screen.form.day, screen.form.subject):
            assert field.accessibleName() or any(
                one.buddy() is field and one.text() for one in screen.form.findChildren(QLabel)
            )
    assert all(one.text() for one in screen.findChildren(QPushButton))


def test_what_is_typed_survives_the_key_that_opens_the_form_and_prices_begin_as_they_are_written(
    qtbot: QtBot, open_as: Callable[..., ChangesScreen], desk: Desk
) -> None:
    screen = open_as(SAM)
    screen.open_form()
    assert screen.form.wanted().value == {CENTS: 2900}
    qtbot.waitUntil(lambda: screen.form.told.text() == desk.wording.text("errors.change_same"))
    assert not screen.form.places.findChildren(QLabel), "nothing would change"
    type_price(qtbot, screen, "31,50")
    qtbot.keySequence(screen.window(), "F6")
    qtbot.waitUntil(screen.form.propose.isEnabled)
    assert (screen.form.wanted().value, screen.form.reason.text()) == ({CENTS: 3150}, "Nouveau tarif")
    for language, written in (("fr", "29,00"), ("en", "29.00")):
        desk.settings = replace(desk.settings, language=language)
        screen.form.open(screen.form._first)
        field = screen.form.fields[CENTS]
        assert isinstance(field, QLineEdit)
        assert field.text() == written


def test_the_keys_take_the_steps_and_what_is_typed_for_another_change_stays(
    qtbot: QtBot, open_as: Callable[..., ChangesScreen], desk_ctx: Context, in_worker: Worker, desk: Desk
) -> None:
    in_worker(lambda: propose_change(as_person(desk_ctx, SAM), DEARER))
    in_worker(lambda: propose_change(as_person(desk_ctx, SAM), replace(DEARER, subject="help.usage")))
    screen = open_as(ADA)
    reading = screen.reading
    for step, key in ((ChangeStep.APPROVE, "F2"), (ChangeStep.REJECT, "F3")):
        assert reading.buttons[step].shortcut().toString() == key
        assert key in reading.buttons[step].text()
    with qtbot.waitSignal(reading.buttons[ChangeStep.APPROVE].clicked):
        qtbot.keySequence(screen.window(), "F2")
    screen.table.selectRow(1)
    reading.reason.setText("Pas au siège")
    qtbot.waitUntil(lambda: ChangeState.APPROVED in states(screen))
    qtbot.waitUntil(lambda: not desk.background.busy)
    assert reading.reason.text() == "Pas au siège"


def test_a_window_that_closes_while_one_types_asks_nothing_more(
    qtbot: QtBot, open_as: Callable[..., ChangesScreen], window: MainWindow, desk: Desk
) -> None:
    screen = open_as(SAM)
    screen.open_form()
    type_price(qtbot, screen, "31")
    assert screen.form._soon.isActive()
    window.hide()
    with qtbot.waitSignal(screen.form._soon.timeout):
        pass
    assert not desk.background.busy
    window.show()
