"""A desk in a process of its own, in a real window: `python -m tests.journeys.share_child FOLDER SETTINGS`.

Each line read is an order in JSON, {"do": name, …}; each line written is what became of it, {"ok": …} or {"failed": …}.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QPoint, QSize, QSocketNotifier, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from agent_desk import late
from agent_desk.rules.session import Step
from agent_desk.wiring.desktop import make_application
from tests.support.desks import CLAIRE, DEVICE, VIRUS, agreed, content
from tests.support.workstation import Workstation, wait_until, workstation

SIZE = QSize(1600, 1000)
SCRIPT_MS = 1000
CONTROL = Qt.KeyboardModifier.ControlModifier
# What a machine without a graphics card, a bus or a second monitor makes Qt say; nothing of ours.
HARMLESS = ("Vulkan", "vulkan", "GPU vendor", "GLX: ", "Sandboxing disabled", "XRandR", "propagateSizeHints", "GPUInfo")


class Ahead:
    """The machine's clock, as far ahead as the test has moved it."""

    def __init__(self) -> None:
        self._by = timedelta()

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.now(UTC) + self._by

    def move(self, seconds: float) -> None:
        """Go ahead."""
        self._by += timedelta(seconds=seconds)


@dataclass(slots=True)
class Child:
    """The desk and what it may be asked."""

    desk: Workstation
    clock: Ahead
    faults: list[str]

    def session(self) -> int:
        """Open a session whose price was agreed, at the step where the code is issued; return its number."""
        view = self.desk.work(lambda ctx: agreed(ctx, content(VIRUS, DEVICE, customer=CLAIRE)))
        self.desk.window.activateWindow()  # another one may have stood before it
        wait_until(self.desk.window.isActiveWindow, "the window to have the keyboard")
        self.desk.window.open_session(view.id)
        wait_until(self._shows(view.id), "the session on screen")
        self.desk.session.goto(Step.INTERVENTION, "code")
        self.desk.settle()
        return view.id

    def _shows(self, session_id: int) -> Callable[[], bool]:
        def shown() -> bool:
            editor = self.desk.session.editor
            return editor is not None and editor.view.id == session_id

        return shown

    def code(self) -> str:
        """Issue a code with the key for it and return its digits as they stand on screen."""
        before = self._digits()
        self.desk.press(Qt.Key.Key_G, CONTROL)
        wait_until(lambda: self._digits() not in ("", before), "the code's digits")
        self.desk.settle()
        return self._digits()

    def _digits(self) -> str:
        label = self.find("codeDigits")
        return str(label.text()) if isinstance(label, QLabel) and label.isVisible() else ""

    def find(self, name: str) -> QWidget | None:
        """Return the widget of that name, the one in sight first."""
        found = [widget for widget in QApplication.allWidgets() if widget.objectName() == name]
        return next((widget for widget in found if widget.isVisible()), found[0] if found else None)

    def look(self, name: str) -> dict[str, Any] | None:
        """Tell whether a widget is in sight, what it says, and where on the screen it is."""
        widget = self.find(name)
        if widget is None:
            return None
        corner = widget.mapToGlobal(QPoint(0, 0))
        text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        place = (corner.x(), corner.y(), widget.width(), widget.height())
        return {"visible": widget.isVisible(), "enabled": widget.isEnabled(), "text": text, "place": place}

    def click(self, name: str) -> None:
        """Click on a widget once it can be clicked."""
        wait_until(lambda: self._ready(name), f"{name} to be ready for a click")
        widget = self.find(name)
        assert widget is not None
        self.desk.click(widget)

    def _ready(self, name: str) -> bool:
        widget = self.find(name)
        return widget is not None and widget.isVisible() and widget.isEnabled()

    def share(self, session: int) -> Any:
        """Return what the agent's side knows of the share."""
        return self.desk.work(lambda ctx: late.look_at_share(ctx, session))

    def events(self, session: int) -> list[dict[str, Any]]:
        """Return kind and payload of each event of the session, oldest first."""
        timeline = self.desk.work(lambda ctx: late.read_timeline(ctx, session))
        return [{"kind": event.kind, "payload": event.payload} for event in timeline.events]

    def cut(self, session: int) -> None:
        """End the session's share, if it is not over, without the window."""
        self.desk.work(lambda ctx: late.stop_share(ctx, session))

    def cancel(self, session: int) -> None:
        """Let the customer give up."""
        view = self.desk.work(lambda ctx: late.load_session(ctx, session))
        self.desk.work(lambda ctx: late.cancel_session(ctx, session, view.version, "essai"))

    def page_address(self) -> str:
        """Return where this desk serves the customer's page."""
        found: str = self.desk.work(self.desk.program.desk.site.open_gateway)
        return found

    def move(self, seconds: float) -> None:
        """Set the clock ahead."""
        self.clock.move(seconds)

    def limit(self, name: str, seconds: float) -> float:
        """Let the gateway wait as long for something from now on; `name` is "module.CONSTANT". Return how long it did."""
        module, _, constant = name.partition(".")
        place = import_module(f"agent_desk.gateway.{module}")
        before: float = getattr(place, constant)
        setattr(place, constant, seconds)
        return before

    def script(self, code: str) -> Any:
        """Return the value of an expression in the view's page; None where its process does not answer."""
        answers: list[str] = []
        self._page().runJavaScript(f"JSON.stringify({code})", 0, answers.append)  # lists come back as ""
        patience = QDeadlineTimer(SCRIPT_MS)
        wait_until(lambda: answers or patience.hasExpired(), "the view's script")
        return json.loads(answers[0]) if answers and answers[0] else None

    def crash(self, how: str = "SIGKILL") -> None:
        """End the process that draws the view by a signal."""
        os.kill(self._page().renderProcessPid(), signal.Signals[how])

    def turn_secret(self, secret: str) -> None:
        """Keep the secret shared with the TURN server, as Settings do."""
        self.desk.work(lambda ctx: self.desk.program.desk.site.keep_turn_secret(ctx, secret))

    def view_corner(self) -> tuple[int, int]:
        """Return where on the screen the view's page begins."""
        corner = self._web().mapToGlobal(QPoint(0, 0))
        return corner.x(), corner.y()

    def _page(self) -> Any:
        return self._web().page()  # type: ignore[attr-defined]  # its library must not load before a code is issued

    def _web(self) -> QWidget:
        found = [one for one in QApplication.allWidgets() if one.metaObject().className() == "QWebEngineView"]
        if not found:
            raise LookupError("there is no view")
        return next((one for one in found if one.isVisible()), found[0])

    def click_words(self, words: list[str]) -> None:
        """Click on the button that says all these words, once it can be clicked."""
        wait_until(lambda: self._saying(words), f"a button that says {words}")
        button = self._saying(words)
        assert button is not None
        self.desk.click(button)

    def _saying(self, words: list[str]) -> QAbstractButton | None:
        buttons = [one for one in QApplication.allWidgets() if isinstance(one, QAbstractButton)]
        ready = [one for one in buttons if one.isVisible() and one.isEnabled()]
        return next((one for one in ready if all(word in one.text() + one.accessibleName() for word in words)), None)

    def says(self, text: str) -> bool:
        """Tell whether a label or button in sight says this."""
        shown = [one for one in QApplication.allWidgets() if isinstance(one, QLabel | QAbstractButton)]
        return any(one.isVisible() and text in one.text() for one in shown)

    def keys(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.desk.type(text)

    def faults_told(self) -> list[str]:
        """Return every failure the desk has reported, and every warning of Qt."""
        return list(self.faults)

    def loaded(self, module: str) -> bool:
        """Tell whether this process has loaded a module."""
        return module in sys.modules


def plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {key: plain(one) for key, one in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def obey(child: Child, line: str) -> dict[str, Any]:
    """Carry out one order."""
    order = json.loads(line)
    try:
        return {"ok": plain(getattr(child, order.pop("do"))(**order))}
    except Exception as error:  # noqa: BLE001  # whatever it is, the test shall read it
        return {"failed": f"{type(error).__name__}: {error}"}


def main(home: str, settings: str) -> None:
    """Serve until standard input ends."""
    faults: list[str] = []

    def note(kind: QtMsgType, _context: object, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and not any(one in text for one in HARMLESS):
            faults.append(text)

    app = make_application()
    clock = Ahead()
    with workstation(app, Path(home), clock, SIZE, **json.loads(settings)) as desk:
        qInstallMessageHandler(note)
        desk.program.desk.failed.connect(faults.append)
        child = Child(desk, clock, faults)
        orders = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

        def serve() -> None:
            line = sys.stdin.readline()
            if not line:
                app.quit()
                return
            orders.setEnabled(False)
            answer(obey(child, line))
            orders.setEnabled(True)

        orders.activated.connect(serve)
        answer({"ok": "ready"})
        app.exec()
        qInstallMessageHandler(None)


def answer(said: Mapping[str, Any]) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
