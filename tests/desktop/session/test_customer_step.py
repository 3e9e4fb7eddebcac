"""Step 1: typing brings what follows from it, strange names stay as typed, and known callers are recognised."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.views import SessionView
from agent_desk.desktop.session.call_panel import CallPanel
from agent_desk.desktop.session.customer_step import CustomerStep
from agent_desk.rules.session import Call, CallChannel, Customer, Segment, State, Step, Territory
from tests.desktop.session.conftest import insert
from tests.support.desks import SetClock, finished
from tests.support.workstation import Workstation, wait_until

ENTER = Qt.Key.Key_Return


def _customer(desk: Workstation) -> Customer:
    assert desk.session.editor is not None
    return desk.session.editor.content.customer


def _go(desk: Workstation, path: str) -> None:
    desk.session.goto(Step.CUSTOMER, path)


def _focused() -> str:
    widget = QApplication.focusWidget()
    return "" if widget is None else widget.objectName()


def _form(desk: Workstation, name: str) -> QWidget:
    page = desk.session.page
    assert page is not None
    made: QWidget = getattr(page.ui, name)
    return made


def test_a_new_session_waits_for_the_customer_number(desk: Workstation) -> None:
    assert _focused() == "customer.customer_number"


def test_enter_goes_to_the_next_empty_field(desk: Workstation) -> None:
    desk.type("482915307")
    desk.press(ENTER)
    assert _focused() == "customer.surname"


def test_the_postcode_brings_the_territory(desk: Workstation) -> None:
    _go(desk, "customer.postcode")
    desk.type("97400")
    assert _customer(desk).territory is Territory.REUNION


def test_a_title_said_with_the_name_goes_to_its_field(desk: Workstation) -> None:
    _go(desk, "customer.surname")
    insert("Monsieur L’Hostis")
    desk.press(ENTER)
    assert (_customer(desk).title, _customer(desk).surname) == ("m", "L’Hostis")


@pytest.mark.parametrize(
    "name", ["O\"Brien '; DROP TABLE session; --", "أحمد بن سعيد", "Zoé 🦊👩‍👩‍👧", "<b>Morvan</b>", "%1 {name}"]
)
def test_any_name_is_kept_and_shown_as_typed(desk: Workstation, name: str) -> None:
    _go(desk, "customer.surname")
    insert(name)
    desk.settle()
    assert desk.session.editor is not None
    assert desk.session.editor.view.content.customer.surname == name
    assert desk.session.header().title == name


def test_ten_thousand_letters_get_one_sentence_and_stay_on_screen(desk: Workstation) -> None:
    _go(desk, "customer.surname")
    insert("é" * 10_000)
    desk.settle()
    sentence = desk.session.ui.noticeText.text()
    assert "Nom" in sentence
    assert "200" in sentence
    assert len(sentence) <= 160
    assert len(_customer(desk).surname) == 10_000
    assert desk.session.editor is not None
    assert desk.session.editor.view.content.customer.surname == "é" * 10_000


def test_a_customer_number_may_have_spaces(desk: Workstation) -> None:
    desk.type(" 482 915 307")
    desk.press(ENTER)
    assert "482 915 307" in desk.session.header().chips[0].text
    assert _form(desk, "customer_customer_number").property("fault") is False


def test_a_number_that_cannot_be_right_is_marked_said_and_kept(desk: Workstation) -> None:
    desk.type("12345")
    desk.press(ENTER)
    assert _form(desk, "customer_customer_number").property("fault") is True
    assert "9 chiffres" in desk.session.ui.noticeText.text()
    assert _customer(desk).customer_number == "12345"


def test_the_company_is_asked_of_professionals_only(desk: Workstation) -> None:
    assert not _form(desk, "customer_company_box").isVisible()
    assert desk.session.editor is not None
    desk.session.editor.set("customer.segment", Segment.PRO)
    assert _form(desk, "customer_company_box").isVisible()


def test_somebody_else_calling_is_asked_for_name_and_permission(desk: Workstation) -> None:
    _go(desk, "customer.caller_is_holder")
    desk.answer("n")
    assert _form(desk, "holderBox").isVisible()
    codes = [blocker.code for blocker in desk.session.preview.blockers] if desk.session.preview else []
    assert {"caller", "holder_permission"} <= set(codes)


def test_a_reason_for_no_email_chooses_the_letter(desk: Workstation) -> None:
    assert desk.session.editor is not None
    desk.session.page.typed("customer.no_email_reason", "no_address")  # type: ignore[union-attr]
    assert desk.session.editor.content.closing.confirmation == "letter"


def test_a_known_caller_is_recognised_and_taken_over_by_one_key(
    desk: Workstation, show: Callable[[SessionView], None]
) -> None:
    desk.work(finished)
    desk.type("482 915 307")
    wait_until(lambda: _form(desk, "knownCard").isVisible(), "the known caller")
    assert "Claire Morvan" in desk.session.page.ui.knownTitle.text()  # type: ignore[union-attr]
    desk.press(Qt.Key.Key_F6)
    customer = _customer(desk)
    assert (customer.surname, customer.city, customer.subscription) == ("Morvan", "Quimper", None)
    assert _focused() == "customer.subscription"
    assert not _form(desk, "knownCard").isVisible()


def test_an_unknown_number_shows_no_card(desk: Workstation) -> None:
    desk.type("111 222 333")
    desk.settle()
    assert not _form(desk, "knownCard").isVisible()


def test_f9_goes_to_what_is_missing_and_says_it(desk: Workstation) -> None:
    desk.press(Qt.Key.Key_F9)
    assert desk.session.step is Step.CUSTOMER
    assert _focused() == "customer.surname"
    assert "nom" in desk.session.ui.noticeText.text().lower()
    assert desk.session.editor is not None
    assert desk.session.editor.view.state is State.DRAFT


def plain(text: str) -> str:
    """Return a text with plain spaces."""
    return " ".join(text.split())


def _panel(desk: Workstation) -> CallPanel:
    page = desk.session.page
    assert isinstance(page, CustomerStep)
    return page.call_panel


def test_the_tariff_is_told_once_a_call_by_one_key_from_any_step(desk: Workstation) -> None:
    panel = _panel(desk)
    assert plain(panel.cost.text()).startswith("0,38 € par minute")
    assert panel.tell_button.isVisible()
    desk.session.go(Step.REQUEST)
    desk.press(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    desk.session.go(Step.CUSTOMER)
    assert panel.told.isVisible()
    assert not panel.tell_button.isVisible()
    desk.press(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    desk.type("482915307")
    desk.settle()
    editor = desk.session.editor
    assert editor is not None
    told = [
        event for event in desk.work(lambda ctx: read_timeline(ctx, editor.view.id)).events if "tariff" in event.kind
    ]
    (payload,) = (event.payload for event in told)
    assert payload is not None
    assert (payload["channel"], payload["cents_per_minute"]) == ("776", 38)
    editor.set("call.channel", CallChannel.LONG_3976_OTHER)  # another tariff
    assert panel.tell_button.isVisible()
    editor.set("call.channel", CallChannel.CHAT)
    assert not panel.tell_button.isVisible()
    editor.set("call", Call(CallChannel.SHORT_776, desk.session.desk.clock.now() + timedelta(hours=1)))  # calls again
    desk.settle()
    assert panel.tell_button.isVisible()


def test_the_panel_says_until_when_somebody_answers_and_when_again(desk: Workstation, clock: SetClock) -> None:
    panel = _panel(desk)
    assert plain(panel.hours.text()) == "répond jusqu’à 22 h"
    clock.move(hours=11)
    desk.session.refresh()
    assert plain(panel.hours.text()) == "fermé, rouvre demain à 8 h"
    editor = desk.session.editor
    assert editor is not None
    clock.move(days=4)  # Friday, late
    editor.set("call.channel", CallChannel.BRAND_CHAT)
    assert plain(panel.hours.text()) == "fermé, rouvre demain à 8 h"
    clock.move(days=1)
    desk.session.refresh()
    assert plain(panel.hours.text()) == "fermé, rouvre lundi 30 novembre 2026 à 8 h"
    assert "Courrier · prix d’un timbre · pas de réponse immédiate" in panel.toolTip()
