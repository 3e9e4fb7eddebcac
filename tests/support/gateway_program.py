"""`deskctl gateway` as a process of its own, which can be killed and started again at the same address."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from agent_desk.settings import load_settings, save_settings

DESKCTL = str(Path(sys.executable).with_name("deskctl"))
PATIENCE = 20.0


@dataclass(slots=True)
class GatewayProgram:
    """A gateway for a site; `address` is where its page is while it runs."""

    home: Path
    port: int = 0
    process: subprocess.Popen[str] | None = field(default=None)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def credential(self) -> Path:
        return self.home / "credential.json"

    def publish_key(self) -> None:
        """Make the credential and tell the site's desks the public key."""
        command = [DESKCTL, "gateway", "--publish-key", "--credential", str(self.credential)]
        subprocess.run(command, env=self._environment(), check=True, capture_output=True, timeout=PATIENCE)

    def start(self) -> None:
        """Serve, at the port of the last time; it has told that it does."""
        listen = f"127.0.0.1:{self.port}"
        command = [DESKCTL, "gateway", "--json", "--credential", str(self.credential), "--listen", listen]
        with (self.home / "log").open("a") as told:
            self.process = subprocess.Popen(
                command, env=self._environment(), stdout=subprocess.PIPE, stderr=told, text=True
            )
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            raise RuntimeError("the gateway does not say that it runs")
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the gateway ended: {(self.home / 'log').read_text()[-2000:]}")
        self.port = json.loads(line)["port"]

    def kill(self) -> None:
        """End it without a word."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process = None

    def _environment(self) -> dict[str, str]:
        return os.environ | {"AGENT_DESK_HOME": str(self.home)}


@contextmanager
def gateway_program(home: Path, database_url: str) -> Iterator[GatewayProgram]:
    """Run a gateway over a database until the end."""
    home.mkdir()
    save_settings(home, replace(load_settings(home).settings, database_url=database_url))
    made = GatewayProgram(home)
    made.publish_key()
    made.start()
    try:
        yield made
    finally:
        if made.process is not None:
            made.kill()
