"""The Journal lists, finds and tells the whole story of a session."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.make_checkpoint import make_checkpoint
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.views import EventView, JournalFilter, LogFault, LogReport, Proof
from agent_desk.desktop.background import WORKERS
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.journal import JournalScreen
from agent_desk.desktop.journal_model import OUTCOME
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.painting import chip_width
from agent_desk.desktop.table import PAD
from agent_desk.desktop.timeline import EventRow, ProofRow
from tests.desktop.conftest import settle
from tests.support.desks import CLAIRE, NOON, content, drafted, finished


@pytest.fixture
def closed(desk_ctx: Context, in_worker: Callable[..., Any]) -> Any:
    """Give a closed session of Claire Morvan."""
    view = in_worker(finished, desk_ctx)
    return in_worker(close_session, desk_ctx, view.id, view.version)


def shown(qtbot: QtBot, window: MainWindow, desk: Desk) -> JournalScreen:
    window.go("journal")
    settle(qtbot, desk)
    screen = window.current
    assert isinstance(screen, JournalScreen)
    return screen


def test_a_session_is_one_row_with_its_outcome_amount_and_mail(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk
) -> None:
    journal = shown(qtbot, window, desk)
    texts = [journal.model.index(0, column).data() for column in range(7)]
    assert texts[1:] == [
        "S-2026-000001",
        "Claire Morvan",
        "Virus et espions +1",
        "Réglé",
        "108,00\u00a0€",
        "en attente",
    ]


def test_typing_finds_and_says_how_many_of_how_many(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    in_worker(drafted, desk_ctx, content(customer=replace(CLAIRE, surname="Benali", first_name="Karim")))
    journal = shown(qtbot, window, desk)
    assert journal.model.rowCount() == 2
    qtbot.keyClicks(journal.filters.words, "benal")
    settle(qtbot, desk)
    assert [row.customer for row in journal.model.rows] == ["Karim Benali"]
    assert journal.ui.count.text().startswith("1 sur 2 sessions")


def test_one_session_is_counted_as_one(qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk) -> None:
    assert shown(qtbot, window, desk).ui.count.text().startswith("1 sur 1 session ·")


def test_without_any_session_it_says_how_one_begins(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    journal = shown(qtbot, window, desk)
    assert "Ctrl+N" in journal.empty.text()
    assert journal.ui.count.text().startswith("0 sur 0 session ·")
    card, filters = journal.ui.card.geometry(), journal.filters.geometry()
    assert card.top() - filters.bottom() < 20, "the empty list stays below its filters"


def test_no_match_says_what_to_try(qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk) -> None:
    journal = shown(qtbot, window, desk)
    qtbot.keyClicks(journal.filters.words, "zzzz")
    settle(qtbot, desk)
    assert journal.empty.isVisible()
    assert journal.story.session_id is None


def test_filters_narrow_by_outcome_agent_and_day(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, desk_ctx: Context
) -> None:
    journal = shown(qtbot, window, desk)
    for box, data, count in (
        (journal.filters.outcome, "not_solved", 0),
        (journal.filters.outcome, "solved", 1),
        (journal.filters.agent, "Nadia Leroy", 1),
        (journal.filters.period, "today", 1),
        (journal.filters.period, "yesterday", 0),
        (journal.filters.period, "week", 1),
    ):
        box.setCurrentIndex(box.findData(data))
        settle(qtbot, desk)
        assert journal.model.rowCount() == count, data


def test_one_day_can_be_chosen(qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk) -> None:
    journal = shown(qtbot, window, desk)
    journal.filters.period.setCurrentIndex(journal.filters.period.findData("day"))
    assert journal.filters.day.isVisible()
    journal.filters.day.setDate(NOON.astimezone().date())  # type: ignore[arg-type]
    settle(qtbot, desk)
    assert journal.model.rowCount() == 1
    journal.filters.day.setDate((NOON - timedelta(days=3)).astimezone().date())  # type: ignore[arg-type]
    settle(qtbot, desk)
    assert journal.model.rowCount() == 0


def test_pages_arrive_while_one_scrolls(
    qtbot: QtBot, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    in_worker(create_sample_data, desk_ctx, 180, bulk=True)
    journal = shown(qtbot, window, desk)
    assert journal.model.rowCount() == 50
    while journal.model.next_key is not None:
        before = journal.model.rowCount()
        journal.table.scrollToBottom()
        qtbot.waitUntil(lambda before=before: journal.model.rowCount() > before)  # type: ignore[misc]
    ids = [row.id for row in journal.model.rows]
    assert len(ids) == 180
    assert ids == sorted(ids, reverse=True)


def test_the_story_tells_every_event_in_order_with_its_tick(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk
) -> None:
    journal = shown(qtbot, window, desk)
    rows = journal.story.findChildren(EventRow)
    texts = [[one.text() for one in row.findChildren(QLabel)] for row in rows]
    assert texts[0][1] == "Session ouverte"
    assert any(text[1] == "Sauvegarde\u00a0: faite" and text[2] == "voix, texte v1" for text in texts)
    assert any(text[1] == "Décision\u00a0: 108,00\u00a0€" for text in texts)
    assert {text[3] for text in texts} == {"✓"}


def test_a_session_opens_from_its_story(qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk) -> None:
    journal = shown(qtbot, window, desk)
    with qtbot.waitSignal(desk.openRequested) as asked:
        qtbot.keyClick(journal.table, Qt.Key.Key_Return)
    assert asked.args == [closed.id]
    settle(qtbot, desk)


def test_the_chain_is_checked_and_the_answer_stands_above(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    in_worker(make_checkpoint, desk_ctx)
    journal = shown(qtbot, window, desk)
    qtbot.mouseClick(journal.check.verify_button, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    (chip,) = journal.header().chips
    assert chip.tone == "ok"
    assert chip.text.startswith("chaîne vérifiée à")
    assert journal.check.verify_button.isEnabled()


def test_a_check_can_be_stopped_and_nothing_is_said_against_the_log(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk
) -> None:
    journal = shown(qtbot, window, desk)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    until_stopped = Event()
    for _ in range(WORKERS):  # every worker is taken, so that the check has not ended when it is stopped
        desk.run(lambda _ctx: until_stopped.wait(20))
    qtbot.keyClick(journal, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: "lus" in journal.check.working.text())
    with qtbot.waitSignal(journal.check.stop_button.clicked):
        qtbot.keyClick(journal, Qt.Key.Key_Escape)
    until_stopped.set()
    with qtbot.assertNotEmitted(desk.failed):
        settle(qtbot, desk)
    assert journal.header().chips == ()
    assert journal.check.verify_button.isVisible()
    assert journal.check.working.text() == ""


def test_no_outcome_is_cut_in_a_window_of_the_usual_size(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk
) -> None:
    journal = shown(qtbot, window, desk)
    outcomes = [*desk.wording.table("outcomes").values(), *desk.wording.table("states").values()]
    needed = max(chip_width(text, journal.table.font()) for text in outcomes) + 2 * PAD
    assert journal.table.columnWidth(OUTCOME) >= needed


def test_a_broken_chain_is_named(qtbot: QtBot, window: MainWindow, desk: Desk) -> None:
    journal = shown(qtbot, window, desk)
    with qtbot.waitSignal(desk.failed) as told:
        journal.check._verified(LogReport(9, 2, 1, signed=True, fault=LogFault("gap", 4, 3)))
    assert "ligne 3 de la chaîne 4" in told.args[0]
    assert journal.header().chips[0].tone == "bad"


def test_a_broken_row_says_so_in_words(qtbot: QtBot, desk: Desk) -> None:
    row = EventRow(desk, EventView(3, "code_issued", NOON, "agent", {"minutes": 10}, chain_ok=False))
    qtbot.addWidget(row)
    assert "rompu" in [one.text() for one in row.findChildren(QLabel)][3]


def test_more_filters_unfold_and_narrow(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    in_worker(drafted, desk_ctx)
    journal = shown(qtbot, window, desk)
    more = journal.filters.more
    assert not more.isVisible()
    qtbot.mouseClick(journal.filters.more_button, Qt.MouseButton.LeftButton)
    assert more.isVisible()
    assert not more.team.isVisible(), "one desk has no teams"
    for box, data, count in (
        (more.rule, "virus_removal_always_billed", 1),
        (more.rule, "offered", 0),
        (more.service, "livebox.connect-device", 2),
        (more.channel, "voice", 1),
        (more.channel, "page", 0),
        (more.mail, "queued", 1),
    ):
        box.setCurrentIndex(box.findData(data))
        settle(qtbot, desk)
        assert journal.model.rowCount() == count, data
        assert "(1)" in journal.filters.more_button.text()
        box.setCurrentIndex(0)
    more.billed.setValue(109)
    settle(qtbot, desk)
    assert journal.model.rowCount() == 0
    more.billed.setValue(108)
    settle(qtbot, desk)
    assert journal.model.rowCount() == 1


def test_an_empty_list_names_the_filter_in_the_way_and_takes_it_away(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk
) -> None:
    journal = shown(qtbot, window, desk)
    qtbot.keyClicks(journal.filters.words, "morvan")
    journal.filters.more.mail.setCurrentIndex(journal.filters.more.mail.findData("read"))
    settle(qtbot, desk)
    assert "courriel" in journal.empty.text()
    assert journal.drop_button.isVisible()
    journal.drop_button.click()
    settle(qtbot, desk)
    assert journal.model.rowCount() == 1
    assert not journal.drop_button.isVisible()
    assert journal.filters.words.text() == "morvan"


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: (str(path), "CSV (*.csv)"))


def test_what_is_listed_is_exported_and_told(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = shown(qtbot, window, desk)
    choose(monkeypatch, tmp_path / "liste")
    with qtbot.waitSignal(desk.told) as told:
        journal.export.button.click()
        assert "Arrêter" in journal.export.button.text()
    assert "liste.csv" in told.args[0]
    lines = (tmp_path / "liste.csv").read_text(encoding="utf-8-sig").splitlines()
    assert (lines[0].split(";")[0], lines[1].split(";")[0]) == ("Session", "S-2026-000001")
    assert "Exporter" in journal.export.button.text()


def test_nobody_exports_without_choosing_a_file(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = shown(qtbot, window, desk)
    choose(monkeypatch, "")
    journal.export.button.click()
    assert "Exporter" in journal.export.button.text()


def test_an_export_that_is_stopped_leaves_no_file_and_complains_of_nothing(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = shown(qtbot, window, desk)
    choose(monkeypatch, tmp_path / "liste.xlsx")
    until_stopped = Event()
    for _ in range(WORKERS):  # every worker is taken, so that it has not ended when it is stopped
        desk.run(lambda _ctx: until_stopped.wait(20))
    journal.export.button.click()
    assert "0" in journal.export.told.text()
    journal.export.button.click()
    until_stopped.set()
    with qtbot.assertNotEmitted(desk.failed):
        settle(qtbot, desk)
    assert not (tmp_path / "liste.xlsx").exists()
    assert journal.export.told.text() == ""
    assert "Exporter" in journal.export.button.text()


def test_an_export_of_nothing_is_one_sentence(
    qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = shown(qtbot, window, desk)
    choose(monkeypatch, tmp_path / "liste.csv")
    with qtbot.waitSignal(desk.failed) as failed:
        journal.export.button.click()
    assert failed.args[0].startswith("Aucune session")


def test_one_session_is_put_on_paper_and_its_story_shows_it(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = shown(qtbot, window, desk)
    choose(monkeypatch, tmp_path / "dossier")
    with qtbot.waitSignal(desk.told) as told:
        qtbot.keyClick(journal, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert "dossier.pdf" in told.args[0]
    assert (tmp_path / "dossier.pdf").read_bytes().startswith(b"%PDF")
    settle(qtbot, desk)
    assert journal.story.case_export.button.isEnabled()
    texts = [one.text() for row in journal.story.findChildren(EventRow) for one in row.findChildren(QLabel)]
    assert "Dossier exporté" in texts


def test_a_case_file_that_cannot_be_written_is_one_sentence(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = shown(qtbot, window, desk).story
    choose(monkeypatch, "")
    story.case_export.begin()
    assert story.case_export.button.isEnabled(), "nobody chose a file"
    choose(monkeypatch, tmp_path / "nowhere" / "dossier.pdf")
    with qtbot.waitSignal(desk.failed) as failed:
        story.case_export.button.click()
        assert not story.case_export.button.isEnabled(), "one at a time"
    assert failed.args[0] == desk.wording.text("errors.export_not_written")
    assert story.case_export.button.isEnabled()


def test_who_may_take_nothing_out_is_offered_no_paper(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    story = shown(qtbot, window, desk).story
    assert story.case_export.button.isVisible()
    told = in_worker(read_timeline, desk_ctx, closed.id)
    story.show_story(replace(told, may_export=False))
    assert not story.case_export.button.isVisible()
    story.case_export.begin()  # from the palette: nothing happens, and nothing is asked


def test_the_story_says_what_was_checked(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    journal = shown(qtbot, window, desk)
    rows = journal.story.findChildren(ProofRow)
    assert [row.findChildren(QLabel)[0].text() for row in rows] == ["✓ Chaîne", "✓ Accords", "✓ Décision"]
    story = in_worker(read_timeline, desk_ctx, closed.id)
    journal.story.show_story(replace(story, proofs=(Proof("code", holds=False),)))
    chip, sentence = journal.story.findChildren(ProofRow)[-1].findChildren(QLabel)
    assert (chip.text(), chip.property("tone")) == ("✗ Code", "bad")
    assert sentence.text() == desk.wording.text("proofs.code.fails")


def test_another_screen_shows_its_list_here_and_every_filter_of_it_can_be_taken_away(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk
) -> None:
    journal = shown(qtbot, window, desk)
    wanted = JournalFilter(
        since=NOON - timedelta(days=1), until=NOON + timedelta(days=1), rule="solved", billed_from=10_800, waived_from=5
    )
    journal.show_list(wanted, "Nov. 2026")
    settle(qtbot, desk)
    assert journal.filters.wanted() == wanted, "five cents have no field; they belong to the period"
    assert journal.filters.period.currentText() == "Nov. 2026"
    assert "(2)" in journal.filters.more_button.text()
    assert journal.model.rowCount() == 0
    journal.filters.drop("waived_from")
    settle(qtbot, desk)
    assert journal.model.rowCount() == 1
    journal.filters.drop("period")
    settle(qtbot, desk)
    assert journal.filters.wanted() == JournalFilter(rule="solved", billed_from=10_800)
    assert journal.model.rowCount() == 1


def test_a_closed_session_is_corrected_beside_its_story(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    journal = shown(qtbot, window, desk)
    story = journal.story
    assert not story.correction.isVisible()
    story.correct_button.click()
    card = story.correction
    assert card.isVisible()
    assert not card.confirm.isEnabled(), "nothing differs yet"
    card.outcomes[1].setCurrentIndex(card.outcomes[1].findData("not_solved"))
    assert not card.confirm.isEnabled(), "no reason yet"
    assert "79,00" in card.amount.text()
    assert "108,00" in card.amount.text()
    qtbot.keyClicks(card.reason, "ne marchait pas")
    qtbot.mouseClick(card.confirm, Qt.MouseButton.LeftButton)
    settle(qtbot, desk)
    assert not card.isVisible()
    (row,) = journal.model.rows
    assert (row.outcome, row.total_cents) == ("not_solved", 7900)
    texts = [one.text() for row in story.findChildren(EventRow) for one in row.findChildren(QLabel)]
    assert "Résultat corrigé" in texts
    assert [mail.kind for mail in in_worker(read_timeline, desk_ctx, closed.id).session.mails][-1] == "correction"


def test_a_correction_can_be_left_and_says_what_is_unsound(
    qtbot: QtBot, closed: Any, window: MainWindow, desk: Desk
) -> None:
    journal = shown(qtbot, window, desk)
    card = journal.story.correction
    journal.story.correct_button.click()
    qtbot.keyClicks(card.reason, "visite")
    card.visit.setCurrentIndex(card.visit.findData("accepted"))
    assert "4.8" in card.amount.text()
    assert not card.confirm.isEnabled()
    card.keep.click()
    assert not card.isVisible()
    assert journal.story.correct_button.isVisible()


def test_what_is_not_closed_is_not_corrected(
    qtbot: QtBot, window: MainWindow, desk: Desk, desk_ctx: Context, in_worker: Callable[..., Any]
) -> None:
    in_worker(drafted, desk_ctx)
    assert not shown(qtbot, window, desk).story.correct_button.isVisible()
