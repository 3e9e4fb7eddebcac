"""Step 1, the code: typed, pasted and checked in the page; only a good one is sent."""

import json
import random

import pytest
from playwright.sync_api import Browser, expect

from agent_desk.rules.code import check_digit, group, is_well_formed
from tests.support.browser import Customer, Desk, customer
from tests.support.share_desk import until

ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148"
CODE = "4079152632"
WRITTEN = ("407 915 2632", " 407-915-2632\n", "407.915.2632", "407\u00a0915\u202f2632", "４０７９１５２６３２")
MISTAKES = {
    "4079152633": "Un chiffre n’est pas le bon",
    "4079156232": "Un chiffre n’est pas le bon",
    "407915263": "Il manque 1 chiffre",
    "40": "Il manque 8 chiffres",
    "40791526321": "un code a 10 chiffres",
    "4079152O32": "que des chiffres",
    "": "Saisissez le code",
}
COPY = """text => {
  const box = document.createElement("textarea");
  document.body.append(box);
  box.value = text;
  box.select();
  document.execCommand("copy");
  box.remove();
}"""


def error(visitor: Customer) -> str:
    """Return the sentence below the field."""
    return visitor.page.locator("#code-error").inner_text()


def caret(visitor: Customer) -> int:
    place: int = visitor.page.locator("#code").evaluate("field => field.selectionStart")
    return place


def asks_for_its_code(visitor: Customer) -> None:
    visitor.open()
    visitor.step("code")


def test_page_and_desk_agree_on_check_digits_and_groups(chromium: Browser, desk: Desk) -> None:
    random.seed(3)
    made = ["".join(random.choices("0123456789", k=random.choice((9, 10, 11)))) for _ in range(3000)]
    codes = [
        digits + check_digit(digits) if place % 2 else digits + str(place % 10) for place, digits in enumerate(made)
    ]
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        answers = visitor.page.evaluate(
            "codes => import('/static/code.js').then(({ checks, grouped }) =>"
            " codes.map(digits => [checks(digits), grouped(digits, digits.length)]))",
            codes,
        )
    assert answers == [[is_well_formed(digits, len(digits) - 7), group(digits)] for digits in codes]


def test_digits_fall_into_the_groups_the_agent_dictates(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        assert visitor.focused == "code"
        seen = []
        for digit in CODE:
            visitor.page.keyboard.press(digit)
            seen.append(visitor.page.locator("#code").input_value())
    assert seen[2:5] == ["407", "407 9", "407 91"]
    assert seen[-1] == "407 915 2632"


def test_the_caret_stays_where_a_digit_is_corrected(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        field, keys = visitor.page.locator("#code"), visitor.page.keyboard
        field.press_sequentially("408915263")
        field.evaluate("field => field.setSelectionRange(3, 3)")
        keys.press("Backspace")
        assert (field.input_value(), caret(visitor)) == ("409 152 63", 2)
        keys.press("7")
        assert (field.input_value(), caret(visitor)) == ("407 915 263", 3)
        field.evaluate("field => field.setSelectionRange(4, 4)")
        keys.press("Backspace")  # over the space: the digit before it goes
        assert (field.input_value(), caret(visitor)) == ("409 152 63", 2)
        keys.press("7")
        field.evaluate("field => field.setSelectionRange(3, 3)")
        keys.press("Delete")  # over the space: the digit after it goes
        assert (field.input_value(), caret(visitor)) == ("407 152 63", 3)


def test_a_code_may_be_pasted_as_it_was_written(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        for copied in WRITTEN:
            visitor.page.evaluate(COPY, copied)
            visitor.page.locator("#code").fill("")
            visitor.page.locator("#code").focus()
            visitor.page.keyboard.press("Control+v")
            expect(visitor.page.locator("#code")).to_have_value("407 915 2632")
            assert error(visitor) == ""


def test_a_typing_error_is_said_beside_the_field_and_never_sent(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        field = visitor.page.locator("#code")
        for typed, said in MISTAKES.items():
            visitor.type_code(typed)
            expect(visitor.page.locator("#code-error")).to_contain_text(said)
            expect(field).to_have_attribute("aria-invalid", "true")
            assert "code-error" in (field.get_attribute("aria-describedby") or "")
            assert visitor.focused == "code"
    assert visitor.sent == []


def test_a_megabyte_of_text_is_only_too_long(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        visitor.page.locator("#code").fill("7" * 1_000_000)
        visitor.page.locator("#code").press("Enter")
        expect(visitor.page.locator("#code-error")).to_contain_text("trop long")
    assert visitor.sent == []


def test_an_error_goes_as_soon_as_it_is_mended(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        visitor.type_code("4079152633")
        expect(visitor.page.locator("#code-error")).not_to_be_empty()
        visitor.page.keyboard.press("Backspace")
        expect(visitor.page.locator("#code-error")).to_be_empty()
        expect(visitor.page.locator("#code")).to_have_attribute("aria-invalid", "false")


def test_a_code_nobody_issued_is_refused_in_one_sentence_and_stays_in_the_field(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        visitor.type_code(CODE)
        expect(visitor.page.locator("#code-error")).to_contain_text("n’est pas valable, ou ne l’est plus")
        expect(visitor.page.locator("#code")).to_have_value("407 915 2632")
        assert visitor.focused == "code"
    assert visitor.sent == ["/code"]


def test_a_second_browser_with_the_same_code_gets_nothing_and_the_agent_is_warned(
    chromium: Browser, desk: Desk
) -> None:
    code = desk.code()
    with customer(chromium, desk.gateway.url) as first, customer(chromium, desk.gateway.url) as second:
        asks_for_its_code(first)
        first.type_code(code)
        first.step("consent")
        asks_for_its_code(second)
        second.type_code(code)
        expect(second.page.locator("#code-error")).to_contain_text("n’est pas valable")
        assert "Nadia" not in second.page.content()
        first.step("consent")
    assert desk.share().second_browser


def try_in_vain(visitor: Customer, times: int) -> None:
    for _ in range(times):
        with visitor.page.expect_response("**/code"):
            visitor.type_code(CODE)
        expect(visitor.page.locator("#code-go")).to_have_attribute("aria-disabled", "false")


def test_a_source_that_must_wait_sees_how_long_and_its_code_goes_by_itself(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        visitor.page.clock.install()
        asks_for_its_code(visitor)
        try_in_vain(visitor, 5)
        code = desk.code()
        visitor.type_code(code)
        expect(visitor.page.locator("#busy")).to_be_visible()
        expect(visitor.page.locator("#busy-time")).to_contain_text("Nouvel essai dans")
        tried = len(visitor.sent)
        visitor.page.clock.fast_forward(30_000)
        assert len(visitor.sent) == tried
        desk.move(minutes=2)

        def is_in() -> bool:  # not at once: the gateway remembers a refusal for a second
            with visitor.page.expect_response("**/code") as answer:
                visitor.page.clock.fast_forward(61_000)
            return answer.value.ok

        until(is_in, "the code to be let in")
        visitor.step("consent")


def test_who_waits_may_change_the_code_instead(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        try_in_vain(visitor, 6)
        visitor.page.locator("#busy-cancel").click()
        expect(visitor.page.locator("#busy")).to_be_hidden()
        assert visitor.focused == "code"


@pytest.mark.parametrize("device", [ANDROID, IPHONE])
def test_a_phone_is_told_before_a_code_is_typed(device: str, chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url, width=320, user_agent=device) as visitor:
        visitor.open()
        visitor.step("blocked")
        assert visitor.heading == "Ouvrez cette page sur l’ordinateur"
        expect(visitor.page.locator("main")).to_contain_text("continuer à vous guider par téléphone")
        expect(visitor.page.locator("#code")).to_be_hidden()


@pytest.mark.parametrize(
    ("lacking", "heading"),
    [
        ("delete MediaDevices.prototype.getDisplayMedia", "Ce navigateur ne peut pas partager l’écran"),
        ("Object.defineProperty(window, 'isSecureContext', { value: false })", "Cette adresse n’est pas protégée"),
    ],
)
def test_a_browser_that_cannot_share_is_told_before_a_code_is_typed(
    lacking: str, heading: str, chromium: Browser, desk: Desk
) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        visitor.page.add_init_script(lacking)
        visitor.open()
        visitor.step("blocked")
        assert visitor.heading == heading
        expect(visitor.page.locator("#code")).to_be_hidden()


@pytest.mark.parametrize(("year", "said"), [(2019, "retarde"), (2041, "avance")])
def test_a_wrong_clock_is_said_and_hinders_nothing(year: int, said: str, chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        visitor.page.clock.set_fixed_time(f"{year}-05-04T10:00:00Z")
        asks_for_its_code(visitor)
        expect(visitor.page.locator("#clock-notice")).to_contain_text(said)
        visitor.type_code(desk.code())
        visitor.step("consent")


def test_without_a_gateway_the_code_stays_and_the_sentence_says_so(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        desk.gateway.close()
        visitor.type_code(CODE)
        expect(visitor.page.locator("#code-error")).to_contain_text("ne répond pas")
        expect(visitor.page.locator("#code")).to_have_value("407 915 2632")


def test_only_the_code_is_asked_for_and_nothing_of_the_case_is_there(chromium: Browser, desk: Desk) -> None:
    desk.code()
    with customer(chromium, desk.gateway.url) as visitor:
        asks_for_its_code(visitor)
        fields = visitor.page.locator("input:visible")
        expect(fields).to_have_count(1)
        assert fields.get_attribute("inputmode") == "numeric"
        assert not any(word in visitor.page.content() for word in ("Nadia", "Morvan", "108"))


def test_the_page_takes_nothing_from_elsewhere_and_keeps_nothing(chromium: Browser, desk: Desk) -> None:
    hosts = set()
    with customer(chromium, desk.gateway.url) as visitor:
        visitor.page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        asks_for_its_code(visitor)
        visitor.type_code(desk.code())
        visitor.step("consent")
        visitor.page.evaluate("document.fonts.ready.then(() => 0)")
        kept = visitor.page.evaluate(
            "JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage), document.cookie])"
        )
        assert visitor.page.evaluate("document.fonts.check('600 16px Inter')")
    assert hosts == {desk.gateway.url.removeprefix("http://")}
    assert json.loads(kept) == [[], [], ""]
