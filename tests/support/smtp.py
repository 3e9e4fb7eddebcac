"""Real SMTP servers on loopback: aiosmtpd with scripted faults in a thread of its own, and Postfix's smtp-sink."""

import asyncio
import os
import queue
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LOOPBACK = "127.0.0.1"
PATIENCE = 20.0  # seconds before a test gives up waiting for an event
_DSN = ("RET=", "ENVID=", "NOTIFY=", "ORCPT=")


@dataclass(frozen=True, slots=True)
class Received:
    """One message the server took over."""

    sender: str
    recipients: tuple[str, ...]
    dsn: tuple[str, ...]  # RET, ENVID, NOTIFY and ORCPT, as they came
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """Return the message, parsed."""
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass  # without slots: aiosmtpd lists all members, and Python 3.11.2 cannot read a slotted class's __weakref__
class MailServer:
    """A running server: `faults` maps a stage (mail, rcpt, data, end) to a reply, "hang" or "reset".

    "end" is after the final dot: "hang" and "reset" there take the message first, a reply of 4 or 5 does not.
    """

    port: int = 0
    connections: int = 0  # made so far
    faults: dict[str, str] = field(default_factory=dict)
    once: set[str] = field(default_factory=set)  # stages whose fault strikes one time only
    received: list[Received] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    arrivals: "queue.Queue[Received]" = field(default_factory=queue.Queue)
    hung: threading.Event = field(default_factory=threading.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop | None = None
    extensions: tuple[str, ...] = ("DSN",)

    def wait(self) -> Received:
        """Return the next message that arrives."""
        return self.arrivals.get(timeout=PATIENCE)

    def release(self) -> None:
        """Let whoever hangs go on as if nothing had happened."""
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.released.set)

    async def strike(self, server: "_Dialogue", stage: str) -> str | None:
        """Return the scripted reply of a stage, None when there is no fault; hang or reset where so scripted."""
        fault = self.faults.get(stage)
        if stage in self.once:
            self.once.discard(stage)
            self.faults.pop(stage, None)
        if fault == "hang":
            self.hung.set()
            await self.released.wait()
            return None
        if fault == "reset" and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
            return "421 gone"
        return fault

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer the scripted extensions."""
        session.host_name = hostname
        return [*responses[:-1], *(f"250-{name}" for name in self.extensions), responses[-1]]

    async def handle_MAIL(
        self, server: "_Dialogue", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender."""
        fault = await self.strike(server, "mail")
        if fault is None:
            envelope.mail_from = address
        return fault or "250 2.1.0 Ok"

    async def handle_RCPT(
        self, server: "_Dialogue", session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient; a scripted refusal repeats the address, as servers do."""
        fault = await self.strike(server, "rcpt")
        if fault is None:
            envelope.rcpt_tos.append(address)
        return fault.format(address=address) if fault else "250 2.1.5 Ok"

    async def handle_DATA(self, server: "_Dialogue", session: Session, envelope: Envelope) -> str:
        """Take the message, unless it is refused in so many words."""
        if not self.faults.get("end", "silence")[0].isdigit():
            self._take(server, envelope)
        fault = await self.strike(server, "end")
        return fault or "250 2.0.0 Ok: queued as 4F2A"

    def _take(self, server: "_Dialogue", envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        one = Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), tuple(server.dsn), content)
        self.received.append(one)
        self.arrivals.put(one)

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """Accept "agent" with the password "sésame"."""
        assert isinstance(data, LoginPassword)
        self.signed_in.append(mechanism)
        return AuthResult(success=data.login == b"agent" and data.password == "sésame".encode(), handled=False)


class _Dialogue(SMTP):
    """aiosmtpd, understanding the parameters of RFC 3461."""

    dsn: list[str]
    script: MailServer

    async def smtp_MAIL(self, arg: str | None) -> None:
        self.dsn = []
        await super().smtp_MAIL(self._without_dsn(arg))

    async def smtp_RCPT(self, arg: str | None) -> None:
        await super().smtp_RCPT(self._without_dsn(arg))

    async def smtp_DATA(self, arg: str) -> None:
        fault = await self.script.strike(self, "data")
        if fault is None:
            await super().smtp_DATA(arg)
        else:
            await self.push(fault)

    def _without_dsn(self, arg: str | None) -> str | None:
        words = (arg or "").split(" ")
        self.dsn += [word for word in words if word.startswith(_DSN)]
        return " ".join(word for word in words if not word.startswith(_DSN))


def server_context(files: tuple[Path, Path]) -> ssl.SSLContext:
    """Return the TLS side of a server with a certificate and a key file."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    return context


@contextmanager
def mail_server(
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    sign_in: bool = False,
    without: tuple[str, ...] = (),
) -> Iterator[MailServer]:
    """Run aiosmtpd on a free loopback port until the block ends; `without` names AUTH mechanisms or "SMTPUTF8"."""
    loop = asyncio.new_event_loop()
    server = MailServer(loop=loop)

    def dialogue() -> _Dialogue:
        options: dict[str, Any] = {"authenticator": server.authenticate, "auth_require_tls": False}
        options |= {"auth_exclude_mechanism": without, "enable_SMTPUTF8": "SMTPUTF8" not in without}
        one = _Dialogue(server, hostname="relay.test", tls_context=starttls, loop=loop, **options)
        server.connections += 1
        one.script, one.dsn = server, []
        one._auth_required = sign_in
        return one

    listening = loop.run_until_complete(loop.create_server(dialogue, LOOPBACK, 0, ssl=tls))
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_stop(listening), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


async def _stop(listening: asyncio.Server) -> None:
    listening.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await listening.wait_closed()


@contextmanager
def smtp_sink(folder: Path, *options: str) -> Iterator[int]:
    """Run Postfix's smtp-sink, which writes each message it takes into `folder`; give its port."""
    program = shutil.which("smtp-sink", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert program, "smtp-sink is part of Debian's postfix package"
    port = free_port()
    account = ("-u", "root") if os.geteuid() == 0 else ()
    process = subprocess.Popen(
        [program, *account, *options, "-d", f"{folder}/mail.", f"{LOOPBACK}:{port}", "16"], stderr=subprocess.PIPE
    )
    try:
        await_port(port, process)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def await_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return once something answers on a loopback port; AssertionError when the process ends first."""
    for _ in range(int(PATIENCE * 100)):
        with suppress(OSError), socket.create_connection((LOOPBACK, port), PATIENCE):
            return
        with suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"the server ended with status {process.wait(0.01)}")
    raise AssertionError(f"nobody answers on port {port}")


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
