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


def wanted() -> set[Message]:
    """Return the texts that forms and windows hold now."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "all_fr.ts"
        fault = run(
            TOOLS / "pyside6-lupdate", "-silent", "-locations", "none", "-extensions", "py,ui",
            "agent_desk", "forms", "-ts", fresh,
        )  # fmt: skip
        if fault:
            sys.exit(fault)
        return set(messages(fresh))


def faults() -> list[str]:
    """Return one sentence per fault; together the French files hold each text once, the English ones its plurals."""
    want = wanted()
    french, english = (of_language(language) for language in ("fr", "en"))
    found = french[0] + english[0]
    found += [f"not translated: {key}" for key in sorted(want - french[1])]
    return found + [f"no longer used: {key}" for key in sorted((french[1] | english[1]) - want)]


def of_language(language: str) -> tuple[list[str], set[Message]]:
    """Return the faults within the files of one language, and the texts they hold."""
    found, have = list[str](), set[Message]()
    for path in sorted(ROOT.glob(f"resources/translations/*_{language}.ts")):
        with tempfile.TemporaryDirectory() as scratch:
            fault = run(TOOLS / "pyside6-lrelease", "-silent", "-fail-on-unfinished", path, "-qm", f"{scratch}/out.qm")
        found += [f"{path.name}: {fault}"] if fault else []
        own = messages(path)
        found += [f"{path.name}: {state} {key}" for key, state in sorted(own.items()) if state != "finished"]
        found += [f"{path.name}: also in another file {key}" for key in sorted(own.keys() & have)]
        have |= own.keys()
    return found, have


if __name__ == "__main__":
    problems = faults()
    print("\n".join(problems), end="\n" if problems else "")
    sys.exit(bool(problems))
