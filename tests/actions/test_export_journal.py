"""The Journal goes into a file: all that is wanted, in words, with an event; or nothing at all."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.errors import Refusal
from agent_desk.actions.export_journal import COLUMNS, export_journal
from agent_desk.actions.load_session import load_session
from agent_desk.actions.review_session import choose_review, review_session
from agent_desk.actions.verify_log import verify_log
from agent_desk.ports import Sheet, SheetKind, SheetRow
from agent_desk.rules.journal import JournalFilter
from agent_desk.rules.review import Mark, ReviewStep
from agent_desk.storage.events import SITE_CHAIN, Recorded, history
from agent_desk.storage.tables import session, team
from agent_desk.wording import load_wording
from tests.support.callcentre import ADA, NADIA, OLGA, SAM, CallCentre
from tests.support.desks import NOON, drafted, finished


@dataclass
class Kept:
    """A sheet in memory; `whole` once it was written to its end."""

    titles: list[str] = field(default_factory=list)
    rows: list[SheetRow] = field(default_factory=list)
    whole: bool = False

    def add(self, rows: Iterable[SheetRow]) -> None:
        self.rows += rows

    @contextmanager
    def open(self, columns: Sequence[tuple[str, SheetKind]]) -> Iterator[Sheet]:
        self.titles = [title for title, _kind in columns]
        yield self
        self.whole = True

    def column(self, name: str) -> list[Any]:
        place = list(COLUMNS).index(name)
        return [row[place] for row in self.rows]


def exported(ctx: Context) -> list[Recorded]:
    with ctx.database.read() as tx:
        return [one for one in history(tx, SITE_CHAIN) if one.kind == "journal_exported"]


def test_a_closed_session_is_one_row_in_words(ctx: Context) -> None:
    view = finished(ctx)
    close_session(ctx, view.id, view.version)
    with ctx.database.write() as tx:
        tx.execute(insert(team).values(id=1, name="Nord"))
        tx.execute(session.update().values(team_id=1))
    sheet = Kept()
    assert export_journal(ctx, JournalFilter(), sheet.open, "csv") == 1
    words = load_wording("fr")
    assert sheet.titles == list(words.table("export_columns").values())
    row = dict(zip(COLUMNS, sheet.rows[0], strict=True))
    assert (row["number"], row["customer"], row["outcome"]) == ("S-2026-000001", "Claire Morvan", "Réglé")
    assert (row["billed"], row["waived"], row["team"], row["agent"]) == (10_800, 0, "Nord", "Nadia Leroy")
    assert row["mail"] == words.text("mail_states.queued.name")
    rules = [words.text(f"rules.{rule}.title") for rule in ("virus_removal_always_billed", "solved")]
    assert row["rules"] == ", ".join(rules)
    opened = row["opened_at"]
    assert isinstance(opened, datetime)
    assert f"{opened:%H:%M}" == "12:00", "as on a wall in Paris"
    assert sheet.whole


def test_how_a_review_stands_is_told_in_words(ctx: Context) -> None:
    for _ in range(2):
        view = finished(ctx)
        close_session(ctx, view.id, view.version)
    boss = replace(ctx, settings=replace(ctx.settings, agent_name="Sam Petit"))
    found = choose_review(boss, view.id)
    sheet = Kept()
    export_journal(ctx, JournalFilter(), sheet.open, "csv")
    assert sheet.column("review") == ["À relire", ""]
    seen = load_session(ctx, view.id).version
    review_session(boss, view.id, found.review.version, seen, ReviewStep.RETURN, Mark.FAULT, "Prix non redit.")
    export_journal(ctx, JournalFilter(), sheet.open, "csv")
    assert sheet.column("review")[-2:] == ["Renvoyée à l’agent · Manquement", ""]


def test_an_open_session_has_neither_amount_nor_end(ctx: Context) -> None:
    drafted(ctx)
    sheet = Kept()
    export_journal(ctx, JournalFilter(), sheet.open, "csv", "en")
    assert [sheet.column(name) for name in ("billed", "waived", "ended_at")] == [[None], [None], [None]]
    assert sheet.column("outcome") == [load_wording("en").text("states.draft")]


def test_all_that_is_wanted_is_written_once_newest_first(sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_desk.actions.export_journal.AT_ONCE", 7)
    create_sample_data(sqlite_ctx, 30, bulk=True)
    wanted, sheet, told = JournalFilter(outcome="solved"), Kept(), list[int]()
    count = export_journal(sqlite_ctx, wanted, sheet.open, "xlsx", seen=told.append)
    with sqlite_ctx.database.read() as tx:
        solved = select(session.c.number).where(session.c.outcome == "solved").order_by(session.c.id.desc())
        numbers = list(tx.execute(solved).scalars())
    assert 14 < count == len(numbers)
    assert sheet.column("number") == numbers
    assert told[-1] == count
    assert told[0] == 7


def test_an_export_is_an_event_with_its_filter_and_nothing_personal_outside_the_payload(ctx: Context) -> None:
    create_sample_data(ctx, 3, bulk=True)
    wanted = JournalFilter(since=NOON - timedelta(days=90), outcome="", billed_from=0)
    export_journal(ctx, wanted, Kept().open, "csv")
    (told,) = exported(ctx)
    assert told.actor == "agent"
    assert told.payload == {
        "by": "Nadia Leroy",
        "filter": {"since": "2026-08-25T11:00:00+00:00", "billed_from": 0},
        "form": "csv",
        "rows": 3,
    }
    assert verify_log(ctx).fault is None


def test_an_export_of_nothing_says_so_and_leaves_no_trace(ctx: Context) -> None:
    create_sample_data(ctx, 3, bulk=True)
    for text in ("zzzz", "'", "x" * 10_000, "\0", "\ud800"):
        sheet = Kept()
        with pytest.raises(Refusal, match="nothing_to_export"):
            export_journal(ctx, JournalFilter(agent=text), sheet.open, "csv")
        assert not sheet.whole
    assert exported(ctx) == []


class Stopped(Exception):
    """Somebody wants no more of it."""


def test_a_stopped_export_leaves_neither_file_nor_event(ctx: Context) -> None:
    create_sample_data(ctx, 3, bulk=True)
    sheet = Kept()

    def stop(_rows: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        export_journal(ctx, JournalFilter(), sheet.open, "csv", seen=stop)
    assert not sheet.whole
    assert exported(ctx) == []


def test_in_a_call_centre_supervisors_and_auditors_export_everything_and_others_nothing(staffed: CallCentre) -> None:
    create_sample_data(staffed.own, 5, bulk=True)
    for login, name in ((SAM, "Sam Petit"), (OLGA, "Olga Roux")):
        sheet = Kept()
        assert export_journal(staffed.ctx(login), JournalFilter(billed_from=0), sheet.open, "csv") == 5
        told = exported(staffed.own)[-1]
        assert told.payload is not None
        assert (told.payload["by"], told.payload["rows"]) == (name, len(sheet.rows))
        assert told.payload["filter"] == {"billed_from": 0}
    for login in (NADIA, ADA):
        sheet = Kept()
        with pytest.raises(Refusal, match="export_not_allowed"):
            export_journal(staffed.ctx(login), JournalFilter(), sheet.open, "csv")
        assert not sheet.titles
    assert len(exported(staffed.own)) == 2
    assert verify_log(staffed.own).fault is None
