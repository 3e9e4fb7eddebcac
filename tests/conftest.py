"""What every test gets: no screen, no keyring or settings of the person who runs it, nothing left behind."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.postgresql", "tests.support.databases", "tests.support.desks"]

# Before any test module imports Qt or keyring: both read these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

# A busy machine is slow, not wrong; an example that failed belongs into a test, not into a folder.
settings.register_profile("desk", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("desk")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a data folder of its own."""
    monkeypatch.setenv("AGENT_DESK_HOME", str(tmp_path / "home"))
