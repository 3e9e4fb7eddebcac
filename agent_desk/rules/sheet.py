"""What a spreadsheet takes for a formula, whoever typed it."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would reckon with this text instead of showing it."""
    return text.startswith(FORMULA)
