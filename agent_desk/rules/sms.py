"""What a text message may say and when: the GSM alphabet, its length in parts, mobile numbers, and quiet hours."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from hmac import digest

from agent_desk.rules.identity import normal_number
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local, utc

# GSM 03.38: what takes one septet, and what takes two for it is reached by an escape.
ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")

# What French and English write and the alphabet has not, and how it is written instead where that makes the text fit.
REPLACEMENTS: Mapping[str, str] = {
    "«\u00a0": '"',
    "«\u202f": '"',
    "\u00a0»": '"',
    "\u202f»": '"',
    "« ": '"',
    " »": '"',
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "’": "'",
    "‘": "'",
    "…": "...",
    "–": "-",
    "—": "-",
    "\u2011": "-",
    "\u00a0": " ",
    "\u202f": " ",
    "·": "-",
    "ç": "c",
    "â": "a",
    "á": "a",
    "ê": "e",
    "ë": "e",
    "î": "i",
    "ï": "i",
    "í": "i",
    "ô": "o",
    "ó": "o",
    "û": "u",
    "ú": "u",
    "ÿ": "y",
    "œ": "oe",
    "À": "A",
    "Â": "A",
    "È": "E",
    "Ê": "E",
    "Ë": "E",
    "Î": "I",
    "Ï": "I",
    "Ô": "O",
    "Ù": "U",
    "Û": "U",
    "Ÿ": "Y",
    "Œ": "OE",
}
MOST_PARTS = 3
_ENDS, _JOINS = ".!?…", " ,;:–-"  # of a sentence, and what none ends with

QUIET_BEGINS = time(20)
QUIET_ENDS = time(8)

# Mobile numbers of the territories begin so, after the 0 or the country's code; all others with a 6 or a 7 are of
# metropolitan France. Those with 709 as Arcep has given them out, read from the metadata of google/libphonenumber
# (mobile patterns of GP, MQ, RE, GF and YT); Guyane and Mayotte share 7093.
COUNTRIES: Mapping[str, tuple[str, Territory]] = {
    "690": ("590", Territory.GUADELOUPE),
    "691": ("590", Territory.GUADELOUPE),
    "639": ("262", Territory.MAYOTTE),
    "692": ("262", Territory.REUNION),
    "693": ("262", Territory.REUNION),
    "694": ("594", Territory.GUYANE),
    "696": ("596", Territory.MARTINIQUE),
    "697": ("596", Territory.MARTINIQUE),
    "7090": ("590", Territory.GUADELOUPE),
    "7091": ("596", Territory.MARTINIQUE),
    "7092": ("262", Territory.REUNION),
    **{f"7093{digit}": ("594", Territory.GUYANE) for digit in "0123"},
    **{f"7093{digit}": ("262", Territory.MAYOTTE) for digit in "567"},
}
E164 = r"^\+[1-9][0-9]{6,14}$"
_FRANCE = "33"
_CODES = (_FRANCE, *dict.fromkeys(code for code, _ in COUNTRIES.values()))
_AFTER_CODE = 9  # digits of a number without its 0


class Encoding(StrEnum):
    """How a text travels: seven bits a character, or sixteen where the alphabet has not all of them."""

    GSM = "gsm"
    UCS2 = "ucs2"


_ROOM: Mapping[Encoding, tuple[int, int]] = {Encoding.GSM: (160, 153), Encoding.UCS2: (70, 67)}


@dataclass(frozen=True, slots=True)
class Measure:
    """A text as it travels: its encoding, its length in that, the room of one message alone, and how many it takes."""

    text: str
    encoding: Encoding
    length: int
    room: int
    parts: int


def fitted(text: str) -> str:
    """Return `text`, or the same within the GSM alphabet where `REPLACEMENTS` bring it there; else it stays as written."""
    plain = unicodedata.normalize("NFC", text)
    if is_gsm(plain):
        return plain
    for written, instead in REPLACEMENTS.items():
        plain = plain.replace(written, instead)
    return plain if is_gsm(plain) else unicodedata.normalize("NFC", text)


def is_gsm(text: str) -> bool:
    """Tell whether every character is in the GSM alphabet or its extension."""
    return all(char in ALPHABET or char in EXTENSION for char in text)


def measure(text: str) -> Measure:
    """Return how the text, made to fit, travels."""
    sent = fitted(text)
    encoding = Encoding.GSM if is_gsm(sent) else Encoding.UCS2
    sizes = list(_sizes(sent, encoding))
    alone, each = _ROOM[encoding]
    length = sum(sizes)
    return Measure(sent, encoding, length, alone, 1 if length <= alone else _count_parts(sizes, each))


def fitting(write: Callable[[str], str], reason: str) -> str:
    """Return a reason as a sentence, cut at a word with "…" where only so `write(reason)` is one message; "" for none.

    Where no cut brings it there, it stays whole.
    """
    words = reason.split()
    whole = reason if not words or reason[-1] in _ENDS else f"{reason}."
    cut = (f"{' '.join(words[:kept]).rstrip(_JOINS)}…" for kept in range(len(words) - 1, 0, -1))
    return next((said for said in (whole, *cut) if measure(write(said)).parts == 1), whole)


def mobile_number(text: str) -> str:
    """Return a French or overseas mobile number as E.164 writes it, "" for any other."""
    number = normal_number(text)
    digits = number[1:] if number.startswith("+") else number.removeprefix("00") if number.startswith("00") else ""
    if digits:
        code = next((code for code in _CODES if digits.startswith(code)), None)
        if code is None:
            return ""
        rest = digits.removeprefix(code).removeprefix("0")
    else:
        code, rest = _FRANCE, number.removeprefix("0") if number.startswith("0") else ""
    if len(rest) != _AFTER_CODE or not (rest.isascii() and rest.isdigit()) or rest[0] not in "67":
        return ""
    right = next((there for start, (there, _) in COUNTRIES.items() if rest.startswith(start)), _FRANCE)
    # From abroad people write +33 before an overseas number too; +590 before a metropolitan one is a mistake.
    return f"+{right}{rest}" if code in (right, _FRANCE) else ""


def territory_of_number(number: str) -> Territory:
    """Return where a mobile number in E.164 is at home."""
    found = (where for start, (code, where) in COUNTRIES.items() if number.startswith(f"+{code}{start}"))
    return next(found, Territory.METROPOLE)


def after_quiet_hours(wanted: datetime, territory: Territory) -> datetime:
    """Return `wanted`, in UTC, or where that falls between 20 h and 8 h on the customer's wall, 8 h of that morning."""
    there = local(wanted, territory)
    if QUIET_ENDS <= there.time() < QUIET_BEGINS:
        return utc(wanted)
    morning = there.date() + timedelta(days=there.time() >= QUIET_BEGINS)
    return utc(datetime.combine(morning, QUIET_ENDS, there.tzinfo))


def report_mac(key: bytes, envid: str, nonce: str) -> str:
    """Return what proves that an address for reports was made by us, for one attempt at one SMS."""
    return digest(key, f"{envid}/{nonce}".encode(), "sha256").hex()


def _sizes(text: str, encoding: Encoding) -> Iterator[int]:
    for char in text:
        if encoding is Encoding.GSM:
            yield 2 if char in EXTENSION else 1
        else:
            yield len(char.encode("utf-16-be")) // 2


def _count_parts(sizes: list[int], each: int) -> int:
    """Count parts; what takes two places is never cut between two of them."""
    parts, used = 1, 0
    for size in sizes:
        if used + size > each:
            parts, used = parts + 1, 0
        used += size
    return parts
