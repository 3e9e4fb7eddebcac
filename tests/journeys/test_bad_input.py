"""Whatever is typed, and whatever happens to the disk or the clock meanwhile: one sentence, and nothing is lost."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QSpinBox, QWidget

from agent_desk.actions.views import SessionView
from agent_desk.desktop.session.customer_step import CustomerStep
from agent_desk.desktop.session.editor import Editor
from agent_desk.desktop.session.request_step import RequestStep
from agent_desk.rules.session import Line, State, Step
from agent_desk.settings import DATABASE_NAME
from agent_desk.wording import load_wording
from tests.journeys.main_job import play
from tests.support.desks import SetClock, finished
from tests.support.hindrances import no_room
from tests.support.trouble import LONGEST_SENTENCE, NAMES, WORDS, sentences
from tests.support.workstation import Workstation, wait_until, workstation

CONTROL = Qt.KeyboardModifier.ControlModifier


def editor(desk: Workstation) -> Editor:
    made = desk.session.editor
    assert made is not None
    return made


def field(desk: Workstation, path: str) -> QWidget:
    assert desk.session.page is not None
    found = desk.session.page.field(path)
    assert found is not None
    found.setFocus()
    return found


def paste(desk: Workstation, path: str, text: str) -> QLineEdit:
    """Replace what a field holds by `text`, from the clipboard, and wait until it is saved."""
    edit = field(desk, path)
    assert isinstance(edit, QLineEdit)
    edit.selectAll()
    QApplication.clipboard().setText(text)
    desk.press(Qt.Key.Key_V, CONTROL)
    desk.settle()
    return edit


def said(desk: Workstation, language: str, code: str, **values: object) -> bool:
    """Tell whether the agent is told this sentence and no other, and that it is short enough."""
    wanted = load_wording(language).text(f"errors.{code}", **values)
    return sentences(desk.window) == [wanted] and len(wanted) <= LONGEST_SENTENCE


def reopened(desk: Workstation, number: int = 1) -> SessionView:
    """Open a session after a new start and return it as it is on screen."""
    desk.window.open_session(number)
    wait_until(lambda: desk.session.editor is not None, "the session")
    return editor(desk).view


def found_in_journal(desk: Workstation, words: str) -> list[str]:
    """Search the Journal as an agent does and return the customers found."""
    desk.window.go("journal")
    journal = desk.window.screen_named("journal")
    journal.filters.words.setFocus()
    journal.filters.words.setText(words)
    wait_until(lambda: not desk.program.desk.background.busy, "the search")
    return [row.customer for row in journal.model.rows]


@pytest.mark.parametrize(
    ("kind", "language"), [*((kind, "fr") for kind in NAMES), ("10,000 characters", "en"), ("right to left", "en")]
)
def test_a_name_is_kept_whole_whatever_it_is_made_of(
    qapp: QApplication,
    tmp_path: Path,
    kind: str,
    language: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    name = NAMES[kind]
    long = len(name) > 200
    with workstation(qapp, tmp_path, SetClock(), language=language) as desk:
        desk.new_session()
        edit = paste(desk, "customer.surname", name)
        label = load_wording(language).text("fields.customer.surname")
        assert said(desk, language, "long", field=label, limit=200) if long else sentences(desk.window) == []
        assert edit.text() == name
        paste(desk, "customer.first_name", "Claire")
        assert len(sentences(desk.window)) == int(long)
        if long:
            paste(desk, "customer.surname", "Morvan")
            assert sentences(desk.window) == []
            paste(desk, "customer.surname", name)
    with workstation(qapp, tmp_path, SetClock(), language=language) as desk:
        customer = reopened(desk).content.customer
        assert (customer.surname, customer.first_name) == (name, "Claire")
        again = field(desk, "customer.surname")
        assert isinstance(again, QLineEdit)
        assert again.text() == name
        desk.window.go("today")
        assert found_in_journal(desk, "nobody") == []
        assert found_in_journal(desk, WORDS[kind]) == [f"Claire {name}"[:200]]
        assert sentences(desk.window) == []
    told = capfd.readouterr().err + caplog.text
    assert "Traceback" not in told
    assert name[:20] not in told


@pytest.mark.parametrize(
    "typed", ["482 915 307", "482915307", "482\u00a0915\u202f307", "482.915-307", "  482 915 307 "]
)
def test_a_customer_number_with_spaces_is_the_same_number(qapp: QApplication, tmp_path: Path, typed: str) -> None:
    with workstation(qapp, tmp_path, SetClock()) as desk:
        _in_worker(desk, finished)
        desk.new_session()
        paste(desk, "customer.customer_number", typed)
        page = desk.session.page
        assert isinstance(page, CustomerStep)
        wait_until(page.ui.knownCard.isVisible, "the caller to be recognised")
        page.take_over()
        desk.settle()
        assert editor(desk).content.customer.surname == "Morvan"
        assert sentences(desk.window) == []


@pytest.mark.parametrize("typed", ["48291530", "48 29 15 30 75", "482 915 30O"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_customer_number_that_is_none_is_kept_and_told(
    qapp: QApplication, tmp_path: Path, typed: str, language: str
) -> None:
    with workstation(qapp, tmp_path, SetClock(), language=language) as desk:
        desk.new_session()
        edit = paste(desk, "customer.customer_number", typed)
        field(desk, "customer.surname")
        assert said(desk, language, "customer_number")
        desk.settle()
        assert (edit.text(), editor(desk).view.content.customer.customer_number) == (typed, typed)
        paste(desk, "customer.customer_number", "482 915 307")
        field(desk, "customer.surname")
        assert sentences(desk.window) == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("service", "name", "typed"),
    [
        ("mail.account", "quantity", "100"),
        ("mail.account", "quantity", "1000"),
        ("mail.account", "quantity", "0"),
        ("mail.account", "quantity", "-5"),
        ("network.home", "machines", "4"),
        ("network.home", "machines", "30"),
    ],
)
def test_a_number_out_of_range_is_told_and_changes_nothing(
    qapp: QApplication, tmp_path: Path, language: str, service: str, name: str, typed: str
) -> None:
    with workstation(qapp, tmp_path, SetClock(), language=language) as desk:
        desk.new_session()
        desk.session.go(Step.REQUEST)
        page = desk.session.page
        assert isinstance(page, RequestStep)
        page.add(service)
        desk.settle()
        spin = field(desk, f"lines[0].{name}")
        assert isinstance(spin, QSpinBox)
        spin.setValue(2)
        page.ui.serviceSearch.setFocus()
        spin.setFocus()
        spin.selectAll()
        desk.type(typed)
        desk.settle()
        assert said(desk, language, f"{name}_out_of_range")
        assert spin.text() == typed
        assert _number(editor(desk).view.content.lines, name) == 2
        page.ui.serviceSearch.setFocus()
        assert spin.value() == 2
        spin.setFocus()
        spin.selectAll()
        desk.type("3")
        desk.settle()
        assert sentences(desk.window) == []
    with workstation(qapp, tmp_path, SetClock()) as desk:
        assert _number(reopened(desk).content.lines, name) == 3


def _number(lines: tuple[Line, ...], name: str) -> int:
    return int(getattr(lines[0], name))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_clock_moved_back_an_hour_is_told_once_and_all_is_saved(
    qapp: QApplication, tmp_path: Path, language: str
) -> None:
    clock = SetClock()
    with workstation(qapp, tmp_path, clock, language=language) as desk:
        desk.new_session()
        clock.move(hours=2)
        paste(desk, "customer.surname", "Morvan")
        clock.move(hours=-1)
        paste(desk, "customer.first_name", "Claire")
        assert said(desk, language, "clock_back", minutes=60)
        desk.session.notices.clear()
        paste(desk, "customer.login", "claire.morvan")
        assert sentences(desk.window) == []
    with workstation(qapp, tmp_path, clock, language=language) as desk:
        customer = reopened(desk).content.customer
        assert (customer.surname, customer.first_name, customer.login) == ("Morvan", "Claire", "claire.morvan")


def test_a_job_goes_to_its_end_though_the_clock_was_moved_back_an_hour(qapp: QApplication, tmp_path: Path) -> None:
    clock = SetClock()
    told: list[list[str]] = []

    def look(name: str) -> None:
        told.append(sentences(desk.window))
        if name == "intervention":
            clock.move(hours=-1)

    with workstation(qapp, tmp_path, clock) as desk:
        play(desk, "fr", look)
        view = editor(desk).view
    assert view.state is State.CLOSED
    assert view.decision is not None
    assert view.decision.total_cents == 7900
    assert told[:-1] == [[]] * (len(told) - 1)
    assert told[-1] == [load_wording("fr").text("errors.clock_back", minutes=60)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_disk_that_fills_while_typing_is_told_and_all_is_saved_once_there_is_room(
    qapp: QApplication,
    tmp_path: Path,
    language: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with workstation(qapp, tmp_path, SetClock(), language=language) as desk:
        desk.new_session()
        desk.settle()
        with no_room(_log_size(tmp_path)):
            edit = field(desk, "customer.surname")
            assert isinstance(edit, QLineEdit)
            desk.type("Morvan-Le Goff")
            wait_until(lambda: sentences(desk.window), "the fault to be told")
            assert said(desk, language, "disk_full")
            desk.program.sending.wake()
            desk.window.leaving.emit()
            wait_until(lambda: not desk.program.desk.background.busy, "the rest to fail too")
            assert said(desk, language, "disk_full")
            desk.window.go("today")
            desk.window.close()
            assert desk.window.isVisible()
            assert said(desk, language, "unsaved")
            assert edit.text() == "Morvan-Le Goff"
        wait_until(lambda: not sentences(desk.window), "the save to be tried again")
        assert editor(desk).view.content.customer.surname == "Morvan-Le Goff"
        desk.type(" (2)")
        desk.settle()
    with workstation(qapp, tmp_path, SetClock(), language=language) as desk:
        assert reopened(desk).content.customer.surname == "Morvan-Le Goff (2)"
    told = capfd.readouterr().err + caplog.text
    assert "Traceback" not in told
    assert "Morvan" not in told


def _log_size(home: Path) -> int:
    return (home / f"{DATABASE_NAME}-wal").stat().st_size


def _in_worker(desk: Workstation, job: Callable[..., object]) -> None:
    """Run a job in a worker, as only those may touch the database."""
    done: list[object] = []
    desk.program.desk.run(lambda ctx: job(ctx), done.append)  # noqa: PLW0108 (called in the worker)
    wait_until(lambda: done, "a job in a worker")


class _Reached(Exception):
    """The job came to the step a test wants."""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_disk_that_fills_at_closing_closes_nothing_and_a_second_try_bills_once(
    qapp: QApplication, tmp_path: Path, language: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def look(name: str) -> None:
        if name == "closing":
            raise _Reached

    with workstation(qapp, tmp_path, SetClock(), language=language) as desk:
        with pytest.raises(_Reached):
            play(desk, language, look)
        with no_room(_log_size(tmp_path)):
            desk.press(Qt.Key.Key_F9)
            wait_until(lambda: sentences(desk.window) and not desk.session.flow.is_busy, "the refusal")
            assert said(desk, language, "disk_full")
            assert editor(desk).view.state is State.IN_PROGRESS
        desk.settle()
        desk.press(Qt.Key.Key_F9)
        wait_until(lambda: editor(desk).view.state is State.CLOSED, "the session to close")
        desk.settle()
        view = editor(desk).view
        assert [mail.kind for mail in view.mails] == ["offer", "confirmation"]
        assert view.decision is not None
        assert view.decision.total_cents == 7900
        assert sentences(desk.window) == []
    assert "Traceback" not in capfd.readouterr().err
