"""The data in db/seed: readable, sourced, in force by date."""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from agent_desk.paths import data_path
from agent_desk.reference import FILES, BrokenReference, NoCatalogue, Reference, load_reference, with_changes
from agent_desk.rules.catalogue_changes import ChangeKind, SiteChange
from agent_desk.rules.session import Territory
from tests.support.reference import CATALOGUE, REFERENCE

SEED = data_path("db", "seed")
FIRST = date(2014, 1, 1)


def rows(name: str) -> list[dict[str, Any]]:
    tables = tomllib.loads((SEED / f"{name}.toml").read_text(encoding="utf-8"))
    return [row for table in tables.values() for row in (table if isinstance(table, list) else [table])]


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """Return a copy of db/seed that may be changed."""
    return Path(copytree(SEED, tmp_path / "seed"))


@pytest.mark.parametrize("name", FILES)
def test_every_row_says_where_it_comes_from(name: str) -> None:
    assert [row for row in rows(name) if not row.get("source")] == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("catalogue", lambda row: row["code"]),
        ("prices", lambda row: (row["service"], row["valid_from"])),
        ("vat", lambda row: (row["subject"], row.get("territory"), row["valid_from"])),
        ("travel", lambda row: (row["territory"], row["valid_from"])),
        ("platforms", lambda row: row["key"]),
    ],
)
def test_no_row_stands_twice(name: str, key: Callable[[dict[str, Any]], object]) -> None:
    keys = [key(row) for row in rows(name)]
    assert len(set(keys)) == len(keys)


def test_every_service_has_a_price_and_every_price_a_service() -> None:
    assert {row["code"] for row in rows("catalogue")} == {row["service"] for row in rows("prices")}


def test_every_answer_to_customers_is_used() -> None:
    used = {key for row in rows("catalogue") for key in row["conditions"]}
    assert used == set(tomllib.loads((SEED / "conditions.toml").read_text(encoding="utf-8")))


def test_prices_taken_from_the_cell_above_say_so() -> None:
    assumed = {row["service"] for row in rows("prices") if "blank" in row["source"]}
    assert assumed == {"software.application", "devices.multimedia-wifi"}


def test_every_territory_has_its_ceiling_and_its_vat_of_visits() -> None:
    assert CATALOGUE.vat_permille == 200
    assert set(CATALOGUE.travel_ceilings) == set(Territory)
    assert dict(CATALOGUE.visit_vat_permille) == {
        Territory.METROPOLE: 200,
        Territory.ALSACE_MOSELLE: 200,
        Territory.GUADELOUPE: 85,
        Territory.MARTINIQUE: 85,
        Territory.REUNION: 85,
        Territory.GUYANE: 0,
        Territory.MAYOTTE: 0,
    }


def test_house_rules_are_told_from_the_document() -> None:
    sources = {key: one.source for key, one in REFERENCE.platforms.items()}
    assert sources == {
        "windows-xp": "4.1",
        "windows-vista": "4.1",
        "windows-7": "4.1",
        "windows-8.1": "house rule",
        "windows-10": "house rule",
        "windows-11": "house rule",
        "mac-os-x": "4.1",
        "macos": "house rule",
        "other": "4.4",
    }


def test_windows_shares_its_screen_and_the_mac_does_not() -> None:
    sharing = {key for key, one in REFERENCE.platforms.items() if one.screen_sharing}
    assert sharing == {key for key in REFERENCE.platforms if key.startswith("windows")}
    assert {one.label("fr") for one in REFERENCE.platforms.values()} >= {"Windows 10", "Autre système"}
    assert REFERENCE.platforms["other"].label("en") == "Another system"


def test_there_is_no_catalogue_before_the_first() -> None:
    assert REFERENCE.catalogue_on(FIRST).version == "2014-01-01"
    with pytest.raises(NoCatalogue) as refused:
        REFERENCE.catalogue_on(date(2013, 12, 31))
    assert refused.value.first_day == FIRST


def test_a_new_price_counts_from_its_date_and_the_old_one_stays(seed: Path) -> None:
    with (seed / "prices.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[price]]\nservice = "mail.account"\nvalid_from = 2027-03-01\ncents = 3100\nsource = "test"\n')
    reference = load_reference(seed)
    before, after = reference.catalogue_on(date(2027, 2, 28)), reference.catalogue_on(date(2027, 3, 1))
    assert (before.version, before.services["mail.account"].price_cents) == ("2014-01-01", 2900)
    assert (after.version, after.services["mail.account"].price_cents) == ("2027-03-01", 3100)
    assert after.services["mail.account"].valid_from == date(2027, 3, 1)
    assert after.services["mail.software"] == before.services["mail.software"]
    assert "31,00\u00a0€" in after.services["mail.account"].conditions[0].answer_fr


def test_a_new_rate_makes_a_new_catalogue(seed: Path) -> None:
    with (seed / "vat.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[rate]]\nsubject = "remote_assistance"\nvalid_from = 2030-01-01\npermille = 210\nsource = "t"\n')
    reference = load_reference(seed)
    assert reference.catalogue_on(date(2029, 12, 31)).vat_permille == 200
    assert reference.catalogue_on(date(2030, 1, 1)).vat_permille == 210


def test_a_service_without_a_price_yet_is_not_sold(seed: Path) -> None:
    prices = (seed / "prices.toml").read_text(encoding="utf-8")
    later = prices.replace(
        'service = "help.usage"\nvalid_from = 2014-01-01', 'service = "help.usage"\nvalid_from = 2020-01-01'
    )
    (seed / "prices.toml").write_text(later, encoding="utf-8")
    reference = load_reference(seed)
    assert "help.usage" not in reference.catalogue_on(date(2019, 12, 31)).services
    assert "help.usage" in reference.catalogue_on(date(2020, 1, 1)).services


def test_a_decision_finds_the_catalogue_it_was_made_with() -> None:
    assert REFERENCE.catalogue_version("2014-01-01") is REFERENCE.history[0]
    with pytest.raises(KeyError):
        REFERENCE.catalogue_version("1999-01-01")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("prices", "[[price]]", "[[price"),
        ("catalogue", 'unit = "session"', 'unit = "hour"'),
        ("catalogue", '"price_session"', '"price_unheard_of"'),
        ("travel", 'territory = "guyane"', 'territory = "mars"'),
        ("platforms", "supported = true", 'colour = "red"'),
        ("vat", "remote_assistance", "something_else"),
    ],
)
def test_data_that_makes_no_sense_is_refused_in_one_sentence(seed: Path, name: str, old: str, new: str) -> None:
    text = (seed / f"{name}.toml").read_text(encoding="utf-8")
    (seed / f"{name}.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BrokenReference, match="seed"):
        load_reference(seed)


def test_a_missing_file_is_told_as_such(seed: Path) -> None:
    (seed / "vat.toml").unlink()
    with pytest.raises(FileNotFoundError):
        load_reference(seed)


def changed(kind: ChangeKind, subject: str, day: date, **value: str | int) -> Reference:
    """Return what ships with one change of the site."""
    return with_changes(REFERENCE, (SiteChange(1, kind, subject, tuple(value.items()), day),))


SPRING = date(2027, 3, 1)


def test_a_price_the_site_approved_counts_from_its_day_with_the_answers_that_name_it() -> None:
    reference = changed(ChangeKind.PRICE, "mail.account", SPRING, cents=3150)
    before, after = reference.catalogue_on(date(2027, 2, 28)), reference.catalogue_on(SPRING)
    assert (before.services["mail.account"].price_cents, after.services["mail.account"].price_cents) == (2900, 3150)
    assert (after.version, after.services["mail.account"].valid_from) == ("2027-03-01", SPRING)
    assert "31,50\u00a0€" in after.services["mail.account"].conditions[0].answer_fr
    assert reference.catalogue_version("2014-01-01").services == REFERENCE.history[0].services


def test_a_service_that_becomes_free_is_said_to_be_free_and_the_other_way_round() -> None:
    free = changed(ChangeKind.PRICE, "mail.account", SPRING, cents=0).catalogue_on(SPRING)
    assert free.services["mail.account"].conditions[0].answer_fr == "Rien du tout\u00a0: ce service est offert."
    paid = changed(ChangeKind.PRICE, "orange-software.protection", SPRING, cents=900).catalogue_on(SPRING)
    assert "9,00\u00a0€" in paid.services["orange-software.protection"].conditions[0].answer_fr


def test_a_name_and_a_condition_are_reworded_wherever_they_stand() -> None:
    named = changed(
        ChangeKind.NAME, "mail.account", SPRING, label_fr="Compte", label_en="A", short_fr="C", short_en="S"
    )
    assert named.catalogue_on(SPRING).services["mail.account"].label("fr") == "Compte"
    assert named.catalogue_on(SPRING).services["mail.account"].price_cents == 2900
    words = {"question_fr": "Et sinon ?", "answer_fr": "Rien.", "question_en": "Else?", "answer_en": "Nothing."}
    reworded = changed(ChangeKind.CONDITION, "unsolved", SPRING, **words).catalogue_on(SPRING)
    assert reworded.services["mail.account"].conditions[1].answer("en") == "Nothing."
    assert reworded.services["mail.account"].conditions[1].article == "4.9"


def test_the_later_of_two_changes_holds_and_goes_before_what_ships_for_the_same_day() -> None:
    def at(number: int, day: date, cents: int) -> SiteChange:
        return SiteChange(number, ChangeKind.PRICE, "mail.account", (("cents", cents),), day)

    reference = with_changes(REFERENCE, (at(2, SPRING, 3300), at(1, FIRST, 1), at(3, date(2027, 2, 1), 3200)))
    days = (FIRST, date(2027, 2, 1), date(2027, 2, 28), SPRING)
    assert [reference.catalogue_on(day).services["mail.account"].price_cents for day in days] == [1, 3200, 3200, 3300]


def test_where_nothing_was_changed_what_ships_is_used_as_it_is() -> None:
    assert with_changes(REFERENCE, ()) is REFERENCE
