"""The mails a customer gets, as text, HTML and PDF: pure functions of the facts of a session."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from functools import cache
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from agent_desk.actions.mail_receipt import build_receipt
from agent_desk.actions.mail_values import MailFacts, call_values, common_values, decided_values, offer_values
from agent_desk.formats import format_cents
from agent_desk.paths import data_path
from agent_desk.ports import Attachment, Letter, Printer
from agent_desk.rules.appointment import Appointment
from agent_desk.rules.billing import Decision
from agent_desk.rules.links import filled
from agent_desk.wording import Wording, load_wording

_SHARED = {"escalation_back": "escalation", "escalation_moved": "escalation"}  # kinds without templates of their own
CONFIRMING = frozenset({"confirmation", "correction", "visit"})


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail, ready to queue; `subject` is one line."""

    kind: str  # key of the wording table `mail_kinds`
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def render_offer(facts: MailFacts) -> Rendered:
    """Return what the customer gets at `agreed`, before the work: services, prices, terms version, withdrawal form."""
    wording = load_wording(facts.language)
    return render("offer", facts.language, {**common_values(facts, wording), **offer_values(facts, wording)})


def render_confirmation(facts: MailFacts, decision: Decision, printer: Printer) -> Rendered:
    """Return the confirmation of the work with its PDF (4.7): date, amount, and the rule of each line."""
    wording = load_wording(facts.language)
    values = {**common_values(facts, wording), **decided_values(facts, decision, wording)}
    return render("confirmation", facts.language, values, (draw_receipt(facts, values, printer, wording),))


def render_correction(facts: MailFacts, decision: Decision, before_cents: int, printer: Printer) -> Rendered:
    """Return what tells the customer that the amount, or its reason, was wrong: as the confirmation, with its PDF anew."""
    wording = load_wording(facts.language)
    before = {
        "total_before": format_cents(before_cents, facts.language),
        "is_same": before_cents == decision.total_cents,
    }
    values = {**common_values(facts, wording), **decided_values(facts, decision, wording), **before}
    paper = draw_receipt(facts, values, printer, wording, "correction")
    return render("correction", facts.language, values, (paper,))


def confirmation_text(facts: MailFacts, decision: Decision) -> tuple[str, str]:
    """Return subject and text of the confirmation without drawing its document, for a preview."""
    wording = load_wording(facts.language)
    rendered = render(
        "confirmation", facts.language, {**common_values(facts, wording), **decided_values(facts, decision, wording)}
    )
    return rendered.subject, filled(rendered.text, lambda _purpose: "…")


def render_cancellation(facts: MailFacts, reason: str) -> Rendered:
    """Return the short mail after a session was given up before the work; `reason` is the agent's, one line."""
    wording = load_wording(facts.language)
    return render("cancellation", facts.language, {**common_values(facts, wording), "reason": " ".join(reason.split())})


def render_appointment(
    facts: MailFacts, one: Appointment, kind: str, reason: str = "", before: datetime | None = None
) -> Rendered:
    """Return what a customer gets when a call-back is agreed, moved (from `before`) or called off, on their own clock."""
    wording = load_wording(facts.language)
    return render(kind, facts.language, {**common_values(facts, wording), **call_values(facts, one, reason, before)})


def render_withdrawal(facts: MailFacts, decision: Decision | None, *, visit_stopped: bool = False) -> Rendered:
    """Return the answer to a withdrawal (10); `decision` is what was decided for work already begun or done, if any.

    `visit_stopped` where a home visit was still owed.
    """
    wording = load_wording(facts.language)
    values = common_values(facts, wording)
    decided = decided_values(facts, decision, wording) if decision else {"lines": [], "total": "", "is_free": True}
    return render("withdrawal", facts.language, {**values, **decided, "visit_stopped": visit_stopped})


def render_matter(facts: MailFacts, kind: str, **said: object) -> Rendered:
    """Return a mail about what followed a session; `said` is what its templates print beside the common values."""
    wording = load_wording(facts.language)
    return render(kind, facts.language, {**common_values(facts, wording), **said}, templates=_SHARED.get(kind, ""))


def address_letter(facts: MailFacts, rendered: Rendered) -> Letter:
    """Return the mail with its addresses and the identifiers it keeps for ever; `recipient` is "" without an address."""
    closing, customer = facts.content.closing, facts.content.customer
    by_mail = rendered.kind not in CONFIRMING or closing.confirmation == "email"
    mark = f"{facts.number}.{rendered.kind}.{secrets.token_hex(6)}"
    mailbox, _, domain = facts.settings.sender_address.rpartition("@")
    return Letter(
        sender=str(Address(facts.settings.company, mailbox, domain)),
        recipient=customer.email.strip() if by_mail else "",
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=f"<{mark}@{domain}>",
        envid=mark,
        date=facts.at,
        attachments=rendered.attachments,
        receipt_requested=rendered.kind in CONFIRMING,
    )


def draw_receipt(
    facts: MailFacts, values: dict[str, object], printer: Printer, wording: Wording, kind: str = "confirmation"
) -> Attachment:
    """Return the paper that goes with a confirmation, a correction or a visit, drawn from the values of its mail."""
    receipt = build_receipt(values, facts.content.customer, lambda text: _filled(text, values), wording, kind)
    content = printer.receipt(receipt)
    name = wording.text(f"attachments.{kind}", number=facts.number)
    return Attachment(name, "application/pdf", content, sha256(content).hexdigest())


def render(
    kind: str,
    language: str,
    values: dict[str, object],
    attachments: tuple[Attachment, ...] = (),
    *,
    templates: str = "",
) -> Rendered:
    """Return a mail of that kind, from its own folder of templates unless it shares another."""
    folder = f"{templates or kind}/{language}"
    subject, text, html = (
        _templates().get_template(f"{folder}/{name}").render(values)
        for name in ("subject.txt", "body.txt", "body.html")
    )
    return Rendered(kind, " ".join(subject.split()), text.strip() + "\n", html.strip() + "\n", attachments)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(data_path("resources", "mail")),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html",), default_for_string=False, default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,  # all of them; a limited number is kept under a lock
    )
    made.globals.clear()  # range and the like, which no mail wants, and each part of each mail would copy
    return made


def _filled(text: str, values: dict[str, object]) -> str:
    """Return a text of receipt.toml completed; most have nothing to fill."""
    return (_compiled(text).render(values) if "{" in text else text).strip()


@cache
def _compiled(text: str) -> Template:
    return _templates().from_string(text)
