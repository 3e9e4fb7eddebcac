"""`deskctl catalogue` over the database: what a site has changed, and how it is changed. Loaded when it is needed."""

import argparse
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from agent_desk import late
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.console.answer import Answer
from agent_desk.console.catalogue_arguments import step_name
from agent_desk.console.catalogue_reports import show_changes, show_preview, show_proposed, show_step
from agent_desk.console.refusal import Refused
from agent_desk.console.values import given, read_choice, read_date, read_whole
from agent_desk.reference import Reference, with_changes
from agent_desk.rules.catalogue_changes import CENTS, PRICE_MAX, STEPS, ChangeKind, ChangeStep, Proposal, Value
from agent_desk.storage.catalogue_changes import approved_changes
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.schema import revision
from agent_desk.wiring.console_settings import read_settings
from agent_desk.wiring.context import open_context
from agent_desk.wording import Wording

BYTES_MAX = 64 * 1024
NUMBERS = range(1, 100_000_000)
SINCE = "0008"  # databases made before know no changes
# What a refusal names: the option it came from.
NAMED = {"change_day_past": "from", "change_day_far": "from", "change_day_taken": "from", "change_reason": "reason"}


def catalogue(options: argparse.Namespace, wording: Wording) -> Answer:
    """Do one thing with prices and texts; Refused names what stood in the way, and then nothing has changed."""
    try:
        ctx = open_context(read_settings())
        with closing(ctx.database):
            return COMMANDS[options.what](options, ctx, wording)
    except Refusal as refusal:
        subject = NAMED.get(refusal.code, getattr(options, "subject", options.what))
        raise Refused(subject, f"errors.{refusal.code}", values=refusal.values) from refusal
    except DatabaseFault as fault:
        raise Refused("database", f"errors.{fault.code}", values=fault.values) from fault


def site_reference(url: str, shipped: Reference) -> Reference:
    """Return what is shipped with what the site's database has approved; the database is only read."""
    try:
        with closing(Database.open(url)) as database, database.read() as tx:
            changed = (revision(tx) or "") >= SINCE
            return with_changes(shipped, approved_changes(tx)) if changed else shipped
    except DatabaseFault as fault:
        raise Refused("database", f"errors.{fault.code}", values=fault.values) from fault


def _changes(_options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    return show_changes(late.list_changes(ctx), wording)


def _propose(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    kind = ChangeKind(read_choice(options.kind, "kind", [one.value for one in ChangeKind]))
    proposed = Proposal(
        kind,
        options.subject,
        _value(options, kind),
        read_date(given(options.since, "from"), "from"),
        (options.reason or "") if options.preview else given(options.reason, "reason"),
    )
    if options.preview:
        return show_preview(late.preview_change(ctx, proposed, wording.language), wording)
    number = late.propose_change(ctx, proposed)
    late.make_checkpoint(ctx)
    return show_proposed(number, wording)


def _value(options: argparse.Namespace, kind: ChangeKind) -> Value:
    if kind is ChangeKind.PRICE:
        return {CENTS: read_whole(given(options.cents, "cents"), "cents", range(PRICE_MAX + 1))}
    name = given(options.file, "file")
    try:
        raw = options.stdin.read(BYTES_MAX + 1) if name == "-" else _head(Path(name))
        value = json.loads(raw.decode("utf-8-sig")) if len(raw) <= BYTES_MAX else None
    except OSError as error:
        raise Refused(name, "errors.file_not_read") from error
    except ValueError as error:
        raise Refused(name, "errors.change_text") from error
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise Refused(name, "errors.change_text")
    return value


def _head(path: Path) -> bytes:
    # One byte more than is accepted: too long is noticed without reading all of it.
    with path.open("rb") as file:
        return file.read(BYTES_MAX + 1)


def _step(step: ChangeStep) -> Callable[[argparse.Namespace, Context, Wording], Answer]:
    def take(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
        number = read_whole(options.change, "change", NUMBERS)
        late.act_on_change(ctx, number, step, options.reason)
        late.make_checkpoint(ctx)
        changed = next(one for one in late.list_changes(ctx).changes if one.id == number)
        return show_step(changed, wording)

    return take


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Context, Wording], Answer]] = {
    "changes": _changes,
    "propose": _propose,
    **{step_name(step): _step(step) for step in STEPS},
}
