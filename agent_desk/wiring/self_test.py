"""`--self-test`: an installed program checks its parts, window included, in a folder of its own."""

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer, QTranslator

from agent_desk import late
from agent_desk.paths import data_path
from agent_desk.settings import load_settings
from agent_desk.wiring.context import open_context
from agent_desk.wiring.desktop import TRANSLATIONS, Program, make_application
from agent_desk.wiring.gateway import start_gateway
from agent_desk.wiring.self_checks import CHECKS, run_checks

PATIENCE_MILLISECONDS = 30_000
FEWEST_COLOURS = 8
VIEW_STATES = ("joining", "waiting", "dark")  # how the view's page begins its title once its script runs


def main(_arguments: list[str]) -> int:
    """Print what was checked; return 0 when everything passed, else 1."""
    checks = {**CHECKS, "translations": check_translations, "window": check_window, "view": check_view}
    with tempfile.TemporaryDirectory(prefix="agent-desk-") as folder:
        return 0 if run_checks(checks, Path(folder), lambda line: print(line, flush=True)) else 1


def check_translations(_folder: Path) -> str:
    """Load the French texts of the screens."""
    place = str(data_path("resources", "translations"))
    missing = [name for name in TRANSLATIONS if not QTranslator().load(f"{name}_fr", place)]
    if missing:
        raise ValueError(f"cannot load {', '.join(missing)}")
    return f"{len(TRANSLATIONS)} files in French"


def check_window(folder: Path) -> str:
    """Show the main window, wait until it is painted and its database open, and look at the picture."""
    app = make_application()
    program = Program(app, folder)
    waiting = QEventLoop()
    faults: list[str] = []
    program.desk.becameReady.connect(waiting.quit)
    program.desk.failed.connect(faults.append)
    QTimer.singleShot(PATIENCE_MILLISECONDS, waiting.quit)
    program.show()
    waiting.exec()
    picture = program.window.grab().toImage()
    ready = program.desk.ready
    program.window.close()
    program.close()
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}
    if not ready or faults or len(colours) < FEWEST_COLOURS:
        raise ValueError(f"database open: {ready}; {len(colours)} colours; {'; '.join(faults)}")
    return f"{picture.width()} × {picture.height()} points, {len(colours)} colours"


def check_view(folder: Path) -> str:
    """Load the page of the live view in the browser that ships, from a gateway of this machine."""
    try:
        view = late.load("agent_desk.desktop.share_view:LiveView")()
    except RuntimeError:  # for root, whom Chromium refuses
        return "not for root: sign in as somebody else to see a customer's screen"
    waiting = QEventLoop()
    said: list[str] = []

    def hear(title: str) -> None:
        if title.split(" ", maxsplit=1)[0] in VIEW_STATES:
            said.append(title)
            waiting.quit()

    view.titled.connect(hear)
    view.died.connect(waiting.quit)
    QTimer.singleShot(PATIENCE_MILLISECONDS, waiting.quit)
    ctx = open_context(replace(load_settings(folder).settings, gateway_listen="127.0.0.1:0"))
    with closing(ctx.database), closing(start_gateway(ctx)) as gateway:
        view.open(gateway.viewer_url("none"))
        waiting.exec()
        view.release()
        QTimer.singleShot(0, waiting.quit)
        waiting.exec()
    if not said:
        raise ValueError("the page of the view does not run")
    return f"its page runs and says: {said[0]}"
