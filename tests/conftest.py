"""What every test gets: no screen, no keyring or settings of the person who runs it, nothing left behind."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.support.postgresql",
    "tests.support.databases",
    "tests.support.desks",
    "tests.support.callcentre",
    "tests.support.signed_in",
]

# Before any test module imports Qt or keyring: both read these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

import agent_desk.desktop.unhooked  # noqa: E402, F401 - as in the program

# A busy machine is slow, not wrong; an example that failed belongs into a test, not into a folder.
settings.register_profile("desk", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("desk")


UNMEASURED = frozenset({"adapters", "architecture", "desktop", "gateway", "journeys", "wiring"})


LONGEST = ("journeys", "upgrades", "gateway", "desktop")  # folders, by how long one file of theirs may take


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure the coverage of rules and actions by their own tests alone: it makes everything else a third slower.

    Begin with the files that take long, so that no worker is still at one of them when the others have nothing left.
    """
    here = Path(__file__).parent
    folders = {item: item.path.relative_to(here).parts[0] for item in items}
    for item, folder in folders.items():
        if folder in UNMEASURED:
            item.add_marker(pytest.mark.no_cover)
    items.sort(key=lambda item: LONGEST.index(folders[item]) if folders[item] in LONGEST else len(LONGEST))


# As in the program: no worker may take widgets apart that an earlier test has left.
gc.disable()


@pytest.fixture(autouse=True)
def _garbage_here() -> Iterator[None]:
    """Collect what each test leaves in the thread that runs them."""
    yield
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            break


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a data folder of its own, and no settings of a site."""
    monkeypatch.setenv("AGENT_DESK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AGENT_DESK_SITE", "")
