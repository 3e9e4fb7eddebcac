"""A second start talks to the first over a local socket; nobody waits for a desk that does not answer."""

import os
import sys
from hashlib import sha256
from pathlib import Path

from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

PATIENCE_MILLISECONDS = 300
LONGEST_SOCKET = 100  # bytes; Unix allows 107, macOS 103


def _name(folder: Path) -> str:
    """Return a socket in the data folder, so that it goes with it; a pipe's name where there are no such files."""
    inside = folder.resolve() / "desk.socket"
    if sys.platform != "win32" and len(os.fsencode(inside)) <= LONGEST_SOCKET:
        return str(inside)
    return f"agent-desk-{sha256(str(folder).encode()).hexdigest()[:16]}"


def call(folder: Path) -> bool:
    """Ask the desk open on `folder` to come to the front; tell whether it was there."""
    socket = QLocalSocket()
    socket.connectToServer(_name(folder))
    return socket.waitForConnected(PATIENCE_MILLISECONDS)


def answer(folder: Path, window: QWidget) -> QLocalServer:
    """Bring `window` to the front each time another start calls; what is left of a crashed desk is cleared away."""
    QLocalServer.removeServer(_name(folder))
    server = QLocalServer(window)
    server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)

    def come() -> None:
        server.nextPendingConnection().deleteLater()
        window.setWindowState(window.windowState() & ~window.windowState().WindowMinimized)
        window.raise_()
        window.activateWindow()

    server.newConnection.connect(come)
    server.listen(_name(folder))
    return server
