"""`deskctl commitments`: the months as JSON and in words, and as files for an auditor, each told to the log."""

import csv
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.reference import commitments
from agent_desk.storage.database import Database
from tests.support.deskctl import deskctl
from tests.support.desks import NOON, SetClock, context, finished
from tests.support.sites import home

MONTH = ("--month", "2026-11")


@pytest.fixture
def ctx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[Context]:
    """Give the database this process's settings name, with a session of Monday; deskctl comes on Thursday."""
    monkeypatch.setattr("agent_desk.storage.database.SystemClock", lambda: SetClock(NOON + timedelta(days=3)))
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", sqlite_url)))
    with closing(Database.open(sqlite_url)) as database:
        made = context(database)
        done = finished(made)
        close_session(made, done.id, done.version)
        yield made


def test_every_commitment_is_told_with_its_target_months_and_misses(ctx: Context) -> None:
    said = deskctl("commitments", "--json", *MONTH)
    assert said.status == 0
    told = {one["id"]: one for one in said.json["commitments"]}
    assert list(told) == [one.id for one in commitments()]
    assert told["price-first"]["months"] == {"2026-11": {"cases": 1, "kept": 1, "missed": 0, "permille": 1000}}
    assert (told["price-first"]["met"], told["tariff-told"]["met"], told["complaint"]["met"]) == (True, False, None)
    assert told["visit-soon"]["target_permille"] == 850
    year = deskctl("commitments", "--json").json
    assert (year["from"], year["to"]) == ("2025-12", "2026-11")
    missed = deskctl("commitments", "--json", "--misses", "tariff-told", *MONTH).json
    assert [one["session"] for one in missed["misses"]] == ["S-2026-000001"]
    assert "Vous connaissez le prix" in deskctl("commitments", *MONTH).out


def test_an_auditor_gets_a_paper_and_a_table_and_the_log_says_who_took_them(ctx: Context, tmp_path: Path) -> None:
    paper, table = tmp_path / "engagements.pdf", tmp_path / "engagements.csv"
    said = deskctl("commitments", "--json", "--pdf", str(paper), "--csv", str(table), *MONTH)
    assert said.json["files"] == [str(paper), str(table)]
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(paper).pages).split())
    for sentence in (
        "Engagements de service",
        "Une facture claire et juste",
        "toutes les équipes",
        "(1 sur 1)",
        "non tenu",
    ):
        assert sentence in printed
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    row = next(one for one in rows if one["Code"] == "tariff-told")
    assert (row["Cas"], row["Tenus"], row["Manqués"], row["Tenu"]) == ("1", "0", "1", "non tenu")
    query = text("SELECT p.body FROM event e JOIN payload p USING (chain, seq) WHERE e.kind = 'commitments_exported'")
    with ctx.database.read() as tx:
        told = [json.loads(body) for body in tx.execute(query).scalars()]
    assert [one["form"] for one in told] == ["pdf", "csv"]
    assert told[0]["filter"] == {"from": "2026-11", "to": "2026-11", "team": ""}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--month", "2026-13"), "month"),
        (("--from", "2026-12", "--to", "2026-11"), "to"),
        (("--from", "1990-01"), "to"),
        (("--pdf", "engagements.txt"), "pdf"),
        (("--csv", "engagements.pdf"), "csv"),
        (("--team", "Ouest"), "commitments"),
        (("--misses", "nothing"), "commitments"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(ctx: Context, options: tuple[str, ...], named: str) -> None:
    assert deskctl("commitments", "--json", *options).refuses(named)
