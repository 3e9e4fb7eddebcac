"""How this program and its site are, for `deskctl health`, metrics pages and the support bundle; nothing personal."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from agent_desk import __version__, late
from agent_desk.actions.context import Context
from agent_desk.actions.look_at_health import expected_of
from agent_desk.clock import SystemClock
from agent_desk.ports import Label, Metric
from agent_desk.rules.health import Vitals, ailments
from agent_desk.settings import Settings, settings_folder
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.schema import revision
from agent_desk.storage.tables import SCHEMA
from agent_desk.wiring.context import bare_context


@dataclass(frozen=True, slots=True)
class Health:
    """`fault` is the database's, a key of the wording table `errors`, or ""; `signs` are keys of the table `health`."""

    fault: str
    engine: str
    schema: str
    vitals: Vitals
    signs: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.fault and not self.signs

    def plain(self) -> dict[str, Any]:
        """Return it for machines: times in seconds."""
        found = {
            name: value.total_seconds() if isinstance(value, timedelta) else value
            for name, value in asdict(self.vitals).items()
        }
        return {
            "program": __version__,
            "well": self.well,
            "signs": list(self.signs),
            "database": {"fault": self.fault, "engine": self.engine, "schema": self.schema, "expected": SCHEMA},
            **found,
        }


def look(ctx: Context) -> Health:
    """Return how the site is; never raises for what the database does."""
    try:
        with ctx.database.read() as tx:
            schema = revision(tx) or ""
        if schema < SCHEMA:
            return _unreachable("schema_old", ctx.settings, ctx.database.dialect, schema)
        found = replace(late.look_at_health(ctx), room=_room(ctx.settings), clock_apart=_clock_apart(ctx.database))
    except DatabaseFault as fault:
        return _unreachable(fault.code, ctx.settings, ctx.database.dialect)
    return Health("", ctx.database.dialect, schema, found, ailments(found, expected_of(ctx.settings)))


def look_from_outside(settings: Settings) -> Health:
    """Open the database as it is, never upgraded nor made, and look."""
    try:
        database = Database.open(settings.database_url)
    except DatabaseFault as fault:
        return _unreachable(fault.code, settings)
    try:
        return look(bare_context(database, settings))
    finally:
        database.close()


def silent_database(settings: Settings) -> Health:
    """Return the health of a site whose database neither answers nor refuses."""
    return _unreachable("unreachable", settings)


def health_metrics(found: Health) -> Sequence[Metric]:
    """Return the figures of a site for a metrics page."""
    vitals = found.vitals
    up = Metric("agent_desk_database_up", "Whether the database answers.", "gauge", ((None, float(not found.fault)),))
    if found.fault:
        return (up,)
    mails: tuple[tuple[Label, float], ...] = tuple((("state", s), n) for s, n in sorted(vitals.mails.items()))
    signs: tuple[tuple[Label, float], ...] = tuple((("sign", sign), 1.0) for sign in found.signs)
    ages = (
        ("mail_oldest_seconds", "Age of the oldest mail not handed over.", vitals.oldest_mail),
        ("mail_overdue_seconds", "How long a due mail has been waiting.", vitals.mail_overdue),
        ("mailer_seen_seconds", "Time since a mail worker was seen.", vitals.mailer_seen),
        ("gateway_seen_seconds", "Time since a gateway was seen.", vitals.gateway_seen),
        ("checkpoint_age_seconds", "Age of the latest checkpoint.", vitals.checkpoint_age),
        ("decisions_checked_seconds", "Time since decisions were made again.", vitals.decisions_checked),
        ("clock_apart_seconds", "How far this machine's clock is from the database server's.", vitals.clock_apart),
    )
    numbers = (
        ("events_uncovered", "Events under no checkpoint yet.", vitals.uncovered),
        ("decisions_wrong", "Decisions that came out different.", vitals.decisions_wrong),
        ("guessing", "Whether codes are being guessed.", vitals.guessing),
        ("disk_free_bytes", "Room where this program writes.", vitals.room),
    )
    return (
        up,
        Metric("agent_desk_mails", "Mails that are not settled.", "gauge", mails),
        Metric("agent_desk_unwell", "What is wrong, as deskctl health says.", "gauge", signs),
        *(_gauge(name, what, None if age is None else age.total_seconds()) for name, what, age in ages),
        *(_gauge(name, what, number) for name, what, number in numbers),
    )


def _gauge(name: str, what: str, value: float | None) -> Metric:
    return Metric(f"agent_desk_{name}", what, "gauge", () if value is None else ((None, float(value)),))


def _unreachable(code: str, settings: Settings, engine: str = "", schema: str = "") -> Health:
    return Health(code, engine, schema, Vitals(room=_room(settings)), ())


def _clock_apart(database: Database) -> timedelta | None:
    """Return how far this machine's clock is from the server's; None where there is no other."""
    return None if database.dialect == "sqlite" else abs(SystemClock().now() - database.clock.now())


def _room(settings: Settings) -> int | None:
    """Return the bytes free where settings, log files and a database of one's own are, the fuller disk's."""
    places = [settings_folder()]
    if settings.database_url.startswith("sqlite:///"):
        places.append(Path(settings.database_url.removeprefix("sqlite:///")).parent)
    free = []
    for place in places:
        with suppress(OSError):
            free.append(shutil.disk_usage(place).free)
    return min(free, default=None)
