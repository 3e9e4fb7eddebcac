"""Everything a share needs: two screens, a customer's browser on one, a desk on the other."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

from tests.support.chromium import TELLING, Patch, chromium, new_window, show_colours
from tests.support.customer import LEFT_HALF, RIGHT_HALF, Customer
from tests.support.networks import Network
from tests.support.share_desk import PATIENCE, ShareDesk, share_desk, traces, until
from tests.support.xvfb import Screen, close_to, screen

WORDS = "Relevé du compte de Claire Morvan"


@dataclass(slots=True)
class Stage:
    """Customer and agent, each before a screen of their own."""

    customers: Screen
    browser: Browser
    desk: ShareDesk
    folder: Path
    user: Path
    playwright: Playwright
    beside: Page  # what else the customer has open
    sets_clocks: bool = False  # whether the clocks of the pages opened from now on can be set
    windows: list[Customer] = field(default_factory=list)
    sessions: list[int] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return where the page is."""
        return str(self.desk.ask("page_address"))

    def customer(self, address: str = "") -> Customer:
        """Open the page in a new window."""
        made = Customer(new_window(self.browser, LEFT_HALF))
        self.windows.append(made)
        if self.sets_clocks:
            made.page.clock.install()
        served = self.address
        made.open(address or served)
        return made

    def opened(self, session: int = 0, address: str = "") -> "Share":
        """Return a share whose code was typed: the page asks for consent."""
        session = session or self.desk.ask("session")
        self.sessions.append(session)
        digits = self.desk.ask("code")
        customer = self.customer(address)
        patches = show_colours(self.beside, WORDS)
        customer.enter(digits)
        customer.await_step("consent")
        return Share(self, session, digits, customer, patches)

    def waiting(self, address: str = "") -> "Share":
        """Return a share whose customer has accepted and reads two words aloud."""
        share = self.opened(address=address)
        share.customer.accept()
        share.customer.await_step("words")
        return share

    def admitted(self, address: str = "") -> "Share":
        """Return a share whose words were the right ones: the page asks for a screen."""
        share = self.waiting(address)
        share.pick(share.customer.words())
        share.customer.await_step("choose")
        return share

    def live(self, address: str = "") -> "Share":
        """Return a share whose picture is in the agent's window."""
        share = self.admitted(address)
        share.customer.choose()
        share.await_picture()
        return share

    def clear(self) -> None:
        """End the shares that still go on, and close their windows."""
        while self.sessions:
            self.desk.ask("cut", session=self.sessions.pop())
        while self.windows:
            self.windows.pop().page.context.close()


@dataclass(slots=True)
class Share:
    """One share: its session, the customer's page, what stands beside it on the customer's screen, and where that is seen."""

    stage: Stage
    session: int
    digits: str
    customer: Customer
    patches: list[Patch]
    places: list[tuple[int, int]] = field(default_factory=list)

    @property
    def known(self) -> dict[str, Any]:
        """Return what the agent's side knows of it."""
        return dict(self.stage.desk.ask("share", session=self.session))

    def await_picture(self, patience: float = PATIENCE) -> float:
        """Wait until the agent sees every coloured area; return the seconds it took."""
        took = until(self._found, "the customer's screen in the agent's window", patience)
        assert not self.is_dark, "what is seen must be found by the look for traces of it"
        return took

    def _found(self) -> bool:
        if not self.stage.desk.has_picture:
            return False
        self.places = [self.stage.desk.place(patch.x, patch.y) for patch in self.patches]
        return self.seen == len(self.patches)

    @property
    def seen(self) -> int:
        """Return how many of the coloured areas stand in the agent's window where they last were."""
        screen = self.stage.desk.screen
        pairs = zip(self.places, self.patches, strict=True)
        return sum(close_to(screen.at(*place), patch.colour) for place, patch in pairs)

    @property
    def is_dark(self) -> bool:
        """Tell whether nothing of the customer's screen is left anywhere on the agent's."""
        return not traces(self.stage.desk.screen, TELLING)

    def await_dark(self, patience: float = PATIENCE) -> float:
        """Wait until nothing of the customer's screen is seen; return the seconds it took."""
        return until(lambda: self.is_dark, "the agent's view to be dark", patience)

    def await_state(self, *states: str, patience: float = PATIENCE) -> float:
        """Wait until the agent's side knows one of these states; return the seconds it took."""
        return until(lambda: self.known["state"] in states, f"the share to be {' or '.join(states)}", patience)

    def ends(self) -> list[str]:
        """Return the reasons of the end events in the log."""
        return [event["payload"]["end"] for event in self.events() if event["kind"] == "share_ended"]

    def events(self) -> list[dict[str, Any]]:
        """Return the session's events, oldest first."""
        return list(self.stage.desk.ask("events", session=self.session))

    def pick(self, words: list[str]) -> None:
        """Click on a pair of words in the agent's window."""
        self.stage.desk.ask("click_words", words=words)


@contextmanager
def stage(
    playwright: Playwright,
    folder: Path,
    agents: Network | None = None,
    customers: Network | None = None,
    **settings: Any,
) -> Iterator[Stage]:
    """Set the stage; `settings` are the desk's."""
    with ExitStack() as stack:
        shared, own = stack.enter_context(screen(randr=False)), stack.enter_context(screen())
        told = {"gateway_mode": "desk", "gateway_listen": "127.0.0.1:0", **settings}
        desk = stack.enter_context(share_desk(own, folder / "desk", agents, **told))
        user = folder / "customer"
        user.mkdir()
        browser = stack.enter_context(chromium(playwright, shared, user, customers))
        yield Stage(shared, browser, desk, folder, user, playwright, new_window(browser, RIGHT_HALF))
