"""A home visit is booked, moved and done from the session that could not be solved, by keyboard."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from agent_desk.actions.book_visit import book_visit
from agent_desk.actions.context import Context
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.views import SessionView
from agent_desk.desktop.session.screen import SessionScreen
from agent_desk.desktop.session.visit_bar import VisitBar
from agent_desk.rules.session import Territory
from agent_desk.rules.visit import VisitState
from agent_desk.storage.visit_tables import visit as visit_table
from tests.support.callcentre import NADIA, SAM, CallCentre
from tests.support.desks import CLAIRE, SetClock, agreed
from tests.support.signed_in import Starter
from tests.support.visits import TOMORROW, booked, plan, sheet, visited
from tests.support.workstation import Workstation, wait_until

pytestmark = pytest.mark.usefixtures("hurried")

Show = Callable[[SessionView], None]


def idle(desk: Workstation) -> None:
    wait_until(lambda: not desk.program.desk.background.busy, "the workers")


def opened(desk: Workstation, show: Show, view: SessionView) -> VisitBar:
    show(view)
    desk.session.matters.open("visit")
    bar = desk.session.matters._bars["visit"]
    assert isinstance(bar, VisitBar)
    wait_until(bar.isVisible, "the bar")
    idle(desk)
    return bar


def offered(bar: VisitBar) -> set[str]:
    """Return which buttons can be pressed."""
    return {name for name, act in bar.acts.items() if act.isVisible() and act.isEnabled()} - {"close"}


def ended_by_wish(ctx: Context, visit_id: int) -> bool:
    """Tell whether that visit was moved by its customer's wish."""
    with ctx.database.read() as tx:
        asked = select(visit_table.c.customer_wish).where(visit_table.c.id == visit_id, visit_table.c.state == "moved")
        return bool(tx.execute(asked).scalar_one())


def choose(bar: VisitBar, territory: Territory) -> None:
    bar.territory.setCurrentIndex(list(Territory).index(territory))


def test_a_visit_is_offered_only_where_the_customer_accepted_one(desk: Workstation, show: Show) -> None:
    show(desk.work(agreed))
    desk.session.matters.open("visit")
    assert "visit" not in desk.session.matters._bars


def test_it_is_booked_with_the_price_said_and_the_sms_shown_then_moved_and_done(
    desk: Workstation, show: Show, clock: SetClock
) -> None:
    view = desk.work(visited)
    bar = opened(desk, show, view)
    assert QApplication.focusWidget() is bar.begins
    assert "69,00\u00a0€ TTC (Métropole), TVA 20\u202f%" in bar._terms.text()
    assert "+33612345678" in bar.state.text()
    assert "69,00\u00a0€" in bar.say.text()
    wait_until(lambda: "mar. 24 nov. entre 9 h et 11 h" in bar.preview.text.text(), "the SMS")
    assert bar.preview.length.text().endswith("1 SMS, alphabet GSM")
    bar.fee.setText("70")
    assert "69,00\u00a0€ (4.8)" in bar.trouble.sentence.text()
    assert (offered(bar), bar.say.isVisible()) == (set(), False)
    bar.fee.setText("45,50")
    assert offered(bar) == {"booked"}
    bar.acts["booked"].setFocus(Qt.FocusReason.TabFocusReason)
    desk.press(Qt.Key.Key_Space)
    wait_until(lambda: bar._booked is not None, "the visit")
    idle(desk)
    found = desk.work(lambda ctx: booked(ctx, view.id))
    assert (found.fee_cents, found.window.begins) == (4550, TOMORROW)
    assert offered(bar) == set()
    bar.reason.setText("le client travaille")
    bar.begins.setDateTime(bar.begins.dateTime().addDays(1))
    assert offered(bar) == {"moved", "cancelled"}
    choose(bar, Territory.GUYANE)
    assert "57,50\u00a0€ TTC (Guyane), TVA 0" in bar._terms.text()
    assert "moved" not in offered(bar)
    bar.again.setChecked(True)
    bar.wish.setChecked(True)
    assert "moved" in offered(bar)
    choose(bar, Territory.METROPOLE)
    bar.acts["moved"].click()
    wait_until(lambda: bar._booked is not None and bar._booked.id != found.id, "the other day")
    idle(desk)
    assert desk.work(lambda ctx: ended_by_wish(ctx, found.id))
    assert not bar.wish.isChecked()
    clock.time = TOMORROW + timedelta(days=1, minutes=5)
    bar.close_bar()
    assert bar.isHidden()
    desk.program.desk.promiseRequested.emit(desk.work(look_at_next).promises[0])
    wait_until(bar.isVisible, "the bar again")
    idle(desk)
    assert "done" in offered(bar)
    assert bar.trouble.isHidden(), "nothing was proposed, so its hour is not called over"
    bar.begins.setDateTime(bar.begins.dateTime().addSecs(-3600))
    assert bar.trouble.isVisible()
    bar.acts["done"].click()
    wait_until(lambda: "45,50" in bar.state.text() and "déplacement du technicien (4.8)" in bar.state.text(), "its end")
    idle(desk)
    assert offered(bar) == set()
    assert not any(field.isVisible() for field in (bar.begins, bar.hours, bar.fee, bar.territory, bar.weather))
    assert QApplication.focusWidget() is bar.acts["close"]
    done = desk.work(lambda ctx: sheet(ctx, view.id)).done
    assert done is not None
    assert done.state is VisitState.DONE


def test_one_that_was_accepted_and_has_no_day_waits_in_today_until_it_is_given_up(
    desk: Workstation, show: Show
) -> None:
    view = desk.work(visited)
    (waits,) = desk.work(look_at_next).promises
    assert waits.session_id == view.id
    show(view)
    desk.program.desk.promiseRequested.emit(waits)
    wait_until(lambda: "visit" in desk.session.matters._bars, "the bar")
    bar = desk.session.matters._bars["visit"]
    assert isinstance(bar, VisitBar)
    wait_until(bar.isVisible, "the bar is shown")
    idle(desk)
    assert "À fixer avant mardi 24\u00a0novembre\u00a02026, 18\u00a0h" in bar.state.text()
    assert offered(bar) == {"booked"}
    bar.reason.setText("le client y renonce")
    assert offered(bar) == {"booked", "cancelled"}
    bar.acts["cancelled"].click()
    wait_until(lambda: not desk.work(look_at_next).promises, "the promise to end")
    idle(desk)
    assert "À fixer" not in bar.state.text()
    assert not bar.reason.isVisible()


def test_who_has_no_mobile_number_is_told_by_mail_and_the_form_says_so(
    desk: Workstation, show: Show, tmp_path: Path
) -> None:
    bar = opened(desk, show, desk.work(lambda ctx: visited(ctx, CLAIRE)))
    assert "Pas de mobile" in bar.state.text()
    assert not bar.preview.isVisible()
    program = desk.program.desk
    program = desk.program.desk
    for language, text in (("en", "The customer agrees: book"), ("fr", "Le client accepte\u00a0: prendre")):
        program.change_settings(replace(program.settings, language=language))
        idle(desk)
        assert bar.acts["booked"].text() == text
        assert bar.window().grab().save(str(tmp_path / f"{language}.png"))


def test_a_supervisor_books_a_visit_in_the_form_an_agent_has(
    qtbot: QtBot, sign_in_as: Starter, staffed: CallCentre
) -> None:
    view = visited(staffed.ctx(NADIA))
    sam = sign_in_as(SAM)
    sam.desk.openRequested.emit(view.id)
    screen: SessionScreen = sam.window.screen_named("session")
    qtbot.waitUntil(lambda: screen.editor is not None and screen.editor.view.id == view.id, timeout=10_000)
    screen.matters.open("visit")
    bar = screen.matters._bars["visit"]
    assert isinstance(bar, VisitBar)
    qtbot.waitUntil(bar.isVisible, timeout=10_000)
    bar.fee.setText("45,50")
    assert offered(bar) == {"booked"}
    bar.acts["booked"].click()
    qtbot.waitUntil(lambda: bar._booked is not None and "Prise" in bar.state.text(), timeout=10_000)
    qtbot.waitUntil(lambda: not sam.desk.background.busy, timeout=10_000)
    found = sheet(staffed.own, view.id).booked
    assert found is not None
    assert (found.agent, found.fee_cents) == ("Sam Petit", 4550)


def test_a_day_that_became_a_holiday_is_told_in_today_and_in_the_form(desk: Workstation, show: Show) -> None:
    def with_visit(ctx: Context) -> SessionView:
        made = visited(ctx)
        book_visit(ctx, made.id, plan())
        return made

    view = desk.work(with_visit)
    program = desk.program.desk
    off = replace(program.context.settings, extra_holidays=(TOMORROW.date(),))
    program.replace_context(replace(program.context, settings=off))
    today = desk.window.screen_named("today")
    program.screenRequested.emit("today")
    wait_until(today.notices.doubtful.isVisible, "the notice")
    said = today.notices.doubtful.sentence.text()
    assert said.startswith("Visite à revoir")
    assert view.number in said
    bar = opened(desk, show, view)
    assert "Ce jour est devenu férié" in bar.state.text()
