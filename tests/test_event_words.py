"""Events of the log read the same on the screen and on paper."""

import pytest

from agent_desk.event_words import EventWords
from agent_desk.wording import load_wording
from tests.support.reference import CATALOGUE

FRENCH = EventWords(load_wording("fr"), CATALOGUE)
ENGLISH = EventWords(load_wording("en"), CATALOGUE)
PRICE = {"kind": "price", "answer": "yes", "channel": "voice", "version": 1}
DECIDED = {"total_cents": 10800, "articles": ["4.9", "5"]}


@pytest.mark.parametrize(
    ("words", "kind", "payload", "title", "detail"),
    [
        (FRENCH, "code_issued", {"minutes": 10}, "Code émis", "10 min, une fois"),
        (
            FRENCH,
            "mail_uncertain",
            {"kind": "confirmation"},
            "Envoi du courriel incertain",
            "Confirmation, sans réponse du relais",
        ),
        (FRENCH, "session_cancelled", None, "Session annulée", "détail effacé"),
        (FRENCH, "code_issued", {}, "Code émis", ""),
        (FRENCH, "unheard_of", {"by": "Nadia"}, "unheard_of", "Nadia"),
        (FRENCH, "consent_recorded", PRICE, "Accord tarifaire\u00a0: oui", "voix, texte v1"),
        (ENGLISH, "consent_recorded", PRICE, "Price agreement: yes", "voice, text v1"),
        (FRENCH, "decision_made", DECIDED, "Décision\u00a0: 108,00\u00a0€", "art. 4.9 · 5"),
        (ENGLISH, "decision_made", DECIDED, "Decision: €108.00", "art. 4.9 · 5"),
        (
            FRENCH,
            "lines_changed",
            {"services": ["gone.away"], "total_cents": 0},
            "Services modifiés",
            "gone.away, 0,00\u00a0€ si réglé",
        ),
    ],
)
def test_events_are_told_in_words_even_erased_or_unknown_ones(
    words: EventWords, kind: str, payload: dict[str, object] | None, title: str, detail: str
) -> None:
    assert (words.title(kind, payload), words.detail(kind, payload)) == (title, detail)
