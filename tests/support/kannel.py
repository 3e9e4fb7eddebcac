"""Kannel itself with a fake message centre, on loopback ports of its own, and gateways that answer as a test wants."""

import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from ssl import SSLContext
from urllib.request import urlopen

from agent_desk.adapters.kannel import PASSWORD_NAME, SmsAddress
from agent_desk.ports import Letter
from agent_desk.rules.mail import MailChannel
from tests.support.desks import MemorySecrets
from tests.support.letters import letter
from tests.support.mailers import eventually
from tests.support.smtp import LOOPBACK, PATIENCE, await_port, free_port
from tests.support.source import ROOT

SHIPPED = ROOT / "resources" / "installer" / "kannel.conf"
FAKE_CENTRE = "/usr/lib/kannel/test/fakesmsc"
USER, PASSWORD = "agent-desk", "sésame 1"
_GOT = re.compile(r"Got message (\d+): <(\S*) (\S+) (.*)>\n")


@dataclass(slots=True)
class Kannel:
    """A running gateway: bearerbox, smsbox, and the fake centre behind them, whose log has what arrived."""

    folder: Path
    port: int
    admin: int
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/cgi-bin/sendsms"

    def address(self, **others: object) -> SmsAddress:
        """Return how it is reached; `others` replace fields."""
        return SmsAddress(**{"url": self.url, "user": USER, "answer_seconds": PATIENCE} | others)  # type: ignore[arg-type]

    def arrived(self) -> list[tuple[str, str, str]]:
        """Return sender, recipient and text (with its kind before it) of all that arrived, in order."""
        found = _GOT.findall((self.folder / "centre.log").read_text(encoding="utf-8"))
        return [(sender, recipient, text) for _, sender, recipient, text in dict.fromkeys(found)]

    def await_text(self, part: str) -> tuple[str, str, str]:
        """Return the message that has `part` in it, once it has arrived."""
        eventually(lambda: any(part in one[2] for one in self.arrived()), part)
        return next(one for one in self.arrived() if part in one[2])

    def start(self, name: str, *command: str) -> None:
        """Run one of its programs."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)

    def start_smsbox(self) -> None:
        """Run the program that is asked to send, and wait until it answers."""
        self.start("smsbox", "/usr/sbin/smsbox", "-v", "2", "kannel.conf")
        await_port(self.port, self.processes["smsbox"])

    def kill(self, name: str) -> None:
        """End one of its programs without a word."""
        self.processes[name].kill()
        self.processes[name].wait(PATIENCE)

    def status(self) -> str:
        """Return what its bearerbox says of itself."""
        with suppress(OSError), urlopen(f"http://{LOOPBACK}:{self.admin}/status.txt?password=admin") as answer:
            return str(answer.read().decode())
        return ""


def _configuration(port: int, admin: int, boxes: int, centre: int) -> str:
    """Return the configuration administrators are given, with the fake centre in place of an operator's."""
    shipped = SHIPPED.read_text(encoding="utf-8")
    here = {
        "admin-port": admin,
        "smsbox-port": boxes,
        "sendsms-port": port,
        "username": USER,
        "password": f'"{PASSWORD}"',
    }
    for key, value in here.items():
        shipped = re.sub(rf"(?m)^{key} = .*$", f"{key} = {value}", shipped)
    shipped = re.sub(r"(?m)^admin-password = .*$", "admin-password = admin", shipped)
    shipped = re.sub(
        r"(?m)^(log-file|access-log|store-location|store-type|status-password|http-request-retry) = .*\n", "", shipped
    )
    before, _, _ = shipped.partition("group = smsc\n")
    _, _, after = shipped.partition("# end of smsc\n")
    fake = f"group = smsc\nsmsc = fake\nsmsc-id = fake\nport = {centre}\nconnect-allow-ip = {LOOPBACK}\n\n"
    return before + fake + after


@contextmanager
def kannel(folder: Path) -> Iterator[Kannel]:
    """Run Kannel until the block ends; its message centre is connected."""
    folder.mkdir(parents=True, exist_ok=True)
    port, admin, boxes, centre = (free_port() for _ in range(4))
    made = Kannel(folder, port, admin)
    (folder / "kannel.conf").write_text(_configuration(port, admin, boxes, centre), encoding="utf-8")
    try:
        made.start("bearerbox", "/usr/sbin/bearerbox", "-v", "2", "kannel.conf")
        await_port(boxes, made.processes["bearerbox"])
        await_port(centre, made.processes["bearerbox"])
        made.start("centre", FAKE_CENTRE, "-H", LOOPBACK, "-r", str(centre), "-m", "0", "1 2 text nothing")
        made.start_smsbox()
        eventually(lambda: "(online" in made.status(), "the message centre")
        yield made
    finally:
        for process in reversed(made.processes.values()):
            process.kill()
            process.wait(PATIENCE)


def keyring(password: str = PASSWORD) -> MemorySecrets:
    """Return a keyring with the gateway's password."""
    return MemorySecrets(kept={PASSWORD_NAME: password} if password else {})


def sms(text: str, recipient: str = "+33612345678", envid: str = "") -> Letter:
    """Return an SMS."""
    mark = envid or f"S-2026-000001.confirmation.{'0' * 32}"
    return letter(
        sender="Assistance",
        recipient=recipient,
        subject="",
        text=text,
        html="",
        message_id=mark,
        envid=mark,
        attachments=(),
        receipt_requested=False,
        channel=MailChannel.SMS,
    )


@dataclass(slots=True)
class Scripted:
    """A gateway that answers every request with the same bytes, in pieces; `asked` are the requests so far."""

    port: int
    asked: list[bytes] = field(default_factory=list)
    heard: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/cgi-bin/sendsms"


@contextmanager
def scripted(
    *pieces: bytes, hangs: bool = False, pause: float = 0.0, tls: SSLContext | None = None
) -> Iterator[Scripted]:
    """Run a gateway that says `pieces` with a `pause` after each, then hangs up, or says nothing more until the block ends."""
    ends = threading.Event()
    with socket.create_server((LOOPBACK, 0)) as listener:
        made = Scripted(listener.getsockname()[1])

        def serve() -> None:
            while not ends.is_set():
                with suppress(OSError), listener.accept()[0] as plain:
                    if ends.is_set():
                        return
                    with tls.wrap_socket(plain, server_side=True) if tls else plain as line:
                        _answer(line)

        def _answer(line: socket.socket) -> None:
            request = b""
            while b"\r\n\r\n" not in request and (came := line.recv(4096)):
                request += came
            made.asked.append(request)
            made.heard.set()
            for piece in pieces:
                line.sendall(piece)
                ends.wait(pause)
            if hangs:
                ends.wait(PATIENCE)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield made
        finally:
            ends.set()
            with suppress(OSError), socket.create_connection((LOOPBACK, made.port), 1):
                pass
            thread.join()
