"""What `deskctl database …` answers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent_desk.actions.verify_decisions import DecisionReport
from agent_desk.actions.views import LogReport
from agent_desk.console.answer import Answer, columns
from agent_desk.console.reports import WRONG, show_decision_report, show_log_report
from agent_desk.wording import Wording

if TYPE_CHECKING:
    from agent_desk.storage.backup import Copied
    from agent_desk.storage.condition import Finding

MARKS = {"ok": "✓", "note": "!", "bad": "✗"}


def show_created(schema: str, owner: str, wording: Wording) -> Answer:
    """Return that there is a database now."""
    return Answer(
        {"schema": schema, "owner": owner}, (wording.text("deskctl.created", schema=schema, owner=owner or "–"),)
    )


def show_upgraded(before: str, after: str, copy: str, wording: Wording) -> Answer:
    """Return from where to where the tables went, and the copy made before ("" for none)."""
    if before == after:
        lines = [wording.text("deskctl.up_to_date", after=after)]
    else:
        lines = [wording.text("deskctl.upgraded", before=before or "–", after=after)]
    if copy:
        lines.append(wording.text("deskctl.upgrade_copy", file=copy))
    return Answer({"before": before, "after": after, "copy": copy}, tuple(lines))


def show_condition(found: "Sequence[Finding]", wording: Wording) -> Answer:
    """Return each finding in a sentence; status 1 where one of them is bad."""
    said = [(one, wording.text(one.key, **one.values)) for one in found]
    value = [
        {"topic": one.topic, "state": one.state, "code": one.key.partition(".")[2], **one.values, "sentence": sentence}
        for one, sentence in said
    ]
    lines = columns([(MARKS[one.state], sentence) for one, sentence in said])
    return Answer(value, lines, WRONG if any(one.state == "bad" for one in found) else 0)


def show_copy(copied: "Copied", wording: Wording) -> Answer:
    """Return where the copy is, its size and its checksum."""
    value = {"file": str(copied.path), "size": copied.size, "sha256": copied.sha256, "schema": copied.schema}
    return Answer(value, (wording.text("deskctl.backed_up", **value),))


def show_restored(schema: str, checked: bool, log: LogReport, decisions: DecisionReport, wording: Wording) -> Answer:
    """Return what checking the restored database found; status 1 where its log or a decision is not as it was."""
    parts = (show_log_report(log, wording), show_decision_report(decisions, wording))
    lines = [wording.text("deskctl.restored", schema=schema)]
    if not checked:
        lines.append(wording.text("deskctl.no_checksum"))
    value = {"schema": schema, "checksum": checked, "log": parts[0].value, "decisions": parts[1].value}
    return Answer(value, (*lines, *parts[0].lines, *parts[1].lines), max(part.status for part in parts))
