"""Today shows what is under way, put aside, due and stuck, and lets one act on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from agent_desk.actions.check_decisions import check_decisions
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.count_attempts import count_attempts
from agent_desk.actions.door import door_of
from agent_desk.actions.list_today import list_today
from agent_desk.actions.park_session import park_session
from agent_desk.actions.promises import make_promise
from agent_desk.actions.record import take
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.actions.stop_share import stop_share
from agent_desk.actions.views import DueItem, TodayView
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.due_row import DueRow
from agent_desk.desktop.mail_row import MailRow
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.promise_card import PromiseRow
from agent_desk.desktop.session_list import ROW_HEIGHT
from agent_desk.desktop.today import TodayScreen
from agent_desk.ports import DataBegins, Delivery, Letter, Relay, Reply
from agent_desk.rules.guessing import SITE_FAILURES
from agent_desk.rules.mail import MailAction
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.share import LONGEST
from tests.desktop.conftest import Kept, settle
from tests.support.desks import NOON, clock, drafted, finished
from tests.support.shares import live


@pytest.fixture
def today(window: MainWindow) -> TodayScreen:
    """Give the first screen."""
    screen = window.current
    assert isinstance(screen, TodayScreen)
    return screen


class _Answering(Relay):
    """A relay that gives every mail the same answer."""

    def __init__(self, reply: Reply, cause: str) -> None:
        self._delivery = Delivery(reply, cause=cause)

    def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
        assert data_begins()
        return self._delivery


def _send(ctx: Context, reply: Reply, cause: str) -> None:
    send_outbox(ctx, _Answering(reply, cause))


def refreshed(qtbot: QtBot, today: TodayScreen) -> None:
    today.update_lists()
    settle(qtbot, today.desk)


def test_an_empty_day_says_what_to_do(today: TodayScreen) -> None:
    assert today.open_empty.isVisible()
    assert "Ctrl+N" in today.open_empty.text()
    assert not today.parked_card.isVisible()
    assert not today.stuck_card.isVisible()


def test_sessions_under_way_and_put_aside_are_listed_apart(
    qtbot: QtBot, today: TodayScreen, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    under_way = in_worker(drafted, desk_ctx)
    aside = in_worker(drafted, desk_ctx)
    in_worker(park_session, desk_ctx, aside.id)
    refreshed(qtbot, today)
    assert [row.id for row in today.open_list.rows.rows] == [under_way.id]
    assert [row.id for row in today.parked_list.rows.rows] == [aside.id]
    assert today.open_list.height() >= ROW_HEIGHT


def test_enter_takes_a_session_up_again(
    qtbot: QtBot, today: TodayScreen, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    view = in_worker(drafted, desk_ctx)
    refreshed(qtbot, today)
    with qtbot.waitSignal(desk.openRequested) as asked:
        qtbot.keyClick(today.open_list, Qt.Key.Key_Return)
    assert asked.args == [view.id]
    settle(qtbot, desk)


def test_a_mail_that_may_have_arrived_is_shown_and_settled_by_a_person(
    qtbot: QtBot, today: TodayScreen, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    view = in_worker(finished, desk_ctx)
    in_worker(close_session, desk_ctx, view.id, view.version)
    in_worker(_send, desk_ctx, Reply.UNCERTAIN, "no_answer")
    refreshed(qtbot, today)
    rows = today.stuck_card.findChildren(MailRow)
    assert rows
    assert {row.mail.state for row in rows} == {"uncertain"}
    settle_button = next(made for made in rows[0].buttons if made.objectName() == "mail_settle_accepted")
    with qtbot.waitSignal(desk.mailsChanged):
        qtbot.mouseClick(settle_button, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    left = in_worker(list_today, desk_ctx).stuck
    assert len(left) == len(rows) - 1


def test_every_action_of_a_stuck_mail_is_in_reach_of_the_keyboard(
    qtbot: QtBot, today: TodayScreen, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any], kept: Kept
) -> None:
    view = in_worker(finished, desk_ctx)
    in_worker(close_session, desk_ctx, view.id, view.version)
    in_worker(_send, desk_ctx, Reply.REJECTED, "relay_refused")
    refreshed(qtbot, today)
    row = today.stuck_card.findChildren(MailRow)[0]
    menu = row.buttons[1].menu()
    names = {row.buttons[0].objectName()} | {action.objectName() for action in menu.actions()}
    assert names == {"mail_resend", "mail_print", "mail_drop", "mail_open", "mail_save"}
    assert all(made.focusPolicy() & Qt.FocusPolicy.TabFocus for made in row.buttons)
    assert all(made.text() or made.accessibleName() for made in row.buttons)


def test_printing_a_mail_marks_it_and_writes_the_paper(
    qtbot: QtBot,
    today: TodayScreen,
    desk: Desk,
    desk_ctx: Context,
    in_worker: Callable[..., Any],
    kept: Kept,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[object] = []
    monkeypatch.setattr("agent_desk.desktop.mail_row.show_file", shown.append)
    view = in_worker(finished, desk_ctx)
    in_worker(close_session, desk_ctx, view.id, view.version)
    in_worker(_send, desk_ctx, Reply.REJECTED, "relay_refused")
    refreshed(qtbot, today)
    row = today.stuck_card.findChildren(MailRow)[0]
    mail_id = row.mail.id
    row.act(MailAction.PRINT)
    settle(qtbot, desk)
    assert kept.papers == [mail_id]
    assert shown == [kept.folder / "paper"]
    assert mail_id not in [mail.id for mail in in_worker(list_today, desk_ctx).stuck]


def test_the_day_counts_what_was_closed_and_billed(
    qtbot: QtBot, today: TodayScreen, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    view = in_worker(finished, desk_ctx)
    in_worker(close_session, desk_ctx, view.id, view.version)
    refreshed(qtbot, today)
    shown = [one.text() for one in today.figures.findChildren(type(today.as_of))]
    assert "1" in shown
    assert "108,00\u00a0€" in shown


def test_what_is_late_says_so_in_words(qtbot: QtBot, today: TodayScreen, desk: Desk) -> None:
    item = DueItem("callback", 7, "S-2026-000007", "Claire Morvan", NOON.replace(hour=9))
    today.show_view(TodayView((), (), (item,), (), 0, 0))
    row = today.due.findChild(DueRow)
    assert row is not None
    assert row.when.text().startswith("en retard")
    with qtbot.waitSignal(desk.openRequested) as asked:
        row.link.click()
    assert asked.args == [7]
    settle(qtbot, desk)


def test_a_limit_at_midnight_belongs_to_the_day_just_ended(today: TodayScreen) -> None:
    midnight = NOON.astimezone().replace(day=8, month=12, hour=0)
    today.show_view(TodayView((), (), (DueItem("withdrawal", 7, "S-2026-000007", "", midnight),), (), 0, 0))
    row = today.due.findChild(DueRow)
    assert row is not None
    assert " ".join(row.when.text().split()) == "7 déc. 2026"


def test_news_from_elsewhere_brings_the_lists_up_to_date(
    qtbot: QtBot, today: TodayScreen, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    view = in_worker(drafted, desk_ctx)
    desk.sessionChanged.emit(view.id)
    qtbot.waitUntil(lambda: len(today.open_list.rows.rows) == 1)


def test_without_keyring_or_relay_the_agent_is_told_calmly(
    qtbot: QtBot, today: TodayScreen, desk: Desk, desk_ctx: Context
) -> None:
    desk_ctx.secrets.usable = False  # type: ignore[misc]
    refreshed(qtbot, today)
    told = today.notices.limits.sentence.text()
    assert desk.wording.text("errors.keyring_unusable") in told
    assert desk.wording.text("errors.relay_not_configured") in told


def test_a_screen_in_sight_is_due_until_it_ends_by_itself(
    qtbot: QtBot, today: TodayScreen, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    visitor = in_worker(live, desk_ctx)
    refreshed(qtbot, today)
    (item,) = [item for item in in_worker(list_today, desk_ctx).due if item.kind == "share"]
    assert (item.session_id, item.at) == (visitor.view.id, NOON + LONGEST)
    assert any("Écran partagé" in row.what.whole() for row in today.findChildren(DueRow))
    in_worker(stop_share, desk_ctx, visitor.view.id)
    refreshed(qtbot, today)
    assert not [item for item in in_worker(list_today, desk_ctx).due if item.kind == "share"]


def test_somebody_who_guesses_codes_is_told_above_everything_else(
    qtbot: QtBot, today: TodayScreen, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    assert not today.notices.alarm.isVisible()
    in_worker(count_attempts, door_of(desk_ctx), [f"192.0.2.{host}" for host in range(SITE_FAILURES + 1)])
    refreshed(qtbot, today)
    assert today.notices.alarm.isVisible()
    assert "essaie des codes au hasard" in today.notices.alarm.sentence.text()


def test_mails_that_no_worker_takes_are_told_after_five_minutes(
    qtbot: QtBot, today: TodayScreen, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    desk.change_settings(replace(desk.settings, mail_sender="worker"))
    view = in_worker(finished, desk_ctx)
    in_worker(close_session, desk_ctx, view.id, view.version)
    clock(desk_ctx).move(minutes=4, seconds=59)
    refreshed(qtbot, today)
    assert not today.notices.trouble.isVisible()
    clock(desk_ctx).move(seconds=1)
    refreshed(qtbot, today)
    assert "aucun service d’envoi ne semble actif" in today.notices.trouble.sentence.text()
    assert f"{NOON.astimezone():%H:%M}" in today.notices.trouble.sentence.text()
    assert desk.wording.text("errors.relay_not_configured") not in today.notices.limits.sentence.text()
    desk.change_settings(replace(desk.settings, mail_sender="desk"))
    refreshed(qtbot, today)
    assert not today.notices.trouble.isVisible()


def test_decisions_that_came_out_different_at_night_are_told(
    qtbot: QtBot, today: TodayScreen, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    view = in_worker(finished, desk_ctx)
    in_worker(close_session, desk_ctx, view.id, view.version)

    def forge() -> None:
        with desk_ctx.database.write() as tx:
            tx.execute(text("UPDATE decision SET total_cents = 1"))

    in_worker(forge)
    in_worker(check_decisions, desk_ctx)
    refreshed(qtbot, today)
    assert "ne découlent plus de leurs données" in today.notices.trouble.sentence.text()


def _promise(ctx: Context, minutes: int) -> int:
    view = drafted(ctx)
    with ctx.database.write() as tx:
        held = take(ctx, tx, view.id)
        due = held.now + timedelta(minutes=minutes)
        make_promise(held, PromiseKind.CALL_BACK, due, subject="imprimante", late_at=due + timedelta(minutes=30))
    return view.id


def test_what_was_promised_stands_first_with_its_clock_in_words_and_f9_goes_there(
    qtbot: QtBot, window: MainWindow, today: TodayScreen, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    assert not today.promised.isVisible()
    later, soon = in_worker(_promise, desk_ctx, 120), in_worker(_promise, desk_ctx, 10)
    refreshed(qtbot, today)

    def shown() -> list[str]:
        return [row.clock.text() for row in today.promised.findChildren(PromiseRow) if row.isVisible()]

    times = [f"{(NOON + timedelta(minutes=one)).astimezone():%H:%M}" for one in (10, 120)]
    qtbot.waitUntil(lambda: shown() == [f"bientôt · {times[0]}", times[1]])  # rows are made anew, in time
    clock(desk_ctx).move(hours=1)
    refreshed(qtbot, today)
    qtbot.waitUntil(lambda: shown()[:1] == [f"manqué · {times[0]}"])
    qtbot.keyClick(today, Qt.Key.Key_F9)
    session = window.screen_named("session")
    qtbot.waitUntil(lambda: session.editor is not None and session.editor.view.id == soon)
    qtbot.waitUntil(session.around.section.isVisible)
    settle(qtbot, today.desk)
    assert window.current is session
    assert later != soon


def test_what_has_to_be_kept_is_looked_for_again_without_a_key(
    qtbot: QtBot, today: TodayScreen, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    in_worker(_promise, desk_ctx, 10)
    today.desk.promisesChanged.emit()
    settle(qtbot, today.desk)
    assert today.promised.isVisible()
