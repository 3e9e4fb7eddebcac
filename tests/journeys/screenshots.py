"""Pictures of all six steps and of the screens around them, light and dark, French and English: `python -m tests.journeys.screenshots [FOLDER]`.

`--readme` renews the three that the README shows.
`--size 1280x800`, `--scale 2` and `--stretch 40` (texts longer by so many per cent) show what must not be cut.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QCoreApplication, QSize, QTranslator
from PySide6.QtWidgets import QApplication

from agent_desk.wiring.desktop import make_application
from tests.journeys.around import look_around
from tests.journeys.main_job import play
from tests.support.desks import NOON
from tests.support.source import ROOT
from tests.support.workstation import workstation

FOLDER = Path("build") / "screenshots"
README_FOLDER = ROOT / "resources" / "help" / "screenshots"
IN_README = ("request-fr-light", "intervention-fr-light", "closing-fr-dark")
COLOURS = 256
CALL = timedelta(minutes=6, seconds=12)
MONTH = timedelta(days=30)
PASSES = 4  # a label that grows asks its row, which asks its column, which asks the window


class RunningClock:
    """Stands at noon; the call began a while ago once the customer is known."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        """Return the moment set."""
        return self.time

    def skip(self, span: timedelta) -> None:
        """Go ahead by `span`."""
        self.time += span


class Stretched(QTranslator):
    """Makes every text of the program longer, as another language would."""

    def __init__(self, inner: tuple[QTranslator, ...], percent: int) -> None:
        super().__init__()
        self._inner = inner
        self._percent = percent

    def isEmpty(self) -> bool:
        """Tell that there is something here."""
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        """Return the translation, drawn out."""
        found = next((got for one in self._inner if (got := one.translate(context, text, disambiguation, n))), text)
        if len(found) < 2 or "HH" in found:
            return found
        return found + "~" * max(1, len(found) * self._percent // 100)


def take(
    app: QApplication, folder: Path, language: str, theme: str, size: QSize, stretch: int, *, around: bool = False
) -> Iterator[Path]:
    """Play the job once, then look `around` it, and yield each picture as it is taken."""
    clock = RunningClock()
    taken: list[Path] = []
    with (
        tempfile.TemporaryDirectory() as home,
        workstation(
            app, Path(home), clock, size, language=language, theme=theme, public_url="https://assistance.example"
        ) as desk,
    ):
        if stretch:
            made = Stretched(tuple(desk.program.findChildren(QTranslator)), stretch)
            QCoreApplication.installTranslator(made)

        def look(name: str) -> None:
            clock.time = max(clock.time, NOON + CALL)
            desk.session.refresh()
            for _ in range(PASSES):
                app.processEvents()
            path = folder / f"{name}-{language}-{theme}.png"
            desk.window.grab().save(str(path))
            taken.append(path)

        play(desk, language, look)
        look("closed")
        if around:
            look_around(desk, look, lambda: clock.skip(MONTH))
        if stretch:
            QCoreApplication.removeTranslator(made)
    yield from taken


def publish(pictures: list[Path]) -> Iterator[Path]:
    """Put the README's pictures, in as many colours as they need, where it shows them, and yield their places."""
    README_FOLDER.mkdir(parents=True, exist_ok=True)
    for path in pictures:
        if path.stem in IN_README:
            place = README_FOLDER / f"{path.stem.partition('-')[0]}.png"
            with Image.open(path) as picture:
                picture.convert("RGB").quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE).save(place, optimize=True)
            yield place


def renew_readme(app: QApplication, size: QSize) -> Iterator[Path]:
    """Take the README's pictures and yield their places."""
    with tempfile.TemporaryDirectory() as folder:
        for theme in ("light", "dark"):
            yield from publish(list(take(app, Path(folder), "fr", theme, size, 0)))


def main(arguments: list[str]) -> int:
    """Take the pictures asked for and print where they are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--size", default="1360x850")
    parser.add_argument("--scale", default="")
    parser.add_argument("--stretch", type=int, default=0)
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--only", default="", help="for example fr-light")
    asked = parser.parse_args(arguments)
    if asked.scale and os.environ.get("QT_SCALE_FACTOR") != asked.scale:
        # Qt reads it once, before the application is made.
        environment = {**os.environ, "QT_SCALE_FACTOR": asked.scale}
        return subprocess.call([sys.executable, "-m", "tests.journeys.screenshots", *arguments], env=environment)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    os.environ["TZ"] = "Europe/Paris"  # screens show local time
    time.tzset()
    size = QSize(*map(int, asked.size.split("x")))
    app = make_application()
    if asked.readme:
        sys.stdout.writelines(f"{place}\n" for place in renew_readme(app, size))
        return 0
    asked.folder.mkdir(parents=True, exist_ok=True)
    for language, theme in product(("fr", "en"), ("light", "dark")):
        if asked.only in ("", f"{language}-{theme}"):
            for path in take(app, asked.folder, language, theme, size, asked.stretch, around=True):
                sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
