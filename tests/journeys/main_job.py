"""The main job, by keyboard alone: from the call to the session closed; the test counts, the pictures look on."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt

from agent_desk.rules.session import State, Step
from tests.support.workstation import Workstation, wait_until

ENTER, F9, SPACE = Qt.Key.Key_Return, Qt.Key.Key_F9, Qt.Key.Key_Space
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

IDENTITY = (
    "482 915 307",
    "Mme Morvan",
    "Claire",
    "claire.morvan",
    "4, rue des Embruns",
    "29000",
    "Quimper",
    "02 61 91 12 34",
    "claire.morvan@example.org",
)
TICKED = 3
# The letters an agent answers with, by language.
LETTERS: Mapping[str, Mapping[str, str]] = {
    "fr": {"yes": "o", "free_tool": "g", "backup_done": "f", "not_solved": "n", "visit_accepted": "a"},
    "en": {"yes": "y", "free_tool": "f", "backup_done": "d", "not_solved": "n", "visit_accepted": "a"},
}

Look = Callable[[str], None]


def play(desk: Workstation, language: str = "fr", look: Look = lambda _name: None) -> None:
    """Play the whole job; `look` is called with each step's name when the step is filled in."""
    letters = LETTERS[language]
    before = desk.session.editor
    desk.press(Qt.Key.Key_N, CONTROL)
    wait_until(lambda: desk.session.editor not in (None, before), "a new session")
    customer(desk, letters)
    look("customer")
    go_on(desk, Step.REQUEST)
    request(desk)
    look("request")
    go_on(desk, Step.PREREQUISITES)
    prerequisites(desk, letters)
    look("prerequisites")
    go_on(desk, Step.AGREEMENT)
    agreement(desk, letters, look)
    go_on(desk, Step.INTERVENTION)
    intervention(desk, look)
    look("intervention")
    go_on(desk, Step.CLOSING)
    closing(desk, letters)
    look("closing")
    desk.press(F9)
    wait_until(lambda: state(desk) is State.CLOSED, "the session to close")
    desk.settle()


def state(desk: Workstation) -> State | None:
    """Return the state of the session on screen."""
    editor = desk.session.editor
    return editor.view.state if editor is not None else None


def go_on(desk: Workstation, step: Step) -> None:
    """Press F9 and wait for the step."""
    desk.press(F9)
    wait_until(lambda: desk.session.step is step and not desk.session.flow.is_busy, step.name)
    desk.settle()


def customer(desk: Workstation, letters: Mapping[str, str]) -> None:
    """Type who calls."""
    for text in IDENTITY:
        desk.type(text)
        desk.press(ENTER)
    desk.answer(letters["yes"])


def request(desk: Workstation) -> None:
    """Add two services by the customer's words."""
    for words in ("virus", "box"):
        desk.type(words)
        desk.press(ENTER)


def prerequisites(desk: Workstation, letters: Mapping[str, str]) -> None:
    """Answer what these services need: computer, discs, conformity, Internet, tool."""
    for letter in ("1", letters["yes"], letters["yes"], letters["yes"], letters["free_tool"]):
        desk.answer(letter)


def agreement(desk: Workstation, letters: Mapping[str, str], look: Look) -> None:
    """Record price, warranty, backup, and the two statements on starting early."""
    for place, answer in enumerate(("yes", "yes", "backup_done", "yes", "yes")):
        if place == 2:
            look("agreement")
        desk.answer(letters[answer])
        desk.settle()


def intervention(desk: Workstation, look: Look) -> None:
    """Issue and copy a code, begin the work, follow the procedure."""
    desk.press(Qt.Key.Key_G, CONTROL)
    desk.settle()
    desk.press(Qt.Key.Key_C, CONTROL | SHIFT)
    look("code")
    desk.press(F9)
    wait_until(lambda: state(desk) is State.IN_PROGRESS, "the work to begin")
    for _ in range(TICKED):
        desk.press(SPACE)
        desk.settle()


def closing(desk: Workstation, letters: Mapping[str, str]) -> None:
    """Neither service is solved, and a technician will come."""
    for _ in range(2):
        desk.answer(letters["not_solved"])
    desk.answer(letters["visit_accepted"])
    desk.settle()
    page = desk.session.page
    assert page is not None
    wait_until(lambda: "69" in page.ui.mailText.toPlainText(), "the confirmation's preview")
