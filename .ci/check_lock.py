"""Fails when requirements.lock names an address or misses a hash, or a version that pyproject.toml does not allow."""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r"://|^-|\bfile:|^\s*[./~]|@ ")


def locked(lines: list[str]) -> dict[str, list[str]]:
    """Return the versions of each package; the universal lock may hold several, one per marker."""
    versions: dict[str, list[str]] = {}
    for line in lines:
        if found := re.match(r"([A-Za-z0-9_.-]+)(?:\[[^]]*])?==([^ ;\\]+)", line):
            versions.setdefault(canonicalize_name(found[1]), []).append(found[2])
    return versions


def faults() -> list[str]:
    """Return one sentence per fault."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = text.splitlines()
    found = [f"line {number} names a place: {line}" for number, line in enumerate(lines, 1) if ADDRESS.search(line)]
    blocks = re.split(r"\n(?=\S)", text.strip())
    found += [f"no hash: {block.split()[0]}" for block in blocks if "--hash=sha256:" not in block]
    versions = locked(lines)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for wanted in project["project"]["dependencies"] + project["dependency-groups"]["dev"]:
        requirement = Requirement(wanted)
        have = versions.get(canonicalize_name(requirement.name), [])
        if not have or not all(requirement.specifier.contains(version) for version in have):
            found.append(f"{wanted}: the lock has {have or 'nothing'}; run make lock")
    return found


if __name__ == "__main__":
    problems = faults()
    print("\n".join(problems), end="\n" if problems else "")
    sys.exit(bool(problems))
