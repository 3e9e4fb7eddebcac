"""What makes the customer's numbers and address usable; what was typed is kept as typed."""

import re
import unicodedata

CUSTOMER_NUMBER_DIGITS = 9  # 3.2
PHONE_DIGITS = range(6, 16)  # E.164 allows 15
EMAIL_MAX = 254  # RFC 5321
EQUIPMENT_KEY_MAX = 200  # an index holds no more than some thousand bytes
_SEPARATORS = re.compile(r"[\s.\-/()]+")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,63}")


def normal_number(text: str) -> str:
    """Return `text` without the separators people type between digits."""
    return _SEPARATORS.sub("", text)


def is_customer_number(text: str) -> bool:
    """Tell whether `text` is the 9 digits printed on the bill (3.2), separators allowed."""
    number = normal_number(text)
    return len(number) == CUSTOMER_NUMBER_DIGITS and _digits_only(number)


def is_callback_number(text: str) -> bool:
    """Tell whether `text` can be dialled: 6 to 15 digits, a leading + and separators allowed."""
    number = normal_number(text).removeprefix("+")
    return len(number) in PHONE_DIGITS and _digits_only(number)


def is_email(text: str) -> bool:
    """Tell whether a mail can be addressed to `text`; no check of whether anybody reads it."""
    return len(text) <= EMAIL_MAX and ".." not in text and _EMAIL.fullmatch(text) is not None


def equipment_key(text: str) -> str:
    """Return what two spellings of the same equipment have in common (case, accents, spaces, punctuation)."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum())[:EQUIPMENT_KEY_MAX]


def _digits_only(text: str) -> bool:
    return text.isascii() and text.isdigit()
