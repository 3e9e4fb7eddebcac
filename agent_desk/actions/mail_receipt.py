"""Mails as pages: the values of a confirmation, or the words of an answer, laid out for the printer."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

from agent_desk.actions.mail_values import LineValues, MailFacts, customer_name, grouped
from agent_desk.paths import data_path
from agent_desk.ports import LetterPaper, Receipt, ReceiptLine
from agent_desk.rules.session import Customer
from agent_desk.wording import Wording

Fill = Callable[[str], str]
APART = "\0"  # no space, so that stripping leaves it; what people typed has no such character


def build_receipt(
    values: Mapping[str, Any], customer: Customer, fill: Fill, wording: Wording, kind: str = "confirmation"
) -> Receipt:
    """Return the model the PDF of a confirmation, correction or visit is drawn from.

    `fill` completes a text of receipt.toml with `values`.
    """
    corrected = kind == "correction"
    texts = _texts("confirmation" if corrected else kind, wording.language)
    facts, total, paragraphs = texts["facts"], texts["total"], texts["paragraphs"]
    # Completed in one go, for each rendering costs as much as a statement of SQL, and taken below in this order.
    asked = (*_texts_of(facts), total["label"], *total["notes"], *_texts_of(paragraphs))
    said = map(str.strip, fill(APART.join(asked)).split(APART))
    return Receipt(
        language=wording.language,
        number=values["number"],
        title=texts["title_corrected" if corrected else "title"],
        company=values["company"],
        author=values["agent_first_name"],
        recipient=tuple(_address_block(values["customer"], customer)),
        facts=_headed(facts, "label", said),
        columns=tuple(texts["columns"]),
        lines=(*(_line(line, wording) for line in values["lines"]), *_visit_line(values, texts.get("visit", {}), fill)),
        total=(next(said), values["total"]),
        total_notes=tuple(note for note in islice(said, len(total["notes"])) if note),
        paragraphs=_headed(paragraphs, "heading", said),
        page_label=texts["page"],
    )


# An empty line, a line that begins with a dash, or one in capitals, which is a heading, before it and after it.
_PARAGRAPHS = re.compile(r"\n\n+|\n(?=- )|^([A-ZÀ-Ý’ ]{4,})\n", re.MULTILINE)


def build_letter(facts: MailFacts, title: str, text: str, wording: Wording) -> LetterPaper:
    """Return a mail's words as a letter: what an empty line sets apart is a paragraph, so are headings and dashes.

    The number stands in the letter's head, and not in its title, too.
    """
    customer, texts = facts.content.customer, _texts("confirmation", wording.language)
    known = {"{{ number }}": facts.number, "{{ customer_number }}": grouped(customer.customer_number)}
    return LetterPaper(
        language=wording.language,
        number=facts.number,
        title=title.removesuffix(f"({facts.number})").strip(),
        company=facts.settings.company,
        author=facts.agent,
        recipient=tuple(_address_block(customer_name(customer, wording), customer)),
        facts=tuple((one["label"], known[one["text"]]) for one in texts["facts"] if one["text"] in known),
        paragraphs=tuple(" ".join(part.split()) for part in _PARAGRAPHS.split(text) if part and part.strip()),
        page_label=texts["page"],
    )


def _address_block(name: str, customer: Customer) -> Iterator[str]:
    yield from (line for line in (customer.company if customer.company != name else "", name) if line)
    yield from (line.strip() for line in customer.address.splitlines() if line.strip())
    yield f"{customer.postcode} {customer.city}".strip()


def _texts_of(entries: list[dict[str, str]]) -> Iterator[str]:
    return (one["text"] for one in entries)


def _headed(entries: list[dict[str, str]], head: str, said: Iterator[str]) -> tuple[tuple[str, str], ...]:
    """Return the entries that say something, each with the next text of `said` under its head."""
    pairs = [(one[head], next(said)) for one in entries]
    return tuple((label, text) for label, text in pairs if text)


def _line(line: LineValues, wording: Wording) -> ReceiptLine:
    return ReceiptLine(
        label=line.label,
        outcome=line.outcome,
        reason=line.reason,
        article=wording.text("money.article", article=line.article),
        quantity=str(line.quantity),
        unit_price=line.unit_price,
        amount=line.amount,
    )


def _visit_line(values: Mapping[str, Any], texts: Mapping[str, str], fill: Fill) -> Iterator[ReceiptLine]:
    if values["home_visit"] is None:
        return
    yield ReceiptLine(
        label=fill(texts["label"]),
        outcome=texts["outcome"],
        reason=fill(texts["reason"]),
        article="",
        quantity="",
        unit_price="",
        amount=texts["amount"],
    )


@cache
def _texts(kind: str, language: str) -> dict[str, Any]:
    return tomllib.loads(data_path("resources", "mail", kind, language, "receipt.toml").read_text("utf-8"))
