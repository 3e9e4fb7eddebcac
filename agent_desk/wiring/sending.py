"""Mails that wait leave from this desk, where no worker sends them."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from agent_desk import late
from agent_desk.actions.in_hand import InHand
from agent_desk.desktop.desk import Desk
from agent_desk.rules.mail import HEARTBEAT
from agent_desk.wiring.withdrawals import see_to_withdrawals

if TYPE_CHECKING:
    from agent_desk.actions.context import Context


EVERY_MS = 30_000


class Sending(QObject):
    """Sends what waits, one turn at a time; the mails in hand are kept by a heartbeat while the relay takes its time."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._in_hand = InHand()
        self._sending = False
        self._turns = QTimer(self)
        self._turns.setInterval(EVERY_MS)
        self._turns.timeout.connect(self.wake)
        self._heartbeat = QTimer(self)
        self._heartbeat.setInterval(int(HEARTBEAT.total_seconds()) * 1000)
        self._heartbeat.timeout.connect(self._beat)

    def start(self) -> None:
        """Send now, and what waits from now on."""
        self._turns.start()
        self.wake()

    def stop(self) -> None:
        """Begin no more turns by itself."""
        self._turns.stop()

    def wake(self) -> None:
        """Send what waits, unless that is under way, mails are to wait, or the site's mail worker sends.

        Nobody who signed in to a call centre's database may send: there only a worker does.
        """
        if self._sending or not self._desk.ready or self._desk.link.is_lost or self._desk.context.leaves_sending:
            return
        self._sending = True
        self._heartbeat.start()
        open_gateway = self._desk.site.open_gateway
        self._desk.run(lambda ctx: _send(ctx, self._in_hand, open_gateway), self._sent, self._send_failed, owner=self)

    def _sent(self, done: tuple[int, int]) -> None:
        self._rest()
        sent, missed = done
        if sent:
            self._desk.mailsChanged.emit()
        if missed:
            self._desk.promisesChanged.emit()

    def _send_failed(self, error: BaseException) -> None:
        self._rest()
        self._desk.report(error)

    def _rest(self) -> None:
        self._sending = False
        self._heartbeat.stop()

    def _beat(self) -> None:
        """Keep the mails in hand while the relay takes its time; what fails is told when they are settled."""
        self._desk.run(lambda ctx: late.renew_leases(ctx, self._in_hand), failed=lambda _error: None, owner=self)


def _send(ctx: "Context", in_hand: InHand, open_gateway: Callable[["Context"], str]) -> tuple[int, int]:
    """Return how many messages moved, and how many promises were missed or sessions withdrawn; without a worker both are ours to do."""
    missed: int = late.raise_promises(ctx)
    missed += see_to_withdrawals(ctx)
    changed: int = late.send_outbox(ctx, late.load("agent_desk.wiring.context:relay_of")(ctx), in_hand)
    return changed + _send_sms(ctx, in_hand, open_gateway), missed


def _send_sms(ctx: "Context", in_hand: InHand, open_gateway: Callable[["Context"], str]) -> int:
    """Return how many SMS were accepted or reported about."""
    settings = ctx.settings
    if not settings.sms_gateway_url:
        return 0
    if settings.public_url and settings.gateway_mode == "desk":
        with suppress(OSError):  # told where the page is wanted; an SMS leaves without its report
            open_gateway(ctx)
    sent: int = late.send_outbox(ctx, late.load("agent_desk.wiring.context:sms_gateway_of")(ctx), in_hand)
    reported: int = late.note_sms_reports(ctx)
    return sent + reported
