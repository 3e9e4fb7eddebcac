"""The view shows one page of the gateway and lets nothing out: no file, copy, menu or other place; a crash is dark."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.source import ROOT

SECONDS = 120


def run(home: Path, *command: str, **others: str) -> subprocess.CompletedProcess[str]:
    """Run Python with a home of its own, so that whatever it writes is found."""
    folders = {name: str(home) for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    environment = {**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen", **others}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give what one run of the view has shown."""
    home = tmp_path_factory.mktemp("home")
    # Chromium's sandbox refuses root, and tests may run as root.
    done = run(home, "-m", "tests.desktop.view_child", str(home), QTWEBENGINE_DISABLE_SANDBOX="1")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_page_comes_without_taking_keyboard_or_window(seen: dict[str, Any]) -> None:
    assert seen["title"]
    assert seen["keyboard stays"]
    assert seen["window stays"]


def test_the_page_reaches_no_other_origin_place_or_window(seen: dict[str, Any]) -> None:
    assert seen["other origin"] == []
    assert seen["other place"] == []
    assert (seen["stayed"], seen["views"]) == ("/viewer", 1)


def test_nothing_is_copied_dragged_or_offered_in_a_menu(seen: dict[str, Any]) -> None:
    assert seen["clipboard"] == "mine"
    assert seen["menus"] == 0
    assert not seen["drops"]


def test_nothing_reaches_the_disk(seen: dict[str, Any]) -> None:
    assert seen["files"] == []


def test_a_crash_is_dark_at_once_and_not_the_end(seen: dict[str, Any]) -> None:
    assert seen["dark after a crash"] == [[True], True]


def test_a_cut_is_dark_at_once_and_the_customer_s_browser_is_told(seen: dict[str, Any]) -> None:
    assert seen["dark after a cut"] == [True, True]
    assert seen["last word"]


def test_qt_has_nothing_to_complain_of(seen: dict[str, Any]) -> None:
    assert seen["faults"] == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root is refused")
def test_root_is_refused_before_the_browser_ends_the_program(tmp_path: Path) -> None:
    code = (
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "from agent_desk.desktop.share_view import LiveView, ViewRefusedError\n"
        "try:\n    LiveView()\nexcept ViewRefusedError as error:\n    print(error)\n"
    )
    done = run(tmp_path, "-c", code, QTWEBENGINE_DISABLE_SANDBOX="")
    assert (done.returncode, done.stdout) == (0, "the browser does not run as root\n")


def test_the_program_starts_without_the_browser(tmp_path: Path) -> None:
    code = "import agent_desk.wiring.desktop, sys; print([name for name in sys.modules if 'WebEngine' in name])"
    assert run(tmp_path, "-c", code).stdout == "[]\n"
