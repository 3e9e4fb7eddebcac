"""Money in integer cents."""


def divide_half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator to the nearest whole, halves up; raise ValueError unless 0 ≤ n and 0 < d."""
    if numerator < 0 or denominator <= 0:
        raise ValueError("only a non-negative amount divided by a positive one can be rounded half up")
    return (2 * numerator + denominator) // (2 * denominator)


def vat_included(amount_cents: int, rate_permille: int) -> int:
    """Return the VAT inside `amount_cents`: amount − amount / (1 + rate), in cents, rounded half up.

    `rate_permille` is 200 for 20 %. Raises ValueError for a negative amount or rate.
    """
    if rate_permille < 0:
        raise ValueError("a VAT rate is never negative")
    return divide_half_up(amount_cents * rate_permille, 1000 + rate_permille)
