"""Procedures, consent texts and canned notes: all there, well formed, and written for people."""

import re
from datetime import date

import pytest

from agent_desk.canned_notes import load_notes
from agent_desk.paths import data_path
from agent_desk.procedures import load_procedure, parse_procedure
from agent_desk.reference import load_reference
from agent_desk.rules.session import ConsentKind
from agent_desk.wording import LANGUAGES
from tests.support.typography import french_mistakes

SERVICES = sorted(load_reference(data_path("db", "seed")).catalogue_on(date(2026, 11, 23)).services)
LONGEST_ITEM = 150
PROTECTION = re.compile(r"pare-feu|antivirus|protection", re.IGNORECASE)


def test_every_service_of_the_catalogue_has_a_procedure_and_no_other_has() -> None:
    files = {path.name.removesuffix(".fr.md") for path in data_path("resources", "procedures").glob("*.fr.md")}
    assert files == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_procedure_is_six_to_ten_short_items_that_end_with_the_customer(service: str) -> None:
    procedure = load_procedure(service)
    assert procedure.title
    assert 6 <= len(procedure.items) <= 10
    assert max(map(len, procedure.items)) <= LONGEST_ITEM
    assert len(set(procedure.items)) == len(procedure.items)
    assert re.search(r"client|seul chaque", procedure.items[-1])


@pytest.mark.parametrize("service", SERVICES)
def test_a_procedure_that_switches_protection_off_recalls_switching_it_on(service: str) -> None:
    items = load_procedure(service).items
    off = [at for at, item in enumerate(items) if PROTECTION.search(item) and "noter l’heure" in item.lower()]
    on = [at for at, item in enumerate(items) if re.search(r"remet|actifs", item.lower()) and "4.5" in item]
    assert all(on and on[-1] >= at for at in off)


@pytest.mark.parametrize("service", SERVICES)
def test_a_procedure_is_set_as_french_wants(service: str) -> None:
    procedure = load_procedure(service)
    for text in (procedure.title, *procedure.items, *procedure.tips):
        assert french_mistakes(text) == [], text


def test_a_procedure_not_translated_is_shown_in_french() -> None:
    assert load_procedure("help.usage", "en") == load_procedure("help.usage", "fr")


@pytest.mark.parametrize("service", ["", "no.such-service", "../wording/fr", "help.usage.fr.md/.."])
def test_no_other_file_can_be_read_as_a_procedure(service: str) -> None:
    with pytest.raises(KeyError):
        load_procedure(service)


def test_title_items_and_tips_are_told_apart() -> None:
    procedure = parse_procedure("# Titre\n\n- [ ] Un\n- [ ] Deux\n\n> Astuce\n")
    assert procedure.title == "Titre"
    assert procedure.items == ("Un", "Deux")
    assert procedure.tips == ("Astuce",)


@pytest.mark.parametrize(
    "text", ["# Titre\n", "- [ ] Un\n", "# Titre\n# Autre\n- [ ] Un\n", "# Titre\n- Un\n- [ ] Deux\n"]
)
def test_a_malformed_procedure_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_procedure(text)


def test_each_kind_of_consent_has_its_text_in_both_languages_and_no_other_kind_has() -> None:
    folder = data_path("resources", "consents")
    assert {path.name for path in folder.iterdir()} == {str(kind) for kind in ConsentKind}
    for kind in ConsentKind:
        versions = {language: sorted(folder.glob(f"{kind}/*.{language}.txt")) for language in LANGUAGES}
        assert [path.name.split(".")[0] for path in versions["fr"]] == [
            path.name.split(".")[0] for path in versions["en"]
        ]
        assert versions["fr"]


@pytest.mark.parametrize("kind", list(ConsentKind), ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_consent_text_is_short_ends_with_a_question_and_asks_for_nothing_but_the_total(
    kind: ConsentKind, language: str
) -> None:
    for path in data_path("resources", "consents", kind).glob(f"*.{language}.txt"):
        text = path.read_text(encoding="utf-8")
        assert text.endswith("?\n")
        assert len(text) <= 1000
        assert set(re.findall(r"\{(\w*)\}", text)) == ({"total"} if kind is ConsentKind.PRICE else set())
        assert language == "en" or [line for line in text.splitlines() if french_mistakes(line)] == []


@pytest.mark.parametrize("kind", list(ConsentKind), ids=str)
def test_both_languages_of_a_consent_say_as_much(kind: ConsentKind) -> None:
    folder = data_path("resources", "consents", kind)
    texts = [(folder / f"1.{language}.txt").read_text(encoding="utf-8") for language in LANGUAGES]
    assert len({text.count("\n") for text in texts}) == 1


def test_notes_come_by_theme_the_same_in_both_languages() -> None:
    french, english = load_notes("fr"), load_notes("en")
    assert [len(theme.notes) for theme in french] == [len(theme.notes) for theme in english]
    assert 12 <= sum(len(theme.notes) for theme in french) <= 20
    assert all(theme.title and all(theme.notes) for theme in (*french, *english))


def test_notes_are_set_as_french_wants() -> None:
    notes = [text for theme in load_notes("fr") for text in (theme.title, *theme.notes)]
    assert [text for text in notes if french_mistakes(text)] == []
