"""The limit of a share on this machine: two bare pages, the customer's browser and another one before the desk's window."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, Page

from tests.benchmarks.figure import ROUNDS
from tests.benchmarks.plain_pages import plain_pages
from tests.benchmarks.watching import PICTURES, SCROLLING, WHOLE, fitted, note_presses, pressed, rate, seen_at, shown
from tests.support.chromium import chromium, new_window, show_colours
from tests.support.customer import LEFT_HALF, RIGHT_HALF
from tests.support.share_stage import Stage

BEFORE_THE_DESK = (0, 0, 1200, 800)


@dataclass(frozen=True, slots=True)
class Bare:
    """Both browsers, and where the pages are."""

    scene: Stage
    viewers: Browser
    address: str

    def first_picture(self) -> float:
        """Return the seconds from the click that chooses a screen to all its colours in the other browser's window."""
        with self._pages() as (sender, beside, viewer):
            patches = show_colours(beside)
            note_presses(sender)
            places = [fitted(viewer, patch) for patch in patches]
            sender.click("#go", no_wait_after=True)
            came = seen_at(lambda: shown(self.scene.desk.screen, places, patches))
            return came - pressed(sender)

    def scrolling(self) -> float:
        """Return the pictures a second of a page that scrolls."""
        with self._pages() as (sender, _beside, viewer):
            sender.click("#go")
            viewer.wait_for_function("document.querySelector('video').videoWidth > 0")
            page = new_window(self.scene.browser, WHOLE)
            page.set_content(SCROLLING)
            rates = [rate(lambda: viewer.evaluate(PICTURES)) for _ in range(ROUNDS + 1)]
            page.context.close()
        return median(rates[1:])

    @contextmanager
    def _pages(self) -> Iterator[tuple[Page, Page, Page]]:
        pages = (
            new_window(self.scene.browser, LEFT_HALF),
            new_window(self.scene.browser, RIGHT_HALF),
            new_window(self.viewers, BEFORE_THE_DESK),
        )
        pages[0].goto(self.address)
        pages[2].goto(f"{self.address}/view")
        yield pages
        for page in pages:
            page.context.close()


@contextmanager
def bare_share(scene: Stage) -> Iterator[Bare]:
    """Give the two bare pages."""
    with ExitStack() as stack:
        address = stack.enter_context(plain_pages())
        user = scene.folder / "viewer"
        user.mkdir()
        yield Bare(scene, stack.enter_context(chromium(scene.playwright, scene.desk.screen, user)), address)
