"""A desk in a process of its own that types into its session 1, tells when its database is away, and waits to be killed.

Arguments: data folder, database, what to type into the notes.
"""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from agent_desk.rules.session import Step
from agent_desk.wiring.desktop import make_application
from tests.support.workstation import wait_until, workstation


def main(home: str, database: str, text: str) -> None:
    """Type half of the text while the database is there, the rest once it is away; say when that is kept."""
    app: QApplication = make_application()
    with workstation(app, Path(home), database_url=database) as desk:
        desk.window.open_session(1)
        wait_until(lambda: desk.session.editor is not None, "the session")
        desk.session.goto(Step.INTERVENTION, "notes")
        half = len(text) // 2
        desk.type(text[:half])
        desk.settle()
        _say("typing")
        wait_until(lambda: desk.program.desk.link.is_lost, "the database to go away")
        desk.type(text[half:])
        editor = desk.session.editor
        assert editor is not None
        wait_until(lambda: editor.keep.lasting and not editor.keep.is_waiting, "the typing to be kept")
        _say("kept")
        app.exec()


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
