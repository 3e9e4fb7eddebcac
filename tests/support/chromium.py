"""A customer's browser: Debian's Chromium on a screen of its own, which shares that screen without asking."""

import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from tests.support.networks import Network
from tests.support.xvfb import Colour, Screen

PROGRAM = "/usr/bin/chromium"
PATIENCE_MS = 15_000
_BAR_BLUE: Colour = (73, 137, 243)  # of the button in the bar a browser shows while it shares
_BAR_LEAST = 60  # points of that blue in a line
# The picker is a window of the browser that no page can reach: the flag chooses in it as the customer would.
CHOOSES_ALL = "--auto-select-desktop-capture-source=Entire screen"


@contextmanager
def chromium(
    playwright: Playwright, screen: Screen, folder: Path, inside: Network | None = None, *more: str
) -> Iterator[Browser]:
    """Start a browser on `screen`, in the network `inside`; HOME and caches are below `folder`."""
    environment: dict[str, str | float | bool] = {**os.environ, "DISPLAY": screen.name, "HOME": str(folder)}
    environment |= {"XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder), "NO_AT_BRIDGE": "1"}
    environment["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
    browser = playwright.chromium.launch(
        executable_path=PROGRAM if inside is None else _from_inside(inside, folder),
        headless=False,
        chromium_sandbox=os.geteuid() != 0,  # it refuses to be root within one
        env=environment,
        args=[
            CHOOSES_ALL,
            "--window-position=0,0",
            f"--window-size={screen.width},{screen.height}",
            _mark(folder),
            *more,
        ],
    )
    try:
        yield browser
    finally:
        browser.close()


def _from_inside(inside: Network, folder: Path) -> Path:
    """Return a program that starts the browser in a network; it inherits the driver's pipes."""
    starter = folder / "chromium-inside"
    starter.write_text(f'#!/bin/sh\nexec {" ".join(inside.enter)} {PROGRAM} "$@"\n', encoding="ascii")
    starter.chmod(starter.stat().st_mode | stat.S_IXUSR)
    return starter


def kill(folder: Path) -> None:
    """End the browser that lives below `folder` as a crash does: at once and without a word."""
    mark = _mark(folder).encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)


def _mark(folder: Path) -> str:
    return f"--belongs-to={folder}/"  # nothing to the browser


def new_window(browser: Browser, place: tuple[int, int, int, int], language: str = "fr-FR") -> Page:
    """Open a window at x, y, width and height of the screen, with cookies of its own."""
    context = browser.new_context(no_viewport=True, locale=language, ignore_https_errors=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    session = context.new_cdp_session(page)
    number = session.send("Browser.getWindowForTarget")["windowId"]
    left, top, width, height = place
    bounds = {"left": left, "top": top, "width": width, "height": height}
    session.send("Browser.setWindowBounds", {"windowId": number, "bounds": bounds})
    session.detach()
    return page


def stop_bar(screen: Screen) -> tuple[int, int] | None:
    """Return the middle of the button in the browser's own bar that stops sharing; None while there is no bar."""
    for y in range(screen.height - 40, screen.height - 10, 4):
        found = [x for x in range(screen.width) if screen.at(x, y) == _BAR_BLUE]
        if len(found) > _BAR_LEAST:
            return (found[0] + found[-1]) // 2, y
    return None


@dataclass(frozen=True, slots=True)
class Patch:
    """A coloured area of a customer's screen, by its middle."""

    x: int
    y: int
    colour: Colour


COLOURS: tuple[Colour, ...] = (
    (208, 32, 48),
    (32, 160, 64),
    (40, 72, 200),
    (240, 200, 32),
    (160, 48, 176),
    (16, 16, 16),
)
TELLING = COLOURS[4]  # found nowhere in a window of ours
_SIDE = 220  # points
_COLUMNS = 3


def show_colours(page: Page, words: str = "") -> list[Patch]:
    """Show coloured areas and a line of text in a window, and return where they stand on the screen."""
    areas = "".join(
        f'<i style="left:{place % _COLUMNS * _SIDE}px;top:{place // _COLUMNS * _SIDE}px;background:rgb{colour}"></i>'
        for place, colour in enumerate(COLOURS)
    )
    page.set_content(
        "<!doctype html><style>body{margin:0;background:#fff;overflow:hidden}"
        f"i{{position:absolute;width:{_SIDE}px;height:{_SIDE}px}}"
        f"p{{position:absolute;top:{_SIDE * 2}px;font:32px sans-serif}}</style>{areas}<p>{words}</p>"
    )
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    left, top = page.evaluate("[screenX + (outerWidth - innerWidth) / 2, screenY + outerHeight - innerHeight]")
    half = _SIDE // 2
    return [
        Patch(int(left) + place % _COLUMNS * _SIDE + half, int(top) + place // _COLUMNS * _SIDE + half, colour)
        for place, colour in enumerate(COLOURS)
    ]
