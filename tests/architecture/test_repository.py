"""What is committed names no machine, no registry and no unfinished work."""

import re

import pytest

from tests.support.source import ROOT, committed_files

FORBIDDEN = {
    "a path of one machine": r"(?<![\w.*{}$)-])/(?:wo" + r"rk|op" + r"t|ro" + r"ot|ho" + r"me)/\w",
    "a package registry": r"py" + r"pi\.org|python" + r"hosted\.org|deb\.deb" + r"ian\.org|registry\.npm" + r"js",
    "unfinished work": r"\bTO" + r"DO\b|\bFIX" + r"ME\b",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_text_names(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = []
    for path in committed_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture or a font
        found += [f"{path.relative_to(ROOT)}:{number}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    assert found == []


def test_the_top_level_folders_are_the_agreed_ones() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in committed_files() if path.parent != ROOT}
    assert folders <= {".ci", "agent_desk", "forms", "resources", "db", "tests", "docs"}
