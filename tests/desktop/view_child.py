"""The view in a process of its own: `python -m tests.desktop.view_child` tries to get something out of it.

Prints one JSON object: what was seen, by name.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget

from agent_desk.desktop.share_view import LiveView
from tests.support.workstation import wait_until

GREEN, BLACK = QColor("#00AA55"), QColor("#000000")
PAGE = b"""<!doctype html><title>joining</title><body style="margin:0;background:#00AA55">
<a id="file" href="/static/file" download="file">file</a><script>
window.setFit = (fit) => { document.title = "fit " + fit; };
window.rejoin = (token) => { document.title = "rejoined " + token; };
window.stopShare = () => { fetch("/viewer/stopped"); };
document.title = "live 15 38";
</script>"""
# Whatever a machine without a graphics card, a bus or a sandbox makes Qt say; nothing of ours.
HARMLESS = ("RHI", "QRhi", "GPUInfo", "Sandboxing disabled", "propagateSizeHints", "Vulkan", "vulkan", "GBM")


class Server(ThreadingHTTPServer):
    """Serves the page, and remembers what was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Answers everything with the page."""

    def do_GET(self) -> None:
        """Answer."""
        assert isinstance(self.server, Server)
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


class Attack:
    """A window with a field and the view, and what was tried on it."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.ours, self.theirs = Server(), Server()
        self.window = QWidget()
        box = QVBoxLayout(self.window)
        self.field = QLineEdit()
        self.view = LiveView()
        box.addWidget(self.field)
        box.addWidget(self.view, 1)
        self.window.resize(700, 500)
        self.window.show()
        self.window.activateWindow()
        self.field.setFocus()
        self.titles: list[str] = []
        self.deaths: list[bool] = []
        self.view.titled.connect(self.titles.append)
        self.view.died.connect(lambda: self.deaths.append(self.view.is_dark))
        self.native = int(self.window.winId())
        self.seen: dict[str, Any] = {}

    @property
    def web(self) -> QWebEngineView:
        """The browser's widget, wherever it is."""
        return next(one for one in self.app.allWidgets() if isinstance(one, QWebEngineView))

    def colour(self) -> str:
        """Return the colour in the middle of the view."""
        picture = self.view.grab().toImage()
        return picture.pixelColor(picture.rect().center()).name()

    def script(self, code: str) -> Any:
        """Run a script in the page and return its value."""
        answers: list[Any] = []
        self.web.page().runJavaScript(code, 0, answers.append)
        wait_until(lambda: answers, "the script")
        return answers[0]

    def open(self, token: str) -> None:
        """Show the page and wait for its picture."""
        self.view.open(f"{self.ours.url}/viewer#token={token}")
        wait_until(lambda: self.colour() == GREEN.name(), "the picture")

    def opens(self) -> None:
        """The page comes, the keyboard stays, the window is the same."""
        self.open("one")
        self.seen["title"] = "live 15 38" in self.titles
        self.seen["keyboard stays"] = self.app.focusWidget() is self.field
        self.seen["window stays"] = int(self.window.winId()) == self.native

    def calls(self) -> None:
        """The desk's two calls reach the page."""
        self.view.set_fit(False)
        wait_until(lambda: "fit false" in self.titles, "the fit")
        self.view.set_fit(True)
        self.view.rejoin("two")
        wait_until(lambda: "rejoined two" in self.titles, "the token")

    def goes_nowhere(self) -> None:
        """No other origin, place or window."""
        theirs = self.theirs.url
        self.script(f"fetch('{theirs}/fetch').catch(() => 0); new Image().src = '{theirs}/image'; 0")
        self.script(f"new WebSocket('{theirs.replace('http', 'ws')}/socket'); navigator.sendBeacon('{theirs}/beacon')")
        self.script(f"window.open('{theirs}/window'); window.open('/viewer'); location.href = '{theirs}/place'; 0")
        self.script("location.href = '/other'; fetch('/other').catch(() => 0); 0")
        self.script("navigator.clipboard && navigator.clipboard.writeText('stolen').catch(() => 0); 0")
        self.script("document.getSelection().selectAllChildren(document.body); document.execCommand('copy')")
        self.script("document.getElementById('file').click(); window.print(); alert('box'); confirm('box')")
        self.settle()
        self.seen["other origin"] = self.theirs.asked
        self.seen["other place"] = [path for path in self.ours.asked if "other" in path]
        self.seen["stayed"] = self.web.page().url().path()
        self.seen["views"] = sum(isinstance(one, QWebEngineView) for one in self.app.allWidgets())
        self.seen["clipboard"] = QGuiApplication.clipboard().text()

    def gives_no_menu(self) -> None:
        """The right button opens nothing; nothing can be dropped."""
        for one in (self.web, *self.web.findChildren(QWidget)):
            middle = QPoint(one.width() // 2, one.height() // 2)
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, one.mapToGlobal(middle))
            QApplication.sendEvent(one, event)
        self.settle()
        self.seen["menus"] = sum(isinstance(one, QMenu) and one.isVisible() for one in self.app.allWidgets())
        self.seen["drops"] = any(one.acceptDrops() for one in (self.web, *self.web.findChildren(QWidget)))

    def moves(self) -> None:
        """Another window takes the picture and gives it back."""
        full = QWidget()
        full.resize(400, 300)
        box = QVBoxLayout(full)
        self.view.lend(box)
        full.show()
        wait_until(lambda: _middle(full) == GREEN.name(), "the picture in the other window")
        self.view.take_back()
        full.close()
        full.deleteLater()
        wait_until(lambda: self.colour() == GREEN.name(), "the picture back")

    def dies(self) -> None:
        """A crash is dark at once, and the next page comes."""
        os.kill(self.web.page().renderProcessPid(), signal.SIGKILL)
        wait_until(lambda: self.deaths, "the crash")
        self.seen["dark after a crash"] = (self.deaths, self.colour() != GREEN.name())
        self.open("three")

    def stops(self) -> None:
        """A cut is dark in the same moment, and the page has its last word."""
        self.view.stop()
        self.view.darken()
        self.seen["dark after a cut"] = (self.view.is_dark, self.colour() != GREEN.name())
        wait_until(lambda: self.web.page().url().toString() == "about:blank", "the page to go")
        self.seen["last word"] = "/viewer/stopped" in self.ours.asked

    def settle(self) -> None:
        """Let a round trip to the page pass, and what it asked for arrive."""
        self.script("new Promise(done => setTimeout(done, 300)); 0")
        for _ in range(3):
            self.script("0")


def _middle(widget: QWidget) -> str:
    picture = widget.grab().toImage()
    return picture.pixelColor(picture.rect().center()).name()


def main(home: Path) -> None:
    """Try everything and print what was seen."""
    faults: list[str] = []

    def note(kind: QtMsgType, _context: object, text: str) -> None:
        if kind is not QtMsgType.QtDebugMsg and not any(one in text for one in HARMLESS):
            faults.append(text)

    qInstallMessageHandler(note)
    app = QApplication([])
    QGuiApplication.clipboard().setText("mine")
    attack = Attack(app)
    steps: tuple[Callable[[], None], ...] = (
        attack.opens, attack.calls, attack.goes_nowhere, attack.gives_no_menu, attack.moves, attack.dies, attack.stops,
    )  # fmt: skip
    for step in steps:
        step()
    attack.view.release()
    attack.seen["files"] = [str(path) for path in home.rglob("*") if path.is_file()]
    attack.seen["faults"] = faults
    sys.stdout.write(json.dumps(attack.seen) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
