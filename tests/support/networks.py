"""Networks of their own for tests, and wires between them that lose, delay or cut; needs root, leaves nothing behind."""

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count

import pytest

_TUN = "/dev/net/tun"
_TUNSETIFF = 0x400454CA
_IFF_TUN_NO_PI = 0x1001
_PACKET = 65_536
_PROTOCOL, _UDP = 9, 17  # where an IPv4 packet says what it carries

_numbers = count()

Packet = tuple[float, int, int, bytes]  # when it is due, its number, where it goes, what it is


def why_not() -> str:
    """Return why no network can be made here, or ""."""
    if os.geteuid() != 0:
        return "only root may make networks"
    return "" if os.access(_TUN, os.R_OK | os.W_OK) else f"this system has no {_TUN}"


needs_networks = pytest.mark.skipif(bool(why_not()), reason=why_not())


@dataclass(frozen=True, slots=True)
class Network:
    """A network that knows only itself until a wire reaches it."""

    pid: int

    @property
    def enter(self) -> list[str]:
        """Return the beginning of a command line that runs what follows in this network."""
        return ["nsenter", f"--net=/proc/{self.pid}/ns/net", "--"]

    def run(self, *command: str) -> None:
        """Run a command there; it must succeed."""
        subprocess.run([*self.enter, *command], check=True, capture_output=True)


@dataclass(slots=True)
class Wire:
    """Carries packets both ways; what is set holds for the next packet."""

    delay: float = 0.0
    loss: float = 0.0
    cut: bool = False
    udp: bool = True  # False: a firewall that lets only the rest through
    carried: int = 0
    lost: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(3))
    _waiting: list[Packet] = field(default_factory=list)

    def carry(self, ends: tuple[int, int], stop: int) -> None:
        """Carry until `stop` can be read."""
        across = {ends[0]: ends[1], ends[1]: ends[0]}
        while True:
            patience = max(0.0, self._waiting[0][0] - time.monotonic()) if self._waiting else None
            ready = select.select([*ends, stop], [], [], patience)[0]
            if stop in ready:
                return
            for end in ready:
                self._take(end, across[end])
            self._deliver()

    def _take(self, end: int, other: int) -> None:
        with suppress(BlockingIOError):
            while True:
                packet = os.read(end, _PACKET)
                if self.cut or self._chance.random() < self.loss or self._walled(packet):
                    self.lost += 1
                    continue
                self.carried += 1
                heapq.heappush(self._waiting, (time.monotonic() + self.delay, self.carried, other, packet))

    def _walled(self, packet: bytes) -> bool:
        return not self.udp and packet[_PROTOCOL] == _UDP

    def _deliver(self) -> None:
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            _due, _number, end, packet = heapq.heappop(self._waiting)
            with suppress(OSError):  # the other side is not up, or going
                os.write(end, packet)


@contextmanager
def network() -> Iterator[Network]:
    """Make a network; it ends with whoever made it, even when killed."""
    command = ["unshare", "--net", "--", "sh", "-c", "ip link set lo up && echo made && exec cat"]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        if holder.stdout.readline().strip() != "made":
            raise RuntimeError("no network could be made")
        yield Network(holder.pid)
    finally:
        holder.stdin.close()
        holder.stdout.close()
        holder.wait()


@contextmanager
def wire(
    left: tuple[Network, str], right: tuple[Network, str], *, delay: float = 0.0, loss: float = 0.0
) -> Iterator[Wire]:
    """Join two networks, each under an IPv4 address of its own; `delay` is in seconds, one way."""
    made = Wire(delay, loss)
    ends = (os.open(_TUN, os.O_RDWR | os.O_NONBLOCK), os.open(_TUN, os.O_RDWR | os.O_NONBLOCK))
    reader, writer = os.pipe()
    carrier = threading.Thread(target=made.carry, args=(ends, reader), name="wire")
    try:
        _plug(ends[0], left[0], left[1], right[1])
        _plug(ends[1], right[0], right[1], left[1])
        carrier.start()
        yield made
    finally:
        os.close(writer)
        if carrier.ident is not None:
            carrier.join()
        for descriptor in (reader, *ends):
            os.close(descriptor)


def _plug(end: int, into: Network, address: str, peer: str) -> None:
    name = f"w{os.getpid()}x{next(_numbers)}"  # another test may be making one at this moment
    fcntl.ioctl(end, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN_NO_PI))
    subprocess.run(["ip", "link", "set", name, "netns", str(into.pid)], check=True, capture_output=True)
    into.run("ip", "address", "add", address, "peer", peer, "dev", name)
    into.run("ip", "link", "set", name, "up")
    with suppress(subprocess.CalledProcessError):  # the first wire is the way to everywhere
        into.run("ip", "route", "add", "default", "dev", name)
