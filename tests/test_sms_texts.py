"""The SMS a customer reads, in both languages: with the longest realistic values each is one message of the GSM alphabet."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent_desk.actions.queue_sms import render_sms
from agent_desk.actions.visit_words import visit_values
from agent_desk.formats import format_cents, format_date, format_day, format_hour, format_short_moment
from agent_desk.paths import data_path
from agent_desk.rules.session import Territory
from agent_desk.rules.sms import Encoding, fitted, measure
from agent_desk.rules.visit import VisitTerms, Window
from agent_desk.settings import Settings
from agent_desk.wording import LANGUAGES, load_wording
from tests.support.typography import french_mistakes

FOLDER = data_path("resources", "sms")
KINDS = sorted(path.name for path in FOLDER.iterdir())
COMMON = {
    "number": "S-2026-004127",
    "company": "Assistance Sosh",
    "support_phone": Settings().support_phone,
    "page_url": "assistance.example",
}
YEAR = [datetime(2026, 1, 1, 19, 30, tzinfo=UTC) + timedelta(days=day) for day in range(365)]


def moment(language: str) -> str:
    """Return the longest day and hour of a year."""
    return max((format_short_moment(at, language) for at in YEAR), key=len)


def hour(language: str) -> str:
    return format_hour(YEAR[0], language)


def longest_date(language: str) -> str:
    return max((format_date(at.date(), language) for at in YEAR), key=len)


def longest_moment(language: str) -> str:
    return max((f"{format_day(at.date(), language)}, {hour(language)}" for at in YEAR), key=len)


def visit(language: str) -> dict[str, object]:
    terms = VisitTerms(Territory.REUNION, 6239, 85)
    begins = datetime(2026, 9, 30, 6, 30, tzinfo=UTC)
    values = visit_values(language, Window(begins, begins + timedelta(hours=2)), terms, 6239)
    return values | {"questions_url": Settings().questions_url}


def case(language: str) -> dict[str, object]:
    return {"team": "Plateformes réseau", "contact": "Jean-Christophe Delacroix", "due": moment(language)}


REASON = "à la demande du client, qui préfère être rappelé chez lui après son travail, vers la fin de l’après-midi"

# What each kind adds: as long as it gets in practice.
LONGEST: dict[str, Callable[[str], dict[str, object]]] = {
    "call_back": lambda language: {"day": moment(language), "until": hour(language)},
    "call_back_cancelled": lambda language: {"day": moment(language), "reason": REASON},
    "call_back_moved": lambda language: {"day": moment(language), "until": hour(language), "reason": REASON},
    **{f"visit_{kind}": visit for kind in ("booked", "cancelled", "fee", "moved", "reminder")},
    "complaint_received": lambda language: {"received_on": longest_date(language), "due": longest_moment(language)},
    **dict.fromkeys(("escalation", "escalation_back", "escalation_moved"), case),
    "confirmation": lambda language: {"total": format_cents(110800, language)},
}
TAG = re.compile(r"\{% .*? %\}|\{\{ | \}\}")
# Kinds that take two messages, and why.
TWO_PARTS: dict[str, str] = {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_sms_is_one_message(kind: str, language: str) -> None:
    found = measure(render_sms(kind, language, COMMON | LONGEST[kind](language)))
    assert found.encoding is Encoding.GSM, found.text
    assert found.parts == (2 if kind in TWO_PARTS else 1), f"{found.length}: {found.text}"
    assert load_wording(language).has(f"mail_kinds.{kind}")


@pytest.mark.parametrize("kind", KINDS)
def test_french_sms_are_written_as_french_wants_though_not_all_of_it_travels(kind: str) -> None:
    written = Path(FOLDER, kind, "fr.txt").read_text(encoding="utf-8")
    assert french_mistakes(TAG.sub("", written)) == []


def test_every_kind_is_tried_and_no_other() -> None:
    assert sorted(LONGEST) == KINDS
    assert TWO_PARTS.keys() <= LONGEST.keys()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("call_back_")])
def test_the_reason_is_told_whole_where_there_is_room_and_else_to_the_last_word_that_has_it(kind: str) -> None:
    values = COMMON | LONGEST[kind]("fr")
    assert "Motif : absence. " in render_sms(kind, "fr", values | {"reason": "absence"})
    assert "Motif : c'est réglé ! " in render_sms(kind, "fr", values | {"reason": "c’est réglé\u202f!"})
    cut = render_sms(kind, "fr", values)
    said = cut.partition("Motif : ")[2].partition("... ")[0]
    assert said.startswith("à la demande du client")
    following = re.match(r"\W*\w+", fitted(REASON).removeprefix(said))
    assert following is not None
    assert (measure(cut).parts, measure(cut.replace("... ", f"{following[0]}... ")).parts) == (1, 2)
    assert "Motif" not in render_sms(kind, "fr", values | {"reason": ""})
    endless = render_sms(kind, "fr", values | {"reason": "x" * 90})
    assert "x" * 90 in endless  # no word to cut at: rather two messages than no reason
    assert measure(endless).parts == 2
