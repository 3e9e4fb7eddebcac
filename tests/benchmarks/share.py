"""The screen share as it is felt: first picture, pictures a second, delay, Stop, and a bad line."""

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.bare_share import bare_share
from tests.benchmarks.figure import ROUNDS, Figure, in_turn
from tests.benchmarks.reading import read, write
from tests.benchmarks.watching import MOVING, PICTURES, SCROLLING, WHOLE, note_presses, pressed, rate, seen_at, shown
from tests.support.certificates import new_authority
from tests.support.chromium import new_window
from tests.support.networks import network, why_not, wire
from tests.support.share_desk import until
from tests.support.share_stage import Share, Stage, stage
from tests.support.xvfb import Colour, close_to

CHANGES = 5  # a round
WHILE = 3.0
AGENT, CUSTOMER = "198.51.100.1", "198.51.100.2"


def measure() -> list[Figure]:
    """Return the figures of a share on loopback, against two bare pages, and of one over a bad line."""
    return [*on_loopback(), *over_a_bad_line()]


def on_loopback() -> list[Figure]:
    """Return how fast a picture comes, follows and goes."""
    with (
        TemporaryDirectory(prefix="desk-share-") as folder,
        sync_playwright() as playwright,
        stage(playwright, Path(folder)) as scene,
        bare_share(scene) as limit,
    ):
        stops: list[float] = []
        first, bare_first = in_turn(lambda: first_picture(scene, stops), limit.first_picture)
        share = scene.live()
        changes = [pixel_change(scene, share) for _ in range(ROUNDS + 1)][1:]
        moves = moving_rate(scene, MOVING)
        scrolls = moving_rate(scene, SCROLLING)
        scene.clear()
        bare_scrolls = limit.scrolling()
    return [
        Figure("screen chosen to first picture in the agent's window, 1080p", first, "s", 0.5),
        Figure("the same against bare pages", first, "s", 2.0, bare_first, "browser to browser"),
        Figure("pictures a second of a moving page, 1080p, of 15", moves, "/s", 14.0, at_least=True),
        Figure(
            "the same of a page that scrolls", scrolls, "/s", 0.8, bare_scrolls, "browser to browser", at_least=True
        ),
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
        moves = moving_rate(scene, SCROLLING)
        page = new_window(scene.browser, WHOLE)
        parts = [read_after_a_while(scene, page, seed) for seed in range(ROUNDS)]
    return [
        Figure("pictures a second of a page that scrolls, 2 % loss, 80 ms delay", moves, "/s", 5.0, at_least=True),
        Figure("letters read right 3 s after they appeared there", median(parts) * 100, "%", 98.0, at_least=True),
    ]


def read_after_a_while(scene: Stage, page: Page, seed: int) -> float:
    """Return which part of a page full of letters can be read in the agent's window three seconds after it appeared."""
    sheet = write(page, scene.customers, seed)
    time.sleep(WHILE)
    return read(sheet, scene.desk.screen, scene.desk.place)


def first_picture(scene: Stage, stops: list[float]) -> float:
    """Return the seconds from the click that chooses a screen to all its colours in the agent's window; stop, and time that."""
    share = scene.admitted()
    page = share.customer.page
    note_presses(page)
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


def moving_rate(scene: Stage, content: str) -> float:
    """Return the pictures a second that the view shows of a page that moves."""
    page = new_window(scene.browser, WHOLE)
    page.set_content(content)
    rates = [rate(lambda: scene.desk.ask("script", code=PICTURES)) for _ in range(ROUNDS + 1)]
    page.context.close()
    return median(rates[1:])


def pixel_change(scene: Stage, share: Share) -> float:
    """Return the median seconds from a new colour on the customer's screen to that colour in the agent's window."""
    patch, place, beside = share.patches[0], share.places[0], scene.beside
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
