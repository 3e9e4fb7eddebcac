"""`deskctl journal export`: what the Journal finds as a file, and one line where it refuses."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.review_session import choose_review
from agent_desk.storage.database import Database
from tests.support.deskctl import Said, deskctl
from tests.support.desks import context, drafted, finished
from tests.support.sites import home


@pytest.fixture(autouse=True)
def ctx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[Context]:
    """Give the database this process's settings name, with a closed session and one that is open."""
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", sqlite_url)))
    with closing(Database.open(sqlite_url)) as database:
        made = context(database)
        done = finished(made)
        close_session(made, done.id, done.version)
        drafted(made)
        choose_review(made, done.id)
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give where the export goes."""
    return tmp_path / "sessions.csv"


def export(file: Path, *more: str) -> Said:
    return deskctl("journal", "export", "--to", str(file), *more)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ((), 2),
        (("--outcome", "solved"), 1),
        (("--text", "morvan", "--agent", "Nadia Leroy"), 2),
        (("--since", "2026-11-23", "--until", "2026-11-23"), 2),
        (("--service", "security.virus-removal", "--rule", "solved"), 1),
        (("--billed-from", "108"), 1),
        (("--billed-from", "107,99"), 1),
        (("--waived-from", "0"), 1),
        (("--channel", "voice", "--mail", "queued"), 1),
        (("--review", "waiting"), 1),
    ],
)
def test_an_export_holds_what_the_options_ask_for(file: Path, asked: tuple[str, ...], count: int) -> None:
    said = export(file, *asked, "--json")
    assert (said.status, said.err) == (0, "")
    assert said.json == {"file": str(file), "sessions": count}
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == count + 1


def test_it_says_what_was_written(file: Path) -> None:
    assert export(file).out == "sessions.csv est écrit. Sessions : 2.\n".replace(" :", "\u00a0:")


def test_an_xlsx_is_one(tmp_path: Path) -> None:
    assert export(tmp_path / "sessions.XLSX").status == 0
    assert (tmp_path / "sessions.XLSX").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (("--outcome", "x" * 10_000), "journal"),
        (("--text", "'"), "journal"),
        (("--team", "Nord"), "journal"),
        (("--billed-from", "108.01"), "journal"),
        (("--billed-from", "dix"), "billed-from"),
        (("--billed-from", "1e9"), "billed-from"),
        (("--waived-from", "-1"), "waived-from"),
        (("--waived-from", "1.234"), "waived-from"),
        (("--since", "hier"), "since"),
        (("--until", "9999-12-31"), "until"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_the_file_stays(file: Path, asked: tuple[str, ...], named: str) -> None:
    file.write_text("yesterday's")
    assert export(file, *(f"{asked[0]}={asked[1]}",)).refuses(named)
    assert file.read_text() == "yesterday's"


def test_a_file_nobody_can_write_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    assert export(tmp_path / "nowhere" / "sessions.csv").refuses("journal")
    assert export(tmp_path / "sessions.ods").refuses("journal")
    assert deskctl("journal", "export").refuses("to")


def test_one_session_goes_into_a_pdf_with_all_that_is_kept_of_it(tmp_path: Path, ctx: Context) -> None:
    file = tmp_path / "dossier.pdf"
    said = deskctl("journal", "case", "s-2026-000001", "--to", str(file), "--json")
    assert (said.status, said.json) == (0, {"file": str(file), "session": "S-2026-000001"})
    assert file.read_bytes().startswith(b"%PDF")
    assert read_timeline(ctx, 1).events[-1].kind == "file_exported"
    again = deskctl("journal", "case", "S-2026-000001", "--to", str(file))
    assert again.out == "Dossier S-2026-000001 écrit dans dossier.pdf.\n"


def test_a_case_file_of_no_session_or_to_nowhere_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "dossier.pdf"
    file.write_text("yesterday's")
    assert deskctl("journal", "case", "S-2026-999999", "--to", str(file)).refuses("S-2026-999999")
    assert deskctl("journal", "case", "S-2026-000001", "--to", str(tmp_path / "no" / "a.pdf")).refuses("S-2026-000001")
    assert deskctl("journal", "case", "S-2026-000001").refuses("to")
    assert file.read_text() == "yesterday's"
