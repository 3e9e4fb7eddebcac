"""A desk in a process of its own that types without end, saying each time what stands on screen; it waits to be killed.

Arguments: data folder, step (1 to 6), dotted path of the field, language.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from agent_desk.rules.content_path import read
from agent_desk.rules.session import Step
from agent_desk.wiring.desktop import make_application
from tests.support.workstation import Workstation, workstation

# Plain letters: QTest knows no key for others.
WORDS = "Le client dit que des pages s ouvrent toutes seules depuis ce matin, avec ou sans navigateur. " * 20
PACE_MS = 15


def main(home: str, step: str, path: str, language: str) -> None:
    """Open a session, go to the field and type until killed."""
    app = make_application()
    with workstation(app, Path(home), language=language) as desk:
        desk.new_session()
        desk.session.goto(Step(int(step)), path)
        letters = iter(WORDS)
        pace = QTimer()
        pace.setInterval(PACE_MS)
        pace.timeout.connect(lambda: _type_one(desk, path, next(letters)))
        pace.start()
        app.exec()


def _type_one(desk: Workstation, path: str, letter: str) -> None:
    desk.type(letter)
    editor = desk.session.editor
    widget = QApplication.focusWidget()
    assert editor is not None
    assert widget is not None
    said = {"at": time.monotonic(), "text": read(editor.content, path), "focus": widget.objectName()}
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
