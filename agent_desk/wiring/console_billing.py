"""`deskctl billing`: what was decided goes to the Sosh bill. Loaded when it is asked for."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent_desk import late
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.console.answer import Answer, columns
from agent_desk.console.refusal import Refused
from agent_desk.console.values import given, read_date, read_whole
from agent_desk.formats import format_cents, format_day
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local, midnight
from agent_desk.storage.bill import Batch
from agent_desk.wiring.batch_files import check_folder, write_batch
from agent_desk.wording import Wording

NUMBERS = range(1, 1_000_000)


def billing(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    """Make batches and write them, write one again, or list them."""
    return WHAT[options.what](options, ctx, wording)


def _export(options: argparse.Namespace, ctx: Context, _wording: Wording) -> Answer:
    folder = Path(given(options.to, "to"))
    try:
        check_folder(folder)
    except Refusal as refusal:
        raise Refused("to", f"errors.{refusal.code}") from refusal
    if options.batch is not None:
        numbers = [read_whole(options.batch, "batch", NUMBERS)]
    else:
        numbers = _make(ctx, _until(options, ctx))
    written = []
    for number in numbers:
        files = late.read_billing_batch(ctx, number)
        write_batch(folder, number, files)
        written += [{"batch": number, "name": one.name, "sha256": one.sha256} for one in files]
    late.make_checkpoint(ctx)
    return Answer({"files": written}, tuple(f"{one['sha256']}  {one['name']}" for one in written))


def _make(ctx: Context, until: datetime) -> list[int]:
    """Make batches until everything is in one; Refusal `nothing_to_bill` where there was nothing."""
    numbers = [late.make_billing_batch(ctx, until).number]
    while True:
        try:
            numbers.append(late.make_billing_batch(ctx, until).number)
        except Refusal as refusal:
            if refusal.code != "nothing_to_bill":
                raise
            return numbers


def _until(options: argparse.Namespace, ctx: Context) -> datetime:
    """Return the end of the day asked for, on the mainland; now, where that is earlier."""
    now = ctx.clock.now()
    if options.until is None:
        return now
    return min(midnight(read_date(options.until, "until") + timedelta(days=1), Territory.METROPOLE), now)


def _list(_options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    batches = late.list_billing_batches(ctx)
    value = [_plain(one) for one in batches]
    if not batches:
        return Answer(value, (wording.text("deskctl.no_batches"),))
    return Answer(value, columns([_row(one, wording) for one in batches], right={0, 2, 3}))


def _plain(one: Batch) -> dict[str, object]:
    moments = {name: getattr(one, name).astimezone(UTC).isoformat() for name in ("made_at", "until")}
    return asdict(one) | moments


def _row(one: Batch, wording: Wording) -> tuple[str, ...]:
    day = local(one.made_at, Territory.METROPOLE).date()
    lines = wording.text("deskctl.batch_lines", lines=one.lines, zeros=one.zeros)
    return str(one.number), format_day(day, wording.language), lines, format_cents(one.total_cents, wording.language)


WHAT: Mapping[str, Callable[[argparse.Namespace, Context, Wording], Answer]] = {"export": _export, "list": _list}
