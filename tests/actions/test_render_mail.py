"""What a customer reads, from the facts of a session."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_desk.actions.mail_values import MailFacts
from agent_desk.actions.render_mail import (
    Rendered,
    address_letter,
    confirmation_text,
    render_cancellation,
    render_confirmation,
    render_offer,
    render_withdrawal,
)
from agent_desk.adapters.eml import to_bytes
from agent_desk.paths import data_path
from agent_desk.reference import load_reference
from agent_desk.rules.billing import Case, CaseLine, Decision, decide
from agent_desk.rules.session import (
    Answer,
    Channel,
    Closing,
    Consent,
    ConsentKind,
    Customer,
    HomeVisit,
    Line,
    Outcome,
    Segment,
    Territory,
)
from agent_desk.settings import Settings
from tests.support.desks import CLAIRE, DEVICE, VIRUS, PlainPrinter, content

ACCEPTED = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
CATALOGUE = load_reference(data_path("db", "seed")).catalogue_on(ACCEPTED.date())
WAIVED = tuple(
    Consent(kind, Answer.YES, ACCEPTED, Channel.VOICE, "Nadia", 1, "00" * 32)
    for kind in (ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)
)
VOID = {"meta", "br", "hr", "img", "link"}


def _facts(
    *lines: Line,
    customer: Customer = CLAIRE,
    visit: Closing | None = None,
    consents: tuple[Consent, ...] = WAIVED,
) -> MailFacts:
    typed = content(*lines, customer=customer)
    return MailFacts(
        number="S-2026-004127",
        content=replace(typed, closing=visit or typed.closing),
        consents=consents,
        agent="Nadia Leroy",
        agreed_at=ACCEPTED,
        worked_at=ACCEPTED,
        at=ACCEPTED,
        catalogue=CATALOGUE,
        settings=Settings(company="Assistance Sosh", sender_address="assistance@assistance.example"),
    )


def _ended(line: Line, outcome: Outcome) -> Line:
    return replace(line, outcome=outcome)


def _decided(facts: MailFacts) -> Decision:
    typed = facts.content
    lines = tuple(
        CaseLine(line.service, line.quantity, line.outcome or Outcome.SOLVED, line.operations, line.machines)
        for line in typed.lines
    )
    case = Case(typed.customer.territory, typed.customer.segment, typed.closing.home_visit, lines)
    return decide(case, facts.catalogue)


def _confirmed(facts: MailFacts) -> Rendered:
    return render_confirmation(facts, _decided(facts), PlainPrinter())


def _flat(text: str) -> str:
    """Return the text with every space plain and every line end a space."""
    return " ".join(text.split())


class _Balance(HTMLParser):
    """Fails on a tag closed out of order; keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def _html_text(html: str) -> str:
    parser = _Balance()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return _flat(" ".join(parser.said))


def test_the_confirmation_says_date_amount_and_the_reason_of_each_line() -> None:
    closing = Closing(home_visit=HomeVisit.ACCEPTED, visit_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    lines = (_ended(VIRUS, Outcome.NOT_SOLVED), _ended(DEVICE, Outcome.NOT_SOLVED))
    mail = _confirmed(_facts(*lines, visit=closing))
    for text in (_flat(mail.text), _html_text(mail.html)):
        assert "Bonjour Madame Morvan," in text
        assert "Votre assistance à distance du 23 novembre 2026 est terminée." in text
        assert "79,00 € TTC" in text
        assert "dont TVA 20 % : 13,17 €" in text
        assert "Le retrait de virus est facturé dans tous les cas (article 4.9)." in text
        assert "mardi 24 novembre 2026, 10 h" in text
        assert "69,00 € TTC" in text
        assert "vous perdiez ainsi votre droit de rétractation" in text
        assert "776" in text
        assert "Nadia, pour Assistance Sosh" in text
    assert _flat(mail.subject) == "Votre assistance du 23 novembre 2026 : 79,00 € TTC (S-2026-004127)"


def test_nothing_to_pay_is_said_plainly() -> None:
    mail = _confirmed(_facts(_ended(DEVICE, Outcome.NOT_SOLVED)))
    assert "rien à payer" in mail.subject
    assert "VOUS N’AVEZ RIEN À PAYER" in mail.text
    assert "Vous n’avez rien à payer" in _html_text(mail.html)
    assert "TVA" not in mail.text


def test_the_document_says_what_the_mail_says() -> None:
    printer = PlainPrinter()
    closing = Closing(home_visit=HomeVisit.ACCEPTED)
    lines = (_ended(VIRUS, Outcome.NOT_SOLVED), _ended(DEVICE, Outcome.NOT_SOLVED))
    facts = _facts(*lines, visit=closing)
    mail = render_confirmation(facts, _decided(facts), printer)
    drawn = printer.drawn[0]
    assert drawn.recipient == ("Mme Claire Morvan", "4, rue des Embruns", "29000 Quimper")
    assert [(line.article, _flat(line.amount)) for line in drawn.lines] == [
        ("art. 4.9", "79,00 €"),
        ("art. 4.8", "0,00 €"),
        ("", "à venir"),
    ]
    assert _flat(drawn.total[1]) == "79,00 €"
    assert [_flat(note) for note in drawn.total_notes] == ["Toutes taxes comprises, dont TVA 20 % : 13,17 €"]
    assert [_flat(text) for _, text in drawn.facts] == ["S-2026-004127", "23 novembre 2026", "482 915 307", "Nadia"]
    assert len(drawn.paragraphs) == 3
    assert [one.name for one in mail.attachments] == ["Confirmation S-2026-004127.pdf"]


def test_the_offer_has_prices_terms_and_the_withdrawal_form() -> None:
    mail = render_offer(_facts(replace(VIRUS, quantity=2), DEVICE, consents=()))
    text = _flat(mail.text)
    assert "187,00 € TTC" in text
    assert "FORMULAIRE DE RÉTRACTATION" in text
    assert "jusqu’au lundi 7 décembre 2026 inclus" in text
    assert "23 novembre 2026 à 12 h" in text
    assert "version du 1er janvier 2014" in text
    assert mail.attachments == ()
    _html_text(mail.html)


def test_a_professional_gets_no_withdrawal_form() -> None:
    pro = replace(CLAIRE, segment=Segment.PRO, company="SARL Atelier Kerzu", title="", surname="", first_name="")
    mail = render_offer(_facts(DEVICE, customer=pro))
    assert "rétractation" not in mail.text.lower()
    assert "SARL Atelier Kerzu" in mail.text


def test_a_waived_right_is_not_promised_and_a_kept_one_is() -> None:
    line = _ended(DEVICE, Outcome.SOLVED)
    assert "Vous pouvez changer d’avis" in _flat(_confirmed(_facts(line, consents=())).text)
    assert "Vous pouvez changer d’avis" not in _flat(_confirmed(_facts(line)).text)


def test_one_statement_alone_waives_nothing() -> None:
    mail = _confirmed(_facts(_ended(DEVICE, Outcome.SOLVED), consents=WAIVED[:1]))
    assert "Vous pouvez changer d’avis" in _flat(mail.text)


def test_an_optimisation_is_not_called_a_virus_removal() -> None:
    line = replace(VIRUS, operations=("optimisation",), outcome=Outcome.SOLVED)
    text = _confirmed(_facts(line)).text
    assert "Optimiser l’ordinateur" in text
    assert "Retirer virus" not in text


def test_dates_are_the_customers() -> None:
    far = replace(CLAIRE, territory=Territory.REUNION)
    late = replace(_facts(_ended(DEVICE, Outcome.SOLVED), customer=far), worked_at=ACCEPTED.replace(hour=21))
    assert "24 novembre 2026" in _flat(_confirmed(late).text)


def test_a_cancellation_gives_its_reason_on_one_line_and_no_amount() -> None:
    mail = render_cancellation(_facts(DEVICE), "Le client\r\nrappellera <demain>")
    assert "Le client rappellera <demain>" in mail.text
    assert "Le client rappellera &lt;demain&gt;" in mail.html
    assert "TVA" not in mail.text


def test_a_right_that_has_ended_is_not_promised_until_a_day_gone_by() -> None:
    facts = replace(_facts(_ended(DEVICE, Outcome.SOLVED), consents=()), at=ACCEPTED + timedelta(days=15))
    assert "changer d’avis" not in _flat(_confirmed(facts).text)
    assert "7 décembre 2026 inclus" in _flat(_confirmed(replace(facts, at=ACCEPTED + timedelta(days=14))).text)


def test_a_withdrawal_before_the_work_costs_nothing_and_says_so() -> None:
    assert "VOUS N’AVEZ RIEN À PAYER" in render_withdrawal(_facts(DEVICE), None).text


def test_a_withdrawal_after_a_virus_removal_keeps_what_was_done() -> None:
    facts = _facts(_ended(VIRUS, Outcome.INTERRUPTED))
    text = _flat(render_withdrawal(facts, _decided(facts)).text)
    assert "79,00 € TTC" in text
    assert "Interrompu à votre demande" in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_mail_is_whole_in_both_languages(language: str) -> None:
    facts = _facts(_ended(VIRUS, Outcome.SOLVED), customer=replace(CLAIRE, language=language))
    decision = _decided(facts)
    mails = (
        render_offer(facts),
        _confirmed(facts),
        render_cancellation(facts, "x"),
        render_withdrawal(facts, decision),
    )
    for mail in mails:
        assert f'<html lang="{language}"' in mail.html
        assert "\n" not in mail.subject
        assert max(map(len, mail.text.splitlines())) < 200
        assert "{{" not in mail.text + mail.html
        assert ("Bonjour" in mail.text) == (language == "fr")
        _html_text(mail.html)


def test_a_language_we_do_not_write_becomes_french() -> None:
    assert "Bonjour" in render_offer(_facts(DEVICE, customer=replace(CLAIRE, language="br"))).text


NAMES = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=200)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES, NAMES)
def test_any_name_goes_through_to_bytes(surname: str, company: str) -> None:
    customer = replace(CLAIRE, surname=surname, company=company)
    facts = replace(_facts(_ended(DEVICE, Outcome.SOLVED), customer=customer), settings=Settings(company=company))
    mail = _confirmed(facts)
    _html_text(mail.html)
    to_bytes(address_letter(facts, mail))


def test_a_name_is_text_in_html_never_markup() -> None:
    mail = render_offer(_facts(DEVICE, customer=replace(CLAIRE, surname="<script>alert('x')</script>&")))
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "<script>alert('x')</script>&" in mail.text


def test_a_letter_keeps_one_identity_of_its_own() -> None:
    facts = _facts(_ended(DEVICE, Outcome.SOLVED))
    mail = _confirmed(facts)
    first, second = address_letter(facts, mail), address_letter(facts, mail)
    assert first.message_id != second.message_id
    assert first.message_id == f"<{first.envid}@assistance.example>"
    assert first.envid.startswith("S-2026-004127.confirmation.")
    assert (first.recipient, first.receipt_requested) == ("claire.morvan@example.org", True)
    assert first.sender == "Assistance Sosh <assistance@assistance.example>"


def test_a_confirmation_by_letter_has_no_recipient_and_an_offer_keeps_its_own() -> None:
    facts = _facts(_ended(DEVICE, Outcome.SOLVED), visit=Closing(confirmation="letter"))
    assert address_letter(facts, _confirmed(facts)).recipient == ""
    assert address_letter(facts, render_offer(facts)).recipient == "claire.morvan@example.org"


def test_the_preview_shows_the_words_that_will_be_sent() -> None:
    facts = _facts(_ended(DEVICE, Outcome.SOLVED))
    mail = _confirmed(facts)
    assert confirmation_text(facts, _decided(facts)) == (mail.subject, mail.text)
