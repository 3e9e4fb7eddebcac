"""What the page and the view say: the same in both languages, complete, and set as French wants."""

import json
import re
from string import Formatter

import pytest

from agent_desk.gateway.answers import STATUS
from agent_desk.paths import data_path
from agent_desk.rules.session import ConsentKind
from agent_desk.rules.share import ShareEnd
from agent_desk.wording import LANGUAGES
from tests.support.typography import french_mistakes

FOLDER = data_path("resources", "gateway")
TEXTS: dict[str, dict[str, str]] = {
    language: json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8")) for language in LANGUAGES
}
LONGEST_FILE = 300
COUNTED = re.compile(r"\.(one|other)$")
FIXED_KEY = re.compile(r"""(?:\bt|say|has)\((?:[^"'`()]*,\s*)?"([a-z_]+(?:\.[a-z_]+)*)"|data-t="([a-z_.]+)\"""")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys_and_places() -> None:
    french, english = TEXTS["fr"], TEXTS["en"]
    assert french.keys() == english.keys()
    assert [key for key in french if placeholders(french[key]) != placeholders(english[key])] == []


def test_french_is_set_as_french_wants_and_english_has_curly_marks() -> None:
    assert {key: french_mistakes(text) for key, text in TEXTS["fr"].items() if french_mistakes(text)} == {}
    wrong = re.compile(r"['\"«»\u00a0\u202f]|\.\.\.| [;:!?]")
    assert [key for key, text in TEXTS["en"].items() if wrong.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_end_is_said_to_both_sides(language: str) -> None:
    texts = TEXTS[language]
    for reason in ShareEnd:
        assert {f"ends.{reason}.title", f"ends.{reason}.text", f"viewer.ends.{reason}"} <= texts.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_refusal_of_a_code_and_each_statement_has_its_words(language: str) -> None:
    texts = TEXTS[language]
    assert {"code_refused", "site_busy", "source_busy", "unavailable"} <= STATUS.keys()
    assert {"code.code_refused", "code.unavailable", "busy.site_busy", "busy.source_busy"} <= texts.keys()
    assert {f"statements.{kind}" for kind in (ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)} <= texts.keys()


def test_each_text_the_pages_name_is_there_and_no_text_is_there_for_nothing() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in FOLDER.iterdir() if path.suffix in {".js", ".html"}
    )
    named = {one or other for one, other in FIXED_KEY.findall(sources)}
    keys = {COUNTED.sub("", key) for key in TEXTS["fr"]}
    assert len(named) > 40
    assert named - keys == set()
    composed = tuple(re.findall(r"`([a-z_]+\.(?:[a-z_]+\.)?)\$\{", sources))  # `ends.${reason}.title`
    quoted = set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)+)"', sources))
    assert {key for key in keys - named - quoted if not key.startswith(composed)} == set()


def test_no_page_has_a_script_or_style_of_its_own_or_an_address_elsewhere() -> None:
    for path in FOLDER.iterdir():
        if path.suffix not in {".js", ".html", ".css"}:
            continue
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= LONGEST_FILE, path.name
        assert re.findall(r"https?://|//[a-z]+\.[a-z]", re.sub(r'"http://www\.w3\.org[^"]*"', "", text)) == [], (
            path.name
        )
        if path.suffix == ".html":
            assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text) == [], path.name
        if path.suffix == ".js":
            assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|localStorage", text)
