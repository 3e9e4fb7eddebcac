"""A real X server for windows that are measured, and programs started on it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def x_server() -> Iterator[str]:
    """Start Xvfb on a free display and give its name."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as answer:
        display = answer.readline().strip()
    try:
        yield f":{display}"
    finally:
        server.terminate()
        server.wait()


def start(display: str, module: str, *arguments: str, home: Path | None = None) -> subprocess.Popen[str]:
    """Start `python -m module` on a display; it is told when it was started, on the monotonic clock."""
    # An installed program has its bytecode; the first round, which does not count, writes it.
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment = inherited | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "STARTED": repr(time.monotonic()),
    }
    if home is not None:
        environment["AGENT_DESK_HOME"] = str(home)
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )


def answer(child: subprocess.Popen[str]) -> dict[str, Any]:
    """Return the JSON a child prints as its last line; RuntimeError where it failed."""
    said, _ = child.communicate(timeout=300)
    if child.returncode != 0:
        raise RuntimeError(f"the measured program ended with {child.returncode}: {said[-500:]}")
    result: dict[str, Any] = json.loads(said.splitlines()[-1])
    return result
