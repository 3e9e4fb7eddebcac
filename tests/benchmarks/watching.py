"""Looking at pixels: when they changed, on one clock with the pages; and pages that move."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.support.chromium import Patch
from tests.support.xvfb import Screen, close_to

LOOK = 0.001  # seconds between two looks
PATIENCE = 20.0
WATCHED = 2.0  # seconds of a moving page that are counted
WHOLE = (0, 0, 1920, 1080)

_BEGINNING = """<!doctype html><style>body{margin:0;font:28px/1.4 sans-serif;background:#fff}
#bar{position:fixed;top:0;left:0;width:120px;height:100vh;background:#2848c8}</style><main></main><i id="bar"></i><script>
document.querySelector("main").innerHTML = Array.from({length: 400}, (_, line) =>
  `<p>Ligne ${line} : ${"fenêtre ouverte par le client ".repeat(3)}</p>`).join("");
requestAnimationFrame(function move(now) {
  document.querySelector("#bar").style.left = `${(now / 4) % innerWidth}px`;"""
_END = """
  requestAnimationFrame(move);
});
</script>"""
MOVING = _BEGINNING + _END
# The whole of it changes each time: more than two cores can encode and draw fifteen times a second, whoever does it.
SCROLLING = _BEGINNING + " scrollTo(0, (now / 8) % (document.body.scrollHeight - innerHeight));" + _END

PICTURES = (
    "(q => [performance.now(), q.totalVideoFrames - q.droppedVideoFrames])"
    "(document.querySelector('video').getVideoPlaybackQuality())"
)
_PRESSED = "addEventListener('click', () => { window.pressedAt = performance.timeOrigin + performance.now(); }, true)"


def rate(look: Callable[[], Any]) -> float:
    """Return the pictures a second, where `look` gives milliseconds and the pictures shown until then."""
    counted, pictures = look()
    time.sleep(WATCHED)
    later, more = look()
    return float((more - pictures) / (later - counted) * 1000)


def note_presses(page: Page) -> None:
    """Have a page note when it is clicked."""
    page.evaluate(_PRESSED)


def pressed(page: Page) -> float:
    """Return when something was last clicked in a page."""
    return float(page.evaluate("window.pressedAt")) / 1000


def seen_at(done: Callable[[], object]) -> float:
    """Return the moment `done()` came true."""
    patience = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > patience:
            raise TimeoutError("the picture did not come")
        time.sleep(LOOK)
    return time.time()


def shown(screen: Screen, places: list[tuple[int, int]], patches: list[Patch]) -> bool:
    """Tell whether all coloured areas stand where they are looked for."""
    return all(close_to(screen.at(*place), patch.colour) for place, patch in zip(places, patches, strict=True))


def fitted(page: Page, patch: Patch) -> tuple[int, int]:
    """Return where on the screen a page that is nothing but a fitted picture shows a point of it."""
    left, top, width, height = page.evaluate(
        "[screenX + (outerWidth - innerWidth) / 2, screenY + outerHeight - innerHeight, innerWidth, innerHeight]"
    )
    scale = min(width / WHOLE[2], height / WHOLE[3])
    indent, drop = (width - WHOLE[2] * scale) / 2, (height - WHOLE[3] * scale) / 2
    return round(left + indent + patch.x * scale), round(top + drop + patch.y * scale)
