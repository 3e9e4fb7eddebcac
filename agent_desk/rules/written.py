"""How a customer who was told something on the telephone reads it, too."""

from enum import StrEnum

from agent_desk.rules.session import Customer
from agent_desk.rules.sms import mobile_number


class Way(StrEnum):
    """How it is written to a customer; also the key of its wording (`written.<way>`)."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    NONE = "none"  # nothing is known of where they read


def way_of(customer: Customer) -> Way:
    """Return the first way a customer can be written to: their address for mails, their mobile, their home."""
    if customer.email.strip():
        return Way.EMAIL
    if mobile_number(customer.callback_number):
        return Way.SMS
    return Way.LETTER if customer.address.strip() else Way.NONE
