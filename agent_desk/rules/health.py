"""What makes a site unwell, from plain facts: each answer is a key of the wording table `health`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from agent_desk.rules.mail import WORKER_SILENT

PROGRAM_SILENT = timedelta(minutes=2)  # each says every half minute that it runs
LEAST_ROOM = 512 * 1024 * 1024  # bytes; SQLite and PostgreSQL stop where there are none
MOST_CHECKPOINTS_MISSED = 3
CLOCK_TOLERANCE = timedelta(minutes=1)  # two never agree to the second; below this a clock is not called wrong
LEAST_CHECKPOINT_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the settings promise."""

    mailer: bool
    gateway: bool
    checkpoint_every: timedelta


@dataclass(frozen=True, slots=True)
class Vitals:
    """What was found; a time is None where there is none."""

    mails: Mapping[str, int] = field(default_factory=dict)  # by state, those that are not settled
    oldest_mail: timedelta | None = None
    mail_overdue: timedelta | None = None
    mailer_seen: timedelta | None = None
    gateway_seen: timedelta | None = None
    checkpoint_age: timedelta | None = None
    uncovered: int = 0
    guessing: bool = False
    decisions_checked: timedelta | None = None
    decisions_wrong: int = 0
    room: int | None = None  # bytes free where this program writes
    clock_apart: timedelta | None = None  # between this machine's clock and the server's, where there is one


def ailments(found: Vitals, expected: Expected) -> tuple[str, ...]:
    """Return what is wrong, the worst first; nothing where all is well."""
    signs = {
        "disk_low": found.room is not None and found.room < LEAST_ROOM,
        "decisions_differ": found.decisions_wrong > 0,
        "no_mailer": expected.mailer and _silent(found.mailer_seen),
        "no_gateway": expected.gateway and _silent(found.gateway_seen),
        "mails_overdue": found.mail_overdue is not None and found.mail_overdue >= WORKER_SILENT,
        "checkpoint_old": found.uncovered > 0 and _late(found.checkpoint_age, expected.checkpoint_every),
        "guessing": found.guessing,
        "clock_wrong": found.clock_apart is not None and found.clock_apart >= CLOCK_TOLERANCE,
    }
    return tuple(sign for sign, there in signs.items() if there)


def _silent(seen: timedelta | None) -> bool:
    return seen is None or seen > PROGRAM_SILENT


def _late(age: timedelta | None, every: timedelta) -> bool:
    return age is None or age > max(MOST_CHECKPOINTS_MISSED * every, LEAST_CHECKPOINT_WAIT)
