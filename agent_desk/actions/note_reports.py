"""Note what came back about mails: delivered, read, or returned. Nothing is ever sent for a report."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent_desk.actions.context import Context
from agent_desk.ports import Report
from agent_desk.rules.mail import MailChannel, MailState, ReportKind, after_report
from agent_desk.storage.events import history
from agent_desk.storage.mails import find_mail, lock_mail, move

_EVENT = {
    ReportKind.RELAYED: "mail_accepted",
    ReportKind.DELIVERED: "mail_delivered",
    ReportKind.READ: "mail_read",
    ReportKind.FAILED: "mail_returned",
}


@dataclass(frozen=True, slots=True)
class NotedReports:
    """How many reports were given, how many named a mail of this desk, and how many changed it."""

    reports: int
    matched: int
    changed: int


def note_reports(ctx: Context, reports: Iterable[Report]) -> NotedReports:
    """Apply each report to the mail whose very id it names; reports about other mails are only counted.

    A report that was noted once changes nothing any more, even after a person has sent the mail again.
    """
    count = matched = changed = 0
    for report in reports:
        count += 1
        with ctx.database.read() as tx:
            found = find_mail(tx, report.envid, report.message_id)
        if found is None:
            continue
        matched += 1
        if after_report(report.kind, MailState(found.state)):
            changed += _note(ctx, found.id, report)
    return NotedReports(count, matched, changed)


def _note(ctx: Context, mail_id: int, report: Report) -> bool:
    with ctx.database.write() as tx:
        row = lock_mail(tx, mail_id)
        # Read again: the outbox or a person may have been quicker.
        state = after_report(report.kind, MailState(row.state)) if row else None
        if row is None or state is None:
            return False
        if any((event.payload or {}).get("report") == report.mark for event in history(tx, row.session_id)):
            return False
        cause = "sms_returned" if row.channel == MailChannel.SMS else "returned"
        returned = {"last_reply": f"{cause}: {report.status}".removesuffix(": ")}
        move(
            tx,
            row,
            state,
            _EVENT[report.kind],
            at=ctx.clock.now(),
            actor="system",
            columns=returned if report.kind is ReportKind.FAILED else {},
            status=report.status,
            report=report.mark,
        )
    return True
