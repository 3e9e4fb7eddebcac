"""A customer at the page: types the code, accepts, reads the words aloud, chooses a screen, stops."""

from dataclasses import dataclass

from playwright.sync_api import Page

LEFT_HALF = (0, 0, 960, 1000)  # a browser's bar for stopping stands below
RIGHT_HALF = (960, 0, 960, 1000)


@dataclass(frozen=True, slots=True)
class Customer:
    """A browser's window with our page."""

    page: Page

    def open(self, address: str) -> None:
        """Open the page and wait for its first step."""
        self.page.goto(address)
        self.await_step("code")

    @property
    def step(self) -> str:
        """Return which step the page shows."""
        return str(self.page.evaluate("document.querySelector('main section:not([hidden])')?.dataset.step ?? ''"))

    def await_step(self, *steps: str) -> None:
        """Wait until one of these steps is shown."""
        places = ", ".join(f'section[data-step="{step}"]:not([hidden])' for step in steps)
        self.page.wait_for_selector(places)

    def enter(self, digits: str) -> None:
        """Type a code and send it."""
        self.page.fill("#code", digits)
        self.page.click("#code-go")

    def accept(self) -> None:
        """Agree to everything that is asked."""
        self.await_step("consent")
        for box in self.page.query_selector_all("#statements input"):
            box.check()
        self.page.click("#accept")

    def words(self) -> list[str]:
        """Return the two words to read aloud."""
        self.await_step("words")
        return self.page.inner_text("#words").split(" · ")

    def choose(self) -> None:
        """Choose the screen; the browser's picker answers by itself."""
        self.page.click("section:not([hidden]) [data-choose]")
        self.await_step("live")

    def stop(self) -> None:
        """Press the large Stop."""
        self.page.click("#stop")

    @property
    def ending(self) -> str:
        """Return what the page says at the end."""
        self.await_step("end")
        return self.page.inner_text("#end-title") + "\n" + self.page.inner_text("#end-text")
