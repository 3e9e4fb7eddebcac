"""A service ends when it is told, whatever it was about just then."""

import subprocess
import sys

from tests.support.source import ROOT

TIMES = 5000
TOLD_OFTEN = f"""
import os, signal, threading
from agent_desk.wiring.service import until_told
ready, heard = threading.Semaphore(0), threading.Semaphore(0)
def tell():
    for _ in range({TIMES}):
        ready.acquire()
        os.kill(os.getpid(), signal.SIGTERM)
        heard.acquire()
telling = threading.Thread(target=tell)
telling.start()
for _ in range({TIMES}):
    with until_told() as wait:
        ready.release()
        wait()
    heard.release()
telling.join()
"""


def test_a_signal_is_heard_at_whatever_moment_it_comes() -> None:
    done = subprocess.run([sys.executable, "-c", TOLD_OFTEN], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
