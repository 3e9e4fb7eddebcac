"""The frozen program in dist/ starts on its own, finds its files, and holds nothing that may not ship."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.source import ROOT

# What Qt's browser says where there is no graphics card, no system bus and no sandbox for root.
HARMLESS = (
    "Sandboxing disabled by user",
    "QRhiGles2: ",
    "Failed to create RHI",
    "dbus/bus.cc",
    "GPUInfo not initialized",
)

pytestmark = pytest.mark.packaged

FOLDER = ROOT / "dist" / "agent-desk"
GPL = ("Charts", "Graphs", "DataVisualization", "HttpServer", "NetworkAuth", "VirtualKeyboard")


def run(program: str, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a frozen program far from the checkout, with an environment as bare as a launcher's."""
    environment = {
        "AGENT_DESK_HOME": str(home / "home"),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "QT_QPA_PLATFORM": "offscreen",
        "TMPDIR": str(home),
    }
    if os.geteuid() == 0:
        environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # it refuses to be root within one
    return subprocess.run(
        [FOLDER / program, *arguments],
        cwd=home,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def complaints(said: str) -> list[str]:
    """Return what a program wrote to its standard error and cannot be explained by this machine."""
    return [line for line in said.splitlines() if line and not any(one in line for one in HARMLESS)]


def test_the_self_test_opens_a_database_loads_the_words_draws_a_pdf_and_shows_the_window(tmp_path: Path) -> None:
    done = run("agent-desk", "--self-test", home=tmp_path)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert complaints(done.stderr) == []
    assert all(line.startswith("ok ") for line in lines)
    names = [line.split()[1].rstrip(":") for line in lines]
    assert names == ["program", "database", "wording", "pdf", "keyring", "gateway", "translations", "window", "view"]
    assert "runs" in lines[-1]


def test_the_self_test_leaves_nothing_behind(tmp_path: Path) -> None:
    run("agent-desk", "--self-test", home=tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_command_line_reads_the_catalogue_that_ships(tmp_path: Path) -> None:
    done = run("deskctl", "catalogue", "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) == 23


def test_the_browser_ships_with_two_languages_and_without_tools_to_look_into_pages() -> None:
    qt = FOLDER / "_internal" / "PySide6" / "Qt"
    assert {path.name for path in (qt / "translations" / "qtwebengine_locales").iterdir()} == {"fr.pak", "en-US.pak"}
    assert not [path for path in qt.rglob("*") if "devtools" in path.name]


def test_the_customers_page_and_the_relays_configuration_ship() -> None:
    resources = FOLDER / "_internal" / "resources"
    assert (resources / "gateway" / "page.html").is_file()
    assert (resources / "installer" / "turnserver.conf").is_file()


def test_no_module_under_the_gpl_got_in() -> None:
    names = [path.name for path in FOLDER.rglob("*")]
    assert [name for name in names if any(f"Qt{part}" in name or f"Qt6{part}" in name for part in GPL)] == []


def test_no_theme_of_gtk_got_in() -> None:
    assert [path for path in FOLDER.rglob("*") if path.name.startswith(("libgtk", "libgdk", "libqgtk"))] == []


def test_the_licence_of_the_font_goes_with_it() -> None:
    assert (FOLDER / "_internal" / "resources" / "fonts" / "OFL.txt").is_file()
