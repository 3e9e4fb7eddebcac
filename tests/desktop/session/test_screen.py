"""The session as a whole: keys, blockers, consents, codes, endings, and coming back to it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QWidget,
)

from agent_desk.actions.close_session import close_session
from agent_desk.actions.consent_texts import latest_text
from agent_desk.actions.context import Context
from agent_desk.actions.load_session import load_session
from agent_desk.actions.views import SessionView
from agent_desk.desktop.session.answer_row import AnswerRow
from agent_desk.desktop.session.binder import Binder
from agent_desk.desktop.session.preview import done_steps
from agent_desk.desktop.session.request_step import RequestStep
from agent_desk.desktop.session.side_rows import BlockerButton, ItemButton
from agent_desk.desktop.widgets import Scroll
from agent_desk.rules.content_path import read
from agent_desk.rules.session import ConsentKind, Content, Customer, Feasibility, Line, Segment, State, Step
from tests.journeys.main_job import play
from tests.support.desks import CLAIRE, DEVICE, READY, VIRUS, SetClock, agreed, begun, content, drafted, finished
from tests.support.windows import WindowWatch
from tests.support.workstation import Workstation, wait_until, workstation

F4, F7, F9 = Qt.Key.Key_F4, Qt.Key.Key_F7, Qt.Key.Key_F9
CONTROL = Qt.KeyboardModifier.ControlModifier
Show = Callable[[SessionView], None]


def _view(desk: Workstation) -> SessionView:
    assert desk.session.editor is not None
    return desk.session.editor.view


def _content(desk: Workstation) -> Content:
    assert desk.session.editor is not None
    return desk.session.editor.content


def _focused() -> str:
    widget = QApplication.focusWidget()
    return "" if widget is None else widget.objectName()


def _find(desk: Workstation, kind: type[QWidget], name: str) -> QWidget:
    found = desk.session.findChild(kind, name)
    assert isinstance(found, QWidget)
    return found


def _codes(desk: Workstation) -> list[str]:
    assert desk.session.preview is not None
    return [blocker.code for blocker in desk.session.preview.blocking(desk.session.step)]


def test_a_blocker_in_words_goes_to_its_step_and_field(desk: Workstation, show: Show) -> None:
    nameless = content(customer=replace(CLAIRE, login=""))
    show(desk.work(lambda ctx: drafted(ctx, nameless)))
    desk.session.go(Step.REQUEST)
    desk.click(_find(desk, BlockerButton, "blocker_login"))
    assert (desk.session.step, _focused()) == (Step.CUSTOMER, "customer.login")


def test_an_item_to_collect_goes_to_its_field(desk: Workstation, show: Show) -> None:
    show(desk.work(drafted))
    desk.click(_find(desk, ItemButton, "item_backup"))
    assert (desk.session.step, _focused()) == (Step.AGREEMENT, "consents.backup")


@pytest.mark.parametrize("step", list(Step))
def test_control_and_a_digit_go_to_any_step(desk: Workstation, show: Show, step: Step) -> None:
    show(desk.work(drafted))
    desk.press(Qt.Key(Qt.Key.Key_0 + int(step)), CONTROL)
    assert desk.session.step is step


def test_a_session_opens_at_the_step_and_field_it_was_left_at(desk: Workstation, show: Show) -> None:
    first = _view(desk).id
    desk.session.goto(Step.REQUEST, "description")
    desk.settle()
    show(desk.work(drafted))
    desk.session.go(Step.AGREEMENT)
    show(desk.work(lambda ctx: load_session(ctx, first)))
    assert (desk.session.step, _focused()) == (Step.REQUEST, "description")


def test_what_is_typed_just_before_another_session_opens_is_kept(desk: Workstation, show: Show) -> None:
    first = _view(desk).id
    desk.session.goto(Step.CUSTOMER, "customer.surname")
    desk.type("Garnier")
    show(desk.work(drafted))
    wait_until(lambda: desk.work(lambda ctx: load_session(ctx, first)).content.customer.surname == "Garnier", "Garnier")


def test_a_price_accepted_for_other_services_must_be_accepted_again(desk: Workstation, show: Show) -> None:
    show(desk.work(agreed))
    assert desk.session.editor is not None
    desk.session.editor.set("lines", (VIRUS, DEVICE, Line("tv.advanced-use")))
    desk.settle()
    desk.session.go(Step.CLOSING)
    desk.session.goto(Step.AGREEMENT, "consents.price")
    row = desk.session.page.field("consents.price")  # type: ignore[union-attr]
    assert isinstance(row, AnswerRow)
    assert not row.answered_now
    desk.answer("o")
    desk.settle()
    desk.press(F9)
    desk.settle()
    assert row.value == "yes"
    assert len([mail for mail in _view(desk).mails if mail.kind == "offer"]) == 2


def test_a_consent_is_taken_back_by_delete_and_stays_in_the_record(desk: Workstation, show: Show) -> None:
    show(desk.work(agreed))
    desk.session.goto(Step.AGREEMENT, "consents.warranty")
    desk.press(Qt.Key.Key_Delete)
    desk.settle()
    answers = [consent.answer for consent in _view(desk).consents if consent.kind is ConsentKind.WARRANTY]
    assert answers == ["yes", "withdrawn"]


def test_a_consent_shows_exactly_the_text_that_is_recorded(desk: Workstation, show: Show) -> None:
    show(desk.work(drafted))
    desk.session.goto(Step.AGREEMENT, "consents.warranty")
    texts = [label.text() for label in desk.session.page.findChildren(QLabel)]  # type: ignore[union-attr]
    shipped = latest_text(ConsentKind.WARRANTY, "fr").text.strip()
    assert shipped in texts


def test_professionals_are_not_asked_to_start_early(desk: Workstation, show: Show) -> None:
    pro = content(customer=replace(CLAIRE, segment=Segment.PRO, company="Atelier Kerzu"))
    show(desk.work(lambda ctx: drafted(ctx, pro)))
    desk.session.go(Step.AGREEMENT)
    page = desk.session.page
    assert page is not None
    assert page.field("consents.price") is not None
    assert page.field("consents.early_start") is None


def test_a_code_is_shown_spelled_copied_and_replaced_by_the_next(desk: Workstation, show: Show) -> None:
    show(desk.work(agreed))
    desk.press(Qt.Key.Key_G, CONTROL)
    desk.settle()
    ui = desk.session.page.ui  # type: ignore[union-attr]
    first = ui.codeDigits.text()
    desk.press(Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert QGuiApplication.clipboard().text() == first
    assert len(ui.codeSpoken.text().split(",")) + ui.codeSpoken.text().count("—") == 10
    assert "10:00" in ui.codeState.text()
    desk.press(Qt.Key.Key_G, CONTROL)
    desk.settle()
    assert ui.codeDigits.text() != first


def test_a_code_that_expires_takes_its_digits_off_the_screen(desk: Workstation, show: Show, clock: SetClock) -> None:
    show(desk.work(agreed))
    desk.press(Qt.Key.Key_G, CONTROL)
    desk.settle()
    ui = desk.session.page.ui  # type: ignore[union-attr]
    clock.move(minutes=10, seconds=1)
    wait_until(lambda: not ui.codeDigits.isVisible(), "the digits to go")
    assert ui.codeState.text() == "Expiré"


def test_no_code_before_the_agreement(desk: Workstation, show: Show) -> None:
    show(desk.work(drafted))
    desk.session.go(Step.INTERVENTION)
    assert not desk.session.page.ui.codeIssue.isEnabled()  # type: ignore[union-attr]


def test_protection_switched_off_blocks_closing_until_it_is_on_again(desk: Workstation, show: Show) -> None:
    show(desk.work(finished))
    desk.session.go(Step.INTERVENTION)
    desk.press(F7)
    desk.settle()
    desk.session.go(Step.CLOSING)
    assert _codes(desk) == ["protection"]
    desk.click(desk.session.page.ui.protectionBack)  # type: ignore[union-attr]
    desk.settle()
    assert _codes(desk) == []


def test_a_tick_is_recorded_and_the_cursor_goes_on(desk: Workstation, show: Show) -> None:
    show(desk.work(begun))
    desk.session.goto(Step.INTERVENTION, "ticks")
    desk.press(Qt.Key.Key_Space)
    desk.settle()
    assert _content(desk).ticks == ("security.virus-removal/1",)
    procedure = desk.session.page.ui.procedure  # type: ignore[union-attr]
    assert procedure.currentIndex().row() == 1


def test_a_second_press_of_f9_closes_nothing_twice(desk: Workstation, show: Show) -> None:
    show(desk.work(finished))
    desk.session.go(Step.CLOSING)
    desk.press(F9)
    desk.press(F9)
    assert not desk.session.ui.primary.isEnabled()
    wait_until(lambda: _view(desk).state is State.CLOSED, "the session to close")
    desk.settle()
    assert [mail.kind for mail in _view(desk).mails].count("confirmation") == 1
    assert _focused() == "primary", "F9 or Enter goes back to Today"
    assert desk.session.ui.noticeText.text() == ""


def test_a_session_closed_elsewhere_is_refused_in_one_sentence(desk: Workstation, show: Show) -> None:
    view = desk.work(finished)
    show(view)
    desk.session.go(Step.CLOSING)
    from_elsewhere = desk.work(lambda ctx: close_session(ctx, view.id, view.version))
    assert from_elsewhere.state is State.CLOSED
    desk.press(F9)
    wait_until(desk.session.ui.noticeText.text, "the refusal")
    assert "déjà close" in desk.session.ui.noticeText.text()
    wait_until(desk.session.ui.primary.isEnabled, "what F9 began to be over: another save may be refused before it")


def test_cancelling_needs_a_reason_and_escape_keeps_the_session(desk: Workstation, show: Show) -> None:
    show(desk.work(drafted))
    desk.session.ending.open("cancel")
    desk.press(Qt.Key.Key_Return)
    assert _view(desk).state is State.DRAFT
    desk.press(Qt.Key.Key_Escape)
    assert desk.session.ui.endingBar.isHidden()
    desk.session.ending.open("cancel")
    desk.type("Le client prefere attendre")
    desk.press(Qt.Key.Key_Return)
    wait_until(lambda: _view(desk).state is State.CANCELLED, "the cancellation")


def test_a_withdrawal_is_recorded_from_the_menu(desk: Workstation, show: Show) -> None:
    show(desk.work(agreed))
    desk.session.ending.open("withdraw")
    desk.click(desk.session.ui.endingConfirm)
    wait_until(lambda: _view(desk).state is State.WITHDRAWN, "the withdrawal")


def test_a_withdrawal_after_closing_is_recorded_and_changes_nothing_billed(desk: Workstation, show: Show) -> None:
    def closed(ctx: Context) -> SessionView:
        view = finished(ctx)
        return close_session(ctx, view.id, view.version)

    show(desk.work(closed))
    desk.session.ending.open("withdraw")
    desk.click(desk.session.ui.endingConfirm)
    wait_until(lambda: any(mail.kind == "withdrawal" for mail in _view(desk).mails), "the answer")
    assert _view(desk).state is State.CLOSED
    assert _view(desk).decision is not None


def test_without_a_session_the_screen_offers_to_start_one(qapp: QApplication, tmp_path: Path) -> None:
    with workstation(qapp, tmp_path) as desk:
        desk.window.go("session")
        assert desk.session.empty.isVisible()
        desk.click(_find(desk, QAbstractButton, "start_session"))
        wait_until(lambda: desk.session.editor is not None, "a session")
        assert not desk.session.empty.isVisible()
        assert desk.session.ui.body.isVisible()


def test_parking_goes_back_to_today_and_opening_takes_the_session_up_again(desk: Workstation, show: Show) -> None:
    parked = _view(desk).id
    desk.press(F4)
    wait_until(lambda: desk.window.current is desk.window.screen_named("today"), "Today")
    assert desk.work(lambda ctx: load_session(ctx, parked)).parked_at is not None
    show(desk.work(drafted))
    desk.window.open_session(parked)
    wait_until(lambda: _view(desk).id == parked, "the parked session")
    desk.settle()
    assert _view(desk).parked_at is None


@pytest.mark.parametrize(("minutes", "words"), [(30, "20\u00a0h 30"), (55, "5 minutes")])
def test_the_end_of_the_working_hours_is_announced(
    desk: Workstation, show: Show, clock: SetClock, minutes: int, words: str
) -> None:
    show(desk.work(begun))
    clock.move(hours=8, minutes=minutes)
    desk.session.go(Step.INTERVENTION)
    ui = desk.session.page.ui  # type: ignore[union-attr]
    assert ui.hoursNote.isVisible()
    assert words in ui.hoursText.text()
    assert desk.session.page.field("consents.after_hours") is not None  # type: ignore[union-attr]


def test_a_mac_waits_for_a_feasibility_answer(desk: Workstation, show: Show) -> None:
    mac = replace(content(), prerequisites=replace(READY, platform="macos"))
    show(desk.work(lambda ctx: drafted(ctx, mac)))
    desk.session.go(Step.PREREQUISITES)
    assert "platform_feasibility" in _codes(desk)
    desk.session.goto(Step.PREREQUISITES, "prerequisites.platform_feasibility")
    desk.answer("o")
    desk.settle()
    assert _content(desk).prerequisites.platform_feasibility is Feasibility.YES
    assert _codes(desk) == []


def test_equipment_bought_elsewhere_is_named_and_answered(desk: Workstation, show: Show) -> None:
    printer = content(Line("devices.computer-peripheral"))
    show(desk.work(lambda ctx: drafted(ctx, printer)))
    desk.session.goto(Step.PREREQUISITES, "lines[0].equipment")
    desk.type("Canon TS5350")
    desk.press(Qt.Key.Key_Return)
    assert _focused() == "lines[0].feasibility"
    desk.answer("o")
    desk.settle()
    line = _content(desk).lines[0]
    assert (line.equipment, line.feasibility) == ("Canon TS5350", Feasibility.YES)


def test_the_call_costs_what_its_channel_says(desk: Workstation, show: Show, clock: SetClock) -> None:
    clock.move(minutes=6, seconds=12)
    header = desk.session.header()
    assert (header.status, header.amount) == ("776 · 06\u00a0min 12\u00a0s", "2,36\u00a0€")


def test_the_clock_stops_with_the_call_and_begins_anew_with_the_next(desk: Workstation, clock: SetClock) -> None:
    clock.move(minutes=2)
    desk.session.keys.end_call()
    clock.move(minutes=5)
    assert "02\u00a0min" in desk.session.header().status
    desk.session.keys.new_call()
    clock.move(seconds=30)
    assert "00\u00a0min 30\u00a0s" in desk.session.header().status


def test_the_language_changes_under_a_session_without_losing_a_word(desk: Workstation) -> None:
    desk.session.goto(Step.CUSTOMER, "customer.surname")
    desk.type("Morvan")
    desk.settle()
    program = desk.program.desk
    program.settings = replace(program.settings, language="en")
    program.settingsChanged.emit()
    assert desk.session.ui.stepTitle.text() == "Who is calling?"
    assert desk.session.ui.primary.text().startswith("Continue")
    assert _content(desk).customer.surname == "Morvan"


def test_ready_made_notes_are_added_to_what_is_there(desk: Workstation, show: Show) -> None:
    show(desk.work(begun))
    desk.session.go(Step.INTERVENTION)
    desk.session.side.notes.setPlainText("Deux extensions retirées")
    menu = desk.session.keys.notes_menu()
    first = menu.findChildren(QMenu)[0]
    first.actions()[0].trigger()
    lines = _content(desk).notes.split("\n")
    assert lines[0] == "Deux extensions retirées"
    assert len(lines) == 2


@pytest.mark.parametrize("step", list(Step))
def test_every_field_carries_the_path_of_what_it_holds_and_a_name_to_be_read_aloud(
    desk: Workstation, show: Show, step: Step
) -> None:
    show(desk.work(finished))
    desk.session.go(step)
    page = desk.session.page
    assert page is not None
    for path in page.binder.fields:
        read(_content(desk), path)
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView, AnswerRow, QTabBar)
    inner = {"qt_spinbox_lineedit", "qt_calendar_calendarview", "qt_scrollarea_viewport"}
    nameless = [
        widget.objectName() or type(widget).__name__
        for kind in kinds
        for widget in desk.session.findChildren(kind)
        if widget.isVisible() and widget.objectName() not in inner and not isinstance(widget, QScrollArea)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        if not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_every_field_of_a_customer_has_a_place_on_the_first_step(desk: Workstation) -> None:
    page = desk.session.page
    assert page is not None
    assert isinstance(page.binder, Binder)
    assert {f"customer.{name}" for name in Customer.__slots__} <= set(page.binder.fields)


def test_all_that_blocks_a_new_session_fits_the_right_hand_panel(desk: Workstation) -> None:
    for step in Step:
        desk.session.go(step)
        desk.settle()
        scroll = desk.session.ui.sidePane.findChild(Scroll)
        assert isinstance(scroll, Scroll)
        wait_until(lambda scroll=scroll: scroll.widget().width() <= scroll.viewport().width(), step.name)  # type: ignore[misc]


def test_a_step_that_was_only_looked_at_is_not_done(desk: Workstation) -> None:
    desk.session.go(Step.CLOSING)
    editor, shown = desk.session.editor, desk.session.preview
    assert editor is not None
    assert shown is not None
    assert done_steps(shown, editor.view, Step.CLOSING) == frozenset()


def test_the_whole_job_opens_no_window_of_its_own(desk: Workstation, qapp: QApplication) -> None:
    watch = WindowWatch()
    qapp.installEventFilter(watch)
    play(desk)
    qapp.removeEventFilter(watch)
    assert watch.shown == []


def test_the_palette_offers_only_what_can_be_done_now(desk: Workstation) -> None:
    def offered() -> set[str]:
        some = {"Remettre le service retiré", "Reprendre l’identité", "L’appel est terminé", "Le client rappelle"}
        return some & {command.text for command in desk.session.commands()}

    def do(text: str) -> None:
        next(command for command in desk.session.commands() if command.text == text).run()

    known = desk.work(finished)
    assert offered() == {"L’appel est terminé"}
    do("L’appel est terminé")
    assert offered() == {"Le client rappelle"}
    do("Le client rappelle")
    desk.session.goto(Step.CUSTOMER, "customer.customer_number")
    desk.type(known.content.customer.customer_number)
    desk.press(Qt.Key.Key_Return)
    wait_until(lambda: "Reprendre l’identité" in offered(), "the customer to be known")
    page = desk.session.pages.page(Step.REQUEST)
    assert isinstance(page, RequestStep)
    desk.session.go(Step.REQUEST)
    page.add("mail.account")
    assert offered() == {"L’appel est terminé"}
    page.drop("mail.account")
    assert offered() == {"L’appel est terminé", "Remettre le service retiré"}
