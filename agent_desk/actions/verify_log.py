"""The whole log is checked, from the first row to the latest checkpoint and the copy kept outside."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.views import LogFault, LogReport
from agent_desk.storage.checkpoints import coverage
from agent_desk.storage.outside import read_notes
from agent_desk.storage.verification import check_log


def verify_log(
    ctx: Context, against: Path | None = None, seen: Callable[[int], None] = lambda _events: None
) -> LogReport:
    """Check the log, and that it continues from the checkpoints in the file `against`; Refusal `file_not_read`.

    `seen` is told now and then how many events are checked so far; what it raises ends the check.
    """
    try:
        references = read_notes(against) if against else ()
    except (OSError, ValueError) as error:
        raise Refusal("file_not_read") from error
    with ctx.database.reports() as tx:
        checked = check_log(tx, references, seen)
        reach = coverage(tx)
    return LogReport(
        events=checked.events,
        chains=checked.chains,
        checkpoints=checked.checkpoints,
        signed=checked.signed,
        fault=LogFault(**asdict(checked.fault)) if checked.fault else None,
        uncovered=reach.uncovered,
        keys=reach.keys,
    )
