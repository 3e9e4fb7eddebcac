"""Shipped files are found from a checkout, an installed wheel and a frozen program."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from agent_desk.paths import data_path, data_root

ROOT = Path(__file__).resolve().parents[1]


def test_a_checkout_finds_its_own_folders() -> None:
    assert data_root() == ROOT
    assert data_path("db", "seed") == ROOT / "db" / "seed"
    assert data_path("resources", "fonts").is_dir()


def test_a_frozen_program_finds_them_beside_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert data_path("resources", "fonts") == tmp_path / "resources" / "fonts"


def test_an_installed_wheel_finds_them_inside_its_package(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    assert list((installed / "agent_desk" / "desktop" / "forms").glob("ui_*.py"))  # generated, so not in git
    code = (
        f"import sys; sys.path.insert(0, {str(installed)!r});"
        "from agent_desk.paths import data_path;"
        "print(data_path('resources', 'fonts'), data_path('db', 'seed').is_dir(), data_path('forms').is_dir())"
    )
    answer = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60
    )
    assert answer.stdout.split() == [str(installed / "agent_desk" / "data" / "resources" / "fonts"), "True", "True"]
