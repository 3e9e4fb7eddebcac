"""The mails a customer reads, in both languages and in every situation that changes their text."""

import re
from dataclasses import dataclass, replace
from functools import cache
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from agent_desk.formats import format_cents
from agent_desk.paths import data_path
from agent_desk.wording import load_wording
from tests.support.typography import french_mistakes

WORDING = load_wording("fr")
CALLS = ("appointment", "appointment_moved", "appointment_cancelled")
COMPLAINTS = ("complaint_received", "complaint_moved", "complaint_answer")
KINDS = (
    "offer",
    "confirmation",
    "correction",
    "cancellation",
    "withdrawal",
    "credit",
    "visit",
    "visit_notice",
    *CALLS,
    *COMPLAINTS,
    "escalation",
)
LANGUAGES = ("fr", "en")
SMTP_LINE_BYTES = 998  # RFC 5321, 4.5.3.1.6, the line end left out
VOID_TAGS = frozenset({"br", "meta"})


@dataclass(frozen=True)
class Line:
    """One service line, as templates get it."""

    label: str
    unit: str
    quantity: int
    unit_price: str
    amount: str
    is_free: bool
    reason: str
    article: str
    outcome: str


@dataclass(frozen=True)
class Right:
    """The right of withdrawal, as templates get it."""

    applies: bool = True
    waived: bool = True
    honoured: str = "7 décembre 2026"


@dataclass(frozen=True)
class Visit:
    """A home visit, as templates get it."""

    ceiling: str
    at: str


VIRUS = Line(
    label="Retirer virus et logiciels espions",
    unit="par ordinateur",
    quantity=2,
    unit_price=format_cents(7900, "fr"),
    amount=format_cents(15800, "fr"),
    is_free=False,
    reason=WORDING.text("rules.virus_removal_always_billed.reason"),
    article="4.9",
    outcome="Non réglé à distance",
)
DEVICE = Line(
    label="Brancher un appareil à la Livebox",
    unit="par session",
    quantity=1,
    unit_price=format_cents(2900, "fr"),
    amount=format_cents(0, "fr"),
    is_free=True,
    reason=WORDING.text("rules.only_home_visit_billed.reason"),
    article="4.8",
    outcome="Non réglé à distance",
)
BILLED: dict[str, object] = {
    "customer": "Claire Morvan",
    "customer_number": "482 915 307",
    "salutation": "Madame Morvan",
    "number": "S-2026-004127",
    "work_date": "22 novembre 2026",
    "written_on": "23 novembre 2026",
    "accepted_at": "22 novembre 2026 à 14 h 12",
    "lines": [VIRUS, DEVICE],
    "total": format_cents(15800, "fr"),
    "vat": format_cents(2633, "fr"),
    "vat_rate_label": "20\u202f%",
    "is_free": False,
    "home_visit": Visit(ceiling=format_cents(6900, "fr"), at="mardi 24 novembre 2026 à 10 h"),
    "withdrawal": Right(),
    "company": "Assistance",
    "support_phone": "776",
    "page_url": "assistance.example",
    "opinion_url": "",
    "agent_first_name": "Nadia",
    "terms_version": "2014-01-01",
    "reason": "le client préfère attendre",
    "received_on": "20 novembre 2026",
    "due": "mardi 24 novembre 2026, 12 h",
    "answer": [
        "Voici ce qui a été facturé, et pourquoi.",
        "- Retirer virus : 79,00 €.".replace(" :", "\u00a0:").replace(" €", "\u00a0€"),
    ],
    "credit": format_cents(1500, "fr"),
    "appeal_days": 5,
    "mediator_until": "20 novembre 2027",
    "mediator_days": 90,
    "mediator": "Médiateur d’exemple, mediateur.example",
    "amount": format_cents(1500, "fr"),
    "total_before": format_cents(18700, "fr"),
    "is_same": False,
    "day": "mercredi 23 septembre 2026",
    "from_hour": "14 h 15",
    "until_hour": "15 h 45",
    "phone": "02 61 91 12 34",
    "caller": "Nadia",
    "has_file": True,
    "before": "mardi 22 septembre 2026, 10 h",
    "what": "booked",
    "visit_stopped": False,
    "declared_at": "23\u00a0novembre\u00a02026 à 12\u00a0h",
    "withdrawal_url": "",
    "begins": "10\u00a0h\u00a030",
    "ends": "12\u00a0h\u00a030",
    "price": format_cents(6239, "fr"),
    "ceiling": format_cents(6239, "fr"),
    "vat_rate": "8,5\u202f%",
    "questions_url": "assistance.example/questions",
    "team": "Plateformes réseau",
    "news": "escalation",
    "contact": "Jean-Christophe Delacroix",
}
SITUATIONS: dict[str, dict[str, object]] = {
    "billed, virus removed, home visit to come": BILLED,
    "visit without a date": {
        **BILLED,
        "home_visit": Visit(ceiling=format_cents(6239, "fr"), at=""),
        "what": "moved",
        "news": "escalation_moved",
    },
    "free": {
        **BILLED,
        "lines": [DEVICE],
        "total": format_cents(0, "fr"),
        "is_free": True,
        "home_visit": None,
        "is_same": True,
        "what": "reminder",
        "news": "escalation_back",
        "contact": "",
    },
    "right of withdrawal still open": {
        **BILLED,
        "withdrawal": Right(waived=False),
        "home_visit": None,
        "answer": "visit",
        "visit_stopped": True,
        "withdrawal_url": "https://aide.example/retractation?lang=fr&t=x",
    },
    "asked for an opinion": {**BILLED, "opinion_url": "https://aide.example/avis?lang=fr&t=x"},
    "professional": {
        **BILLED,
        "withdrawal": Right(applies=False, waived=False, honoured=""),
        "home_visit": None,
        "what": "cancelled",
        "news": "escalation_moved",
    },
    "nobody left to turn to": {**BILLED, "credit": "", "appeal_days": 0, "mediator_until": "", "mediator": ""},
    "the mediator alone": {**BILLED, "appeal_days": 0, "mediator": ""},
    "nothing to list": {**BILLED, "lines": [], "is_free": True, "home_visit": None, "reason": "", "has_file": False},
}


@cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(data_path("resources", "mail")),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html",), default_for_string=False, default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(kind: str, language: str, part: str, values: dict[str, object]) -> str:
    return environment().get_template(f"{kind}/{language}/{part}").render(values)


class Outline(HTMLParser):
    """What a screen reader would get: text, headings in order, tags left open, addresses loaded."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.loaded: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))
        loads = {"src", "background", "srcset"} | ({"href"} if tag != "a" else set())  # a link loads nothing by itself
        self.loaded += [value or "" for name, value in attrs if name in loads]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.text.append(data)

    def text_only(self) -> str:
        return "".join(self.text)

    def plain(self) -> str:
        return " ".join(self.text_only().split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("situation", SITUATIONS)
class TestEveryMail:
    """Whatever its kind, language and situation."""

    def test_is_complete_and_fits_the_lines_of_smtp(self, kind: str, language: str, situation: str) -> None:
        for part in ("subject.txt", "body.txt", "body.html"):
            text = render(kind, language, part, SITUATIONS[situation])
            assert text.strip()
            assert not re.search(r"\{[{%#]|[%#}]\}|None\b|<built-in", text)
            assert max(len(line.encode()) for line in text.splitlines()) <= SMTP_LINE_BYTES

    def test_has_a_subject_of_one_short_line_with_the_session_number(
        self, kind: str, language: str, situation: str
    ) -> None:
        subject = render(kind, language, "subject.txt", SITUATIONS[situation]).strip()
        assert "\n" not in subject
        assert "S-2026-004127" in subject
        assert len(subject) <= 90

    def test_has_a_text_part_that_reads_without_scrolling_sideways_or_gaps(
        self, kind: str, language: str, situation: str
    ) -> None:
        text = render(kind, language, "body.txt", SITUATIONS[situation])
        assert "<" not in text
        assert max(len(line) for line in text.splitlines()) <= 90
        assert "\n\n\n\n" not in text
        assert all(line == line.rstrip(" ") for line in text.splitlines())

    def test_has_sound_html_in_its_language_that_loads_nothing(self, kind: str, language: str, situation: str) -> None:
        outline = Outline(render(kind, language, "body.html", SITUATIONS[situation]))
        assert outline.open == []
        assert outline.loaded == []
        assert ("html", {"lang": language, "dir": "ltr"}) in outline.attributes
        assert "presentation" in [found.get("role") for tag, found in outline.attributes if tag == "table"]
        assert all(found.get("scope") in ("col", "row") for tag, found in outline.attributes if tag == "th")
        assert outline.headings[0] == 1
        assert outline.headings.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))

    def test_is_set_as_french_wants(self, kind: str, language: str, situation: str) -> None:
        parts = [render(kind, language, part, SITUATIONS[situation]) for part in ("subject.txt", "body.txt")]
        parts.append(Outline(render(kind, language, "body.html", SITUATIONS[situation])).text_only())
        lines = [line.strip() for part in parts for line in part.splitlines()]
        assert language == "en" or [line for line in lines if french_mistakes(line)] == []

    def test_has_rules_for_readers_in_dark_mode(self, kind: str, language: str, situation: str) -> None:
        html = render(kind, language, "body.html", SITUATIONS[situation])
        assert '<meta name="color-scheme" content="light dark">' in html
        assert "prefers-color-scheme: dark" in html


@pytest.mark.parametrize("part", ["body.txt", "body.html"])
@pytest.mark.parametrize("language", LANGUAGES)
class TestTheConfirmation:
    """Article 4.7, in the text and in the HTML part."""

    def read(self, part: str, language: str, values: dict[str, object]) -> str:
        text = render("confirmation", language, part, values)
        return Outline(text).plain() if part == "body.html" else " ".join(text.split())

    def test_gives_the_date_the_amount_and_the_rule_of_each_line(self, part: str, language: str) -> None:
        text = self.read(part, language, BILLED)
        reasons = [" ".join(line.reason[:-1].split()) for line in (VIRUS, DEVICE)]
        for expected in ("22 novembre 2026", "158,00", "26,33", "4.9).", "4.8).", *reasons):
            assert expected in text

    def test_tells_of_the_visit_and_the_most_its_travel_may_cost(self, part: str, language: str) -> None:
        assert "69,00" in self.read(part, language, BILLED)
        assert "mardi 24 novembre 2026" in self.read(part, language, BILLED)
        assert "62,39" in self.read(part, language, SITUATIONS["visit without a date"])
        assert "69,00" not in self.read(part, language, SITUATIONS["free"])

    def test_says_plainly_that_nothing_is_to_be_paid(self, part: str, language: str) -> None:
        plain = {"fr": "vous n’avez rien à payer", "en": "you have nothing to pay"}[language]
        assert plain in self.read(part, language, SITUATIONS["free"]).lower()
        assert plain not in self.read(part, language, BILLED).lower()

    def test_speaks_of_withdrawal_only_to_those_who_have_the_right(self, part: str, language: str) -> None:
        word = {"fr": "rétractation", "en": "withdraw"}[language]
        assert "7 décembre 2026" in self.read(part, language, SITUATIONS["right of withdrawal still open"])
        assert word in self.read(part, language, BILLED)
        assert word not in self.read(part, language, SITUATIONS["professional"])

    def test_says_how_to_complain_and_how_to_reach_us(self, part: str, language: str) -> None:
        text = self.read(part, language, BILLED)
        assert "article 8" in text
        assert "776" in text
        assert {"fr": "amiable", "en": "amicable"}[language] in text


@pytest.mark.parametrize("part", ["body.txt", "body.html"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_offer_carries_prices_terms_and_the_withdrawal_form(part: str, language: str) -> None:
    text = render("offer", language, part, SITUATIONS["right of withdrawal still open"])
    form = {"fr": "je vous notifie ma rétractation", "en": "I hereby give notice that I withdraw"}[language]
    for expected in ("2014-01-01", "158,00", "22 novembre 2026 à 14 h 12", "Claire Morvan", "7 décembre 2026", form):
        assert expected in text
    assert form not in render("offer", language, part, SITUATIONS["professional"])


@pytest.mark.parametrize("part", ["body.txt", "body.html"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawal_after_work_says_what_stays_billed(part: str, language: str) -> None:
    assert "158,00" in render("withdrawal", language, part, BILLED)
    assert "158,00" not in render("withdrawal", language, part, SITUATIONS["free"])


@pytest.mark.parametrize("part", ["body.txt", "body.html"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawal_says_that_a_visit_is_stopped_where_one_was_owed(part: str, language: str) -> None:
    said = {"fr": "La visite à domicile est arrêtée", "en": "The home visit is stopped"}[language]
    assert said in render("withdrawal", language, part, {**BILLED, "visit_stopped": True})
    assert said not in render("withdrawal", language, part, BILLED)


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_typed_cannot_become_html(kind: str) -> None:
    hostile = {**BILLED, "salutation": "<script>alert(1)</script>", "reason": "<img src=x>", "number": '"><b>'}
    hostile["lines"] = [replace(VIRUS, label="<b>gras</b>")]
    html = render(kind, "fr", "body.html", hostile)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
