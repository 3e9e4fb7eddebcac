"""The page for everybody: keyboard, screen reader, narrow and enlarged, light and dark, in both languages."""

from playwright.sync_api import Browser, expect

from agent_desk.actions.stop_share import stop_share
from agent_desk.rules.share import ShareEnd
from tests.support.browser import Customer, Desk, axe_findings, customer, overflow
from tests.support.page_steps import at_code, at_consent, choose_screen, pick_words

NARROW = 320
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"


def faults(visitor: Customer) -> list[str]:
    """Return what is wrong with the page as it stands, light and dark, in both languages, at 320 points."""
    found = []
    for _language in range(2):
        for scheme in ("light", "dark"):
            visitor.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            found += axe_findings(visitor.page)
        if overflow(visitor.page) > 0:
            found.append(f"{visitor.heading} is wider than {NARROW} points")
        before = visitor.page.locator("#language").inner_text()
        visitor.page.locator("#language").click()
        expect(visitor.page.locator("#language")).not_to_have_text(before)
    return found


def test_nothing_is_wrong_with_the_page_before_a_code(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url, width=NARROW) as visitor:
        at_code(visitor, desk)
        assert faults(visitor) == []
        visitor.type_code("4079152633")
        expect(visitor.page.locator("#code-error")).not_to_be_empty()
        assert faults(visitor) == []
        for _ in range(6):
            with visitor.page.expect_response("**/code"):
                visitor.type_code("4079152632")
            expect(visitor.page.locator("#code-go")).to_have_attribute("aria-disabled", "false")
        expect(visitor.page.locator("#busy")).to_be_visible()
        assert faults(visitor) == []


def test_nothing_is_wrong_with_the_page_on_a_phone(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url, width=NARROW, user_agent=PHONE) as visitor:
        visitor.open()
        visitor.step("blocked")
        assert faults(visitor) == []


def test_nothing_is_wrong_with_the_page_from_the_code_to_the_end(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url, width=NARROW) as visitor:
        at_consent(visitor, desk)
        assert faults(visitor) == []
        visitor.page.locator("#accept").click()
        visitor.step("words")
        assert faults(visitor) == []
        pick_words(visitor, desk)
        visitor.step("choose")
        assert faults(visitor) == []
        choose_screen(visitor, desk)
        assert faults(visitor) == []
        visitor.open()
        visitor.step("resume")
        assert faults(visitor) == []
        stop_share(desk.ctx, desk.session, ShareEnd.BY_AGENT)
        visitor.step("end")
        assert faults(visitor) == []


def test_the_keyboard_alone_goes_all_the_way(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_code(visitor, desk)
        keys = visitor.page.keyboard
        keys.type(desk.code())
        keys.press("Enter")
        visitor.step("consent")
        assert visitor.focused == "consent-title"
        keys.press("Tab")
        keys.press("Space")
        expect(visitor.page.locator("#statements input").first).to_be_checked()
        keys.press("Tab")
        keys.press("Tab")
        assert visitor.focused == "accept"
        assert visitor.page.locator("#accept").evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
        keys.press("Enter")
        visitor.step("words")
        assert visitor.focused == "words-title"
        pick_words(visitor, desk)
        visitor.step("choose")
        assert visitor.focused == "choose-title"
        keys.press("Tab")
        keys.press("Enter")
        visitor.step("live")
        assert visitor.focused == "live-title"
        keys.press("Tab")
        assert visitor.focused == "stop"
        keys.press("Escape")
        visitor.step("end")
        assert visitor.focused == "end-title"
        keys.press("Tab")
        keys.press("Space")
        visitor.step("code")
        assert visitor.focused == "code"


def test_text_twice_as_large_still_fits(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url, width=640) as visitor:
        at_code(visitor, desk)
        enlarge = "document.styleSheets[0].insertRule('html { font-size: 200% }')"
        visitor.page.evaluate(enlarge)
        assert overflow(visitor.page) == 0
        field = visitor.page.locator("#code")
        field.press_sequentially("4079152632")
        assert field.evaluate("field => field.scrollWidth - field.clientWidth") <= 0
        visitor.page.keyboard.press("Control+a")
        visitor.type_code(desk.code())
        visitor.step("consent")
        assert overflow(visitor.page) == 0


def test_twelve_digits_fit_at_320_points(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url, width=NARROW) as visitor:
        at_code(visitor, desk)
        field = visitor.page.locator("#code")
        field.evaluate("field => { field.value = '888 888 888 888'; }")
        assert field.evaluate("field => field.scrollWidth - field.clientWidth") <= 0


def test_nothing_moves_for_who_asked_for_that_and_forced_colours_keep_every_border(
    chromium: Browser, desk: Desk
) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_consent(visitor, desk)
        visitor.page.emulate_media(reduced_motion="reduce", forced_colors="active")
        visitor.page.locator("#accept").click()
        visitor.step("words")
        assert visitor.page.locator(".ring").evaluate("ring => getComputedStyle(ring).animationName") == "none"
        style = "button => getComputedStyle(button).borderTopStyle"
        assert visitor.page.locator('[data-step="words"] [data-stop]').evaluate(style) == "solid"
