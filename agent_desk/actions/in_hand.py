"""The mails this program is handing to the relay just now, known to whoever renews their leases meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a desk names it before the database is loaded
    from agent_desk.storage.outbox import Claim


class InHand:
    """Claims held by the threads that send, safe to ask from any other; `taken` is called at each new one."""

    def __init__(self, taken: Callable[[], None] = lambda: None) -> None:
        self._taken = taken
        self._claims: dict[int, Claim] = {}
        self._lock = Lock()

    @property
    def claims(self) -> "tuple[Claim, ...]":
        """Return the claims of this moment."""
        with self._lock:
            return tuple(self._claims.values())

    @contextmanager
    def holding(self, claimed: "Claim") -> Iterator[None]:
        """Hold a claim until the block ends."""
        with self._lock:
            self._claims[claimed.mail_id] = claimed
        try:
            self._taken()
            yield
        finally:
            with self._lock:
                del self._claims[claimed.mail_id]
