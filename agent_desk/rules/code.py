"""The one-time code a customer types (4.6): locator, six-digit secret, and one check digit after Damm."""

import re
from itertools import pairwise

SECRET_DIGITS = 6
LOCATOR_DIGITS = range(3, 6)  # a site setting
FAILURES_MAX = 3
_IGNORED = re.compile(r"[\s.\-]+")
# The quasigroup of order 10 in H. Michael Damm's thesis (2004): finds every single wrong digit and every swap.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> str:
    """Return the digit that makes `digits` a valid number; raise ValueError for anything but ASCII digits."""
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("only digits have a check digit")
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def build(locator: str, secret: str) -> str:
    """Return the code of a locator and a secret, check digit last; raise ValueError when their lengths are wrong."""
    if len(locator) not in LOCATOR_DIGITS or len(secret) != SECRET_DIGITS:
        raise ValueError("a code is a locator of 3 to 5 digits and a secret of 6")
    return locator + secret + check_digit(locator + secret)


def normalise(text: str) -> str:
    """Return what was typed without spaces, dots and hyphens."""
    return _IGNORED.sub("", text)


def is_well_formed(text: str, locator_digits: int) -> bool:
    """Tell whether `text` has the length of this site's codes, only digits, and the right check digit."""
    digits = normalise(text)
    if len(digits) != locator_digits + SECRET_DIGITS + 1 or not (digits.isascii() and digits.isdigit()):
        return False
    return check_digit(digits) == "0"


def split(digits: str, locator_digits: int) -> tuple[str, str]:
    """Return the locator and the secret of a well-formed, normalised code."""
    return digits[:locator_digits], digits[locator_digits:-1]


def groups(digits: str) -> tuple[str, ...]:
    """Return the digits in groups of three and four, the longer ones last, as they are shown and dictated."""
    count = max(len(digits) // 3, 1)
    size, longer = divmod(len(digits), count)
    ends = [size * n + max(0, n - (count - longer)) for n in range(count + 1)]
    return tuple(digits[start:end] for start, end in pairwise(ends))


def group(digits: str) -> str:
    """Return the digits as shown on screen: `407 915 2632`."""
    return " ".join(groups(digits))
