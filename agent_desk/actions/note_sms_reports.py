"""What came back about SMS: the genuine reports move theirs on, as receipts move mails."""

import hmac
from collections.abc import Mapping

from agent_desk.actions.context import Context
from agent_desk.actions.note_reports import note_reports
from agent_desk.ports import Report
from agent_desk.rules.mail import ReportKind
from agent_desk.rules.sms import report_mac
from agent_desk.storage.sms_reports import forget, sms_key, taken_down

# As Kannel counts them.
KINDS: Mapping[int, ReportKind] = {
    1: ReportKind.DELIVERED,
    2: ReportKind.FAILED,
    8: ReportKind.RELAYED,
    16: ReportKind.FAILED,
}


def note_sms_reports(ctx: Context) -> int:
    """Apply what gateways have taken down, and forget it; return how many SMS changed."""
    with ctx.database.read() as tx:
        rows = taken_down(tx)
        if not rows:
            return 0
        key = sms_key(tx)
    changed = 0
    for row in rows:
        genuine = key is not None and hmac.compare_digest(report_mac(key, row.envid, row.nonce), row.mac)
        if genuine and row.kind in KINDS:
            report = Report(KINDS[row.kind], row.envid, "", "", f"{row.nonce}.{row.kind}")
            changed += note_reports(ctx, (report,)).changed
        with ctx.database.write() as tx:
            forget(tx, row)
    return changed
