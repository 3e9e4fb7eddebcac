"""The program is killed while an agent types: it opens again at the same step and field, half a second older at most."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from agent_desk.rules.content_path import read
from agent_desk.rules.session import Step
from tests.support.workstation import wait_until, workstation

PROMISE = 0.5  # seconds of typing that may be lost
TYPED = 90  # letters before the kill


@pytest.mark.parametrize(
    ("step", "path"),
    [(Step.CUSTOMER, "customer.address"), (Step.REQUEST, "description"), (Step.INTERVENTION, "notes")],
)
def test_a_kill_loses_at_most_the_last_half_second_and_keeps_the_place(
    qapp: QApplication, tmp_path: Path, step: Step, path: str
) -> None:
    command = [sys.executable, "-m", "tests.journeys.typing_child", str(tmp_path), str(int(step)), path, "fr"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as child:
        assert child.stdout is not None
        said = [json.loads(child.stdout.readline()) for _ in range(TYPED)]
        killed_at = time.monotonic()
        os.kill(child.pid, signal.SIGKILL)
        said += [json.loads(line) for line in child.stdout if line.endswith("}\n")]
    typed = said[-1]["text"]
    promised = max((one["text"] for one in said if one["at"] <= killed_at - PROMISE), key=len, default="")

    with workstation(qapp, tmp_path) as desk:
        desk.window.open_session(1)
        wait_until(lambda: desk.session.editor is not None, "the session")
        editor = desk.session.editor
        assert editor is not None
        found = read(editor.content, path)
        focused = QApplication.focusWidget()
        place = (desk.session.step, focused.objectName() if focused is not None else "")

    assert len(promised) > 20, "the child must type long enough to tell"
    assert typed.startswith(found)
    assert found.startswith(promised)
    assert place == (step, path)
