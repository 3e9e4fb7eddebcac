"""What an SMS gateway's answers mean for an SMS: nothing taken, refused, taken, or unknown; its words without numbers."""

import re
import ssl
from dataclasses import dataclass

from agent_desk.ports import Delivery, Reply

LONGEST_REPLY = 200

_NUMBER = re.compile(r"\+?\d{6,}")
_TAKEN = re.compile(r"\s*(0: Accepted for delivery|3: Queued for later delivery)", re.IGNORECASE)
_NO_RECEIVER = re.compile(r"receiver", re.IGNORECASE)

# Nothing was taken, and every other SMS would fare the same.
_ABOUT_THE_GATEWAY = {
    401: "sms_sign_in",
    403: "sms_sign_in",
    404: "sms_strange",
    405: "sms_strange",
    407: "sms_sign_in",
}
# Nothing was taken, and another time it may be: Kannel answers 503 as long as it has no way to its message centre.
_LATER = frozenset({408, 425, 429, 503})


class NotSecure(OSError):
    """The gateway's password would cross a network in the clear."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer: its status, and its body as far as anybody reads it."""

    status: int
    body: bytes


def meaning(answer: Answer, *, reported: bool) -> Delivery:
    """Return what became of an SMS; what is not understood may have been taken, so it is uncertain."""
    status, words = answer.status, _clean(answer.body)
    if status in (200, 202):
        if _TAKEN.match(answer.body.decode("utf-8", "replace")):
            return Delivery(Reply.ACCEPTED, status, words, "sms_accepted", dsn_requested=reported)
        return no_clear_answer(status, words, reported=reported)
    if status in _ABOUT_THE_GATEWAY or 300 <= status < 400:
        return Delivery(Reply.RETRY, status, words, _ABOUT_THE_GATEWAY.get(status, "sms_strange"))
    if status in _LATER:
        return Delivery(Reply.RETRY, status, words, "sms_refused")
    if 400 <= status < 500:
        return Delivery(Reply.REJECTED, status, words, "sms_refused")
    return no_clear_answer(status, words, reported=reported)


def of_check(answer: Answer) -> Delivery:
    """Return what the answer to an SMS without a number tells about the gateway: Kannel asks for it once signed in."""
    if answer.status == 400 and _NO_RECEIVER.search(answer.body.decode("utf-8", "replace")):
        return Delivery(Reply.ACCEPTED, cause="sms_ready")
    cause = _ABOUT_THE_GATEWAY.get(answer.status, "sms_strange")
    return Delivery(Reply.RETRY, answer.status, _clean(answer.body), cause)


def no_clear_answer(status: int = 0, words: str = "", *, reported: bool) -> Delivery:
    """Return what silence or nonsense after the request means: nobody knows, so it is not sent again by itself."""
    return Delivery(Reply.UNCERTAIN, status, words, "sms_no_answer", dsn_requested=reported)


def no_connection(error: Exception) -> Delivery:
    """Return what a failure before the request means: nothing was taken."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Delivery(Reply.RETRY, text=error.verify_message, cause="sms_certificate")
    if isinstance(error, ssl.SSLError | NotSecure):
        return Delivery(Reply.RETRY, cause="sms_not_secure")
    return Delivery(Reply.RETRY, cause="sms_unreachable")


def password_needed() -> Delivery:
    """Return that nobody has given the password yet."""
    return Delivery(Reply.RETRY, cause="sms_password_needed")


def _clean(body: bytes) -> str:
    """Return the gateway's words on one line, bounded, without any telephone number."""
    words = body[: 4 * LONGEST_REPLY].decode("utf-8", "replace")
    line = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return _NUMBER.sub("…", line)[:LONGEST_REPLY]
