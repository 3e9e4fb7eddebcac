"""What lists and searches know of a session, kept beside its draft."""

from agent_desk.reference import Reference
from agent_desk.rules.identity import normal_number
from agent_desk.rules.session import Content, Customer
from agent_desk.storage.search import fold

SHOWN = 200  # characters of a name
DESCRIBED = 300  # characters of the description that are searched
WORDS = 200  # characters of anything else that are searched
SEARCHED = 1000
NUMBER_MAX = 40


def listed(reference: Reference, content: Content, session_id: int) -> dict[str, str]:
    """Return the columns of the session row that follow from what was typed, services by all names they have or had."""
    customer = content.customer
    return {
        "customer": shown_name(customer),
        "customer_number": normal_number(customer.customer_number)[:NUMBER_MAX],
        "callback_number": phone_key(customer.callback_number),
        "services": ",".join(line.service for line in content.lines),
        "search_text": _search_text(reference, content, session_id),
    }


def shown_name(customer: Customer) -> str:
    """Return the name lists show: the company's, else the person's."""
    return (customer.company.strip() or f"{customer.first_name} {customer.surname}".strip())[:SHOWN]


def phone_key(number: str) -> str:
    """Return the digits by which a telephone number is recognised, +33 and 0033 as a leading 0."""
    digits = normal_number(number)[:NUMBER_MAX]
    for prefix in ("+33", "0033"):
        if digits.startswith(prefix):
            return "0" + digits.removeprefix(prefix)
    return digits


def number_words(session_id: int) -> str:
    """Return how people type the end of a session's number: with its zeros and without."""
    return f"{session_id:06d} {session_id}" if session_id < 100_000 else str(session_id)


def _search_text(reference: Reference, content: Content, session_id: int) -> str:
    customer = content.customer
    words = [
        number_words(session_id),
        customer.first_name[:WORDS],
        customer.surname[:WORDS],
        customer.company[:WORDS],
        normal_number(customer.customer_number)[:NUMBER_MAX],
        phone_key(customer.callback_number),
        customer.city[:WORDS],
        customer.email[:WORDS],
        *dict.fromkeys(
            catalogue.services[line.service].short_fr
            for line in content.lines
            for catalogue in reference.history
            if line.service in catalogue.services
        ),
        *(line.equipment[:WORDS] for line in content.lines),
        content.description[:DESCRIBED],
    ]
    return fold(" ".join(word for word in words if word))[:SEARCHED]
