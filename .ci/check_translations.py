"""Fails when a translation is unfinished, invalid, or not up to date with the texts in forms and windows."""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
Message = tuple[str, str, str]  # context, source text, disambiguation


def messages(path: Path) -> dict[Message, str]:
    """Return the state of each text in a .ts file: "finished", "unfinished", "vanished" or "obsolete"."""
    found: dict[Message, str] = {}
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314  # our own file
        for message in context.iter("message"):
            translation = message.find("translation")
            state = "unfinished" if translation is None else translation.get("type", "finished")
            key = (context.findtext("name", ""), message.findtext("source", ""), message.findtext("comment", ""))
            found[key] = state
    return found


def run(*command: str | Path) -> str:
    """Return what a Qt tool says when it fails, or ""."""
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip()


def faults(path: Path) -> list[str]:
    """Return one sentence per fault of one .ts file."""
    with tempfile.TemporaryDirectory() as scratch:
        released = run(TOOLS / "pyside6-lrelease", "-silent", "-fail-on-unfinished", path, "-qm", f"{scratch}/out.qm")
        fresh = Path(scratch) / path.name
        fresh.write_bytes(path.read_bytes())
        updated = run(
            TOOLS / "pyside6-lupdate", "-silent", "-no-obsolete", "-locations", "none", "-extensions", "py,ui",
            "agent_desk", "forms", "-ts", fresh,
        )  # fmt: skip
        if updated:
            return [f"{path.name}: {updated}"]
        have, want = messages(path), messages(fresh)
    found = [f"{path.name}: {released}"] if released else []
    found += [f"{path.name}: missing {key}" for key in sorted(want.keys() - have.keys())]
    found += [f"{path.name}: no longer used {key}" for key in sorted(have.keys() - want.keys())]
    found += [f"{path.name}: {state} {key}" for key, state in sorted(have.items()) if state != "finished"]
    return found


if __name__ == "__main__":
    problems = [fault for ts in sorted(ROOT.glob("resources/translations/*.ts")) for fault in faults(ts)]
    print("\n".join(problems), end="\n" if problems else "")
    sys.exit(bool(problems))
