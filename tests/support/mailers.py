"""Mail workers as processes of their own, which can be stopped, continued and killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, time

from agent_desk.actions.context import Context
from tests.support.mailer_child import HurriedClock
from tests.support.sites import environment
from tests.support.source import ROOT

PACE = 12.0  # a lease of sixty seconds lasts five, a heartbeat comes each 1.7 s
PATIENCE = 40.0
LOOK_AGAIN = 0.02
PROGRAM = (sys.executable, "-m", "agent_desk.wiring.console")


def eventually(happened: Callable[[], object], what: str) -> None:
    """Return once something has happened; AssertionError after a while."""
    until = monotonic() + PATIENCE
    while not happened():
        assert monotonic() < until, f"waited in vain for {what}"
        threading.Event().wait(LOOK_AGAIN)


@dataclass(slots=True)
class Site:
    """A database with workers that live by one hurried clock; `ctx` lives by it too."""

    url: str
    ctx: Context
    port: int
    start: float
    stack: ExitStack = field(default_factory=ExitStack)

    def worker(self, port: int | None = None) -> "subprocess.Popen[str]":
        """Start a worker and return it once it runs; whatever becomes of it, it has ended when the site has."""
        command = [sys.executable, "-m", "tests.support.mailer_child", self.url, str(port or self.port)]
        process = subprocess.Popen(
            [*command, str(self.start), str(PACE)], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
        self.stack.callback(_end, process)
        assert process.stdout is not None
        assert process.stdout.readline() == "runs\n"
        return process


@contextmanager
def site(url: str, ctx: Context, port: int) -> Iterator[Site]:
    """Give a site whose workers send to a loopback port."""
    start = time()
    made = Site(url, replace(ctx, clock=HurriedClock(start, PACE)), port, start)
    with made.stack:
        yield made


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run `deskctl mailer` until the block ends; it has said that it runs."""
    command = [*PROGRAM, "mailer", "--json", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        told = process.stdout.readline()
        try:
            assert told, process.stderr.read()
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=30)


def stopped(process: "subprocess.Popen[str]") -> str:
    """Stop a worker as systemd does, and return what it said last."""
    process.send_signal(signal.SIGTERM)
    assert process.stdout is not None
    said = process.stdout.read()
    assert process.wait(PATIENCE) == 0
    return said


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    assert process.stdout is not None
    process.stdout.close()
