"""What a typographer would mark in a French text."""

import re

_NOT_TEXT = re.compile(r"\{[a-z_]*\}|https?://\S*")
_WRONG = {
    "straight apostrophe": r"\w'\w",
    "straight quote": r'"',
    "three dots": r"\.\.\.",
    "no narrow space before ; ! ? %": r"[^\u202f\s][;!?%]|[ \u00a0][;!?%]",
    "no space before a colon": r"[^\u00a0\d]:(?!\w)",
    "no space inside guillemets": r"«(?!\u00a0)|(?<!\u00a0)»",
    "two spaces": r"[ \u00a0\u202f]{2}(?=\S)",
    "space before comma or full stop": r"\s[,.](?:\s|$)",
    "plain space before €": r"\d €",
}


def french_mistakes(text: str) -> list[str]:
    """Return the names of the mistakes in `text`; placeholders and addresses count as words."""
    said = _NOT_TEXT.sub("x", text)
    return [name for name, pattern in _WRONG.items() if re.search(pattern, said)]
