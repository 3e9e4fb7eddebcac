"""A desk in a real window of its own process, told what to do line by line; and what a customer's screen looks like there."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.networks import Network
from tests.support.source import ROOT
from tests.support.xvfb import Colour, Screen, close_to

PATIENCE = 20.0
PAUSE = 0.01
# What Chromium says of a machine without a bus or a graphics card, and what Shiboken leaves when the interpreter ends.
HARMLESS = ("/chromium/", "Sandboxing disabled by user", "GPUInfo not initialized", "uncollectable objects at shutdown")
GRID = 20  # points between two that are looked at


class Unasked(AssertionError):
    """The desk did not do what it was asked, or something did not happen in time."""


def until(done: Callable[[], object], what: str, patience: float = PATIENCE) -> float:
    """Wait for `done()` and return the seconds it took; Unasked, naming `what`, when it does not come."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > patience:
            raise Unasked(f"waited {patience:.0f} s in vain for {what}")
        time.sleep(PAUSE)
    return time.monotonic() - began


@dataclass(slots=True)
class ShareDesk:
    """A running desk; `screen` shows its window."""

    process: subprocess.Popen[str]
    screen: Screen
    home: Path
    log: Path

    def ask(self, order: str, **values: Any) -> Any:
        """Have one order carried out and return its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": order, **values}) + "\n")
        self.process.stdin.flush()
        return self.answer(order)

    def answer(self, order: str) -> Any:
        """Return the next answer."""
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], 2 * PATIENCE)[0]:
            raise Unasked(f"the desk does not answer {order}\n{self.said()}")
        line = self.process.stdout.readline()
        if not line:
            raise Unasked(f"the desk ended at {order}\n{self.said()}")
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise Unasked(f"{order}: {answer['failed']}\n{self.said()}")
        return answer["ok"]

    @contextmanager
    def hurried(self, limits: Mapping[str, float]) -> Iterator[None]:
        """Let the desk's gateway, for a while, wait as many seconds as `limits` say, by "module.CONSTANT"."""
        usual = {name: self.ask("limit", name=name, seconds=seconds) for name, seconds in limits.items()}
        try:
            yield
        finally:
            for name, seconds in usual.items():
                self.ask("limit", name=name, seconds=seconds)

    def said(self) -> str:
        """Return the end of what the desk wrote to its standard error."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def complaints(self) -> list[str]:
        """Return what Python or Qt wrote to its standard error, what is known to be harmless apart."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if line and not any(one in line for one in HARMLESS)]

    @property
    def has_picture(self) -> bool:
        """Tell whether the view's page shows a picture, and not the black it starts with."""
        found = self.ask("script", code="document.querySelector('video')?.hidden === false")
        return bool(found)

    def place(self, x: int, y: int, screen: tuple[int, int] = (1920, 1080)) -> tuple[int, int]:
        """Return where on the agent's screen a point of the customer's is shown, fitted into the view."""
        left, top, width, height = self.video()
        scale = min(width / screen[0], height / screen[1])
        indent, drop = (width - screen[0] * scale) / 2, (height - screen[1] * scale) / 2
        return round(left + indent + x * scale), round(top + drop + y * scale)

    def video(self) -> tuple[float, float, float, float]:
        """Return x, y, width and height on the agent's screen of the element that shows the picture."""
        left, top = self.ask("view_corner")
        x, y, width, height = self.ask("script", code=_WHERE) or (0, 0, 0, 0)
        return left + x, top + y, width, height


_WHERE = "(r => [r.x, r.y, r.width, r.height])(document.querySelector('video').getBoundingClientRect())"


def traces(screen: Screen, colour: Colour) -> int:
    """Return how many points of a grid over the whole screen have a colour."""
    found = 0
    for y in range(0, screen.height, GRID):
        row = screen.row(0, y, screen.width)
        reds, greens, blues = row[2 :: 4 * GRID], row[1 :: 4 * GRID], row[0 :: 4 * GRID]
        found += sum(close_to(seen, colour) for seen in zip(reds, greens, blues, strict=True))
    return found


@contextmanager
def share_desk(screen: Screen, home: Path, inside: Network | None = None, **settings: Any) -> Iterator[ShareDesk]:
    """Run a desk on `screen`, in the network `inside`, until the end; it must end by itself and without complaint."""
    home.mkdir(parents=True, exist_ok=True)
    log = home.parent / f"{home.name}.log"
    command = [*(inside.enter if inside else []), sys.executable, "-W", "error", "-m", "tests.journeys.share_child"]
    with log.open("w") as told:
        process = subprocess.Popen(
            [*command, str(home), json.dumps(settings)],
            cwd=ROOT,
            env=_environment(screen, home.parent / f"{home.name}-user"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    desk = ShareDesk(process, screen, home, log)
    with process.stdout, process.stdin:
        try:
            desk.answer("start")
            yield desk
            process.stdin.close()
            if process.wait(PATIENCE) != 0:
                raise Unasked(f"the desk ended with {process.returncode}\n{desk.said()}")
            if complaints := desk.complaints():
                raise Unasked("\n".join(["the desk complained", *complaints]))
        finally:
            process.kill()
            process.wait()


def _environment(screen: Screen, user: Path) -> dict[str, str]:
    """Return the environment of a desk: a user of its own, a real window."""
    user.mkdir(mode=0o700, exist_ok=True)
    folders = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")
    made = os.environ | dict.fromkeys((*folders, "TMPDIR"), str(user))
    made |= {"DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
    if os.geteuid() == 0:
        made["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # it refuses to be root within one
    return made
