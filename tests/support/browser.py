"""A customer's Chromium without a screen, before the real gateway of a real desk, and what a checker says of its page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from agent_desk.actions.context import Context
from agent_desk.actions.door import Door, door_of
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.look_at_share import look_at_share
from agent_desk.actions.share_views import ShareView
from agent_desk.rules.session import Content
from agent_desk.rules.share import ShareState
from agent_desk.storage.database import Database
from agent_desk.wiring.gateway import RunningGateway, start_gateway
from tests.support.desks import agreed, clock, context
from tests.support.share_desk import until

PATIENCE_MS = 15_000
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",  # chooses in the picker, which no page can reach
    "--use-fake-device-for-media-stream",  # and shares a test picture
)
Scheme = Literal["light", "dark"]
expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def headless(playwright: Playwright, *more: str) -> Iterator[Browser]:
    """Start Debian's Chromium without a window and with a new profile."""
    program = shutil.which("chromium")
    assert program, "the Debian package chromium is missing"
    sandbox = os.geteuid() != 0  # it refuses to be root within one
    browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=sandbox, args=[*FLAGS, *more])
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Give the driver of browsers; not for the whole run: while it is there, no test beside it can run an event loop."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Give a browser for a file of tests; each customer gets cookies of their own."""
    with headless(playwright) as browser:
        yield browser


@dataclass(slots=True)
class Desk:
    """An agent's desk with its gateway, and one session whose price was accepted."""

    ctx: Context
    gateway: RunningGateway
    session: int

    def code(self) -> str:
        """Issue a code."""
        return issue_code(self.ctx, self.session).digits

    def move(self, **delta: float) -> None:
        """Let time pass for the desk and its gateway."""
        clock(self.ctx).move(**delta)

    @property
    def door(self) -> Door:
        """Return the door its gateway opens."""
        return door_of(self.ctx)

    def restart(self) -> None:
        """End the gateway and start another at the same place."""
        self.gateway.close()
        settings = replace(self.ctx.settings, gateway_listen=f"127.0.0.1:{self.gateway.port}")
        self.gateway = start_gateway(replace(self.ctx, settings=settings))

    def wait_for(self, state: ShareState) -> None:
        """Wait until the share is in that state."""
        until(lambda: self.share().state is state, f"the share to be {state}")

    def share(self) -> ShareView:
        """Return what the agent sees of the share."""
        found = look_at_share(self.ctx, self.session)
        assert found is not None
        return found


@pytest.fixture
def desk(sqlite_database: Database) -> Iterator[Desk]:
    """Give a desk that serves the page, on SQLite and a port of its own."""
    with serving(sqlite_database) as made:
        yield made


@contextmanager
def serving(database: Database, typed: Content | None = None) -> Iterator[Desk]:
    """Serve the page of a desk over `database` with one agreed session."""
    made = context(database)
    settings = replace(made.settings, gateway_listen="127.0.0.1:0", company="Assistance Sosh", support_phone="3976")
    ctx = replace(made, settings=settings)
    session = agreed(ctx, typed)
    desk = Desk(ctx, start_gateway(ctx), session.id)
    try:
        yield desk
    finally:
        desk.gateway.close()


@dataclass(slots=True)
class Customer:
    """A person with a browser on the page; `sent` are the paths that were posted to."""

    page: Page
    url: str
    sent: list[str] = field(default_factory=list)

    def open(self) -> None:
        """Open the page, or load it anew."""
        self.page.goto(self.url)
        self.page.wait_for_selector("main section:not([hidden]) h1")

    def step(self, name: str) -> None:
        """Wait until the page shows a step."""
        expect(self.page.locator(f'[data-step="{name}"]')).to_be_visible()

    def type_code(self, digits: str) -> None:
        """Type a code and press Enter."""
        self.page.locator("#code").fill("")
        self.page.locator("#code").press_sequentially(digits)
        self.page.locator("#code").press("Enter")

    @property
    def heading(self) -> str:
        """Return the heading of the step that is shown."""
        return self.page.locator("h1:visible").inner_text()

    @property
    def focused(self) -> str:
        """Return the id of the element the keyboard is at."""
        focused: str = self.page.evaluate("document.activeElement.id")
        return focused


@contextmanager
def customer(
    browser: Browser,
    url: str,
    language: str = "fr-FR",
    width: int = 720,
    scheme: Scheme = "light",
    user_agent: str | None = None,
) -> Iterator[Customer]:
    """Seat a customer before the page; what the page logs or throws fails the test at the end."""
    place: BrowserContext = browser.new_context(
        locale=language, viewport={"width": width, "height": 850}, color_scheme=scheme, user_agent=user_agent
    )
    place.set_default_timeout(PATIENCE_MS)
    page, said = place.new_page(), list[str]()
    made = Customer(page, f"{url}/")
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "warning" else None)
    page.on("request", lambda request: made.sent.append(_path(request.url)) if request.method == "POST" else None)
    try:
        yield made
    finally:
        place.close()
    assert said == []


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def axe_findings(page: Page) -> list[str]:
    """Return what axe-core finds wrong on the page as it is now, each with the place."""
    if not page.evaluate("'axe' in window"):  # half a megabyte, once for each time the page is loaded
        page.evaluate(AXE_SCRIPT)
    result = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [f"{violation['id']}: {node['html']}" for violation in result["violations"] for node in violation["nodes"]]


def overflow(page: Page) -> int:
    """Return by how many points the page is wider than its window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider
