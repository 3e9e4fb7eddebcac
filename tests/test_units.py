"""The services' unit files: systemd accepts them, they are locked down, and they run commands that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from agent_desk.console.arguments import parse
from tests.support.source import ROOT

UNITS = sorted((ROOT / "resources" / "installer").glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")
LOCKS = (
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "DynamicUser=yes",
    "SystemCallFilter=@system-service",
    "UMask=0077",
)


def command(unit: Path) -> list[str]:
    """Return what the unit starts, after the program's name."""
    found = re.search(r"^ExecStart=/usr/bin/deskctl (.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1].split()


def test_there_is_a_unit_for_each_service() -> None:
    assert [unit.name for unit in UNITS] == ["agent-desk-gateway.service", "agent-desk-mailer@.service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_what_a_unit_starts_is_a_command_with_its_credential(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    options = parse(command(unit))
    assert options.command in unit.name
    credential = re.search(r"^LoadCredential=([\w.]+):", text, re.MULTILINE)
    assert credential is not None
    assert options.credential == f"%d/{credential[1]}"
    assert all(lock in text for lock in LOCKS)


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong(unit: Path, tmp_path: Path) -> None:
    assert ANALYZE is not None
    # Verified as installed: with a program that is there, and as one copy of a template.
    here = tmp_path / unit.name.replace("@.", "@1.")
    here.write_text(unit.read_text(encoding="utf-8").replace("/usr/bin/deskctl", "/usr/bin/env"), encoding="utf-8")
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", str(here)], capture_output=True, text=True, timeout=60, check=False
    )
    said = [line for line in done.stderr.splitlines() if unit.name.partition(".")[0].rstrip("@") in line]
    assert (done.returncode, said) == (0, [])


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_calls_what_is_left_open_little(unit: Path, tmp_path: Path) -> None:
    assert ANALYZE is not None
    here = tmp_path / unit.name.replace("@.", "@1.")
    here.write_text(unit.read_text(encoding="utf-8").replace("/usr/bin/deskctl", "/usr/bin/env"), encoding="utf-8")
    done = subprocess.run(
        [ANALYZE, "security", "--offline=yes", "--threshold=25", str(here)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-400:] + done.stderr[-400:]
