"""A call-back is agreed on the telephone, seen in agenda and Today, tried three times in vain, and found by the supervisor."""

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.context import Context
from agent_desk.actions.promises import make_promise
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.record import take
from agent_desk.desktop.agenda import AgendaScreen
from agent_desk.desktop.session.call_back_bar import CallBackBar
from agent_desk.rules.promise import PromiseKind
from tests.support.callcentre import NADIA, SAM, CallCentre
from tests.support.desks import DEVICE, NOON, SetClock, agreed, clock, content, drafted
from tests.support.seeing import (
    ENTER,
    F9,
    arrived,
    bar_of,
    focused,
    idle,
    matter,
    opened,
    promise_rows,
    put_away,
    seen,
    shows,
)
from tests.support.workstation import Workstation, wait_until, workstation

FRIDAY = NOON.replace(year=2035)  # later than any server's clock, by which Today counts
QUARTER = timedelta(minutes=15)


def rows(desk: Workstation) -> list[str]:
    """Return what was promised, from the top, as Today shows it."""
    return [seen(row) for row in promise_rows(desk)]


def promised_sooner(ctx: Context) -> None:
    """Promise somebody else news for an earlier moment."""
    view = drafted(ctx)
    with ctx.database.write() as tx:
        make_promise(take(ctx, tx, view.id), PromiseKind.ANSWER, FRIDAY, subject="plateforme")


def test_agreed_by_keyboard_and_tried_three_times_in_vain_it_is_on_top_for_team_and_supervisor(
    qapp: QApplication, tmp_path: Path, staffed: CallCentre
) -> None:
    nadia, watch = staffed.ctx(NADIA), SetClock(FRIDAY)
    clock(nadia).time = FRIDAY
    view = agreed(nadia, content(DEVICE))
    promised_sooner(nadia)
    with workstation(qapp, tmp_path / "nadia", watch, database_url=staffed.url(NADIA)) as desk:
        opened(desk, view.id)
        bar = matter(desk, "call_back", CallBackBar)
        assert "Au plus tard mar. 27 nov., 12 h" in seen(bar)
        assert "samedi 24 novembre 2035 : 24 h comptées" in seen(bar)
        assert "dimanche 25 novembre 2035 : Dimanche, non compté" in seen(bar)
        desk.press(Qt.Key.Key_Right)
        desk.press(ENTER)
        put_away(desk)
        assert "Rappel" in rows(desk)[1]
        desk.press(Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
        agenda = desk.window.screen_named("agenda")
        assert isinstance(agenda, AgendaScreen)
        wait_until(lambda: view.number in agenda.grid.accessibleDescription(), "the call in the agenda")
        assert "Claire Morvan · 02 61 91 12 34" in agenda.grid.accessibleDescription()
        desk.press(ENTER)  # the agenda leads there, too
        arrived(desk, view.id)
        for number in range(1, 4):
            watch.time = FRIDAY + QUARTER * number
            if number > 1:
                opened(desk, view.id)
                bar = matter(desk, "call_back", CallBackBar)
                assert f"Essais : {number - 1} ; le dernier à 12 h {15 * (number - 1)}, sans réponse" in seen(bar)
                assert f"à refaire à 12 h {15 * number}" in seen(bar)
            bar = bar_of(desk, CallBackBar)
            desk.answer("s")
            put_away(desk)
        first, second = rows(desk)
        assert "Rappel manqué" in first
        assert "Claire Morvan · 0261911234 · " + view.number in first
        assert "plateforme" in second, "due sooner, and yet behind"
    with workstation(qapp, tmp_path / "sam", watch, database_url=staffed.url(SAM)) as desk:
        first, _ = rows(desk)
        assert "Rappel manqué" in first
        assert "Nadia Leroy" in first
        desk.press(F9)
        arrived(desk, view.id)
        bar = bar_of(desk, CallBackBar)
        assert "Essais : 3 ; le dernier à 12 h 45, sans réponse" in seen(bar)
        assert "Client joint" in seen(bar), "a supervisor may call in the agent's place"
        desk.click(bar.move_button)  # or moves it to whom they like
        wait_until(lambda: focused() is bar.picker.hours, "the free hours")
        desk.press(ENTER)
        desk.type("Nadia est en pause")
        desk.press(ENTER)
        wait_until(lambda: "Essais" not in seen(bar) and "12 h 45 – 13 h 15" in seen(bar), "the other hour")
        idle(desk)
    with workstation(qapp, tmp_path / "nadia", watch, database_url=staffed.url(NADIA)) as desk:
        (call,) = (row for row in rows(desk) if "Rappel" in row)
        assert "manqué" not in call
        opened(desk, view.id)
        bar = matter(desk, "call_back", CallBackBar)
        desk.answer("j")
        wait_until(bar.isHidden, "the end")
        assert [row for row in rows(desk) if "Rappel" in row] == []
    events = read_timeline(nadia, view.id).events
    tried = [(one.payload or {})["call_end"] for one in events if one.kind == "call_attempted"]
    assert tried == ["no_answer", "no_answer", "no_answer", "reached"]


def test_one_that_nobody_made_is_missed_by_the_clock_and_is_still_on_top_days_later(
    qapp: QApplication, tmp_path: Path
) -> None:
    watch = SetClock()
    with workstation(qapp, tmp_path, watch, language="en") as desk:
        view = desk.work(lambda ctx: agreed(ctx, content(DEVICE)))
        opened(desk, view.id)
        bar = matter(desk, "call_back", CallBackBar)
        assert "Monday 23 November 2026: 12 h counted" in seen(bar)
        desk.press(ENTER)
        put_away(desk)
        for hours in (2, 100):
            watch.time = NOON + timedelta(hours=hours)
            desk.program.sending.wake()  # the desk's own round, as each few seconds
            idle(desk)
            desk.press(Qt.Key.Key_F5)
            shows(desk, "Call-back missed")
            (row,) = rows(desk)
            assert "Claire Morvan" in row
        desk.press(F9)
        arrived(desk, view.id)
        assert "Attempts" not in seen(bar_of(desk, CallBackBar))
