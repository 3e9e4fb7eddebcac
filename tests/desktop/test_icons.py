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


def inks(image: QImage) -> set[str]:
    """Return the colours of opaque points."""
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    colours = [image.pixelColor(x, y) for x, y in points]
    return {colour.name() for colour in colours if colour.alpha() == 255}


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    image = icon_image(name, "#2f5bea", 80)
    assert (image.width(), image.height()) == (80, 80)
    assert inks(image) == {"#2f5bea"}


def test_an_icon_follows_the_theme_without_being_made_again(dressed: QApplication) -> None:
    made = icon("today")
    before = dressed.palette()
    seen = []
    for theme in load_themes().values():
        dressed.setPalette(palette_of(theme))
        seen.append(inks(made.pixmap(QSize(64, 64)).toImage()))
        assert seen[-1] == {QColor(theme.colours["text"]).name()}
    dressed.setPalette(before)
    assert seen[0] != seen[1]


def test_a_chosen_button_has_its_icon_in_the_accent(dressed: QApplication) -> None:
    image = icon("journal", "muted").pixmap(QSize(64, 64), QIcon.Mode.Normal, QIcon.State.On).toImage()
    assert inks(image) == {QColor(load_themes()["light"].colours["accent_text"]).name()}


def test_every_icon_the_source_names_is_drawn() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "agent_desk" / "desktop").rglob("*.py"))
    named = set(re.findall(r"""\bicon\(\s*"([a-z-]+)\"""", source)) | set(re.findall(r'icon_name="([a-z-]+)"', source))
    assert named
    assert named <= set(NAMES)
