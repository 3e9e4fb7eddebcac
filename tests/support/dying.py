"""A process that can be killed at a chosen moment: `run_and_kill` starts it, waits for its word, and kills it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_and_kill(program: str, *arguments: str, word: str = "now") -> list[str]:
    """Run Python `program`, kill -9 it when it has printed `word`, and return the lines before that."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", program, *arguments],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert process.stdout is not None
    lines = []
    with process.stdout as told:
        for line in told:
            lines.append(line.strip())
            if lines[-1] == word:
                process.send_signal(signal.SIGKILL)
                break
        assert process.wait() == -signal.SIGKILL, lines
    return lines[:-1]
