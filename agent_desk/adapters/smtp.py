"""The e-mail relay over SMTP (RFC 5321), TLS always verified, delivery status asked for where offered (RFC 3461)."""

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from agent_desk.adapters.eml import envelope_address, to_bytes
from agent_desk.ports import DataBegins, Delivery, Letter, Relay, Reply, Secrets

PASSWORD_NAME = "relay-password"  # noqa: S105 - the name it has in the keyring
LONGEST_REPLY = 200
GOODBYE_SECONDS = 2.0

_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """Where the relay is and how it is reached; seconds to wait for it, the longest after the final dot."""

    host: str
    port: int
    security: str = "starttls"  # "starttls", "tls" or "none"
    user: str = ""
    ca_file: Path | None = None  # in place of the system's authorities
    connect_seconds: float = 30.0
    answer_seconds: float = 600.0  # RFC 5321, 4.5.3.2.6


class _Stopped(Exception):
    """The conversation ended before DATA was answered; nothing was taken."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.cause)
        self.delivery = delivery


class SmtpRelay(Relay):
    """Hands mails to one relay, a connection each; the password comes from the keyring at each sending."""

    def __init__(self, address: RelayAddress, secrets: Secrets) -> None:
        """Remember where the relay is; nothing is opened yet."""
        self._address = address
        self._secrets = secrets

    def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
        """Hand one mail over; never raises for what the relay or the network does (see `Reply`)."""
        sender, recipient = envelope_address(letter.sender), envelope_address(letter.recipient)
        if sender is None or recipient is None:
            return Delivery(Reply.REJECTED, cause="bad_address")
        mailboxes = (sender, recipient)
        password = self._secrets.get(PASSWORD_NAME) if self._address.user else None
        return _told(
            lambda server: _converse(server, letter, mailboxes, data_begins, self._address.answer_seconds),
            self._address,
            password or "",
        )


def check(address: RelayAddress, password: str) -> Delivery:
    """Connect and sign in without sending: accepted, or what stands in the way."""
    return _told(lambda _server: Delivery(Reply.ACCEPTED, cause="relay_ready"), address, password)


def _told(talk: Callable[[smtplib.SMTP], Delivery], address: RelayAddress, password: str) -> Delivery:
    """Return what `talk` brings over a secured and signed-in connection, or what stood in the way."""
    if address.user and not password:
        return Delivery(Reply.RETRY, cause="password_needed")
    try:
        with _connection(address) as server:
            _secure(server, address)
            if address.user:
                _sign_in(server, address, password)
            return talk(server)
    except _Stopped as stopped:
        return stopped.delivery
    except (OSError, smtplib.SMTPException) as error:
        return _no_connection(error)


@contextmanager
def _connection(address: RelayAddress) -> Iterator[smtplib.SMTP]:
    # An address literal spares the look-up of this machine's name, and does not tell it.
    host, port, name, wait = address.host, address.port, "[127.0.0.1]", address.connect_seconds
    if address.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, name, timeout=wait, context=_trust(address))
    else:
        server = smtplib.SMTP(host, port, name, timeout=wait)
    try:
        yield server
    finally:
        _leave(server)


def _secure(server: smtplib.SMTP, address: RelayAddress) -> None:
    """Greet the relay, and again over TLS where STARTTLS is asked for."""
    server.ehlo_or_helo_if_needed()
    if address.security != "starttls":
        return
    if not server.has_extn("starttls"):
        raise _Stopped(Delivery(Reply.RETRY, cause="relay_not_secure"))
    _expect(server.starttls(context=_trust(address)), _always_retry)
    server.ehlo_or_helo_if_needed()


def _trust(address: RelayAddress) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=address.ca_file)


def _converse(
    server: smtplib.SMTP, letter: Letter, mailboxes: tuple[str, str], data_begins: DataBegins, answer_seconds: float
) -> Delivery:
    body = to_bytes(letter)
    mail_options, recipient_options = _options(server, letter, mailboxes, len(body))
    _expect(_command(server, f"MAIL FROM:<{mailboxes[0]}>{mail_options}"), _by_code)
    _expect(_command(server, f"RCPT TO:<{mailboxes[1]}>{recipient_options}"), _by_code)
    if not data_begins():
        return Delivery(Reply.RETRY, cause="claim_lost")
    _expect(server.docmd("DATA"), _by_code, wanted=(354,))
    return _hand_over(server, body, answer_seconds, dsn=server.has_extn("dsn"))


def _options(server: smtplib.SMTP, letter: Letter, mailboxes: tuple[str, str], size: int) -> tuple[str, str]:
    """Return what follows MAIL FROM and RCPT TO: size, delivery status and, for other scripts, SMTPUTF8."""
    plain = all(mailbox.isascii() for mailbox in mailboxes)
    if not plain and not server.has_extn("smtputf8"):
        raise _Stopped(Delivery(Reply.REJECTED, cause="relay_no_smtputf8"))
    mail = [f"SIZE={size}"] if server.has_extn("size") else []
    recipient = []
    if not plain:
        mail += ["BODY=8BITMIME", "SMTPUTF8"]
        server.command_encoding = "utf-8"
    if server.has_extn("dsn"):
        mail += ["RET=HDRS", f"ENVID={_xtext(letter.envid)}"]
        recipient += ["NOTIFY=SUCCESS,FAILURE,DELAY"]
        recipient += [f"ORCPT=rfc822;{_xtext(mailboxes[1])}"] if plain else []
    return "".join(f" {option}" for option in mail), "".join(f" {option}" for option in recipient)


def _hand_over(server: smtplib.SMTP, body: bytes, answer_seconds: float, *, dsn: bool) -> Delivery:
    """Send the message; without its final dot the relay must not take it, after that only its answer counts."""
    sock = server.sock
    assert sock is not None  # noqa: S101 - DATA was just answered on it
    sock.sendall(re.sub(rb"(?m)^\.", b"..", body) + (b"" if body.endswith(b"\r\n") else b"\r\n"))
    try:
        sock.sendall(b".\r\n")
        sock.settimeout(answer_seconds)
        code, text = server.getreply()
    except (OSError, smtplib.SMTPException):
        return Delivery(Reply.UNCERTAIN, cause="no_answer", dsn_requested=dsn)
    reply = _REPLIES.get(code // 100, Reply.UNCERTAIN)
    cause = {Reply.ACCEPTED: "accepted", Reply.UNCERTAIN: "no_answer"}.get(reply, "relay_refused")
    return Delivery(reply, code, _clean(text), cause, dsn_requested=dsn and reply is not Reply.REJECTED)


_REPLIES = {2: Reply.ACCEPTED, 4: Reply.RETRY, 5: Reply.REJECTED}


def _sign_in(server: smtplib.SMTP, address: RelayAddress, password: str) -> None:
    """Sign in with PLAIN or LOGIN; smtplib's own login cannot send a password beyond ASCII."""
    if address.security == "none" and not _is_loopback(server):
        raise _Stopped(Delivery(Reply.RETRY, cause="relay_not_secure"))
    offered = server.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        answer = server.docmd("AUTH", f"PLAIN {_base64(chr(0) + address.user + chr(0) + password)}")
    elif "LOGIN" in offered:
        answer = server.docmd("AUTH", f"LOGIN {_base64(address.user)}")
        if answer[0] == 334:
            answer = server.docmd(_base64(password))
    else:
        raise _Stopped(Delivery(Reply.RETRY, cause="relay_sign_in"))
    _expect(answer, _sign_in_refused)


def _is_loopback(server: smtplib.SMTP) -> bool:
    assert server.sock is not None  # noqa: S101 - just connected
    return ip_address(server.sock.getpeername()[0]).is_loopback


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")


def _xtext(text: str) -> str:
    """Encode for DSN parameters (RFC 3461, 4)."""
    return "".join(char if "!" <= char <= "~" and char not in "+=" else f"+{ord(char):02X}" for char in text)


Meaning = Callable[[int], tuple[Reply, str]]


def _by_code(code: int) -> tuple[Reply, str]:
    if code == 530:  # sign-in wanted: about us, not about this mail
        return Reply.RETRY, "relay_sign_in"
    return (Reply.REJECTED if code // 100 == 5 else Reply.RETRY), "relay_refused"


def _always_retry(_code: int) -> tuple[Reply, str]:
    return Reply.RETRY, "relay_refused"


def _sign_in_refused(_code: int) -> tuple[Reply, str]:
    return Reply.RETRY, "relay_sign_in"


def _command(server: smtplib.SMTP, line: str) -> tuple[int, bytes]:
    server.putcmd(line)
    return server.getreply()


def _expect(answer: tuple[int, bytes], meaning: Meaning, wanted: tuple[int, ...] = (220, 235, 250, 251, 252)) -> None:
    code, text = answer
    if code not in wanted:
        reply, cause = meaning(code)
        raise _Stopped(Delivery(reply, max(code, 0), _clean(text), cause))


def _no_connection(error: Exception) -> Delivery:
    """Return what a failure before the final dot means: nothing was taken."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Delivery(Reply.RETRY, text=error.verify_message, cause="relay_certificate")
    if isinstance(error, smtplib.SMTPResponseException):
        return Delivery(Reply.RETRY, max(error.smtp_code, 0), _clean(error.smtp_error), "relay_refused")
    if isinstance(error, ssl.SSLError):
        return Delivery(Reply.RETRY, text=error.reason or "", cause="relay_not_secure")
    return Delivery(Reply.RETRY, cause="relay_unreachable")


def _clean(text: bytes | str) -> str:
    """Return a relay's words on one line, bounded, without any e-mail address."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return _ADDRESS.sub("…", line)[:LONGEST_REPLY]


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye without waiting long: the mail's fate is known."""
    with suppress(OSError, smtplib.SMTPException):
        if server.sock is not None:
            server.sock.settimeout(GOODBYE_SECONDS)
            server.quit()
    with suppress(OSError):
        server.close()
