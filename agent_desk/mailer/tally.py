"""What a mail worker counts about itself, for its metrics page: numbers only."""

from collections import Counter
from threading import Lock

from agent_desk.ports import Delivery, Metric
from agent_desk.rules.mail import MailChannel


class Tally:
    """Counts since the worker began; safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._replies: Counter[tuple[str, str]] = Counter()
        self._lost = 0

    def delivered(self, delivery: Delivery, channel: MailChannel = MailChannel.MAIL) -> None:
        """Count what became of one message."""
        with self._lock:
            self._replies[channel, delivery.reply] += 1

    def leases_lost(self, count: int) -> None:
        """Count leases that were over when they were to be renewed."""
        with self._lock:
            self._lost += count

    def metrics(self, in_hand: int) -> tuple[Metric, ...]:
        """Return the counts, and how many messages are being handed over."""
        with self._lock:
            replies, lost = sorted(self._replies.items()), self._lost
        mails, sms = (
            tuple((("reply", reply), count) for (of, reply), count in replies if of == channel)
            for channel in (MailChannel.MAIL, MailChannel.SMS)
        )
        return (
            Metric("agent_desk_mailer_mails_total", "Mails handed to the relay, by what it said.", "counter", mails),
            Metric("agent_desk_mailer_sms_total", "SMS handed to the gateway, by what it said.", "counter", sms),
            Metric("agent_desk_mailer_leases_lost_total", "Leases that ended while held.", "counter", ((None, lost),)),
            Metric("agent_desk_mailer_in_hand", "Mails and SMS being handed over now.", "gauge", ((None, in_hand),)),
        )
