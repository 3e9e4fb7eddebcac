"""A desk with a session open, over a real database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from agent_desk.actions.views import SessionView
from agent_desk.desktop.session import editor, share_seat, share_watch
from tests.support.desks import SetClock
from tests.support.workstation import Workstation, wait_until, workstation

HURRIED_MS = 25


@pytest.fixture
def clock() -> SetClock:
    """Give noon on a Monday, to be moved."""
    return SetClock()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a desk save, ask after its customer and look who types sooner: tests wait for that often and measure none."""
    monkeypatch.setattr(editor, "SAVE_AFTER_MS", HURRIED_MS)
    monkeypatch.setattr(share_watch, "ASK_MS", HURRIED_MS)
    monkeypatch.setattr(share_seat, "TYPING_MS", HURRIED_MS)


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path, clock: SetClock) -> Iterator[Workstation]:
    """Give a French desk with a new session on screen."""
    with workstation(qapp, tmp_path, clock) as made:
        made.new_session()
        yield made


@pytest.fixture
def show(desk: Workstation) -> Callable[[SessionView], None]:
    """Give a way to put a session made by actions on the screen."""

    def put(view: SessionView) -> None:
        desk.window.open_session(view.id)
        wait_until(lambda: desk.session.editor is not None and desk.session.editor.view.id == view.id, view.number)
        desk.settle()

    return put


def insert(text: str) -> None:
    """Put any text where the focus is, as an input method or a paste does."""
    widget = QApplication.focusWidget()
    assert widget is not None
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)
