"""Colours: tokens in `resources/theme` become Qt's palette and one stylesheet, light or dark."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from agent_desk.paths import data_path

BODY_PIXELS = 13
FONT_FILES = ("Inter-Regular.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf")

_ROLES = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunk",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent_text",
    QPalette.ColorRole.LinkVisited: "accent_text",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "sunk",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "edge",
    QPalette.ColorRole.Shadow: "edge",
}
_TOKEN = re.compile(r"@([a-z_]+)")
_ASSET = re.compile(r"@asset\(([a-z]+)\)")


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: its name ("light" or "dark") and its colours by token."""

    name: str
    colours: Mapping[str, str]

    def colour(self, token: str) -> QColor:
        """Return the colour called `token`; KeyError for one that tokens.toml does not have."""
        return QColor(self.colours[token])


def theme_folder() -> Path:
    """Return where tokens, stylesheet and small pictures are."""
    return data_path("resources", "theme")


def load_themes() -> dict[str, Theme]:
    """Return the light and the dark theme, by name."""
    with (theme_folder() / "tokens.toml").open("rb") as file:
        tables = tomllib.load(file)
    return {name: Theme(name, colours) for name, colours in tables.items()}


def chosen_name(setting: str, app: QApplication) -> str:
    """Return "light" or "dark" for the setting "light", "dark" or "system"."""
    if setting in ("light", "dark"):
        return setting
    return "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def palette_of(theme: Theme) -> QPalette:
    """Return Qt's palette: every role is ours, as Fusion's own selected rows and links miss 4.5:1."""
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, theme.colour(token))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme.colour("muted"))
    return palette


def stylesheet_of(theme: Theme) -> str:
    """Return the stylesheet with this theme's colours and pictures filled in."""
    folder = theme_folder()
    text = (folder / "style.qss").read_text(encoding="utf-8")
    text = _ASSET.sub(lambda found: f'url("{folder.as_posix()}/{theme.name}-{found[1]}.svg")', text)
    return _TOKEN.sub(lambda found: theme.colours[found[1]], text)


def load_fonts() -> None:
    """Make the bundled Inter known to Qt."""
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(data_path("resources", "fonts", name)))


def body_font() -> QFont:
    """Return Inter at body size."""
    font = QFont("Inter")
    font.setPixelSize(BODY_PIXELS)
    return font


def with_figures(font: QFont) -> QFont:
    """Return `font` with figures of one width, so that columns of amounts line up and clocks stand still."""
    steady = QFont(font)
    steady.setFeature(QFont.Tag("tnum"), 1)
    return steady


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole application; every widget repaints."""
    app.setPalette(palette_of(theme))
    app.setStyleSheet(stylesheet_of(theme))
