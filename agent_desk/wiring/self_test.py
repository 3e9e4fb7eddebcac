"""`--self-test`: an installed program checks its parts, window included, in a folder of its own."""

import tempfile
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer, QTranslator

from agent_desk.paths import data_path
from agent_desk.wiring.desktop import TRANSLATIONS, Program, make_application
from agent_desk.wiring.self_checks import CHECKS, run_checks

PATIENCE_MILLISECONDS = 30_000
FEWEST_COLOURS = 8


def main(_arguments: list[str]) -> int:
    """Print what was checked; return 0 when everything passed, else 1."""
    checks = {**CHECKS, "translations": check_translations, "window": check_window}
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
