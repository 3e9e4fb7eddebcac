"""The e-mail relay over SMTP (RFC 5321), TLS always verified, delivery status asked for where offered (RFC 3461)."""

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from agent_desk.adapters.eml import envelope_address, to_bytes
from agent_desk.adapters.smtp_answers import (
    Stopped,
    after_the_dot,
    always_retry,
    by_code,
    expect,
    no_connection,
    says_goodbye,
    sign_in_refused,
)
from agent_desk.ports import DataBegins, Delivery, Letter, Relay, Reply, Secrets

PASSWORD_NAME = "relay-password"  # noqa: S105 - the name it has in the keyring
MOST_MAILS = 100  # over one connection: relays that share their load want it to move on
GOODBYE_SECONDS = 2.0


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


class SmtpRelay(Relay):
    """Hands mails to one relay; the password comes from the keyring, or a credential, at each connection."""

    def __init__(self, address: RelayAddress, secrets: Secrets) -> None:
        """Remember where the relay is; nothing is opened yet."""
        self._address = address
        self._secrets = secrets

    def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
        """Hand one mail over, over a connection of its own; never raises for what relay or network do (see `Reply`)."""
        with self.kept() as line:
            return line.send(letter, data_begins)

    @contextmanager
    def kept(self) -> Iterator[Relay]:
        """Give a relay whose mails go over one connection as long as that is safe; goodbye is said at the end."""
        line = _Line(self._address, self._secrets)
        try:
            yield line
        finally:
            line.hang_up()


class _Line(Relay):
    """One connection after another, each for up to MOST_MAILS.

    It is used again only after an answer that settles the mail, and only once RSET was answered: then nothing of the
    mail before can touch the next. Where it has gone meanwhile, before DATA, the mail goes over a new one.
    """

    def __init__(self, address: RelayAddress, secrets: Secrets) -> None:
        self._address, self._secrets = address, secrets
        self._server: smtplib.SMTP | None = None
        self._mails = 0

    def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
        """Hand one mail over; never raises for what the relay or the network does (see `Reply`)."""
        sender, recipient = envelope_address(letter.sender), envelope_address(letter.recipient)
        if sender is None or recipient is None:
            return Delivery(Reply.REJECTED, cause="bad_address")
        begun: list[bool] = []

        def begins() -> bool:
            begun.append(True)
            return data_begins()

        used_before = self._is_ready()
        delivery = self._over_it(letter, (sender, recipient), begins)
        if used_before and not begun and delivery.reply is Reply.RETRY and says_goodbye(delivery):
            delivery = self._over_it(letter, (sender, recipient), begins)
        return delivery

    def hang_up(self) -> None:
        """Say goodbye, if there is a connection."""
        server, self._server = self._server, None
        if server is not None:
            _leave(server)

    def _is_ready(self) -> bool:
        """Tell whether the connection of the mail before can take another; it is closed where it cannot."""
        if self._server is None:
            return False
        if self._mails < MOST_MAILS:
            with suppress(OSError, smtplib.SMTPException):
                _socket(self._server).settimeout(self._address.connect_seconds)
                if self._server.docmd("RSET")[0] == 250:
                    return True
        self.hang_up()
        return False

    def _over_it(self, letter: Letter, mailboxes: tuple[str, str], begins: DataBegins) -> Delivery:
        safe = False
        try:
            if self._server is None:
                self._server, self._mails = _connect(self._address, self._secrets), 0
            self._mails += 1
            delivery = _converse(self._server, letter, mailboxes, begins, self._address.answer_seconds)
            safe = delivery.reply is not Reply.UNCERTAIN
        except Stopped as stopped:
            delivery = stopped.delivery
            safe = not says_goodbye(delivery)
        except (OSError, smtplib.SMTPException) as error:
            delivery = no_connection(error)
        finally:
            if not safe:
                self.hang_up()
        return delivery


def check(address: RelayAddress, password: str) -> Delivery:
    """Connect and sign in without sending: accepted, or what stands in the way."""
    try:
        _leave(_signed_in(address, password))
    except Stopped as stopped:
        return stopped.delivery
    except (OSError, smtplib.SMTPException) as error:
        return no_connection(error)
    return Delivery(Reply.ACCEPTED, cause="relay_ready")


def _connect(address: RelayAddress, secrets: Secrets) -> smtplib.SMTP:
    return _signed_in(address, (secrets.get(PASSWORD_NAME) if address.user else None) or "")


def _signed_in(address: RelayAddress, password: str) -> smtplib.SMTP:
    """Return a connection, secured and signed in; Stopped, OSError, SMTPException."""
    if address.user and not password:
        raise Stopped(Delivery(Reply.RETRY, cause="password_needed"))
    server = _open(address)
    try:
        _secure(server, address)
        if address.user:
            _sign_in(server, address, password)
    except BaseException:
        _leave(server)
        raise
    return server


def _open(address: RelayAddress) -> smtplib.SMTP:
    # An address literal spares the look-up of this machine's name, and does not tell it.
    host, port, name, wait = address.host, address.port, "[127.0.0.1]", address.connect_seconds
    if address.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, name, timeout=wait, context=_trust(address))
    else:
        server = smtplib.SMTP(host, port, name, timeout=wait)
    # The final dot goes out by itself: it must not wait until the relay has acknowledged what came before.
    _socket(server).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return server


def _socket(server: smtplib.SMTP) -> socket.socket:
    assert server.sock is not None  # noqa: S101 - connected
    return server.sock


def _secure(server: smtplib.SMTP, address: RelayAddress) -> None:
    """Greet the relay, and again over TLS where STARTTLS is asked for."""
    server.ehlo_or_helo_if_needed()
    if address.security != "starttls":
        return
    if not server.has_extn("starttls"):
        raise Stopped(Delivery(Reply.RETRY, cause="relay_not_secure"))
    expect(server.starttls(context=_trust(address)), always_retry)
    server.ehlo_or_helo_if_needed()


def _trust(address: RelayAddress) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=address.ca_file)


def _converse(
    server: smtplib.SMTP, letter: Letter, mailboxes: tuple[str, str], data_begins: DataBegins, answer_seconds: float
) -> Delivery:
    body = to_bytes(letter)
    server.command_encoding = "ascii"
    mail_options, recipient_options = _options(server, letter, mailboxes, len(body))
    expect(_command(server, f"MAIL FROM:<{mailboxes[0]}>{mail_options}"), by_code)
    expect(_command(server, f"RCPT TO:<{mailboxes[1]}>{recipient_options}"), by_code)
    if not data_begins():
        return Delivery(Reply.RETRY, cause="claim_lost")
    expect(server.docmd("DATA"), by_code, wanted=(354,))
    return _hand_over(server, body, answer_seconds, dsn=server.has_extn("dsn"))


def _options(server: smtplib.SMTP, letter: Letter, mailboxes: tuple[str, str], size: int) -> tuple[str, str]:
    """Return what follows MAIL FROM and RCPT TO: size, delivery status and, for other scripts, SMTPUTF8."""
    plain = all(mailbox.isascii() for mailbox in mailboxes)
    if not plain and not server.has_extn("smtputf8"):
        raise Stopped(Delivery(Reply.REJECTED, cause="relay_no_smtputf8"))
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
    sock = _socket(server)
    sock.sendall(re.sub(rb"(?m)^\.", b"..", body) + (b"" if body.endswith(b"\r\n") else b"\r\n"))
    try:
        sock.sendall(b".\r\n")
        sock.settimeout(answer_seconds)
        code, text = server.getreply()
    except (OSError, smtplib.SMTPException):
        return Delivery(Reply.UNCERTAIN, cause="no_answer", dsn_requested=dsn)
    return after_the_dot(code, text, dsn=dsn)


def _sign_in(server: smtplib.SMTP, address: RelayAddress, password: str) -> None:
    """Sign in with PLAIN or LOGIN; smtplib's own login cannot send a password beyond ASCII."""
    if address.security == "none" and not _is_loopback(server):
        raise Stopped(Delivery(Reply.RETRY, cause="relay_not_secure"))
    offered = server.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        answer = server.docmd("AUTH", f"PLAIN {_base64(chr(0) + address.user + chr(0) + password)}")
    elif "LOGIN" in offered:
        answer = server.docmd("AUTH", f"LOGIN {_base64(address.user)}")
        if answer[0] == 334:
            answer = server.docmd(_base64(password))
    else:
        raise Stopped(Delivery(Reply.RETRY, cause="relay_sign_in"))
    expect(answer, sign_in_refused)


def _is_loopback(server: smtplib.SMTP) -> bool:
    return ip_address(_socket(server).getpeername()[0]).is_loopback


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")


def _xtext(text: str) -> str:
    """Encode for DSN parameters (RFC 3461, 4)."""
    return "".join(char if "!" <= char <= "~" and char not in "+=" else f"+{ord(char):02X}" for char in text)


def _command(server: smtplib.SMTP, line: str) -> tuple[int, bytes]:
    server.putcmd(line)
    return server.getreply()


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye without waiting long: the mail's fate is known."""
    with suppress(OSError, smtplib.SMTPException):
        if server.sock is not None:
            server.sock.settimeout(GOODBYE_SECONDS)
            server.quit()
    with suppress(OSError):
        server.close()
