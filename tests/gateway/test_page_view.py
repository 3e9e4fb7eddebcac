"""The customer's page and the agent's view together: the picture comes, goes and comes back as it must."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from agent_desk.actions.admit_viewer import admit_viewer
from agent_desk.rules.share import ShareState
from tests.support import chromium as windows
from tests.support.browser import PATIENCE_MS, Customer, Desk, customer
from tests.support.page_steps import at_choice, at_live, choose_screen
from tests.support.share_desk import until
from tests.support.xvfb import Colour, close_to, screen

WIDTH, HEIGHT = 960, 540
FULL = (1920, 1080)
AT_ONCE = 1.0  # seconds, on a machine that does something else as well


@contextmanager
def view(browser: Browser, desk: Desk) -> Iterator[Page]:
    """Open the agent's view with a new one-time token."""
    place = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    place.set_default_timeout(PATIENCE_MS)
    page, said = place.new_page(), list[str]()
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(desk.gateway.viewer_url(admit_viewer(desk.ctx, desk.session)))
    try:
        yield page
    finally:
        place.close()
    assert said == []


def is_titled(page: Page, begin: str) -> float:
    """Wait until the view's title begins so, and return the seconds that took."""
    return until(lambda: page.title().startswith(begin), f"the view to be {begin}, not {page.title()}")


def colours(page: Page) -> Image.Image:
    """Return what the view shows."""
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def point(seen: Image.Image, x: int, y: int) -> Colour:
    """Return red, green and blue of one point."""
    red, green, blue = seen.crop((x, y, x + 1, y + 1)).tobytes()
    return red, green, blue


def is_dark(page: Page) -> bool:
    """Tell whether no point of the view, its sentence apart, is anything but its black."""
    seen = colours(page)
    return all(close_to(point(seen, x, y), (11, 15, 20), 3) for x in range(20, WIDTH, 60) for y in (30, 120, 500))


def test_the_agent_sees_the_customers_screen_point_by_point(
    playwright: Playwright, chromium: Browser, desk: Desk, tmp_path: Path
) -> None:
    with screen(randr=False) as desktop, windows.chromium(playwright, desktop, tmp_path) as browser:
        page = windows.new_window(browser, (700, 0, 700, 1000))
        patches = windows.show_colours(windows.new_window(browser, (0, 0, 690, 700)))
        visitor = Customer(page, f"{desk.gateway.url}/")
        at_choice(visitor, desk)
        with view(chromium, desk) as agent:
            is_titled(agent, "waiting")
            assert is_dark(agent)
            choose_screen(visitor, desk)
            expect(page.locator("#live-what")).to_contain_text("tout votre écran")
            is_titled(agent, "live")
            half = FULL[0] // WIDTH

            def all_there() -> bool:
                seen = colours(agent)
                return all(close_to(point(seen, one.x // half, one.y // half), one.colour) for one in patches)

            until(all_there, "the colours of the customer's screen")
            size = agent.evaluate(
                "[document.querySelector('video').videoWidth, document.querySelector('video').videoHeight]"
            )
            assert tuple(size) == FULL
            agent.evaluate("setFit(false)")
            near = [one for one in patches if one.x < WIDTH and one.y < HEIGHT]

            def point_by_point() -> bool:
                seen = colours(agent)
                return all(close_to(point(seen, one.x, one.y), one.colour) for one in near)

            until(point_by_point, "the colours point by point")
            page.keyboard.press("Escape")
            assert is_titled(agent, "dark by_customer") < AT_ONCE
            assert is_dark(agent)


def test_the_chip_tells_pictures_a_second_and_delay(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_choice(visitor, desk)
        with view(chromium, desk) as agent:
            is_titled(agent, "waiting")
            choose_screen(visitor, desk)
            # After a stall of a busy machine pictures come in a burst; then as many as are sent.
            until(lambda: 5 <= int((agent.title() + " 0 0").split()[1]) <= 30, "pictures to flow")
            live, _fps, delay = agent.title().split()
            assert live == "live"
            assert int(delay) < 1000
            expect(agent.locator("#figures")).to_contain_text("en direct ·")
            expect(visitor.page.locator("#live-link")).to_contain_text("Connexion établie")


def test_the_agents_cut_is_dark_at_once_and_stops_the_capture(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_choice(visitor, desk)
        with view(chromium, desk) as agent:
            choose_screen(visitor, desk)
            is_titled(agent, "live")
            agent.evaluate("stopShare()")
            assert agent.title() == "dark by_agent"
            assert is_dark(agent)
            visitor.step("end")
            assert visitor.heading == "Votre conseiller a arrêté le partage"


def test_a_stop_reaches_the_view_without_any_gateway(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_choice(visitor, desk)
        with view(chromium, desk) as agent:
            choose_screen(visitor, desk)
            is_titled(agent, "live")
            desk.gateway.close()
            is_titled(agent, "live")
            visitor.page.locator("#stop").click()
            assert is_titled(agent, "dark by_customer") < AT_ONCE
            assert is_dark(agent)
            visitor.step("end")


def test_a_view_that_crashed_comes_back_with_a_new_token(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_live(visitor, desk)
        for _ in range(2):
            with view(chromium, desk) as agent:
                is_titled(agent, "live")
        visitor.step("live")
        assert desk.share().state is ShareState.LIVE


def test_the_picture_outlives_the_gateway_and_the_view_asks_for_its_seat_again(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_live(visitor, desk)
        with view(chromium, desk) as agent:
            is_titled(agent, "live")
            desk.restart()
            until(lambda: agent.title().endswith("rejoin"), "the view to ask for a token")
            assert agent.title().startswith("live")
            agent.evaluate("token => rejoin(token)", admit_viewer(desk.ctx, desk.session))
            until(lambda: not agent.title().endswith("rejoin"), "the view to have its seat")
            assert agent.title().startswith("live")
            visitor.page.locator("#stop").click()
            is_titled(agent, "dark by_customer")


def test_a_page_loaded_anew_is_dark_at_once_and_shared_again_with_one_click(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_live(visitor, desk)
        with view(chromium, desk) as agent:
            is_titled(agent, "live")
            visitor.page.goto("about:blank")
            assert is_titled(agent, "lost") < AT_ONCE
            assert is_dark(agent)
            visitor.open()
            visitor.step("resume")
            choose_screen(visitor, desk, "resume")
            is_titled(agent, "live")


def test_a_token_serves_once_and_stands_in_no_address(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_choice(visitor, desk)
        url = desk.gateway.viewer_url(admit_viewer(desk.ctx, desk.session))
        agent = visitor.page.context.new_page()
        agent.goto(url)
        is_titled(agent, "waiting")
        assert "#" not in agent.url
        agent.goto("about:blank")
        agent.goto(url)
        is_titled(agent, "dark refused_token")
        expect(agent.locator("#dark")).to_have_text("Cette vue n’est plus valable\u00a0: ouvrez-la de nouveau.")


def test_the_view_offers_no_menu_no_copy_and_no_controls(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_live(visitor, desk)
        with view(chromium, desk) as agent:
            is_titled(agent, "live")
            for kind in ("contextmenu", "dragstart", "copy", "selectstart"):
                sent = f"dispatchEvent(new Event('{kind}', {{ cancelable: true, bubbles: true }}))"
                assert agent.evaluate(sent) is False
            assert agent.evaluate("document.querySelector('video').controls") is False
            assert agent.evaluate("document.querySelector('video').disablePictureInPicture") is True
