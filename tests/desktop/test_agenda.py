"""The agenda: one's week and the team's, moved by dragging and by keyboard, with the reason the customer reads."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.context import Context
from agent_desk.actions.look_at_agenda import look_at_agenda
from agent_desk.desktop.agenda import AgendaScreen
from agent_desk.desktop.agenda_canvas import BESIDE, initials, written
from agent_desk.rules.appointment import Appointment, Wish
from agent_desk.rules.people import Role
from tests.support.callcentre import NADIA, SAM, CallCentre
from tests.support.desks import CLAIRE, DEVICE, NOON, SetClock, agreed, content
from tests.support.signed_in import Starter
from tests.support.workstation import Workstation, set_clock, wait_until, workstation

AT = NOON + timedelta(hours=22)
LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path) -> Iterator[Workstation]:
    """Give a French desk where it is noon on a Monday."""
    with workstation(qapp, tmp_path, SetClock()) as made:
        yield made


def booked(ctx: Context, at: datetime = AT) -> Appointment:
    return book_appointment(ctx, agreed(ctx, content(DEVICE)).id, Wish(at))


def shown(desk: Workstation) -> AgendaScreen:
    """Go to the agenda with its key, and wait until it is filled."""
    desk.press(KEY.Key_6, Qt.KeyboardModifier.AltModifier)
    screen = desk.window.screen_named("agenda")
    assert isinstance(screen, AgendaScreen)
    settled(desk, screen)
    return screen


def settled(desk: Workstation, screen: AgendaScreen) -> None:
    wait_until(lambda: not screen._asking and not desk.program.desk.background.busy, "the agenda")


def count(screen: AgendaScreen) -> int:
    return len(screen.grid.layout_.entries)


def times(ctx: Context) -> list[datetime]:
    return [one.appointment.starts_at for one in look_at_agenda(ctx, NOON, NOON + timedelta(days=7)).entries]


def test_a_call_is_moved_by_keyboard_and_opened_with_enter(desk: Workstation) -> None:
    one = desk.work(booked)
    screen = shown(desk)
    assert screen.week.text() == "Semaine du 23\u00a0nov.\u00a02026 au 29\u00a0nov.\u00a02026"
    assert "Claire Morvan" in screen.grid.accessibleDescription()
    desk.press(KEY.Key_M)
    desk.press(KEY.Key_Right)
    desk.press(KEY.Key_Escape)
    desk.press(KEY.Key_Return)
    wait_until(lambda: desk.window.current is desk.session, "the session")
    bar = desk.session.matters
    wait_until(lambda: "call_back" in bar._bars and bar._bars["call_back"].isVisible(), "the bar")
    screen = shown(desk)
    for key in (KEY.Key_M, KEY.Key_Right, KEY.Key_Right, KEY.Key_Down, KEY.Key_Return):
        desk.press(key)
    assert QApplication.focusWidget() is screen.question.reason
    desk.press(KEY.Key_Return)
    assert screen.question.reason.property("fault")
    assert desk.work(times) == [AT]
    desk.type("Le client travaille")
    desk.press(KEY.Key_Return)
    wait_until(lambda: not screen.question.isVisible(), "the move")
    settled(desk, screen)
    assert desk.work(times) == [AT + timedelta(days=1, minutes=30)]
    assert screen.grid.current is not None
    assert screen.grid.current.appointment.sequence == one.sequence + 1


def test_a_call_is_dragged_to_another_hour_and_one_that_cannot_be_there_stays_with_a_sentence(
    desk: Workstation,
) -> None:
    desk.work(booked)
    screen = shown(desk)
    box = screen.grid.box_of(screen.grid.layout_.entries[0])
    quarter = round(15 * screen.grid.minute_width())
    drag(screen, box.center(), box.center() + QPoint(4 * quarter, 0))
    assert "au mar. 24\u00a0nov." in screen.question.said.text()
    desk.type("plus tard")
    desk.press(KEY.Key_Return)
    wait_until(lambda: not screen.question.isVisible(), "the move")
    settled(desk, screen)
    assert desk.work(times) == [AT + timedelta(hours=1)]
    sunday = screen.grid.layout_.lanes[6]
    there = screen.grid.box_of(screen.grid.layout_.entries[0]).center()
    drag(screen, there, QPoint(there.x(), sunday.top + 40))
    assert "après les 72 heures" in screen.question.said.text()
    desk.type("le client")
    desk.press(KEY.Key_Return)
    wait_until(lambda: not screen.question.trouble.isHidden(), "the sentence")
    settled(desk, screen)
    assert "jour ouvrable" in screen.question.trouble.sentence.text()
    assert desk.work(times) == [AT + timedelta(hours=1)]
    desk.press(KEY.Key_Escape)
    assert not screen.question.isVisible()


def test_a_call_is_called_off_with_a_key_and_the_reason_and_the_customers_sms_is_shown_first(desk: Workstation) -> None:
    mobile = replace(CLAIRE, callback_number="06 12 34 56 78")
    desk.work(lambda ctx: book_appointment(ctx, agreed(ctx, content(DEVICE, customer=mobile)).id, Wish(AT)))
    screen = shown(desk)
    desk.press(KEY.Key_Delete)
    question = screen.question
    assert "Annuler le rappel de Claire Morvan, mar. 24\u00a0nov." in question.said.text()
    assert question.confirm.text() == "Annuler le rappel"
    desk.press(KEY.Key_Return)
    assert question.reason.property("fault")
    desk.press(KEY.Key_Escape)
    assert not question.isVisible()
    assert QApplication.focusWidget() is screen.grid
    desk.press(KEY.Key_Delete)
    desk.type("Panne chez nous")
    wait_until(lambda: "est annulé. Motif : Panne chez nous." in question.preview.text.text(), "the SMS")
    desk.press(KEY.Key_Return)
    wait_until(lambda: not question.isVisible(), "the end")
    settled(desk, screen)
    assert desk.work(times) == []
    for key in (KEY.Key_Delete, KEY.Key_M):
        desk.press(key)  # nothing is left to be chosen
    assert not question.isVisible()


def test_a_day_that_became_a_holiday_is_marked_with_the_calls_on_it(desk: Workstation) -> None:
    desk.work(booked)
    program = desk.program.desk
    program.change_settings(replace(program.settings, extra_holidays=(AT.date(),)))
    screen = shown(desk)
    assert "ce jour est devenu férié ou chômé" in screen.grid.accessibleDescription()
    off = {lane.title: lane.off for lane in screen.grid.layout_.lanes if lane.off}
    assert off == {"Mardi 24\u00a0novembre": "Jour chômé du site", "Dimanche 29\u00a0novembre": "Dimanche"}


def test_a_call_is_not_moved_onto_another_and_the_agenda_says_so_in_one_sentence(desk: Workstation) -> None:
    desk.work(booked)
    screen = shown(desk)
    for key in (KEY.Key_M, KEY.Key_Right, KEY.Key_Right, KEY.Key_Return):
        desk.press(key)
    desk.work(lambda ctx: booked(ctx, AT + timedelta(minutes=30)))  # somebody else books it meanwhile
    desk.type("plus tard")
    desk.press(KEY.Key_Return)
    wait_until(lambda: not screen.question.trouble.isHidden(), "the sentence")
    settled(desk, screen)
    assert "vient d’être pris" in screen.question.trouble.sentence.text()
    assert sorted(desk.work(times)) == [AT, AT + timedelta(minutes=30)]


def test_a_call_in_a_narrow_block_is_named_beside_it_or_by_initials_never_by_a_cut_hour(qapp: QApplication) -> None:
    metrics, name = QFontMetrics(qapp.font()), "Anne Guillou"
    texts = (f"12 h 30  {name}", name)
    whole, short = (metrics.horizontalAdvance(text) for text in texts)
    box = QRect(100, 0, 30, 26)
    left = box.right() + 6
    for room, told in (
        (whole, texts[0]),
        (whole - 1, name),
        (short, name),
        (BESIDE, name),
        (BESIDE - 1, "AG"),
        (-2, "AG"),
    ):
        end = left + room - 1
        place, text = written(metrics, box, end, texts, initials(name))
        assert text == told, room
        assert (place == box) == (text == "AG")
        assert place.right() <= max(end, box.right()), room
    wide = QRect(100, 0, whole + 20, 26)
    place, text = written(metrics, wide, wide.right() + 500, texts, initials(name))
    assert text == texts[0]
    assert wide.contains(place)
    assert [initials(one) for one in ("Claire", "", "Marie-Antoinette de la Rochefoucauld")] == ["C", "", "MR"]


def drag(screen: AgendaScreen, start: QPoint, end: QPoint) -> None:
    port = screen.grid.viewport()
    QTest.mousePress(port, LEFT, pos=start)
    QTest.mouseMove(port, (start + end) / 2)
    QTest.mouseMove(port, end)
    QTest.mouseRelease(port, LEFT, pos=end)


def test_it_asks_nothing_while_nobody_looks_and_anew_when_somebody_does(desk: Workstation) -> None:
    screen = shown(desk)
    assert screen.empty.isVisible()
    desk.window.go("today")
    assert not screen._tick.isActive()
    desk.work(booked)
    desk.program.desk.promisesChanged.emit()
    assert not screen._asking
    assert count(screen) == 0
    screen = shown(desk)
    assert screen._tick.isActive()
    assert count(screen) == 1
    desk.press(KEY.Key_Right, Qt.KeyboardModifier.AltModifier)
    settled(desk, screen)
    assert count(screen) == 0
    desk.click(screen.today)
    settled(desk, screen)
    assert count(screen) == 1


def test_a_supervisor_sees_the_teams_weeks_and_gives_a_call_to_another_agent(
    qtbot: QtBot, sign_in_as: Starter, staffed: CallCentre, in_worker: Callable[..., Any]
) -> None:
    staffed.add("lea", "Léa Morel", Role.AGENT, "Nord")
    nadia = staffed.ctx(NADIA)
    one = in_worker(booked, nadia)
    other = "Léa Morel" if one.person == "Nadia Leroy" else "Nadia Leroy"
    sam = sign_in_as(SAM)
    set_clock(sam, SetClock())
    sam.window.go("agenda")
    screen = sam.window.screen_named("agenda")
    qtbot.waitUntil(lambda: screen.grid.layout_.entries != () and not sam.desk.background.busy, timeout=10_000)
    assert not screen.own.isVisible()
    titles = [lane.title for lane in screen.grid.layout_.lanes[:4]]
    assert titles[0] == "Lundi 23\u00a0novembre"
    assert set(titles[1:]) == {"Karim Benali", "Léa Morel", "Nadia Leroy"}
    lane = next(lane for lane in screen.grid.layout_.lanes if lane.title == other and lane.day == one.starts_at.date())
    screen.grid.moved.emit(screen.grid.layout_.entries[0], one.starts_at, lane.person_id)
    qtbot.keyClicks(screen.question.reason, "absente")
    qtbot.keyClick(screen.question.reason, KEY.Key_Return)
    qtbot.waitUntil(lambda: not screen.question.isVisible() and not sam.desk.background.busy, timeout=10_000)
    assert [entry.appointment.person for entry in screen.grid.layout_.entries] == [other]
