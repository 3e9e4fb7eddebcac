"""The clocks somebody waits for, in sessions that have not ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.set_protection import is_off
from agent_desk.actions.views import DueItem
from agent_desk.rules.clocks import WORK_ENDS, callback_limit, withdrawal, work_warning
from agent_desk.rules.session import Content, Segment, State
from agent_desk.rules.share import LONGEST
from agent_desk.rules.territories import local, midnight
from agent_desk.storage.appointments import Booked, booked_for
from agent_desk.storage.codes import live_codes
from agent_desk.storage.content import from_json
from agent_desk.storage.shares import shown_since


@dataclass(frozen=True, slots=True)
class _Open:
    """One session that has not ended, with what its clocks depend on."""

    row: Any
    content: Content
    code_until: datetime | None
    shown_since: datetime | None = None
    booked: Booked | None = None


def due_items(ctx: Context, tx: Connection, live: Sequence[Any], now: datetime) -> tuple[DueItem, ...]:
    """Return what is due in these rows of `storage.journal.live_rows`, the most urgent first."""
    codes = {code.session_id: code.expires_at for code in live_codes(tx) if code.is_open(now)}
    shown, booked = shown_since(tx), booked_for(tx, [row.id for row in live])
    found = []
    for row in live:
        one = _Open(row, from_json(row.content), codes.get(row.id), shown.get(row.id), booked.get(row.id))
        found += [
            DueItem(kind=kind, session_id=row.id, session_number=row.number, customer=row.customer, at=at)
            for kind, at in _clocks(ctx, one, now)
        ]
    return tuple(sorted(found, key=lambda item: (item.at, item.session_id)))


def _clocks(ctx: Context, one: _Open, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield a key of the wording table `due` and its moment."""
    customer, closing = one.content.customer, one.content.closing
    if one.code_until is not None:
        yield "code", one.code_until
    if one.shown_since is not None:
        yield "share", one.shown_since + LONGEST
    if is_off(closing) and closing.protection_off_at is not None:
        yield "protection", closing.protection_off_at
    if one.row.state == State.IN_PROGRESS and work_warning(now, customer.territory) is not None:
        yield "after_hours", _end_of_work(one.row.started_at, one.content)
    if one.row.parked_at is not None:
        since = one.booked.accepted_at if one.booked is not None else one.row.parked_at
        limit = callback_limit(since, customer.territory, ctx.settings.extra_holidays)
        if one.booked is None or one.booked.ends_at > limit:  # else the call-back agreed is a promise of its own
            yield "callback", limit
    if one.row.state in (State.AGREED, State.SCHEDULED) and customer.segment is Segment.RESIDENTIAL:
        yield "withdrawal", _end_of_withdrawal(ctx, one)


def _end_of_work(started_at: datetime, content: Content) -> datetime:
    territory = content.customer.territory
    day = local(started_at, territory).date()
    return midnight(day, territory) + timedelta(hours=WORK_ENDS.hour)


def _end_of_withdrawal(ctx: Context, one: _Open) -> datetime:
    territory = one.content.customer.territory
    settings = ctx.settings
    terms = withdrawal(
        one.row.agreed_at, territory, settings.extra_holidays, published_days=settings.withdrawal_published_days
    )
    return midnight(terms.honoured + timedelta(days=1), territory)
