"""Everything written can be read, in light and in dark."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from agent_desk.desktop.theme import Theme, chosen_name, load_themes, palette_of, stylesheet_of

THEMES = load_themes()
BOTH = list(THEMES.values())
Role = QPalette.ColorRole

# Which text stands on which grounds, in the stylesheet and in what delegates paint.
TEXT_ON = {
    "text": ("bg", "surface", "sunk", "accent_soft", "ok_soft", "warn_soft", "bad_soft"),
    "muted": ("bg", "surface", "sunk", "accent_soft"),
    "accent_text": ("bg", "surface", "accent_soft"),
    "on_accent": ("accent", "accent_hover"),
    "on_ok": ("ok",),
    "ok_text": ("bg", "surface", "ok_soft", "accent_soft"),
    "warn_text": ("bg", "surface", "warn_soft", "accent_soft"),
    "bad_text": ("bg", "surface", "bad_soft", "accent_soft"),
}
PAIRS = [(ink, ground) for ink, grounds in TEXT_ON.items() for ground in grounds]


def luminance(colour: QColor) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [colour.redF(), colour.greenF(), colour.blueF()]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", BOTH, ids=lambda theme: theme.name)
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_text_stands_out_from_its_ground(theme: Theme, pair: tuple[str, str]) -> None:
    ink, ground = pair
    assert contrast(theme.colour(ink), theme.colour(ground)) >= 4.5, pair


@pytest.mark.parametrize("theme", BOTH, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["bg", "surface", "accent_soft"])
def test_amounts_stand_out_even_more(theme: Theme, ground: str) -> None:
    assert contrast(theme.colour("text"), theme.colour(ground)) >= 7


@pytest.mark.parametrize("theme", BOTH, ids=lambda theme: theme.name)
def test_the_focus_ring_stands_out(theme: Theme) -> None:
    assert min(contrast(theme.colour("accent"), theme.colour(ground)) for ground in ("bg", "surface")) >= 3


@pytest.mark.parametrize("theme", BOTH, ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (Role.WindowText, Role.Window),
        (Role.Text, Role.Base),
        (Role.ButtonText, Role.Button),
        (Role.HighlightedText, Role.Highlight),
        (Role.Link, Role.Base),
        (Role.Link, Role.Window),
        (Role.LinkVisited, Role.Base),
        (Role.PlaceholderText, Role.Base),
        (Role.ToolTipText, Role.ToolTipBase),
    ],
)
def test_the_roles_fusion_gets_wrong_are_ours(theme: Theme, ink: Role, ground: Role) -> None:
    palette = palette_of(theme)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        assert contrast(palette.color(group, ink), palette.color(group, ground)) >= 4.5


@pytest.mark.parametrize("theme", BOTH, ids=lambda theme: theme.name)
def test_the_stylesheet_is_whole(theme: Theme) -> None:
    sheet = stylesheet_of(theme)
    assert "@" not in sheet
    assert theme.colours["accent"] in sheet


def test_both_themes_have_the_same_tokens() -> None:
    assert THEMES["light"].colours.keys() == THEMES["dark"].colours.keys()


def test_a_setting_wins_over_the_system(qapp: QApplication) -> None:
    assert chosen_name("dark", qapp) == "dark"
    assert chosen_name("light", qapp) == "light"
    assert chosen_name("system", qapp) in THEMES
