"""The screen share as it is felt: first picture, pictures a second, delay, Stop, and a bad line."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.figure import ROUNDS, Figure, in_turn
from tests.benchmarks.plain_pages import plain_pages
from tests.benchmarks.reading import read, write
from tests.support.certificates import new_authority
from tests.support.chromium import Patch, chromium, new_window, show_colours
from tests.support.customer import LEFT_HALF, RIGHT_HALF
from tests.support.networks import network, why_not, wire
from tests.support.share_desk import until
from tests.support.share_stage import Share, Stage, stage
from tests.support.xvfb import Colour, Screen, close_to

LOOK = 0.001  # seconds between two looks at the pixels
PATIENCE = 20.0
WATCHED = 2.0  # seconds of a moving page that are counted
CHANGES = 5  # a round
WHILE = 3.0
AGENT, CUSTOMER = "198.51.100.1", "198.51.100.2"
WHOLE = (0, 0, 1920, 1080)

# Text that runs and a bar that moves: what somebody sees who scrolls.
_MOVING = """<!doctype html><style>body{margin:0;font:28px/1.4 sans-serif;background:#fff}
#bar{position:fixed;top:0;left:0;width:120px;height:100vh;background:#2848c8}</style><main></main><i id="bar"></i><script>
document.querySelector("main").innerHTML = Array.from({length: 400}, (_, line) =>
  `<p>Ligne ${line} : ${"fenêtre ouverte par le client ".repeat(3)}</p>`).join("");
let drawn = 0;
requestAnimationFrame(function move(now) {
  drawn += 1;
  scrollTo(0, (now / 8) % (document.body.scrollHeight - innerHeight));
  document.querySelector("#bar").style.left = `${(now / 4) % innerWidth}px`;
  requestAnimationFrame(move);
});
</script>"""
_PICTURES = "(q => [performance.now(), q.totalVideoFrames - q.droppedVideoFrames])(document.querySelector('video').getVideoPlaybackQuality())"
_PRESSED = "addEventListener('click', () => { window.pressedAt = performance.timeOrigin + performance.now(); }, true)"


def measure() -> list[Figure]:
    """Return the figures of a share on loopback, against two bare pages, and of one over a bad line."""
    return [*on_loopback(), *over_a_bad_line()]


def on_loopback() -> list[Figure]:
    """Return how fast a picture comes, follows and goes."""
    with (
        TemporaryDirectory(prefix="desk-share-") as folder,
        sync_playwright() as playwright,
        stage(playwright, Path(folder)) as scene,
        bare(scene) as limit,
    ):
        stops: list[float] = []
        first, bare_first = in_turn(lambda: first_picture(scene, stops), limit)
        share = scene.live()
        changes = [pixel_change(scene, share) for _ in range(ROUNDS + 1)][1:]
        moving = new_window(scene.browser, WHOLE)
        moving.set_content(_MOVING)
        rates = [moving_rate(scene) for _ in range(ROUNDS + 1)][1:]
        moving.context.close()
        scene.clear()
    return [
        Figure("screen chosen to first picture in the agent's window, 1080p", first, "s", 0.5),
        Figure("the same against bare pages", first, "s", 2.0, bare_first, "browser to browser"),
        Figure("pictures a second of a moving page, 1080p, of 15", median(rates), "/s", 14.0, at_least=True),
        Figure("pixel change to pixel change", median(changes) * 1000, "ms", 200.0),
        Figure("customer's Stop to dark", median(stops[1:]), "s", 0.3),
    ]


def over_a_bad_line() -> list[Figure]:
    """Return what is left of it with 2 % of packets lost and 80 ms of delay each way; nothing where no network can be made."""
    if why_not():
        print(f"no figures of a bad line: {why_not()}", file=sys.stderr)
        return []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="desk-share-")))
        certificate, key = new_authority(folder / "certificates").server(AGENT)
        told = {"gateway_listen": f"{AGENT}:8477", "tls_certificate": str(certificate), "tls_key": str(key)}
        agents, customers = stack.enter_context(network()), stack.enter_context(network())
        stack.enter_context(wire((agents, AGENT), (customers, CUSTOMER), delay=0.08, loss=0.02))
        playwright = stack.enter_context(sync_playwright())
        scene = stack.enter_context(stage(playwright, folder, agents, customers, **told))
        scene.live(f"https://{AGENT}:8477")
        scene.desk.ask("click", name="shareFit")  # its own size: point by point
        page = new_window(scene.browser, WHOLE)
        page.set_content(_MOVING)
        rates = [moving_rate(scene) for _ in range(ROUNDS + 1)][1:]
        parts = [read_after_a_while(scene, page, seed) for seed in range(ROUNDS)]
    return [
        Figure("pictures a second with 2 % loss and 80 ms delay", median(rates), "/s", 5.0, at_least=True),
        Figure("letters read right 3 s after they appeared there", median(parts) * 100, "%", 98.0, at_least=True),
    ]


def read_after_a_while(scene: Stage, page: Page, seed: int) -> float:
    """Return which part of a page full of letters can be read in the agent's window three seconds after it appeared."""
    sheet = write(page, scene.customers, seed)
    time.sleep(WHILE)
    return read(sheet, scene.desk.screen, scene.desk.place)


def now() -> float:
    """Return the moment as pages count it: seconds since 1970."""
    return time.time()


def seen_at(done: Callable[[], object]) -> float:
    """Return the moment `done()` came true."""
    patience = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > patience:
            raise TimeoutError("the picture did not come")
        time.sleep(LOOK)
    return now()


def shown(screen: Screen, places: list[tuple[int, int]], patches: list[Patch]) -> bool:
    """Tell whether all coloured areas stand where they are looked for."""
    return all(close_to(screen.at(*place), patch.colour) for place, patch in zip(places, patches, strict=True))


def first_picture(scene: Stage, stops: list[float]) -> float:
    """Return the seconds from the click that chooses a screen to all its colours in the agent's window; stop, and time that."""
    share = scene.admitted()
    page = share.customer.page
    page.evaluate(_PRESSED)
    until(lambda: scene.desk.video()[2], "the view's page")
    places = [scene.desk.place(patch.x, patch.y) for patch in share.patches]
    page.click("section:not([hidden]) [data-choose]")
    came = seen_at(lambda: shown(scene.desk.screen, places, share.patches))
    took = came - pressed(page)
    page.wait_for_selector("#stop")
    page.click("#stop", no_wait_after=True)
    dark = seen_at(
        lambda: not any(shown(scene.desk.screen, [at], [one]) for at, one in zip(places, share.patches, strict=True))
    )
    stops.append(dark - pressed(page))
    share.await_state("ended")
    scene.clear()
    return took


def pressed(page: Page) -> float:
    """Return when something was last clicked in a page."""
    return float(page.evaluate("window.pressedAt")) / 1000


@contextmanager
def bare(scene: Stage) -> Iterator[Callable[[], float]]:
    """Give the same measure of two bare pages: the customer's browser, and another one before the desk's window."""
    with ExitStack() as stack:
        address = stack.enter_context(plain_pages())
        user = scene.folder / "viewer"
        user.mkdir()
        viewers = stack.enter_context(chromium(scene.playwright, scene.desk.screen, user))

        def measured() -> float:
            sender, beside = new_window(scene.browser, LEFT_HALF), new_window(scene.browser, RIGHT_HALF)
            viewer = new_window(viewers, (0, 0, 1200, 800))
            sender.goto(address)
            viewer.goto(f"{address}/view")
            patches = show_colours(beside)
            sender.evaluate(_PRESSED)
            places = [fitted(viewer, patch) for patch in patches]
            sender.click("#go", no_wait_after=True)
            came = seen_at(lambda: shown(scene.desk.screen, places, patches))
            took = came - pressed(sender)
            for page in (sender, beside, viewer):
                page.context.close()
            return took

        yield measured


def fitted(page: Page, patch: Patch) -> tuple[int, int]:
    """Return where on the screen a page that is nothing but a fitted picture shows a point of it."""
    left, top, width, height = page.evaluate(
        "[screenX + (outerWidth - innerWidth) / 2, screenY + outerHeight - innerHeight, innerWidth, innerHeight]"
    )
    scale = min(width / WHOLE[2], height / WHOLE[3])
    indent, drop = (width - WHOLE[2] * scale) / 2, (height - WHOLE[3] * scale) / 2
    return round(left + indent + patch.x * scale), round(top + drop + patch.y * scale)


def moving_rate(scene: Stage) -> float:
    """Return the pictures a second that the view shows of a page that moves."""
    counted, pictures = scene.desk.ask("script", code=_PICTURES)
    time.sleep(WATCHED)
    later, more = scene.desk.ask("script", code=_PICTURES)
    return float((more - pictures) / (later - counted) * 1000)


def pixel_change(scene: Stage, share: Share) -> float:
    """Return the median seconds from a new colour on the customer's screen to that colour in the agent's window."""
    patch, place, beside = share.patches[0], share.places[0], scene.windows[-1].page
    took = []
    for change in range(CHANGES):
        colour: Colour = ((0, 210, 220), patch.colour)[change % 2]
        # Not while the browser draws on purpose: the change falls anywhere between two pictures.
        beside.evaluate(
            "([colour, wait]) => { setTimeout(() => { document.querySelector('i').style.background = colour; }, wait); }",
            [f"rgb{colour}", 200 + 13 * change],
        )
        left = seen_at(lambda colour=colour: close_to(scene.customers.at(patch.x, patch.y), colour, 2))  # type: ignore[misc]
        came = seen_at(lambda colour=colour: close_to(scene.desk.screen.at(*place), colour))  # type: ignore[misc]
        took.append(came - left)
    return median(took)
