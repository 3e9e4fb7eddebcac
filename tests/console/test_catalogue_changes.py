"""`deskctl catalogue`: a new price is proposed by one person, approved by another, and then in force everywhere."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent_desk.actions.context import Context
from agent_desk.rules.catalogue_changes import first_day
from tests.support.callcentre import ADA, NADIA, SAM, CallCentre
from tests.support.changes import DEARER, approved
from tests.support.deskctl import Said, deskctl

SOON = (first_day(datetime.now(UTC)) + timedelta(days=2)).isoformat()  # by the server's clock, which no test sets
PRICE = ("propose", "price", "mail.account", "--from", SOON, "--cents", "3150", "--reason", "Nouveau tarif")


@pytest.fixture
def as_(staffed: CallCentre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run a command as somebody."""
    monkeypatch.setenv("AGENT_DESK_HOME", str(tmp_path))

    def run(login: str, *arguments: str, given: bytes = b"") -> Said:
        url = staffed.url(login) if login else staffed.server.url(staffed.name)
        (tmp_path / "settings.json").write_text(json.dumps({"database_url": url}))
        return deskctl("catalogue", *arguments, given=given)

    return run


def price(as_: Callable[..., Said], day: str) -> int:
    """Return what a mail account costs an agent's customer on a day."""
    listed = as_(NADIA, "--json", "--date", day).json
    return int(next(row["price_cents"] for row in listed if row["code"] == "mail.account"))


def test_two_people_change_a_price(as_: Callable[..., Said]) -> None:
    assert as_(SAM, "changes").out.strip() == "Aucun changement n’a encore été proposé."
    shown = as_(SAM, *PRICE, "--preview", "--json").json
    assert (shown["fault"], shown["before"]) == (None, {"cents": 2900})
    unexplained = as_(SAM, *PRICE[:-2], "--preview", "--json").json
    assert (unexplained["fault"], unexplained["places"]) == ("change_reason", shown["places"])
    assert as_(SAM, *PRICE, "--json").json == {"change": 1}
    assert as_(SAM, "approve", "1").refuses("approve")
    assert price(as_, SOON) == 2900
    assert as_(ADA, "approve", "1").out.strip() == "Changement 1\u00a0: Approuvé."
    assert price(as_, SOON) == 3150
    (listed,) = as_(ADA, "changes", "--json").json
    assert (listed["state"], listed["by"], listed["steps"][0]["by"]) == ("approved", "Sam Petit", "Ada Martin")
    assert as_(SAM, "ask-revocation", "1", "--reason", "Erreur").status == 0
    assert as_(ADA, "revoke", "1", "--json").json["state"] == "revoked"
    assert price(as_, SOON) == 2900


def test_a_text_comes_from_a_file_and_is_shown_beside_the_old_one(as_: Callable[..., Said], tmp_path: Path) -> None:
    words = json.dumps({"fr": "Sauvegardez d’abord.\n\nQuestion ?", "en": "Back up first.\n\nQuestion?"}).encode()
    asked = ("propose", "consent", "backup", "--from", SOON, "--reason", "Plus court", "--file", "-")
    shown = as_(SAM, *asked, "--preview", given=words).out
    assert "  + Sauvegardez d’abord." in shown
    assert as_(SAM, *asked, given=words).out.startswith("Changement 1 proposé")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("propose", "price", "mail.account", "--from", "2014-01-01", "--cents", "1", "--reason", "x"), "from"),
        (("propose", "price", "mail.account", "--from", "demain", "--cents", "1", "--reason", "x"), "from"),
        (("propose", "price", "mail.account", "--cents", "1", "--reason", "x"), "from"),
        (("propose", "price", "mail.account", "--from", SOON, "--reason", "x"), "cents"),
        (("propose", "price", "mail.account", "--from", SOON, "--cents", "31.50", "--reason", "x"), "cents"),
        (("propose", "price", "mail.account", "--from", SOON, "--cents", "3150"), "reason"),
        (("propose", "price", "no.such", "--from", SOON, "--cents", "1", "--reason", "x"), "no.such"),
        (("propose", "vat", "x", "--from", SOON, "--cents", "1", "--reason", "x"), "kind"),
        (("propose", "consent", "price", "--from", SOON, "--reason", "x"), "file"),
        (("propose", "consent", "price", "--from", SOON, "--reason", "x", "--file", "/nowhere"), "/nowhere"),
        (("propose", "consent", "price", "--from", SOON, "--reason", "x", "--file", "-"), "-"),
        (("approve", "x"), "change"),
        (("approve", "7"), "approve"),
        (("reject", "7", "--reason", "x"), "reject"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    as_: Callable[..., Said], arguments: tuple[str, ...], named: str
) -> None:
    assert as_(SAM, *arguments, given=b"[]").refuses(named)
    assert as_(SAM, "changes", "--json").json == []


def test_an_agent_and_a_desk_of_one_person_are_told_why_not(
    as_: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "superviseurs" in as_(NADIA, *PRICE).err
    monkeypatch.setenv("AGENT_DESK_HOME", str(tmp_path / "alone"))
    assert "personne ne s’est identifié" in deskctl("catalogue", *PRICE).err


def test_a_desk_that_has_a_database_shows_and_decides_by_what_it_has_approved(
    sqlite_ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(sqlite_ctx, replace(DEARER, subject="mail.account"))
    monkeypatch.setenv("AGENT_DESK_HOME", str(tmp_path))
    (tmp_path / "settings.json").write_text(json.dumps({"database_url": str(sqlite_ctx.database.engine.url)}))
    case = {
        "segment": "residential",
        "territory": "metropole",
        "home_visit": "none",
        "lines": [{"service": "mail.account", "quantity": 2, "outcome": "solved"}],
    }
    for day, cents in (("2026-11-23", 5800), ("2026-11-24", 6300)):
        said = deskctl("decide", "-", "--json", "--date", day, given=json.dumps(case).encode())
        assert said.err == ""
        assert said.json["total_cents"] == cents
