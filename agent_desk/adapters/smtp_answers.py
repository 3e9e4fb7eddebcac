"""What a relay's answers mean for a mail (RFC 5321, 4.2): nothing taken, refused, or unknown; its words without addresses."""

import re
import smtplib
import ssl
from collections.abc import Callable

from agent_desk.ports import Delivery, Reply

LONGEST_REPLY = 200

_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")


class Stopped(Exception):
    """The conversation ended before DATA was answered; nothing was taken."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.cause)
        self.delivery = delivery


Meaning = Callable[[int], tuple[Reply, str]]


def by_code(code: int) -> tuple[Reply, str]:
    """Return what a refusal of MAIL, RCPT or DATA means for this mail."""
    if code == 530:  # sign-in wanted: about us, not about this mail
        return Reply.RETRY, "relay_sign_in"
    return (Reply.REJECTED if code // 100 == 5 else Reply.RETRY), "relay_refused"


def always_retry(_code: int) -> tuple[Reply, str]:
    """Return what a refusal that is not about the mail means."""
    return Reply.RETRY, "relay_refused"


def sign_in_refused(_code: int) -> tuple[Reply, str]:
    """Return what a refused sign-in means."""
    return Reply.RETRY, "relay_sign_in"


def expect(answer: tuple[int, bytes], meaning: Meaning, wanted: tuple[int, ...] = (220, 235, 250, 251, 252)) -> None:
    """Raise Stopped with what an answer means, unless it is one of the codes `wanted`."""
    code, text = answer
    if code not in wanted:
        reply, cause = meaning(code)
        raise Stopped(Delivery(reply, max(code, 0), _clean(text), cause))


def no_connection(error: Exception) -> Delivery:
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


def says_goodbye(delivery: Delivery) -> bool:
    """Tell whether the relay ended the connection before DATA was answered, or did not answer at all."""
    return delivery.code in {0, 421} and delivery.cause in {"relay_unreachable", "relay_refused"}


def after_the_dot(code: int, text: bytes, *, dsn: bool) -> Delivery:
    """Return what the answer to the whole message means."""
    reply = {2: Reply.ACCEPTED, 4: Reply.RETRY, 5: Reply.REJECTED}.get(code // 100, Reply.UNCERTAIN)
    cause = {Reply.ACCEPTED: "accepted", Reply.UNCERTAIN: "no_answer"}.get(reply, "relay_refused")
    return Delivery(reply, code, _clean(text), cause, dsn_requested=dsn and reply is not Reply.REJECTED)
