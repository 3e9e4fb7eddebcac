"""Steps 2 to 4 as the customer goes through them: what is said, asked and recorded, and every way it may end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from agent_desk.actions.end_due_shares import end_due_shares
from agent_desk.actions.load_session import load_session
from agent_desk.actions.stop_share import stop_share
from agent_desk.paths import data_path
from agent_desk.rules.session import Answer, Channel, ConsentKind
from agent_desk.rules.share import ShareEnd, ShareState
from tests.support.browser import Customer, Desk, customer
from tests.support.page_steps import at_choice, at_consent, at_live, at_words, choose_screen, pick_words

WARNING = "Un code ne vous est demandé que si vous nous avez appelés"
ENDS = {
    ShareEnd.BY_AGENT: "Votre conseiller a arrêté le partage",
    ShareEnd.TOO_LONG: "Le partage a atteint sa durée maximale",
    ShareEnd.SESSION_ENDED: "L’assistance est terminée",
    ShareEnd.REPLACED: "Un nouveau code remplace celui-ci",
    ShareEnd.LOST: "La connexion a été perdue",
}


STEPS: dict[str, Callable[[Customer, Desk], None]] = {
    "consent": at_consent,
    "words": at_words,
    "choose": at_choice,
    "live": at_live,
}


def lines_of(kind: ConsentKind) -> list[str]:
    """Return the lines of a consent's French text."""
    text = data_path("resources", "consents", kind, "1.fr.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]


def answers(desk: Desk) -> dict[ConsentKind, tuple[Answer, Channel]]:
    """Return what the session's consents say now."""
    view = load_session(desk.ctx, desk.session)
    return {consent.kind: (consent.answer, consent.channel) for consent in view.consents}


def test_after_a_good_code_all_that_matters_is_said_before_anything_is_asked(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_consent(visitor, desk)
        number = load_session(desk.ctx, desk.session).number
        assert visitor.heading == "Partager votre écran avec Nadia\u202f?"
        facts = visitor.page.locator(".facts").inner_text()
        assert all(said in facts for said in ("Nadia", "Assistance Sosh", number[-4:], "108,00\u00a0€ TTC"))
        assert "sauf règles de non-facturation" in facts
        *said, question = lines_of(ConsentKind.SCREEN_SHARING)
        assert visitor.page.locator("#consent-text li").all_inner_texts() == said
        expect(visitor.page.locator("#consent-question")).to_have_text(question)


def test_statements_still_open_are_shown_to_the_letter_and_recorded_as_ticked(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_consent(visitor, desk)
        for kind in (ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER):
            assert visitor.page.locator(f"#statement-{kind} p").all_inner_texts() == lines_of(kind)
        expect(visitor.page.locator("#statements input:checked")).to_have_count(0)
        visitor.page.locator("#statements input").first.check()
        visitor.page.locator("#accept").click()
        visitor.step("words")
    given = answers(desk)
    assert given[ConsentKind.EARLY_START] == (Answer.YES, Channel.PAGE)
    assert given[ConsentKind.SCREEN_SHARING] == (Answer.YES, Channel.PAGE)
    assert ConsentKind.EARLY_START_WAIVER not in given


def test_accepting_and_refusing_are_equally_easy(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_consent(visitor, desk)
        yes, no = (visitor.page.locator(f"#{one}").bounding_box() for one in ("accept", "refuse"))
        assert yes is not None
        assert no is not None
        assert (yes["width"], yes["height"], yes["y"]) == (no["width"], no["height"], no["y"])


def test_a_refusal_ends_the_share_and_is_recorded(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_consent(visitor, desk)
        visitor.page.locator("#refuse").click()
        visitor.step("end")
        assert visitor.heading == "Vous avez refusé le partage"
    assert desk.share().end_reason is ShareEnd.REFUSED
    assert answers(desk)[ConsentKind.SCREEN_SHARING] == (Answer.NO, Channel.PAGE)


def test_the_words_on_the_page_are_those_the_agent_must_pick(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_words(visitor, desk)
        pick_words(visitor, desk)
        visitor.step("choose")
    with customer(chromium, desk.gateway.url) as visitor:
        at_words(visitor, desk)
        pick_words(visitor, desk, right=False)
        visitor.step("end")
        assert visitor.heading == "Les mots ne correspondaient pas"


def test_while_live_the_page_says_who_sees_what_and_where_the_tab_is_not_looked_at(
    chromium: Browser, desk: Desk
) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_live(visitor, desk)
        assert visitor.heading == "Nadia voit votre écran"
        assert visitor.page.title().startswith("● Nadia voit votre écran")
        expect(visitor.page.locator("#live-what")).to_contain_text("Vous partagez")
        wished = visitor.page.evaluate("import('/static/link.js').then(({ wish }) => wish())")
    assert (wished["audio"], wished["video"]["displaySurface"]) == (False, "window")
    assert wished["selfBrowserSurface"] == "exclude"


@pytest.mark.parametrize("way", ["button", "Escape", "stop bar"])
def test_each_way_to_stop_is_immediate_and_final(way: str, chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        visitor.page.add_init_script(
            "const ask = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);"
            "navigator.mediaDevices.getDisplayMedia = async (wish) => (window.screenTaken = await ask(wish));"
        )
        at_live(visitor, desk)
        if way == "button":
            visitor.page.locator("#stop").click()
        elif way == "Escape":
            visitor.page.keyboard.press("Escape")
        else:  # what the browser's bar does reaches the page as this event
            visitor.page.evaluate("screenTaken.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
        visitor.step("end")
        assert visitor.heading == "Vous avez arrêté le partage"
        assert visitor.page.evaluate("screenTaken.getTracks().every(track => track.readyState === 'ended')")
        desk.wait_for(ShareState.ENDED)
        visitor.open()
        visitor.step("code")
        expect(visitor.page.locator("#code-notice")).to_contain_text("Le partage précédent est terminé")
    assert desk.share().end_reason is ShareEnd.BY_CUSTOMER


def test_nothing_is_shared_when_the_customer_chooses_nothing(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        visitor.page.add_init_script(
            "navigator.mediaDevices.getDisplayMedia = async () => { throw new DOMException('', 'NotAllowedError'); };"
        )
        at_choice(visitor, desk)
        visitor.page.locator('[data-step="choose"] [data-choose]').click()
        expect(visitor.page.locator("#choose-error")).to_contain_text("rien n’est partagé")
        visitor.step("choose")
    assert desk.share().live_at is None


def test_each_end_has_its_own_words_whoever_decides_it(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        for reason, heading in ENDS.items():
            at_choice(visitor, desk)
            stop_share(desk.ctx, desk.session, reason)
            visitor.step("end")
            assert visitor.heading == heading
            expect(visitor.page.locator("#end-dark")).to_contain_text("Plus rien n’est partagé")


def test_a_page_left_open_overnight_says_so(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_words(visitor, desk)
        desk.move(hours=11)
        end_due_shares(desk.door)
        visitor.step("end")
        assert visitor.heading == "Cette page a attendu trop longtemps"
        visitor.page.locator("#again").click()
        visitor.step("code")
        assert visitor.focused == "code"
        visitor.type_code(desk.code())
        visitor.step("consent")


def test_a_page_loaded_anew_goes_on_where_it_was(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_words(visitor, desk)
        words = visitor.page.locator("#words").inner_text()
        visitor.open()
        visitor.step("words")
        assert visitor.page.locator("#words").inner_text() == words
        pick_words(visitor, desk)
        visitor.step("choose")
        choose_screen(visitor, desk)
        visitor.open()
        visitor.step("resume")
        desk.wait_for(ShareState.LOST)
        choose_screen(visitor, desk, "resume")


def test_a_second_tab_takes_the_share_over_and_the_first_says_so(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_words(visitor, desk)
        other = Customer(visitor.page.context.new_page(), visitor.url)
        other.open()
        other.step("words")
        visitor.step("end")
        assert visitor.heading == "Cette page est ouverte ailleurs"
        other.step("words")


def test_a_gateway_that_comes_back_finds_the_page_again_without_a_word(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_words(visitor, desk)
        desk.restart()
        pick_words(visitor, desk)
        visitor.step("choose")


def test_a_page_without_a_gateway_for_a_minute_stops_by_itself(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        visitor.page.clock.install()
        at_live(visitor, desk)
        desk.gateway.close()
        # The minute counts from when the page notices, so its clock is moved on only then.
        expect(visitor.page.locator("#live-link")).to_contain_text("se rétablit toute seule", timeout=20_000)
        visitor.page.clock.run_for(30_000)
        visitor.step("live")
        visitor.page.clock.run_for(40_000)
        visitor.step("end")
        assert visitor.heading == "La connexion a été perdue"


def test_french_is_not_forced_on_an_english_browser_and_the_switch_changes_all(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url, language="en-GB") as visitor:
        visitor.open()
        assert visitor.heading == "Type your code"
        visitor.page.locator("#language").click()
        expect(visitor.page.locator("h1:visible")).to_have_text("Saisissez votre code")
        assert visitor.page.evaluate("document.documentElement.lang") == "fr"
        assert visitor.focused == "language"
        expect(visitor.page.locator("#language")).to_have_text("English")
        assert WARNING in visitor.page.locator("footer").inner_text()


def test_consents_keep_the_language_whose_text_is_recorded(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_consent(visitor, desk)
        visitor.page.locator("#language").click()
        expect(visitor.page.locator("h1:visible")).to_have_text("Share your screen with Nadia?")
        first = visitor.page.locator("#consent-text li").first
        assert first.inner_text() == lines_of(ConsentKind.SCREEN_SHARING)[0]
        assert first.get_attribute("lang") == "fr"


@pytest.mark.parametrize("step", STEPS)
def test_each_step_says_its_heading_first_and_warns_of_false_helpdesks(
    step: str, chromium: Browser, desk: Desk
) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        STEPS[step](visitor, desk)
        assert visitor.focused == f"{step}-title"
        assert WARNING in visitor.page.locator("footer").inner_text()
        assert "3976" in visitor.page.locator("footer").inner_text()
        assert visitor.page.title().endswith("Assistance Sosh")


def test_a_page_that_is_closed_is_missed_at_once(chromium: Browser, desk: Desk) -> None:
    with customer(chromium, desk.gateway.url) as visitor:
        at_live(visitor, desk)
        visitor.page.close(run_before_unload=True)
        desk.wait_for(ShareState.LOST)
