"""The self-test tells what works and what does not, and stops at nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent_desk.wiring.self_checks import CHECKS, Check, run_checks
from tests.support.source import ROOT


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_passes_in_a_fresh_folder(name: str, tmp_path: Path) -> None:
    assert "\n" not in CHECKS[name](tmp_path)


def test_a_failed_check_is_named_and_the_next_one_still_runs(tmp_path: Path) -> None:
    def broken(_folder: Path) -> str:
        raise FileNotFoundError("fonts")

    checks: dict[str, Check] = {"pdf": broken, "folder": str}
    told: list[str] = []
    assert not run_checks(checks, tmp_path, told.append)
    assert told == ["FAILED  pdf: FileNotFoundError: fonts", f"ok      folder: {tmp_path}"]


def test_the_program_tests_itself_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agent_desk", "--self-test"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path), "AGENT_DESK_HOME": str(tmp_path / "home")},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[1] for line in lines] == [f"{name}:" for name in (*CHECKS, "translations", "window", "view")]
    assert list(tmp_path.iterdir()) == []
