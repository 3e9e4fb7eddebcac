"""How a site is: its mails, programs, checkpoints and checks, in one short look."""

from datetime import datetime, timedelta

from agent_desk.actions.context import Context
from agent_desk.actions.guessing import guessing_since
from agent_desk.rules.health import Expected, Vitals
from agent_desk.settings import Settings
from agent_desk.storage.checkpoints import last_at, uncovered
from agent_desk.storage.checks import last_check
from agent_desk.storage.mails import count_unsettled, oldest_waiting, overdue_since
from agent_desk.storage.programs import last_seen


def look_at_health(ctx: Context) -> Vitals:
    """Return what the database says; DatabaseFault."""
    now = ctx.clock.now()
    with ctx.database.read() as tx:
        seen, check = last_seen(tx), last_check(tx)
        return Vitals(
            mails=count_unsettled(tx),
            oldest_mail=_age(oldest_waiting(tx, now), now),
            mail_overdue=_age(overdue_since(tx, now), now),
            mailer_seen=_age(seen.get("mailer"), now),
            gateway_seen=_age(seen.get("gateway"), now),
            checkpoint_age=_age(last_at(tx), now),
            uncovered=uncovered(tx),
            guessing=guessing_since(tx, now) is not None,
            decisions_checked=_age(check.at, now) if check else None,
            decisions_wrong=check.wrong if check else 0,
        )


def expected_of(settings: Settings) -> Expected:
    """Return what these settings promise."""
    return Expected(
        mailer=settings.mail_sender == "worker",
        gateway=settings.gateway_mode == "site",
        checkpoint_every=timedelta(minutes=settings.checkpoint_minutes),
    )


def _age(at: datetime | None, now: datetime) -> timedelta | None:
    return None if at is None else max(now - at, timedelta())
