"""`deskctl report`: the same figures as the action gives, as JSON and as lines; one line where it refuses."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.report import report
from agent_desk.rules.session import Outcome
from agent_desk.storage.database import Database
from tests.support.deskctl import deskctl
from tests.support.desks import NOON, SetClock, begun, clock, context, finished
from tests.support.sites import home
from tests.support.visits import visit_done

STEPS = ("customer", "request", "prerequisites", "agreement", "intervention", "closing")
DAYS = ("--from", "2026-11-01", "--to", "2026-11-30")


@pytest.fixture
def ctx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[Context]:
    """Give the database this process's settings name, with sessions of Monday; deskctl comes on Thursday."""
    monkeypatch.setattr("agent_desk.storage.database.SystemClock", lambda: SetClock(NOON + timedelta(days=3)))
    monkeypatch.setenv("AGENT_DESK_HOME", str(home(tmp_path / "here", sqlite_url)))
    with closing(Database.open(sqlite_url)) as database:
        made = context(database)
        for outcome in (Outcome.SOLVED, Outcome.NOT_SOLVED):
            done = finished(made, outcome=outcome)
            clock(made).move(minutes=4)
            close_session(made, done.id, done.version)
        begun(made)
        yield made


def test_the_figures_are_those_of_the_screen(ctx: Context) -> None:
    said = deskctl("report", "--json", *DAYS)
    found = report(ctx, date(2026, 11, 1), date(2026, 11, 30))
    assert said.status == 0
    told = said.json
    assert (told["sessions"], told["outcomes"]) == (2, {"not_solved": 1, "solved": 1})
    assert (told["failed"], told["failed_permille"]) == (1, 500)
    assert told["billed"] == found.figures.billed
    assert told["waived"] == found.figures.waived == {"failed_session_not_billed": 2900}
    assert told["billed_cents"] == found.figures.billed_cents == 7900 + 7900 + 2900
    assert told["mails"] == found.mails
    assert told["step_seconds"] == {step: 240 if step == "request" else 0 for step in STEPS}
    assert [one["session"] for one in told["now"]] == [one.number for one in found.now]
    assert "groups" not in told


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("day", ["2026-11-23"]),
        ("team", [""]),
        ("service", ["livebox.connect-device", "security.virus-removal"]),
    ],
)
def test_figures_are_told_by_day_team_and_service(ctx: Context, by: str, keys: list[str]) -> None:
    groups = deskctl("report", "--json", "--by", by, *DAYS).json["groups"]
    assert [one[by] for one in groups] == keys
    assert all(one["sessions"] == 2 for one in groups)
    assert sum(one["billed_cents"] for one in groups) == 18700


def test_lines_for_people_name_every_figure_in_their_language(ctx: Context) -> None:
    french = deskctl("report", "--by", "team", *DAYS).out
    assert "Sessions terminées" in french
    assert "187,00" in french
    assert "Sans équipe" in french
    assert ("Temps moyen par étape" in french, "04\u00a0min 00\u00a0s" in french) == (True, True)
    assert "Ended sessions" in deskctl("report", *DAYS, environment={"LANG": "en_GB.UTF-8"}).out


def test_a_visit_has_a_row_of_its_own_among_the_money_on_its_own_day(ctx: Context) -> None:
    visit_done(ctx, 2, NOON + timedelta(days=1), 4200)
    said = deskctl("report", "--json", "--by", "day", *DAYS).json
    assert (said["billed"]["visit_travel"], said["visits"]) == (4200, {"visit_travel": 1})
    assert [(one["day"], one["billed_cents"]) for one in said["groups"]] == [
        ("2026-11-23", 18700),
        ("2026-11-24", 4200),
    ]
    told = deskctl("report", "--by", "service", *DAYS).out
    assert told.count("Déplacement d’un technicien à domicile") == told.count("Déplacement du technicien") == 1


def test_all_can_be_counted_anew(ctx: Context) -> None:
    before = deskctl("report", "--json", *DAYS).json
    again = deskctl("report", "--json", "--rebuild", *DAYS).json
    assert {**again, "at": ""} == {**before, "at": ""}


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (("--from", "2026-11-30", "--to", "2026-11-01"), "to"),
        (("--from", "0001-01-01"), "to"),
        (("--to", "9999-12-31", "--from", "9999-12-31"), "to"),
        (("--from", "yesterday"), "from"),
        (("--by", "moon"), "by"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(ctx: Context, arguments: tuple[str, ...], path: str) -> None:
    assert deskctl("report", *arguments).refuses(path)
