"""What `explain`, `verify-log`, `verify-decisions`, `outbox` and `sample-data` answer."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agent_desk.actions.views import LogFault, LogReport
from agent_desk.console.answer import Answer
from agent_desk.formats import format_cents
from agent_desk.wording import Wording

if TYPE_CHECKING:
    from agent_desk.actions.explain_decision import Explanation
    from agent_desk.actions.note_reports import NotedReports
    from agent_desk.actions.verify_decisions import DecisionReport, Mismatch

WRONG = 1


def show_explanation(found: "Explanation", wording: Wording) -> Answer:
    """Return why a session costs what it costs, now and before, and its visit; status 1 when inputs no longer give the same."""
    lines = list(found.text)
    for one in reversed(found.before):
        lines += ["", wording.text("explain.replaced"), *one.text]
    if found.visit is not None:
        lines += ["", *found.visit.text]
    whole = all(one.reproduced for one in (found, *found.before, found.visit) if one is not None)
    return Answer(_plain(asdict(found)), tuple(lines), 0 if whole else WRONG)


def _plain(told: Any) -> Any:
    """Return what was told with its moments as text."""
    if isinstance(told, dict):
        return {name: _plain(value) for name, value in told.items()}
    if isinstance(told, (list, tuple)):
        return [_plain(one) for one in told]
    return told.isoformat() if isinstance(told, datetime) else told


def show_log_report(report: LogReport, wording: Wording) -> Answer:
    """Return what checking the log found; status 1 and the first bad row when something is wrong."""
    lines = [
        wording.text(
            "deskctl.log", events=report.events, chains=report.chains, checkpoints=report.checkpoints,
            uncovered=report.uncovered,
        ),
        *(f"  {key}" for key in report.keys),
    ]  # fmt: skip
    if report.checkpoints and not report.signed:
        lines.append(wording.text("deskctl.unsigned"))
    lines.append(_fault(report.fault, wording) if report.fault else wording.text("deskctl.log_whole"))
    return Answer(asdict(report), tuple(lines), WRONG if report.fault else 0)


def _fault(fault: LogFault, wording: Wording) -> str:
    kind = wording.text(f"log_faults.{fault.kind}")
    line = wording.text("errors.log_broken", fault=kind, seq=fault.seq, chain=fault.chain)
    return (
        line if fault.checkpoint is None else f"{line} ({wording.text('deskctl.checkpoint', number=fault.checkpoint)})"
    )


def show_decision_report(report: "DecisionReport", wording: Wording) -> Answer:
    """Return what deciding everything again found; status 1 when a decision comes out different."""
    lines = [wording.text("deskctl.decisions", decisions=report.decisions, wrong=len(report.mismatches))]
    lines += [_mismatch(one, wording) for one in report.mismatches]
    return Answer(asdict(report), tuple(lines), WRONG if report.mismatches else 0)


def _mismatch(found: "Mismatch", wording: Wording) -> str:
    kept = format_cents(found.kept_cents, wording.language)
    if found.decided_cents is None:
        return wording.text("deskctl.undecidable", number=found.session_number, kept=kept)
    if found.decided_cents == found.kept_cents and not found.logged:
        return wording.text("deskctl.not_logged", number=found.session_number, kept=kept)
    decided = format_cents(found.decided_cents, wording.language)
    return wording.text("deskctl.differs", number=found.session_number, kept=kept, decided=decided)


def show_sent(count: int, wording: Wording) -> Answer:
    """Return how many mails the relay accepted."""
    return Answer({"sent": count}, (wording.text("deskctl.sent", count=count),))


def show_noted(messages: int, noted: "NotedReports", wording: Wording) -> Answer:
    """Return how many messages were read, how many reports they held, and what these changed."""
    value = {"read": messages} | asdict(noted)
    return Answer(value, (wording.text("deskctl.noted", **value),))


def show_added(count: int, wording: Wording) -> Answer:
    """Return how many sample sessions were added."""
    return Answer({"added": count}, (wording.text("deskctl.added", count=count),))
