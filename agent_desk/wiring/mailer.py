"""A mail worker put together: lanes that send, a heartbeat for what they hold, and the site's chores."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from agent_desk import __version__, late, logfile
from agent_desk.actions.context import Context
from agent_desk.actions.door import Door
from agent_desk.adapters.notices import Notices
from agent_desk.mailer.lanes import SMS_LANES, Lanes
from agent_desk.mailer.rhythm import Rhythm
from agent_desk.mailer.tally import Tally
from agent_desk.ports import Metric, Relay
from agent_desk.rules.mail import HEARTBEAT
from agent_desk.storage.programs import Running
from agent_desk.storage.turns import Job, turn
from agent_desk.wiring.gateway import direct_address
from agent_desk.wiring.health import health_metrics, look
from agent_desk.wiring.withdrawals import see_to_withdrawals

CHANNEL = "agent_desk_mail"
LOOK_SECONDS = 30.0
ENDINGS_SECONDS = 20.0
NIGHT_SECONDS = 300.0  # between two looks whether the night's check is due
FAREWELL_SECONDS = 5.0  # for chores; nobody loses anything when one is cut
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunningMailer:
    """A mail worker at work."""

    ctx: Context
    mark: str
    lanes: tuple[Lanes, ...]  # of each channel
    heartbeat: Rhythm
    chores: tuple[Rhythm, ...]
    notices: Notices | None
    tally: Tally

    def metrics(self) -> Sequence[Metric]:
        """Return this worker's figures and the site's."""
        return (*self.tally.metrics(_in_hand(self.lanes)), *health_metrics(look(self.ctx)))

    def close(self) -> None:
        """Finish the mails in hand, which may take as long as the relay does, and cover the log once more."""
        if self.notices is not None:
            self.notices.close()
        for lanes in self.lanes:
            lanes.stop()
        self.heartbeat.stop()
        for chore in self.chores:
            chore.stop(FAREWELL_SECONDS)
        try:
            checkpoint(self.ctx)
        except Exception as error:  # noqa: BLE001 (the next worker, or the next start, makes it)
            logfile.told(error)


def start_mailer(ctx: Context, relay: Relay | None, sms: Relay | None = None) -> RunningMailer:
    """Send what waits from now on, of each channel there is a way for, and see to the site's chores."""
    tally = Tally()
    lanes = _lanes(ctx, relay, sms, tally)
    one = Running(secrets.token_hex(4), "mailer", __version__)
    door = Door(ctx.database, ctx.clock, b"")

    def look_again() -> None:
        _look(lanes)
        late.end_leases(ctx)
        late.note_running(door, one)

    chores = (
        Rhythm("look", LOOK_SECONDS, look_again),
        Rhythm("endings", ENDINGS_SECONDS, lambda: late.end_what_is_due(ctx)),
        Rhythm("promises", ENDINGS_SECONDS, lambda: late.raise_promises(ctx)),
        Rhythm("withdrawals", ENDINGS_SECONDS, lambda: see_to_withdrawals(ctx)),
        Rhythm("checkpoint", ctx.settings.checkpoint_minutes * 60.0, lambda: checkpoint(ctx)),
        Rhythm("decisions", NIGHT_SECONDS, lambda: check_decisions(ctx)),
    )
    heartbeat = Rhythm("heartbeat", HEARTBEAT.total_seconds(), lambda: tally.leases_lost(_renew(ctx, lanes)))
    notices = _listen(ctx, lanes)
    for one_channel in lanes:
        one_channel.start()
    for rhythm in (heartbeat, *chores):
        rhythm.start()
    return RunningMailer(ctx, one.mark, lanes, heartbeat, chores, notices, tally)


def checkpoint(ctx: Context) -> None:
    """Put what the log has grown by under a checkpoint, unless another worker is doing so."""
    with turn(ctx.database, Job.CHECKPOINT) as ours:
        if ours:
            late.make_checkpoint(ctx)


def check_decisions(ctx: Context) -> None:
    """Decide everything again, once a night."""
    report = late.check_decisions(ctx)
    if report is not None:
        level = logging.ERROR if report.mismatches else logging.INFO
        _log.log(level, "decisions made again: %d, different: %d", report.decisions, len(report.mismatches))


def _lanes(ctx: Context, relay: Relay | None, sms: Relay | None, tally: Tally) -> tuple[Lanes, ...]:
    mails = (Lanes(ctx, relay, tally),) if relay is not None else ()
    # What an SMS gateway reports is told like an SMS that is queued, and looked at after each.
    texts = (Lanes(ctx, sms, tally, SMS_LANES, lambda: late.note_sms_reports(ctx)),) if sms is not None else ()
    return mails + texts


def _look(lanes: tuple[Lanes, ...]) -> None:
    for one in lanes:
        one.look()


def _renew(ctx: Context, lanes: tuple[Lanes, ...]) -> int:
    return sum(late.renew_leases(ctx, one.in_hand) for one in lanes)


def _in_hand(lanes: tuple[Lanes, ...]) -> int:
    return sum(len(one.in_hand.claims) for one in lanes)


def _listen(ctx: Context, lanes: tuple[Lanes, ...]) -> Notices | None:
    """Hear of messages that are queued; on SQLite nobody tells, and every half minute is soon enough."""
    address = direct_address(ctx.database, ctx.settings)
    if address is None:
        return None
    notices = Notices(address, (CHANNEL,))
    notices.start(lambda _channel, _payload: _look(lanes), lambda: _look(lanes))
    return notices
