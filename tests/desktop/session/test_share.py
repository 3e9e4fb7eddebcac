"""The screen share on the Intervention step: where the customer is, two words, the cut, and what ends it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.enter_code import enter_code
from agent_desk.actions.errors import Refusal
from agent_desk.actions.leave_share import leave_share
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_share import look_at_share
from agent_desk.actions.share_views import Happening
from agent_desk.desktop.session.intervention_step import InterventionStep
from agent_desk.rules.code import build
from agent_desk.rules.session import ConsentKind, State, Step
from agent_desk.rules.share import ShareEnd, ShareState
from agent_desk.settings import Settings
from tests.support.desks import SetClock, agreed, drafted
from tests.support.shares import CHROMIUM, FIREFOX, HOME
from tests.support.sharing import Show, editor_of, entered, intervention, issued, live, state, until, waiting
from tests.support.stretching import clipped
from tests.support.workstation import Workstation, wait_until

pytestmark = pytest.mark.usefixtures("hurried")

CONTROL = Qt.KeyboardModifier.ControlModifier
F4, F11, F12, G = Qt.Key.Key_F4, Qt.Key.Key_F11, Qt.Key.Key_F12, Qt.Key.Key_G


def chips(desk: Workstation) -> list[str]:
    return [chip.text for chip in desk.session.header().chips]


def pair(page: InterventionStep, place: int) -> QWidget:
    found = page.ui.sideWords.findChild(QWidget, f"word_{place + 1}")
    assert isinstance(found, QWidget)
    return found


def commands(desk: Workstation) -> list[str]:
    return [command.text for command in desk.session.commands()]


def fits(desk: Workstation) -> None:
    """Wait until every text fits: what was shown just now is laid out a moment later."""
    wait_until(lambda: clipped(desk.window) == [], f"everything to fit: {clipped(desk.window)}")


def use(desk: Workstation, settings: Settings) -> None:
    desk.program.desk.change_settings(settings)
    desk.session.refresh()


def test_beside_the_code_stands_how_far_the_customer_is(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    assert not page.ui.sideCard.isVisible()
    visitor = entered(desk, page)
    assert page.ui.sideTitle.text() == "Le client"
    assert page.ui.sideText.text().splitlines() == ["✓ Code accepté", "… charge la page"]
    desk.work(lambda _ctx: visitor.note(Happening.JOINED))
    wait_until(lambda: page.ui.sideText.text().endswith("… lit les conditions"), "the customer on the page")
    assert page.ui.sideText.text().splitlines()[:2] == ["✓ Code accepté", "✓ Sur la page"]
    assert not page.ui.sideWords.isVisible()
    assert not page.ui.viewCard.isVisible()


def test_a_code_nobody_has_typed_yet_is_waited_for_in_words(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    issued(desk, page)
    assert page.ui.sideText.text() == "… ouvre la page et tape le code"


def test_one_key_picks_the_pair_that_was_read_and_lets_the_screen_in(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    _, place = waiting(desk, page)
    assert page.ui.sideTitle.text() == "Le client lit deux mots"
    desk.press(Qt.Key(Qt.Key.Key_1 + place))
    until(desk, ShareState.ADMITTED)
    assert pair(page, place).property("tone") == "ok"
    assert not any(pair(page, other).property("tone") for other in range(3) if other != place)
    assert page.ui.viewCard.isVisible()
    assert editor_of(desk).content.ticks == ()


def test_a_wrong_pair_shows_nothing_says_so_and_offers_a_new_code(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    _, place = waiting(desk, page)
    first = page.ui.codeDigits.text()
    desk.click(pair(page, (place + 1) % 3))
    until(desk, ShareState.ENDED)
    assert "Rien n’a été montré" in page.ui.sideText.text()
    assert not page.ui.viewCard.isVisible()
    desk.click(page.ui.sideIssue)
    wait_until(lambda: page.ui.codeDigits.isVisible() and page.ui.codeDigits.text() != first, "another code")
    desk.settle()
    assert page.ui.sideText.text() == "… ouvre la page et tape le code"


def test_a_digit_typed_into_the_notes_stays_a_digit(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    waiting(desk, page)
    desk.session.side.notes.setFocus()
    desk.type("123")
    desk.settle()
    assert state(desk) is ShareState.WAITING
    assert editor_of(desk).content.notes == "123"


def test_the_keys_are_shown_only_where_they_act(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    waiting(desk, page)
    cap = pair(page, 0).findChildren(QWidget)[-1]
    assert cap.isVisible()
    desk.session.side.notes.setFocus()
    assert not cap.isVisible()
    page.ui.procedure.setFocus()
    assert cap.isVisible()


def test_a_screen_that_is_seen_is_told_at_every_step(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    visitor = live(desk, page)
    for step in Step:
        desk.session.go(step)
        assert "● Écran partagé" in chips(desk)
    desk.work(lambda _ctx: visitor.note(Happening.LOST))
    until(desk, ShareState.LOST)
    assert "○ Écran perdu de vue" in chips(desk)
    assert "● Écran partagé" not in chips(desk)


def test_the_agent_cuts_from_any_step_with_one_key(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    visitor = live(desk, page)
    desk.session.go(Step.CUSTOMER)
    desk.press(F12, CONTROL)
    until(desk, ShareState.ENDED)
    assert desk.work(lambda _ctx: visitor.look()).end_reason is ShareEnd.BY_AGENT
    desk.session.go(Step.INTERVENTION)
    assert page.ui.sideText.text() == "Coupé par le conseiller."
    assert "● Écran partagé" not in chips(desk)


def test_the_danger_button_cuts_too(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    live(desk, page)
    assert "Ctrl+F12" in page.ui.shareCut.text()
    desk.click(page.ui.shareCut)
    until(desk, ShareState.ENDED)
    assert not page.ui.viewCard.isVisible()


def test_a_customer_who_stops_is_told_with_the_hour_and_at_whatever_step(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    visitor = live(desk, page)
    desk.session.go(Step.REQUEST)
    desk.work(lambda ctx: leave_share(door_of(ctx), visitor.token, FIREFOX, ShareEnd.BY_CUSTOMER))
    until(desk, ShareState.ENDED)
    assert desk.session.says() == "Arrêté par le client."
    desk.session.go(Step.INTERVENTION)
    assert page.ui.sideTitle.text().startswith("Partage terminé à ")
    assert page.ui.sideText.text() == "Arrêté par le client."


def test_the_desk_asks_only_while_there_is_something_to_wait_for(
    desk: Workstation, show: Show, clock: SetClock
) -> None:
    page = intervention(desk, show)
    assert not editor_of(desk).watch.is_awake
    issued(desk, page)
    assert editor_of(desk).watch.is_awake
    clock.move(minutes=11)
    wait_until(lambda: not editor_of(desk).watch.is_awake, "the desk to stop asking")
    desk.settle()
    visitor = live(desk, page)
    assert editor_of(desk).watch.is_awake
    desk.work(lambda ctx: leave_share(door_of(ctx), visitor.token, FIREFOX, ShareEnd.BY_CUSTOMER))
    until(desk, ShareState.ENDED)
    assert not editor_of(desk).watch.is_awake


def test_a_code_burned_by_wrong_guesses_is_seen_without_waiting_for_its_end(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    digits = issued(desk, page).replace(" ", "")

    def guess(ctx: Context) -> None:
        for secret in range(3):
            with pytest.raises(Refusal):
                enter_code(door_of(ctx), _with_secret(digits, secret), HOME, FIREFOX)

    desk.work(guess)
    wait_until(lambda: page.ui.codeState.text() == "Bloqué après 3 erreurs", "the burned code")
    desk.settle()
    assert not page.ui.codeDigits.isVisible()


def test_a_second_browser_with_the_same_code_is_warned_of_once(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    entered(desk, page)
    digits = str(page.ui.codeDigits.text())

    def again(ctx: Context) -> None:
        with pytest.raises(Refusal):
            enter_code(door_of(ctx), digits, "198.51.100.4", CHROMIUM)

    desk.work(again)
    wait_until(lambda: "autre navigateur" in desk.session.says(), "the warning")
    assert state(desk) is ShareState.OPENED
    desk.session.notices.clear()
    desk.work(again)
    wait_until(lambda: editor_of(desk).share is not None and editor_of(desk).share.second_browser, "it")  # type: ignore[union-attr]
    desk.settle()
    assert desk.session.says() == ""


def test_the_page_s_consent_is_the_stronger_proof(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    row = page.field("consents.screen_sharing")
    assert row is not None
    hints = [label.text() for label in row.findChildren(type(page.ui.codePage))]
    assert any("preuve plus faible" in hint for hint in hints)
    waiting(desk, page)
    hints = [label.text() for label in row.findChildren(type(page.ui.codePage))]
    assert any("page client" in hint for hint in hints)
    assert not any("preuve plus faible" in hint for hint in hints)


def test_a_spoken_yes_never_opens_a_view(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    entered(desk, page)
    desk.session.goto(Step.INTERVENTION, "consents.screen_sharing")
    desk.answer("o")
    desk.settle()
    assert state(desk) is ShareState.OPENED
    assert not page.ui.viewCard.isVisible()
    assert not page.ui.sideWords.isVisible()


def test_a_spoken_no_ends_the_share(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    live(desk, page)
    desk.session.goto(Step.INTERVENTION, "consents.screen_sharing")
    desk.answer("n")
    until(desk, ShareState.ENDED)
    assert not page.ui.viewCard.isVisible()


def test_putting_a_session_aside_cuts_its_share_and_says_so(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    visitor = live(desk, page)
    told: list[str] = []
    desk.program.desk.told.connect(told.append)
    desk.press(F4)
    wait_until(lambda: told, "what was done")
    assert "partage" in told[0]
    assert desk.work(lambda _ctx: visitor.look()).state is ShareState.ENDED


def test_cancelling_says_that_it_cuts_the_share(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show, agreed)
    live(desk, page)
    next(one for one in desk.session.commands() if one.text.startswith("Annuler")).run()
    assert "coupe le partage" in desk.session.ui.endingText.text()
    desk.session.ui.endingReason.setText("reporté")
    desk.click(desk.session.ui.endingConfirm)
    wait_until(lambda: editor_of(desk).view.state is State.CANCELLED, "the session to end")
    until(desk, ShareState.ENDED)
    assert not page.ui.viewCard.isVisible()


def test_closing_shows_that_the_screen_is_still_shared_and_puts_it_out(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    live(desk, page)
    desk.session.go(Step.CLOSING)
    closing = desk.session.page
    assert closing is not None
    tick = closing.ui.codeEnded
    assert not tick.isChecked()
    assert "partagé" in tick.text()
    desk.click(tick)
    until(desk, ShareState.ENDED)
    assert tick.isChecked()
    assert tick.text() == "Code et partage éteints"


def test_a_new_code_cannot_cut_a_screen_in_sight_by_mistake(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    live(desk, page)
    desk.press(G, CONTROL)
    desk.settle()
    assert state(desk) is ShareState.LIVE
    assert "Émettre un code" not in commands(desk)
    assert not page.ui.codeButtons.isVisible()


def test_the_palette_cuts_and_issues(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    assert "Émettre un code" in commands(desk)
    assert "Couper le partage d’écran" not in commands(desk)
    live(desk, page)
    next(one for one in desk.session.commands() if one.text == "Couper le partage d’écran").run()
    until(desk, ShareState.ENDED)


def test_another_session_and_back_finds_the_share_where_it_was(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    visitor = live(desk, page)
    show(desk.work(drafted))
    assert chips(desk)[-1] != "● Écran partagé"
    show(desk.work(lambda ctx: load_session(ctx, visitor.view.id)))
    until(desk, ShareState.LIVE)
    assert "● Écran partagé" in chips(desk)


def test_closing_the_window_shows_nobody_s_screen_to_nobody(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    visitor = live(desk, page)
    desk.session.flush()
    wait_until(lambda: not desk.program.desk.background.busy, "the workers")
    share = desk.work(lambda ctx: look_at_share(ctx, visitor.view.id))
    assert share is not None
    assert share.end_reason is ShareEnd.BY_AGENT


def test_a_page_that_customers_cannot_open_is_told_before_a_code_is_dictated(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    assert page.ui.codeNote.isVisible()
    assert "n’atteignent pas encore la page" in page.ui.codeNote.text()
    wanted: list[str] = []
    desk.program.desk.screenRequested.connect(wanted.append)
    desk.click(page.ui.codeSettings)
    assert wanted == ["settings"]
    use(desk, replace(desk.program.desk.settings, public_url="https://aide.example"))
    assert not page.ui.codeUnreached.isVisible()
    use(desk, replace(desk.program.desk.settings, gateway_mode="site"))
    assert "passerelle" in page.ui.codeNote.text()


def test_without_a_page_there_is_guidance_by_telephone_only(desk: Workstation, show: Show) -> None:
    use(desk, replace(desk.program.desk.settings, gateway_mode="off"))
    page = intervention(desk, show)
    assert not page.ui.codeRow.isVisible()
    assert page.field("consents.screen_sharing") is not None
    desk.press(G, CONTROL)
    desk.settle()
    assert editor_of(desk).view.code is None
    assert "Émettre un code" not in commands(desk)


def test_a_port_that_is_taken_is_told_beside_the_code(desk: Workstation, show: Show) -> None:
    def refuse(_ctx: Context) -> str:
        raise OSError("in use")

    desk.program.desk.site = replace(desk.program.desk.site, open_gateway=refuse)
    page = intervention(desk, show)
    issued(desk, page)
    wait_until(lambda: "port" in page.ui.codeNote.text(), "why the page did not start")


def test_a_desk_that_can_show_no_screen_says_so_and_goes_on(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    live(desk, page)
    wait_until(lambda: "Guidez par téléphone" in page.ui.stageText.text(), "the sentence on the stage")
    desk.press(Qt.Key.Key_Space)
    desk.settle()
    assert len(editor_of(desk).content.ticks) == 1


@pytest.mark.parametrize("digits", [3, 5])
def test_nothing_is_cut_whatever_the_share_does(desk: Workstation, show: Show, digits: int) -> None:
    use(desk, replace(desk.program.desk.settings, locator_digits=digits))
    desk.window.resize(1280, 800)
    page = intervention(desk, show)
    visitor, place = waiting(desk, page)
    fits(desk)
    page.words.choose(place)
    until(desk, ShareState.ADMITTED)
    fits(desk)
    assert page.horizontalScrollBar().maximum() == 0
    top, bottom = page.ui.codeRow.y(), page.ui.viewCard.geometry().bottom()
    assert bottom - top < page.viewport().height()
    desk.work(lambda ctx: leave_share(door_of(ctx), visitor.token, FIREFOX, ShareEnd.BY_CUSTOMER))
    until(desk, ShareState.ENDED)
    fits(desk)


def test_the_statements_given_on_the_page_are_ticked_at_once(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show, agreed)
    visitor = entered(desk, page)
    kinds = (ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)
    desk.work(lambda _ctx: visitor.accept(*kinds))
    until(desk, ShareState.WAITING)
    given = {consent.kind for consent in editor_of(desk).view.consents}
    assert {*kinds, ConsentKind.SCREEN_SHARING} <= given


def test_every_part_of_the_share_has_a_name(desk: Workstation, show: Show) -> None:
    page = intervention(desk, show)
    waiting(desk, page)
    assert all(pair(page, place).accessibleName() for place in range(3))
    assert page.ui.sideCard.accessibleName() == "Le client lit deux mots"
    assert QApplication.focusWidget() is page.ui.procedure


def _with_secret(digits: str, secret: int) -> str:
    found = build(digits[:3], f"{secret:06d}")
    return found if found != digits else build(digits[:3], "999999")
