"""The agent's seat: taken once the words were right, taken again after a loss, left in the moment the share ends."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from agent_desk.actions.door import door_of
from agent_desk.actions.leave_share import leave_share
from agent_desk.actions.load_session import load_session
from agent_desk.actions.redeem_viewer import redeem_viewer
from agent_desk.desktop.session.intervention_step import InterventionStep
from agent_desk.desktop.session.share_full import FullScreen
from agent_desk.desktop.session.share_seat import ShareSeat
from agent_desk.rules.share import ShareEnd, ShareState
from tests.support.desks import drafted
from tests.support.shares import FIREFOX, Visitor
from tests.support.sharing import (
    PlainView,
    Show,
    admitted,
    editor_of,
    entered,
    intervention,
    issued,
    live,
    until,
    waiting,
)
from tests.support.workstation import Workstation, wait_until

pytestmark = pytest.mark.usefixtures("hurried")

URL = "http://127.0.0.1:8477"


@pytest.fixture
def views(desk: Workstation) -> list[PlainView]:
    """Give the views made from now on; the gateway is elsewhere."""
    made: list[PlainView] = []

    def make() -> PlainView:
        made.append(PlainView())
        return made[-1]

    site = replace(desk.program.desk.site, open_gateway=lambda _ctx: URL, load_view=lambda: make)
    desk.program.desk.site = site
    return made


def seated(desk: Workstation, page: InterventionStep, views: list[PlainView]) -> tuple[Visitor, PlainView]:
    """Return a customer whose screen is seen, and the view."""
    visitor = live(desk, page)
    wait_until(lambda: views and views[0].opened, "the view to be opened")
    views[0].titled.emit("live 15 38")
    return visitor, views[0]


def whole_screens() -> list[FullScreen]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, FullScreen) and one.isVisible()]


def full_screen() -> FullScreen:
    wait_until(whole_screens, "the whole screen")
    (found,) = whole_screens()
    wait_until(found.isActiveWindow, "the keyboard to be there")
    return found


def token_in(url: str) -> str:
    return url.partition("#token=")[2].partition("&")[0]


def test_the_view_is_loaded_once_a_code_is_issued_and_nobody_types(
    desk: Workstation, show: Show, views: list[PlainView]
) -> None:
    page = intervention(desk, show)
    assert views == []
    issued(desk, page)
    assert views == []
    wait_until(lambda: views, "the view")
    assert views[0].opened == []


def test_typing_puts_the_load_off_but_not_for_ever(desk: Workstation, show: Show, views: list[PlainView]) -> None:
    page = intervention(desk, show)
    asked: list[int] = []

    def types() -> bool:
        asked.append(len(views))
        return True

    page.share.seat.is_typing = types
    issued(desk, page)
    wait_until(lambda: views, "the view")
    assert len(asked) > 3


def test_a_customer_at_the_door_is_not_kept_waiting_for_it(
    desk: Workstation, show: Show, views: list[PlainView]
) -> None:
    page = intervention(desk, show)
    page.share.seat.is_typing = lambda: True
    entered(desk, page)
    wait_until(lambda: views, "the view")


def test_the_seat_is_taken_with_a_token_of_its_own_as_soon_as_the_words_were_right(
    desk: Workstation, show: Show, views: list[PlainView]
) -> None:
    page = intervention(desk, show)
    waiting_for, place = waiting(desk, page)
    assert all(view.opened == [] for view in views)
    page.words.choose(place)
    until(desk, ShareState.ADMITTED)
    wait_until(lambda: views and views[0].opened, "the view to be opened")
    (url,) = views[0].opened
    assert url.startswith(f"{URL}/viewer#token=")
    assert url.endswith("&language=fr")
    seat = desk.work(lambda ctx: redeem_viewer(door_of(ctx), token_in(url)))
    assert (seat.session_id, seat.agent) == (waiting_for.view.id, "Nadia Leroy")


def test_what_the_picture_says_decides_what_can_be_done_with_it(
    desk: Workstation, show: Show, views: list[PlainView]
) -> None:
    page = intervention(desk, show)
    admitted(desk, page)
    wait_until(lambda: views and views[0].opened, "the view to be opened")
    assert not page.ui.shareFull.isEnabled()
    views[0].titled.emit("live 15 38")
    assert page.ui.shareFull.isEnabled()
    assert views[0].fits == [True]
    desk.click(page.ui.shareFit)
    assert views[0].fits == [True, False]
    assert page.ui.shareFit.text() == "Ajuster"


def test_a_lost_socket_gets_a_new_token_and_the_picture_goes_on(
    desk: Workstation, show: Show, views: list[PlainView]
) -> None:
    page = intervention(desk, show)
    _, view = seated(desk, page, views)
    view.titled.emit("live 15 38 rejoin")
    wait_until(lambda: view.rejoined, "another token")
    assert len(view.opened) == 1
    assert not view.is_dark
    assert view.rejoined[0] != token_in(view.opened[0])


@pytest.mark.parametrize("how", ["died", "refused_token"])
def test_a_view_that_died_or_came_too_late_is_opened_anew(
    desk: Workstation, show: Show, views: list[PlainView], how: str
) -> None:
    page = intervention(desk, show)
    _, view = seated(desk, page, views)
    if how == "died":
        view.is_dark = True
        view.died.emit()
        assert "revient d’elle-même" in page.ui.stageText.text()
        assert not page.ui.shareFull.isEnabled()
    else:
        view.titled.emit("dark refused_token")
    wait_until(lambda: len(view.opened) == 2, "the view to be opened anew")
    assert token_in(view.opened[0]) != token_in(view.opened[1])


def test_the_end_is_dark_and_no_new_token_is_asked_for(desk: Workstation, show: Show, views: list[PlainView]) -> None:
    page = intervention(desk, show)
    visitor, view = seated(desk, page, views)
    desk.work(lambda ctx: leave_share(door_of(ctx), visitor.token, FIREFOX, ShareEnd.BY_CUSTOMER))
    view.titled.emit("dark by_customer")
    until(desk, ShareState.ENDED)
    assert view.is_dark
    view.titled.emit("lost rejoin")
    desk.settle()
    assert len(view.opened) == 1
    assert view.rejoined == []


def test_a_cut_is_dark_before_anything_is_written(desk: Workstation, show: Show, views: list[PlainView]) -> None:
    page = intervention(desk, show)
    _, view = seated(desk, page, views)
    page.share.stop()
    assert (view.is_dark, view.stops) == (True, 1)
    until(desk, ShareState.ENDED)
    assert len(view.opened) == 1


def test_the_whole_screen_is_a_window_of_its_own_and_three_keys_lead_out_of_it(
    desk: Workstation, show: Show, views: list[PlainView]
) -> None:
    page = intervention(desk, show)
    seated(desk, page, views)
    for key in (Qt.Key.Key_F11, Qt.Key.Key_Escape):
        desk.press(Qt.Key.Key_F11)
        full = full_screen()
        assert full.isFullScreen()
        QTest.keyClick(full, key)
        wait_until(lambda: not whole_screens() and desk.window.isActiveWindow(), "the window to go")
    desk.press(Qt.Key.Key_F11)
    QTest.keyClick(full_screen(), Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)
    until(desk, ShareState.ENDED)
    wait_until(lambda: not whole_screens(), "the window to go")


def test_the_seat_is_left_with_the_session_and_taken_again_with_it(
    desk: Workstation, show: Show, views: list[PlainView]
) -> None:
    page = intervention(desk, show)
    visitor, view = seated(desk, page, views)
    show(desk.work(drafted))
    wait_until(lambda: view.is_dark, "the stage to be dark")
    show(desk.work(lambda ctx: load_session(ctx, visitor.view.id)))
    wait_until(lambda: len(view.opened) == 2, "the view to be opened anew")


def test_a_share_found_after_a_restart_is_seen_again(desk: Workstation, show: Show, views: list[PlainView]) -> None:
    page = intervention(desk, show)
    visitor, view = seated(desk, page, views)
    page.share.seat.close()
    assert view.released
    fresh = ShareSeat(desk.program.desk, page.ui.stageLayout, page)
    fresh.follow(visitor.view.id, editor_of(desk).share)
    wait_until(lambda: len(views) == 2 and views[1].opened, "a new view")
    fresh.close()


def test_a_gateway_that_moved_is_followed(desk: Workstation, show: Show, views: list[PlainView]) -> None:
    page = intervention(desk, show)
    _, view = seated(desk, page, views)
    elsewhere = "http://127.0.0.1:9999"
    desk.program.desk.site = replace(desk.program.desk.site, open_gateway=lambda _ctx: elsewhere)
    page.share.seat.prepare()
    wait_until(lambda: len(view.opened) == 2, "the view to follow")
    assert view.opened[1].startswith(elsewhere)
