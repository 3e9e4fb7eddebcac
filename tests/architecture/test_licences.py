"""What ships beside the program may ship beside it."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement

from tests.support.source import ROOT

COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )(?<!Library )(?:\bA?GPL|GNU (?:Affero )?General Public)", re.IGNORECASE)


def shipped() -> set[str]:
    """Return the names of all distributions the program needs at run time, direct or not, on this system."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    waiting, found = [Requirement(text) for text in project["project"]["dependencies"]], set[str]()
    while waiting:
        wanted = waiting.pop()
        extras = sorted(wanted.extras) or [""]
        if wanted.name in found or (wanted.marker and not any(wanted.marker.evaluate({"extra": e}) for e in extras)):
            continue
        try:
            needs = distribution(wanted.name).requires or []
        except PackageNotFoundError:
            continue  # for another system
        found.add(wanted.name)
        for text in needs:
            need = Requirement(text)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras):
                need.marker = None
                waiting.append(need)
    return found


@pytest.mark.parametrize("name", sorted(shipped()))
def test_nothing_shipped_is_under_the_gpl_alone(name: str) -> None:
    metadata = distribution(name).metadata
    stated = metadata.get_all("License-Expression", []) + metadata.get_all("License", [])[:1]
    stated += [line for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
    text = " ".join(line.splitlines()[0] for line in stated if line)
    assert text, "no licence stated"
    assert "LGPL" in text or not COPYLEFT.search(text), text
