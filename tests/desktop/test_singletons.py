"""A desk is open all day: what PySide6 loses with each call must not end the program."""

import subprocess
import sys

CALLS = 60_000  # more than the references Python 3.11 holds after start

SCRIPT = f"""
import agent_desk.desktop

from PySide6.QtWidgets import QApplication, QLineEdit
app = QApplication([])
edit = QLineEdit()
for _ in range({CALLS}):
    edit.setText("x")
print("alive")
"""


def test_tens_of_thousands_of_calls_leave_the_program_alive() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr[-400:]
