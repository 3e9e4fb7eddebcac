"""The help page names every key that a session answers to."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.session.keys import Keys
from agent_desk.desktop.widgets import Elided

# Shown on the button they act for, where that stands only at times.
ELSEWHERE = frozenset({"back", "undo", "cut_share", "full_screen"})


def words(of: QObject) -> str:
    """Return every text below `of`."""
    return "\n".join(one.text() for one in of.findChildren(QLabel) if not isinstance(one, Elided))


def test_every_key_of_a_session_is_told(qtbot: QtBot, window: MainWindow) -> None:
    keys = window.screen_named("session").findChild(Keys)
    window.go("help")
    page = window.screen_named("help")
    shown = words(page)
    wanted = {act.name: act.key.split("+")[-1] for act in keys._acts if act.key and act.name not in ELSEWHERE}
    assert set(wanted) >= {"next", "park", "issue_code", "copy_code", "protection", "notes", "take_over"}
    assert [name for name, key in wanted.items() if f"\n{key}\n" not in f"\n{shown}\n"] == []
