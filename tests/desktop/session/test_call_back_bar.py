"""A call-back is agreed, tried, moved and called off from the session, by keyboard."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.context import Context
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.raise_promises import raise_promises
from agent_desk.actions.views import SessionView
from agent_desk.desktop.promise_card import PromiseRow
from agent_desk.desktop.session.call_back_bar import CallBackBar, Mode
from agent_desk.rules.appointment import Appointment, AppointmentState, CallEnd, Wish
from agent_desk.rules.promise import Promise
from agent_desk.rules.session import State
from agent_desk.storage.appointments import read_appointment, session_appointments
from tests.support.callcentre import NADIA, SAM, CallCentre
from tests.support.desks import CLAIRE, DEVICE, NOON, SetClock, agreed, content, drafted
from tests.support.signed_in import Starter
from tests.support.workstation import Workstation, set_clock, wait_until

pytestmark = pytest.mark.usefixtures("hurried")

Show = Callable[[SessionView], None]


def opened(desk: Workstation, show: Show) -> CallBackBar:
    """Ask for a call-back of an agreed session."""
    show(desk.work(lambda ctx: agreed(ctx, content(DEVICE))))
    desk.session.matters.open("call_back")
    return asked(desk)


def asked(desk: Workstation) -> CallBackBar:
    """Return the bar once it knows what is free, and nothing is under way."""
    bar = desk.session.matters._bars["call_back"]
    assert isinstance(bar, CallBackBar)
    wait_until(lambda: bar.isVisible() and not bar._busy and not desk.program.desk.background.busy, "the bar")
    return bar


def chip(bar: CallBackBar) -> str:
    """Return what the first chip says."""
    return next((made.text() for made in bar.chips._labels if made.isVisible()), "")


def away(desk: Workstation) -> None:
    """Wait until the session was put aside."""
    wait_until(lambda: desk.window.current is desk.window.screen_named("today"), "Today")
    wait_until(lambda: not desk.program.desk.background.busy, "the workers")


def promise(desk: Workstation) -> Promise:
    (one,) = desk.work(look_at_next).promises
    return one


def states(desk: Workstation, session_id: int) -> list[AppointmentState]:
    def read(ctx: Context) -> list[AppointmentState]:
        with ctx.database.read() as tx:
            return [one.state for one in session_appointments(tx, session_id)]

    return desk.work(read)


def test_it_is_agreed_with_the_arrows_and_enter_and_kept_with_letters(
    desk: Workstation, show: Show, clock: SetClock
) -> None:
    bar = opened(desk, show)
    of = desk.session.editor.view.id  # type: ignore[union-attr]
    assert "12\u00a0h comptées" in bar.days.text()
    assert bar.limit.text() == "Au plus tard jeu. 26\u00a0nov., 12\u00a0h"
    assert QApplication.focusWidget() is bar.picker.hours
    desk.press(Qt.Key.Key_Right)
    desk.press(Qt.Key.Key_Return)
    away(desk)
    one = promise(desk)
    assert one.due_at == NOON + timedelta(minutes=15)
    view = desk.work(lambda ctx: load_session(ctx, of))
    assert (view.state, view.content.call.ended_at) == (State.SCHEDULED, NOON)
    clock.time = one.due_at
    desk.program.desk.promiseRequested.emit(one)
    bar = asked(desk)
    assert bar.title.text().startswith("lun. 23\u00a0nov., 12\u00a0h\u00a015")
    desk.answer("c")
    wait_until(
        lambda: chip(bar) == "Essais\u00a0: 1\u202f; le dernier à 12\u00a0h\u00a015, appel coupé",
        "the chip",
    )
    assert promise(desk).on_top
    asked(desk)
    desk.answer("s")
    away(desk)
    desk.program.desk.promiseRequested.emit(promise(desk))
    asked(desk)
    desk.answer("j")
    wait_until(lambda: bar.isHidden() and not desk.program.desk.background.busy, "the end")
    assert states(desk, of) == [AppointmentState.DONE]
    assert desk.work(look_at_next).promises == ()
    assert desk.session.editor is not None
    assert desk.session.editor.view.parked_at is None


def test_moving_and_calling_off_ask_for_the_reason_the_customer_reads(desk: Workstation, show: Show) -> None:
    bar = opened(desk, show)
    of = desk.session.editor.view.id  # type: ignore[union-attr]
    desk.press(Qt.Key.Key_Return)
    away(desk)
    desk.program.desk.promiseRequested.emit(promise(desk))
    asked(desk)
    desk.click(bar.move_button)
    bar.picker.hours.setCurrentRow(9)
    desk.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is bar.reason
    assert bar.reason.property("fault")
    desk.press(Qt.Key.Key_Escape)
    assert bar._mode is Mode.BOOKED
    desk.click(bar.move_button)
    bar.picker.hours.setCurrentRow(9)
    desk.press(Qt.Key.Key_Return)
    desk.type("Le client mange")
    desk.press(Qt.Key.Key_Return)
    wait_until(lambda: promise(desk).due_at == NOON + timedelta(minutes=9 * 15), "the move")
    asked(desk)
    desk.click(bar.cancel_button)
    desk.type("Tout va bien")
    desk.press(Qt.Key.Key_Return)
    wait_until(lambda: states(desk, of)[-1] is AppointmentState.CANCELLED, "the end")
    asked(desk)
    assert bar.confirm.text() == "Convenir de cette heure"
    assert desk.session.editor is not None
    assert desk.session.editor.view.state is State.AGREED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"callback_number": "06 12 34 56 78"}, "Prévenu par SMS seulement"),
        ({}, "Ni mobile ni courriel\u00a0: une lettre à imprimer"),
        ({"address": ""}, "Ni mobile, ni courriel, ni adresse\u00a0: prévenez le client vous-même"),
    ],
)
def test_the_form_says_how_a_customer_without_an_address_hears_of_it(
    desk: Workstation, show: Show, changes: dict[str, Any], said: str
) -> None:
    customer = replace(CLAIRE, **{"email": "", "callback_number": "01 42 00 00 00", **changes})
    show(desk.work(lambda ctx: drafted(ctx, content(DEVICE, customer=customer))))
    desk.session.matters.open("call_back")
    assert chip(asked(desk)) == said


def test_the_sms_is_shown_with_its_length_before_a_call_back_is_agreed_moved_or_called_off(
    desk: Workstation, show: Show
) -> None:
    customer = replace(CLAIRE, callback_number="06 12 34 56 78")
    show(desk.work(lambda ctx: agreed(ctx, content(DEVICE, customer=customer))))
    desk.session.matters.open("call_back")
    bar = asked(desk)
    wait_until(lambda: "nous vous rappelons lun. 23 nov., 12 h" in bar.preview.text.text(), "the SMS")
    assert bar.preview.length.text() == "115/160 caractères, 1 SMS, alphabet GSM"
    desk.press(Qt.Key.Key_Right)
    wait_until(lambda: "12 h 15 (jusqu'à 12 h 45)" in bar.preview.text.text(), "the other hour")
    desk.press(Qt.Key.Key_Return)
    away(desk)
    desk.program.desk.promiseRequested.emit(promise(desk))
    asked(desk)
    assert not bar.preview.isVisible()
    desk.click(bar.move_button)
    assert not bar.preview.isVisible()  # the same hour: nothing to tell
    bar.picker.hours.setCurrentRow(9)
    wait_until(lambda: "déplacé : lun. 23 nov., 14 h 15" in bar.preview.text.text(), "the move")
    desk.press(Qt.Key.Key_Escape)
    assert not bar.preview.isVisible()
    desk.click(bar.cancel_button)
    desk.type("Tout va bien")
    wait_until(lambda: "12 h 15) est annulé. Motif : Tout va bien." in bar.preview.text.text(), "the end")


def test_a_time_taken_meanwhile_is_told_once_and_the_next_free_ones_are_there(desk: Workstation, show: Show) -> None:
    other = desk.work(lambda ctx: agreed(ctx, content(DEVICE)))
    bar = opened(desk, show)
    desk.work(lambda ctx: book_appointment(ctx, other.id, Wish(NOON)))
    desk.press(Qt.Key.Key_Return)
    wait_until(lambda: not bar.trouble.isHidden(), "the sentence")
    asked(desk)
    assert "vient d’être pris" in bar.trouble.sentence.text()
    assert bar.picker.slot is not None
    assert bar.picker.slot.starts_at == NOON + timedelta(minutes=30)
    desk.press(Qt.Key.Key_Return)
    away(desk)


def test_after_the_limit_the_reason_is_asked_before_anything_is_booked(desk: Workstation, show: Show) -> None:
    bar = opened(desk, show)
    assert not bar.picker.beyond.isVisible()
    bar.picker.day.setCurrentIndex(5)
    assert bar.picker.day.currentText().endswith("après la limite")
    bar.picker.hours.setFocus()
    desk.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is bar.picker.beyond
    desk.type("En vacances")
    desk.press(Qt.Key.Key_Return)
    away(desk)
    assert promise(desk).late_at == NOON + timedelta(hours=72)


def test_a_missed_call_stands_first_in_today_and_is_agreed_anew_with_the_reason(
    desk: Workstation, show: Show, clock: SetClock
) -> None:
    bar = opened(desk, show)
    of = desk.session.editor.view.id  # type: ignore[union-attr]
    desk.press(Qt.Key.Key_Return)
    away(desk)
    clock.move(days=4)
    assert desk.work(raise_promises) == 1
    today = desk.window.screen_named("today")
    today.refresh()

    def first() -> PromiseRow | None:
        return next((row for row in today.promised.findChildren(PromiseRow) if row.isVisible()), None)

    wait_until(lambda: (row := first()) is not None and row.clock.text().startswith("manqué"), "the missed call")
    desk.click(first().open)  # type: ignore[union-attr]
    bar = asked(desk)
    assert chip(bar) == "l’heure est passée, personne n’a appelé"
    desk.click(bar.move_button)
    desk.press(Qt.Key.Key_Return)
    desk.type("Le client attend")
    desk.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is bar.reason
    desk.type("Oubli de notre part")
    desk.press(Qt.Key.Key_Return)
    wait_until(lambda: states(desk, of) == [AppointmentState.MOVED, AppointmentState.BOOKED], "the move")
    asked(desk)
    assert bar.chips.isVisible()
    assert chip(bar) == "après les 72 heures promises"


def test_a_day_that_became_a_holiday_is_told_in_the_session_and_in_today(desk: Workstation, show: Show) -> None:
    bar = opened(desk, show)
    bar.picker.day.setCurrentIndex(1)
    bar.picker.hours.setFocus()
    desk.press(Qt.Key.Key_Return)
    away(desk)
    one = promise(desk)
    program = desk.program.desk
    off = replace(program.context.settings, extra_holidays=(one.due_at.date(),))
    program.replace_context(replace(program.context, settings=off))
    today = desk.window.screen_named("today")
    today.refresh()
    wait_until(today.notices.doubtful.isVisible, "the notice")
    assert one.number in today.notices.doubtful.sentence.text()
    program.promiseRequested.emit(one)
    bar = asked(desk)
    assert chip(bar) == "ce jour est devenu férié ou chômé"


def test_a_supervisor_calls_in_an_agents_place_and_calls_off_from_today(
    qtbot: QtBot, sign_in_as: Starter, staffed: CallCentre, in_worker: Callable[..., Any]
) -> None:
    def book() -> list[Appointment]:
        nadia = staffed.ctx(NADIA)
        return [
            book_appointment(nadia, agreed(nadia, content(DEVICE)).id, Wish(NOON + timedelta(hours=hours)))
            for hours in (1, 2)
        ]

    first, second = in_worker(book)
    sam = sign_in_as(SAM)
    clock = SetClock()
    clock.time = first.starts_at
    set_clock(sam, clock)

    def rests() -> bool:
        return not sam.desk.background.busy

    def bar_of(one: Appointment) -> CallBackBar:
        sam.window.go("today")
        today = sam.window.screen_named("today")
        today.refresh()
        qtbot.waitUntil(rests, timeout=10_000)
        row = today.findChild(PromiseRow, f"promise_{one.promise_id}")
        qtbot.mouseClick(row.open, Qt.MouseButton.LeftButton)
        matters = sam.window.screen_named("session").matters
        qtbot.waitUntil(lambda: "call_back" in matters._bars and matters._bars["call_back"].isVisible(), timeout=10_000)
        bar = matters._bars["call_back"]
        assert isinstance(bar, CallBackBar)
        qtbot.waitUntil(lambda: rests() and not bar._busy and bar._booked is not None, timeout=10_000)
        return bar

    def now(one: Appointment) -> Appointment:
        ctx = staffed.ctx(SAM)
        with ctx.database.read() as tx:
            found = read_appointment(tx, one.id)
        assert found is not None
        return found

    bar = bar_of(first)
    assert bar._booked is not None
    assert bar._booked.id == first.id
    qtbot.mouseClick(bar.ends[CallEnd.NO_ANSWER], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sam.window.current is sam.window.screen_named("today") and rests(), timeout=10_000)
    assert [(each.end, each.by) for each in in_worker(now, first).attempts] == [(CallEnd.NO_ANSWER, "Sam Petit")]
    bar = bar_of(second)
    qtbot.mouseClick(bar.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(bar.reason, "panne")
    qtbot.keyClick(bar.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rests() and not bar._busy and bar._booked is None, timeout=10_000)
    after = in_worker(now, second)
    assert (after.state, after.reason, bar.trouble.isVisible()) == (AppointmentState.CANCELLED, "panne", False)
