"""Step 2: words find services; adding, changing and taking out loses nothing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QSpinBox

from agent_desk.desktop.session.request_step import RequestStep
from agent_desk.rules.session import Line, Segment, Step
from tests.support.workstation import Workstation

ENTER = Qt.Key.Key_Return
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(desk: Workstation) -> RequestStep:
    """Give the step, in front."""
    desk.session.go(Step.REQUEST)
    made = desk.session.page
    assert isinstance(made, RequestStep)
    return made


@pytest.fixture
def lines(desk: Workstation) -> Callable[[], tuple[Line, ...]]:
    """Give a look at the chosen services."""

    def look() -> tuple[Line, ...]:
        assert desk.session.editor is not None
        return desk.session.editor.content.lines

    return look


def _shown(page: RequestStep) -> list[str]:
    return [row.code for row in page.ui.serviceTable.services.rows]


def test_every_service_is_listed_before_a_word_is_typed(page: RequestStep) -> None:
    assert len(_shown(page)) == 23


def test_enter_adds_the_first_match_and_the_next_word_replaces_the_last(
    desk: Workstation, page: RequestStep, lines: Callable[[], tuple[Line, ...]]
) -> None:
    for words in ("virus", "boite mail"):
        desk.type(words)
        first = _shown(page)[0]
        desk.press(ENTER)
        assert lines()[-1].service == first
    assert page.ui.serviceSearch.text() == "boite mail"
    assert [row.quantity for row in page.ui.serviceTable.services.rows if row.code == "security.virus-removal"] == [1]


@pytest.mark.parametrize(
    ("words", "operations"),
    [
        ("virus", ("removal",)),
        ("ordinateur lent", ("optimisation",)),
        ("virus et ordinateur lent", ("removal", "optimisation")),
    ],
)
def test_the_words_typed_choose_the_operations(
    desk: Workstation,
    page: RequestStep,
    lines: Callable[[], tuple[Line, ...]],
    words: str,
    operations: tuple[str, ...],
) -> None:
    desk.type(words)
    page.add("security.virus-removal")
    assert lines()[0].operations == operations


def test_arrows_move_the_cursor_while_typing_goes_on(
    desk: Workstation, page: RequestStep, lines: Callable[[], tuple[Line, ...]]
) -> None:
    desk.type("virus")
    second = _shown(page)[1]
    desk.press(Qt.Key.Key_Down)
    desk.press(ENTER)
    assert lines()[0].service == second


def test_a_pro_service_is_refused_to_a_residential_customer_in_one_sentence(
    desk: Workstation, page: RequestStep, lines: Callable[[], tuple[Line, ...]]
) -> None:
    page.add("network.livebox-integration")
    assert lines() == ()
    assert "Pro" in desk.session.ui.noticeText.text()
    assert desk.session.editor is not None
    desk.session.editor.set("customer.segment", Segment.PRO)
    page.add("network.livebox-integration")
    assert [line.service for line in lines()] == ["network.livebox-integration"]


def test_a_service_taken_out_comes_back_with_its_answers(
    desk: Workstation, page: RequestStep, lines: Callable[[], tuple[Line, ...]]
) -> None:
    page.add("mail.account")
    page.add("security.virus-removal")
    before = lines()
    page.drop("mail.account")
    assert [line.service for line in lines()] == ["security.virus-removal"]
    page.ui.serviceSearch.setFocus()
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert lines() == before


def test_the_notice_undoes_too(desk: Workstation, page: RequestStep, lines: Callable[[], tuple[Line, ...]]) -> None:
    page.add("mail.account")
    page.drop("mail.account")
    desk.click(desk.session.ui.noticeAction)
    assert [line.service for line in lines()] == ["mail.account"]


def _spin(page: RequestStep) -> QSpinBox:
    found = page.field("lines[0].quantity")
    assert isinstance(found, QSpinBox)
    return found


@pytest.mark.parametrize("quantity", [0, 100, 9999])
def test_a_quantity_out_of_range_gets_one_sentence_and_changes_nothing(
    desk: Workstation, page: RequestStep, lines: Callable[[], tuple[Line, ...]], quantity: int
) -> None:
    page.add("mail.account")
    _spin(page).setValue(3)
    _spin(page).setValue(quantity)
    assert (lines()[0].quantity, _spin(page).value()) == (3, 3)
    assert 0 < len(desk.session.ui.noticeText.text()) <= 160


def test_the_running_total_follows_the_quantity(desk: Workstation, page: RequestStep) -> None:
    page.add("mail.account")
    _spin(page).setValue(3)
    assert desk.session.preview is not None
    assert (desk.session.preview.total_cents, desk.session.preview.vat_cents) == (8700, 1450)


def test_no_operation_left_is_a_blocker_that_leads_to_the_boxes(desk: Workstation, page: RequestStep) -> None:
    page.add("security.virus-removal")
    box = page.field("lines[0].operations")
    assert isinstance(box, QCheckBox)
    box.click()
    assert desk.session.preview is not None
    blockers = [one for one in desk.session.preview.blocking(Step.REQUEST) if one.code == "operations"]
    assert [one.field for one in blockers] == ["lines[0].operations"]
    desk.session.goto(Step.REQUEST, "lines[0].operations")
    assert QApplication.focusWidget() is page.field("lines[0].operations")
