"""What a mail worker counts about itself, for its metrics page: numbers only."""

from collections import Counter
from threading import Lock

from agent_desk.ports import Delivery, Metric


class Tally:
    """Counts since the worker began; safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._replies: Counter[str] = Counter()
        self._lost = 0

    def delivered(self, delivery: Delivery) -> None:
        """Count what became of one mail."""
        with self._lock:
            self._replies[delivery.reply] += 1

    def leases_lost(self, count: int) -> None:
        """Count leases that were over when they were to be renewed."""
        with self._lock:
            self._lost += count

    def metrics(self, in_hand: int) -> tuple[Metric, ...]:
        """Return the counts, and how many mails are being handed over."""
        with self._lock:
            replies = tuple((("reply", reply), count) for reply, count in sorted(self._replies.items()))
            lost = self._lost
        return (
            Metric("agent_desk_mailer_mails_total", "Mails handed to the relay, by what it said.", "counter", replies),
            Metric("agent_desk_mailer_leases_lost_total", "Leases that ended while held.", "counter", ((None, lost),)),
            Metric("agent_desk_mailer_in_hand", "Mails being handed over now.", "gauge", ((None, in_hand),)),
        )
