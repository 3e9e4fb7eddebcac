"""A real coturn under the configuration that ships, in a network of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.networks import Network
from tests.support.source import ROOT

SHIPPED = ROOT / "resources" / "installer" / "turnserver.conf"
PORT = 3478


@dataclass(frozen=True, slots=True)
class Relay:
    """A running relay; `setting` is a line for the setting ice_servers."""

    address: str
    secret: str
    log: Path

    @property
    def setting(self) -> str:
        return f"turn:{self.address}:{PORT}?transport=udp"

    def said(self) -> str:
        """Return what it has logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def turn_relay(inside: Network, address: str, secret: str, folder: Path) -> Iterator[Relay]:
    """Run coturn at an address of the network until the end; it has told that it listens."""
    folder.mkdir(parents=True, exist_ok=True)
    configuration, log = folder / "turnserver.conf", folder / "turnserver.log"
    configuration.write_text(filled_in(address, secret) + "verbose\n", encoding="utf-8")
    command = ["turnserver", "-c", str(configuration), "--pidfile", str(folder / "pid"), "--userdb", str(folder / "db")]
    with log.open("wb") as told:
        server = subprocess.Popen([*inside.enter, *command], stdin=subprocess.DEVNULL, stdout=told, stderr=told)
    try:
        _await(server, log)
        yield Relay(address, secret, log)
    finally:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def filled_in(address: str, secret: str) -> str:
    """Return the configuration that ships with what a site fills in; ValueError where a line to fill in is gone."""
    values = {"listening-ip": address, "relay-ip": address, "static-auth-secret": secret, "realm": "turn.test"}
    lines = []
    for line in SHIPPED.read_text(encoding="utf-8").splitlines():
        key = line.partition("=")[0]
        if key in values:
            lines.append(f"{key}={values.pop(key)}")
        elif line != "syslog":
            lines.append(line)
    if values:
        raise ValueError(f"not in the configuration that ships: {', '.join(values)}")
    return "\n".join([*lines, "log-file=stdout", ""])


def _await(server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until it has told that it listens."""
    for _try in range(200):
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.05)
        said = log.read_text(encoding="utf-8", errors="replace")
        if "UDP listener opened on" in said:
            return
        if server.returncode is not None:
            break
    raise RuntimeError(f"coturn did not start: {said[-2000:]}")
