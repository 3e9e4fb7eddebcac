"""The commands of deskctl that open the database. Heavy: loaded when one of them is asked for."""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from agent_desk import late
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import JournalFilter
from agent_desk.adapters.receipts import mailbox_messages, read_report, stream_messages
from agent_desk.console.answer import Answer
from agent_desk.console.refusal import Refused
from agent_desk.console.reports import (
    WRONG,
    show_added,
    show_decision_report,
    show_explanation,
    show_log_report,
    show_noted,
    show_sent,
)
from agent_desk.console.values import read_whole
from agent_desk.storage.faults import DatabaseFault
from agent_desk.wiring.console_billing import billing
from agent_desk.wiring.console_commitments import commitments
from agent_desk.wiring.console_journal import journal
from agent_desk.wiring.console_report import report
from agent_desk.wiring.console_settings import read_settings
from agent_desk.wiring.context import open_context, relay_of
from agent_desk.wiring.self_checks import CHECKS, run_checks
from agent_desk.wording import Wording

SAMPLES = range(1, 100_001)


def answer(options: argparse.Namespace, wording: Wording) -> Answer:
    """Open the desk's database, run one command on it and return its answer; Refused names what stood in the way."""
    try:
        ctx = open_context(read_settings())
        with closing(ctx.database):
            return COMMANDS[options.command](options, ctx, wording)
    except Refusal as refusal:
        raise Refused(_subject(options), f"errors.{refusal.code}", values=refusal.values) from refusal
    except DatabaseFault as fault:
        raise Refused("database", f"errors.{fault.code}", values=fault.values) from fault


def self_test(_options: argparse.Namespace, _wording: Wording) -> Answer:
    """Check the installed program's parts, in a folder of their own."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="agent-desk-") as folder:
        passed = run_checks(CHECKS, Path(folder), lines.append)
    return Answer({"passed": passed, "checks": lines}, tuple(lines), 0 if passed else WRONG)


def _explain(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    return show_explanation(late.explain_decision(ctx, options.session, wording.language), wording)


def _verify_log(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    against = None if options.against is None else Path(options.against)
    return show_log_report(late.verify_log(ctx, against), wording)


def _verify_decisions(_options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    return show_decision_report(late.verify_decisions(ctx), wording)


def _outbox(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    return OUTBOX[options.what](options, ctx, wording)


def _receipts(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    # All of them are read before the first is noted: a file that cannot be read leaves everything as it was.
    read = [read_report(message) for message in _messages(options)]
    noted = late.note_reports(ctx, [report for report in read if report is not None])
    late.make_checkpoint(ctx)
    return show_noted(len(read), noted, wording)


def _messages(options: argparse.Namespace) -> Iterator[bytes]:
    for name in options.paths:
        try:
            yield from stream_messages(options.stdin) if name == "-" else mailbox_messages(Path(name))
        except (OSError, ValueError) as error:
            raise Refused(name, "errors.file_not_read") from error


def _send(_options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    if ctx.settings.mail_sender == "worker":
        raise Refusal("worker_sends")
    relay = relay_of(ctx)
    if relay is None:
        raise Refusal("relay_not_configured")
    sent = late.send_outbox(ctx, relay)
    late.make_checkpoint(ctx)
    return show_sent(sent, wording)


def _sample_data(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    count = read_whole(options.count, "count", SAMPLES)
    # The log keeps what was added for ever: invented customers never get among real ones by a slip.
    if late.search_journal(ctx, JournalFilter(), limit=1).sessions and not options.add:
        raise Refusal("not_empty")
    added = late.create_sample_data(ctx, count, bulk=options.bulk)
    late.make_checkpoint(ctx)
    return show_added(added, wording)


def _subject(options: argparse.Namespace) -> str:
    return str(getattr(options, "session", None) or getattr(options, "against", None) or options.command)


OUTBOX: Mapping[str, Callable[[argparse.Namespace, Context, Wording], Answer]] = {"run": _send, "receipts": _receipts}
COMMANDS: Mapping[str, Callable[[argparse.Namespace, Context, Wording], Answer]] = {
    "explain": _explain,
    "verify-log": _verify_log,
    "verify-decisions": _verify_decisions,
    "outbox": _outbox,
    "sample-data": _sample_data,
    "billing": billing,
    "journal": journal,
    "report": report,
    "commitments": commitments,
}
