"""A session goes from one desk to another by keyboard: asked for, written, found at the top of Today, taken."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from agent_desk.actions.load_session import load_session
from agent_desk.actions.qualify_session import qualify_session
from agent_desk.desktop.handed_row import HandedRow
from agent_desk.desktop.today import TodayScreen
from agent_desk.rules.handover import Words
from agent_desk.rules.people import Role
from agent_desk.rules.session import Step
from agent_desk.wording import load_wording
from tests.support.callcentre import KARIM, NADIA, CallCentre
from tests.support.desks import SetClock, drafted
from tests.support.trouble import sentences
from tests.support.workstation import Workstation, wait_until, workstation

WORDS = Words("Redemarrage", "Voyant rouge", "Rappel avant 18 h")
CONTROL = Qt.KeyboardModifier.ControlModifier
ENTER = Qt.Key.Key_Return


def opened(desk: Workstation, number: int = 1) -> None:
    desk.window.open_session(number)
    wait_until(lambda: desk.session.editor is not None and desk.session.editor.view.id == number, "the session")
    wait_until(lambda: not desk.program.desk.background.busy, "the desk to rest")


def today(desk: Workstation) -> TodayScreen:
    screen = desk.window.screen_named("today")
    assert isinstance(screen, TodayScreen)
    return screen


def offered(desk: Workstation) -> set[str]:
    """Return what palette and menu offer."""
    desk.session._menu.aboutToShow.emit()
    in_menu = {action.objectName() for action in desk.session._menu.actions() if action.isVisible()}
    return {command.text for command in desk.session.commands()} | in_menu


@pytest.mark.parametrize(
    ("language", "name", "note"),
    [("fr", "Confier…", "Confiée par Nadia Leroy"), ("en", "Hand over…", "Handed over by")],
)
def test_a_session_is_handed_over_found_at_the_top_of_today_and_taken(
    qapp: QApplication, tmp_path: Path, staffed: CallCentre, language: str, name: str, note: str
) -> None:
    clock = SetClock()
    view = drafted(staffed.ctx(NADIA))
    with workstation(qapp, tmp_path / "nadia", clock, database_url=staffed.url(NADIA), language=language) as desk:
        opened(desk)
        assert {name, "menu_hand_over"} <= offered(desk)
        desk.press(Qt.Key.Key_H, CONTROL)
        bar = desk.session.handing.bar
        assert bar.isVisible()
        assert QApplication.focusWidget() is bar.to
        desk.type("Kar")
        desk.press(Qt.Key.Key_Tab)
        for text in (WORDS.tried, WORDS.seen, WORDS.promised):
            desk.type(text)
            desk.press(ENTER)
        assert QApplication.focusWidget() is bar.confirm
        desk.press(Qt.Key.Key_Space)
        wait_until(lambda: desk.session.editor is None, "the session to be gone")
        wait_until(lambda: sentences(desk.window), "the good news")
        assert "Karim Benali" in sentences(desk.window)[0]
        assert desk.window.current is today(desk)
    with workstation(qapp, tmp_path / "karim", clock, database_url=staffed.url(KARIM), language=language) as desk:
        wait_until(today(desk).handed_card.isVisible, "the session at the top of Today")
        (row,) = today(desk).findChildren(HandedRow)
        shown = " ".join(label.text() for label in row.findChildren(QLabel))
        assert all(text in shown for text in (WORDS.tried, WORDS.seen, WORDS.promised, "Claire Morvan", "Nadia Leroy"))
        assert (
            row.mapTo(today(desk), row.rect().topLeft()).y()
            < today(desk).open_card.mapTo(today(desk), today(desk).open_card.rect().topLeft()).y()
        )
        row.take.setFocus()
        desk.press(Qt.Key.Key_Space)
        wait_until(lambda: desk.session.editor is not None, "the session to be taken")
        handed = desk.session.handing.note
        wait_until(handed.isVisible, "what Nadia wrote")
        assert handed.head.text().startswith(note)
        said = [row.text() for row in handed.rows.values()]
        assert [text.rpartition(": ")[2] for text in said] == [WORDS.tried, WORDS.seen, WORDS.promised]
        editor = desk.session.editor
        assert editor is not None
        assert editor.is_open
        assert editor.content.customer == view.content.customer
        desk.session.go(Step.CLOSING)
        assert handed.isVisible(), "above every step"
    assert load_session(staffed.own, view.id).parked_at is None


def test_a_word_is_wanted_and_escape_keeps_the_session(qapp: QApplication, tmp_path: Path, staffed: CallCentre) -> None:
    view = drafted(staffed.ctx(NADIA))
    with workstation(qapp, tmp_path, SetClock(), database_url=staffed.url(NADIA)) as desk:
        opened(desk)
        desk.press(Qt.Key.Key_H, CONTROL)
        bar = desk.session.handing.bar
        bar.confirm.setFocus()
        desk.press(Qt.Key.Key_Space)
        assert bar.isVisible()
        assert QApplication.focusWidget() is bar.fields["tried"]
        assert bar.fields["tried"].property("fault") is True
        desk.type("Rien encore")
        desk.press(Qt.Key.Key_Escape)
        assert not bar.isVisible()
        desk.press(Qt.Key.Key_H, CONTROL)
        assert bar.fields["tried"].text() == ""
    assert load_session(staffed.own, view.id).parked_at is None


def test_what_was_written_is_still_there_where_it_could_not_be_handed_over(
    qapp: QApplication, tmp_path: Path, staffed: CallCentre
) -> None:
    view = drafted(staffed.ctx(NADIA))
    with workstation(qapp, tmp_path, SetClock(), database_url=staffed.url(NADIA)) as desk:
        opened(desk)
        desk.press(Qt.Key.Key_H, CONTROL)
        bar = desk.session.handing.bar
        desk.type("Kar")
        bar.fields["tried"].setText("Rien encore")
        qualify_session(staffed.ctx(NADIA), view.id, view.version)  # at another desk meanwhile
        bar.confirm.click()
        wait_until(lambda: sentences(desk.window), "the refusal")
        desk.settle()
        desk.press(Qt.Key.Key_H, CONTROL)
        assert bar.fields["tried"].text() == "Rien encore"
        desk.session.handing.attend(None)  # another session comes
        assert bar.fields["tried"].text() == ""


def test_a_session_on_its_way_to_somebody_else_is_not_opened_by_mistake(
    qapp: QApplication, tmp_path: Path, staffed: CallCentre
) -> None:
    staffed.add("lea", "Lea Roy", Role.AGENT, "Nord")
    staffed.add("tom", "Tom Roy", Role.AGENT, "Nord")
    drafted(staffed.ctx(NADIA))
    with workstation(qapp, tmp_path / "nadia", SetClock(), database_url=staffed.url(NADIA)) as desk:
        opened(desk)
        desk.press(Qt.Key.Key_H, CONTROL)
        desk.type("Lea")
        desk.session.handing.bar.fields["seen"].setText("Voyant rouge")
        desk.session.handing.bar.confirm.click()
        wait_until(lambda: desk.session.editor is None, "the session to be gone")
    with workstation(qapp, tmp_path / "tom", SetClock(), database_url=staffed.url("tom")) as desk:
        desk.window.open_session(1)
        refused = load_wording("fr").text("errors.handed_to_other", name="Lea Roy")
        wait_until(lambda: refused in sentences(desk.window), "the refusal")
        assert desk.session.editor is None


def test_on_a_single_desk_there_is_no_handing_over(qapp: QApplication, tmp_path: Path) -> None:
    with workstation(qapp, tmp_path, SetClock()) as desk:
        desk.new_session()
        desk.settle()
        wait_until(lambda: not desk.program.desk.background.busy, "the desk to rest")
        assert not {"Confier…", "Hand over…", "menu_hand_over"} & offered(desk)
        desk.press(Qt.Key.Key_H, CONTROL)
        assert not desk.session.handing.bar.isVisible()
        assert not desk.session.handing.note.isVisible()
        desk.window.go("today")
        assert not today(desk).handed_card.isVisible()
