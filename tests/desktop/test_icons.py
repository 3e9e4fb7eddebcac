"""Every icon can be drawn, in any colour and at any scaling."""

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from agent_desk.desktop.icons import icon, icon_image
from agent_desk.desktop.theme import load_themes, palette_of
from agent_desk.paths import data_path
from tests.support.source import ROOT

NAMES = sorted(path.stem for path in data_path("resources", "icons").glob("*.svg"))


def is_drawn_in(image: QImage, wanted: QColor) -> bool:
    """Tell whether there are opaque points and all have the colour wanted, a rounding apart."""
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    inks = [colour for x, y in points if (colour := image.pixelColor(x, y)).alpha() == 255]
    return bool(inks) and all(
        abs(ink.red() - wanted.red()) + abs(ink.green() - wanted.green()) + abs(ink.blue() - wanted.blue()) <= 6
        for ink in inks
    )


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    image = icon_image(name, "#2f5bea", 80)
    assert (image.width(), image.height()) == (80, 80)
    assert is_drawn_in(image, QColor("#2f5bea"))


def test_an_icon_follows_the_theme_without_being_made_again(dressed: QApplication) -> None:
    made = icon("today")
    before = dressed.palette()
    for theme in load_themes().values():
        dressed.setPalette(palette_of(theme))
        assert is_drawn_in(made.pixmap(QSize(64, 64)).toImage(), theme.colour("text"))
    dressed.setPalette(before)


def test_a_chosen_button_has_its_icon_in_the_accent(dressed: QApplication) -> None:
    image = icon("journal", "muted").pixmap(QSize(64, 64), QIcon.Mode.Normal, QIcon.State.On).toImage()
    assert is_drawn_in(image, load_themes()["light"].colour("accent_text"))


def test_every_icon_the_source_names_is_drawn() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "agent_desk" / "desktop").rglob("*.py"))
    named = set(re.findall(r"""\bicon\(\s*"([a-z-]+)\"""", source)) | set(re.findall(r'icon_name="([a-z-]+)"', source))
    assert named
    assert named <= set(NAMES)
