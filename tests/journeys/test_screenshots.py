"""The README shows the program as it is: three pictures, small, each told in words, too."""

import re

from PySide6.QtGui import QImage

from tests.journeys.screenshots import IN_README, README_FOLDER
from tests.support.source import ROOT

MOST_BYTES = 150_000
PICTURE = re.compile(r"!\[([^]]+)\]\(([^)]+)\)")


def test_the_readme_shows_three_pictures_and_tells_them_in_words() -> None:
    shown = PICTURE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert {ROOT / place for _, place in shown} == set(README_FOLDER.iterdir())
    assert len(shown) == len(IN_README) == 3
    assert all(len(words) > 40 for words, _ in shown)


def test_the_first_picture_stands_right_under_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.match(r"# Agent Desk\n\n```\nmake run .*\nmake test .*\n```\n\n!\[", text)


def test_the_pictures_are_small_files_of_the_size_drawn() -> None:
    for path in README_FOLDER.iterdir():
        picture = QImage(str(path))
        assert (picture.width(), picture.height()) == (1360, 850)
        assert path.stat().st_size <= MOST_BYTES
