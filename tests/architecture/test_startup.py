"""What the first window needs is light; the rest is loaded after it is painted."""

import json
import subprocess
import sys

import pytest

from tests.support.source import ROOT

HEAVY = ("sqlalchemy", "alembic", "psycopg", "reportlab", "keyring", "cryptography", "jinja2", "smtplib")


def loaded_by(module: str) -> list[str]:
    """Return the names of all modules that importing one of ours loads, in a process of its own."""
    code = f"import {module}, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True, timeout=120
    )
    names: list[str] = json.loads(done.stdout)
    return names


@pytest.mark.parametrize("module", ["agent_desk.desktop.main_window", "agent_desk.wiring.desktop"])
def test_the_first_window_loads_nothing_heavy(module: str) -> None:
    names = loaded_by(module)
    assert module in names
    assert [name for name in names if name.split(".")[0] in HEAVY] == []


def test_rules_load_nothing_from_outside_python() -> None:
    names = loaded_by("agent_desk.rules.billing, agent_desk.rules.clocks, agent_desk.rules.gates")
    ours = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"__main__", "agent_desk"}
    assert {name for name in ours if not name.startswith(("_", "sitecustomize", "usercustomize"))} <= {"tzdata"}


def test_the_program_loads_modules_without_qts_look_into_each() -> None:
    code = (
        "import builtins; plain = builtins.__import__; import agent_desk.__main__, PySide6.QtWidgets;"
        "assert builtins.__import__ is plain"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
