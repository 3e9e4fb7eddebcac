"""The way of a customer through the page, with the agent's part played by the desk's own actions."""

from agent_desk.actions.choose_words import choose_words
from agent_desk.rules.share import ShareState
from tests.support.browser import Customer, Desk


def at_code(visitor: Customer, _desk: Desk) -> None:
    """Open the page."""
    visitor.open()
    visitor.step("code")


def at_consent(visitor: Customer, desk: Desk) -> None:
    """Type a good code."""
    at_code(visitor, desk)
    visitor.type_code(desk.code())
    visitor.step("consent")


def at_words(visitor: Customer, desk: Desk) -> None:
    """Accept."""
    at_consent(visitor, desk)
    visitor.page.locator("#accept").click()
    visitor.step("words")


def pick_words(visitor: Customer, desk: Desk, *, right: bool = True) -> None:
    """Pick, as the agent, the pair the customer reads, or another."""
    read = tuple(visitor.page.locator("#words").inner_text().split(" · "))
    choices = desk.share().choices
    place = choices.index(read) if right else (choices.index(read) + 1) % 3
    choose_words(desk.ctx, desk.session, place)


def at_choice(visitor: Customer, desk: Desk) -> None:
    """Have the words recognised."""
    at_words(visitor, desk)
    pick_words(visitor, desk)
    visitor.step("choose")


def choose_screen(visitor: Customer, desk: Desk, step: str = "choose") -> None:
    """Choose a screen, for the first time or again."""
    visitor.page.locator(f'[data-step="{step}"] [data-choose]').click()
    visitor.step("live")
    desk.wait_for(ShareState.LIVE)


def at_live(visitor: Customer, desk: Desk) -> None:
    """Share."""
    at_choice(visitor, desk)
    choose_screen(visitor, desk)
