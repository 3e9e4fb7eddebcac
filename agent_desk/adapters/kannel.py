"""An SMS gateway over HTTP as Kannel's `sendsms` speaks it, TLS always verified; delivery reports where they can come back."""

import http.client
import secrets as random
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from agent_desk.adapters.kannel_answers import (
    Answer,
    NotSecure,
    meaning,
    no_clear_answer,
    no_connection,
    of_check,
    password_needed,
)
from agent_desk.ports import DataBegins, Delivery, Letter, Relay, Reply, Secrets
from agent_desk.rules.mail import MailChannel
from agent_desk.rules.sms import Encoding, measure, mobile_number, report_mac

PASSWORD_NAME = "sms-password"  # noqa: S105 - the name it has in the keyring
LONGEST_ANSWER = 4096
REPORT_PATH = "/sms"
# What is reported: 1 on the telephone, 2 not, 8 taken by the operator, 16 refused by it. Not 4: waiting says nothing new.
REPORT_MASK = 1 | 2 | 8 | 16


@dataclass(frozen=True, slots=True)
class SmsAddress:
    """Where the gateway is and who asks; where it may report to, "" for nowhere, and the key that signs those addresses."""

    url: str
    user: str
    report_url: str = ""
    report_key: bytes = field(default=b"", repr=False)
    ca_file: Path | None = None  # in place of the system's authorities
    connect_seconds: float = 15.0
    answer_seconds: float = 30.0


class KannelGateway(Relay):
    """Hands SMS to one gateway, each over a connection of its own; the password comes from the keyring, or a credential."""

    channel = MailChannel.SMS

    def __init__(self, address: SmsAddress, secrets: Secrets) -> None:
        """Remember where the gateway is; nothing is opened yet."""
        self._address = address
        self._secrets = secrets

    def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
        """Hand one SMS over; never raises for what gateway or network do.

        Until the request goes out nothing can have been taken; after that only an answer that is understood counts.
        """
        if mobile_number(letter.recipient) != letter.recipient:
            return Delivery(Reply.REJECTED, cause="sms_bad_number")
        password = self._secrets.get(PASSWORD_NAME) or ""
        if not password:
            return password_needed()
        asked = _values(self._address, letter, password)
        try:
            with _connected(self._address) as line:
                if not data_begins():
                    return Delivery(Reply.RETRY, cause="claim_lost")
                return _ask(line, self._address, asked, reported="dlr-url" in asked)
        except (OSError, http.client.HTTPException) as error:
            return no_connection(error)


def check(address: SmsAddress, password: str) -> Delivery:
    """Ask for an SMS to nobody: accepted where only the number is missing, or what stands in the way. Nothing is sent."""
    if not password:
        return password_needed()
    asked = {"username": address.user, "password": password, "text": ""}
    try:
        with _connected(address) as line:
            answer = _exchange(line, address, asked)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return no_connection(error)
    return of_check(answer)


def _values(address: SmsAddress, letter: Letter, password: str) -> dict[str, str]:
    sent = measure(letter.text)
    asked = {
        "username": address.user,
        "password": password,
        "to": letter.recipient,
        "from": letter.sender,
        "text": sent.text,
        "charset": "UTF-8",
        "coding": "0" if sent.encoding is Encoding.GSM else "2",
    }
    if address.report_url and address.report_key:
        nonce = random.token_hex(8)
        mac = report_mac(address.report_key, letter.envid, nonce)
        where = urlencode({"sms": letter.envid, "nonce": nonce, "mac": mac})
        # Kannel puts the kind of report in the place of %d.
        asked |= {"dlr-mask": str(REPORT_MASK), "dlr-url": f"{address.report_url}{REPORT_PATH}?{where}&kind=%d"}
    return asked


@contextmanager
def _connected(address: SmsAddress) -> Iterator[http.client.HTTPConnection]:
    """Give a connection, secured where the address says so; OSError."""
    place = urlsplit(address.url)
    host, wait = place.hostname or "", address.connect_seconds
    if place.scheme == "https":
        trust = ssl.create_default_context(cafile=address.ca_file)
        line: http.client.HTTPConnection = http.client.HTTPSConnection(host, place.port, timeout=wait, context=trust)
    else:
        line = http.client.HTTPConnection(host, place.port, timeout=wait)
    try:
        line.connect()
        if place.scheme != "https" and not _is_loopback(line):
            raise NotSecure
        yield line
    finally:
        line.close()


def _is_loopback(line: http.client.HTTPConnection) -> bool:
    return ip_address(_socket(line).getpeername()[0]).is_loopback


def _ask(
    line: http.client.HTTPConnection, address: SmsAddress, asked: Mapping[str, str], *, reported: bool
) -> Delivery:
    try:
        answer = _exchange(line, address, asked)
    except (OSError, http.client.HTTPException, ValueError):
        return no_clear_answer(reported=reported)
    return meaning(answer, reported=reported)


def _exchange(line: http.client.HTTPConnection, address: SmsAddress, asked: Mapping[str, str]) -> Answer:
    """Return status and words of the answer, as far as anybody reads them; OSError, HTTPException, ValueError."""
    path = urlsplit(address.url).path or "/"
    with _in_time(line, address.answer_seconds):
        line.request("GET", f"{path}?{urlencode(asked)}", headers={"Connection": "close"})
        came = line.getresponse()
        return Answer(came.status, came.read(LONGEST_ANSWER))


@contextmanager
def _in_time(line: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut the connection after `seconds`, however slowly the answer trickles in."""
    sock = _socket(line)
    sock.settimeout(seconds)

    def hang_up() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _socket(line: http.client.HTTPConnection) -> socket.socket:
    assert line.sock is not None  # noqa: S101 - connected
    return line.sock
