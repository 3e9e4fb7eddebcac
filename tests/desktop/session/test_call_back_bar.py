"""A call-back is agreed, tried, moved and called off from the session, by keyboard."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.book_appointment import book_appointment
from agent_desk.actions.context import Context
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.raise_promises import raise_promises
from agent_desk.actions.views import SessionView
from agent_desk.desktop.promise_card import PromiseRow
from agent_desk.desktop.session.call_back_bar import CallBackBar, Mode
from agent_desk.rules.appointment import AppointmentState, Wish
from agent_desk.rules.promise import Promise
from agent_desk.rules.session import State
from agent_desk.storage.appointments import session_appointments
from tests.support.desks import CLAIRE, DEVICE, NOON, SetClock, agreed, content, drafted
from tests.support.workstation import Workstation, wait_until

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
    ("number", "said"),
    [
        ("06 12 34 56 78", "Prévenu par SMS, sans le motif"),
        ("01 42 00 00 00", "Ni mobile ni courriel\u00a0: prévenez le client vous-même"),
    ],
)
def test_the_form_says_how_a_customer_without_an_address_hears_of_it(
    desk: Workstation, show: Show, number: str, said: str
) -> None:
    customer = replace(CLAIRE, email="", callback_number=number)
    show(desk.work(lambda ctx: drafted(ctx, content(DEVICE, customer=customer))))
    desk.session.matters.open("call_back")
    assert chip(asked(desk)) == said


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
    wait_until(lambda: not desk.program.desk.background.busy, "Today")
    first = next(row for row in today.promised.findChildren(PromiseRow) if row.isVisible())
    assert first.clock.text().startswith("manqué")
    desk.click(first.open)
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
