"""Several threads that send, each over a connection of its own: one slow answer holds up no other mail."""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING

from agent_desk import late
from agent_desk.logfile import told
from agent_desk.mailer.tally import Tally
from agent_desk.ports import Delivery, Relay

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

LANES = 4
SMS_LANES = 2  # beside those for mails, so that a slow gateway holds up none of them
REST_SECONDS = 30.0  # once something ails the relay
AGAIN_SECONDS = 1.0  # between two tries to write what the relay said
GRACE_SECONDS = 30.0  # how long that is tried once the worker is to stop
_log = logging.getLogger(__name__)


class Lanes:
    """Sends what is due, woken by `look`; a lane that finds a mail wakes the next before it speaks to the relay."""

    def __init__(
        self,
        ctx: "Context",
        relay: Relay,
        tally: Tally,
        lanes: int = LANES,
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Remember what to send by; `then` is done after each look, whether anything was sent or not."""
        self._ctx, self._relay, self._tally, self._then = ctx, relay, tally, then
        self.in_hand = late.load("agent_desk.actions.in_hand:InHand")(self.look)
        self._work: SimpleQueue[bool] = SimpleQueue()
        self._stopping = threading.Event()
        self._rest_until = 0.0
        self._grace_until = float("inf")
        self._threads = [
            threading.Thread(target=self._run, name=f"{relay.channel}-lane-{place}") for place in range(lanes)
        ]

    def start(self) -> None:
        """Begin to wait for work."""
        for thread in self._threads:
            thread.start()

    def look(self) -> None:
        """Have one lane look whether a mail is due; called from any thread."""
        if self._work.empty():
            self._work.put(True)

    def stop(self) -> None:
        """Finish the mails in hand, begin no other, and return when that is done."""
        self._grace_until = monotonic() + GRACE_SECONDS
        self._stopping.set()
        for _ in self._threads:
            self._work.put(False)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while self._work.get():
            try:
                self._send_what_is_due()
                self._then()
            except Exception as error:  # noqa: BLE001 (the mail stays in the database, and the next look finds it)
                told(error)

    def _send_what_is_due(self) -> None:
        with self._relay.kept() as line:
            while self._may_begin():
                delivery = late.send_next(self._ctx, line, self.in_hand, self._again)
                if delivery is None:
                    return
                self._note(delivery)

    def _may_begin(self) -> bool:
        return not self._stopping.is_set() and monotonic() >= self._rest_until

    def _note(self, delivery: Delivery) -> None:
        self._tally.delivered(delivery, self._relay.channel)
        _log.info("a %s: %s %d %s", self._relay.channel, delivery.reply, delivery.code, delivery.cause)
        if late.load("agent_desk.actions.send_outbox:is_about_the_relay")(delivery):
            self._rest_until = monotonic() + REST_SECONDS

    def _again(self) -> bool:
        """Wait a moment for the database; False once the worker has been told to stop and has waited long enough."""
        threading.Event().wait(AGAIN_SECONDS)
        return monotonic() < self._grace_until
