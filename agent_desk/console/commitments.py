"""What may be typed after `deskctl commitments`, and what it answers."""

import argparse
import re
from typing import TYPE_CHECKING

from agent_desk.console.answer import Answer, columns
from agent_desk.console.refusal import Refused
from agent_desk.formats import format_permille
from agent_desk.rules.commitments import LONGEST_MONTHS, Count, Miss, months_back, months_between
from agent_desk.wording import Wording

if TYPE_CHECKING:
    from agent_desk.actions.commitment_views import CommitmentReport, Measured

_MONTH = re.compile(r"(19[7-9]\d|[2-8]\d{3})-(0[1-9]|1[0-2])")


def add_commitments(command: argparse.ArgumentParser) -> None:
    """Add which months are wanted, of which team, and where they are written."""
    command.add_argument("--month", metavar="YYYY-MM", help="this month alone; the last 12 when absent")
    command.add_argument("--from", dest="first", metavar="YYYY-MM", help="the first month")
    command.add_argument("--to", dest="last", metavar="YYYY-MM", help="the last month; this one when absent")
    command.add_argument("--team", metavar="NAME", default="", help="of this team alone")
    command.add_argument("--misses", metavar="ID", help="the cases in which this commitment was not kept")
    command.add_argument("--pdf", metavar="FILE", help="write a paper for an auditor; what is there is replaced whole")
    command.add_argument("--csv", metavar="FILE", help="write a table for spreadsheets, .csv or .xlsx")


def read_months(options: argparse.Namespace, present: str) -> tuple[str, str]:
    """Return the first and last month wanted; Refused names what cannot be read."""
    if options.month is not None:
        month = _month(options.month, "month")
        return month, month
    last = present if options.last is None else _month(options.last, "to")
    first = months_back(last) if options.first is None else _month(options.first, "from")
    if first > last or len(list(months_between(first, last))) > LONGEST_MONTHS:
        raise Refused("to", "errors.invalid_period")
    return first, last


def _month(text: str, name: str) -> str:
    if not _MONTH.fullmatch(text):
        raise Refused(name)
    return text


def show_commitments(found: "CommitmentReport", files: list[str], wording: Wording) -> Answer:
    """Return each commitment with its target and what was measured."""
    value = {
        "from": found.first,
        "to": found.last,
        "team": found.team,
        "at": found.at.isoformat(),
        "commitments": [_plain(one, wording) for one in found.rows],
    } | ({"files": files} if files else {})
    names = ("commitment", "target", "measured", "cases", "missed", "state")
    rows = [tuple(wording.text(f"commitments.column_{name}") for name in names)]
    for one in found.rows:
        share = one.count.permille
        state = {None: "none", True: "met", False: "not_met"}[one.met]
        rows.append(
            (
                one.commitment.text("sentence", wording.language),
                format_permille(one.commitment.target, wording.language),
                "–" if share is None else format_permille(share, wording.language),
                str(one.count.total),
                str(one.count.missed),
                wording.text(f"commitments.{state}"),
            )
        )
    return Answer(value, (*columns(rows, right=range(1, 5)), *files))


def show_misses(commitment: str, found: tuple[Miss, ...]) -> Answer:
    """Return the cases in which a commitment was not kept."""
    value = [{"session": one.number, "agent": one.agent, "at": one.at.isoformat()} for one in found]
    lines = columns([(one.number, one.at.isoformat(timespec="minutes"), one.agent) for one in found])
    return Answer({"commitment": commitment, "misses": value}, tuple(lines))


def _plain(one: "Measured", wording: Wording) -> dict[str, object]:
    said = one.commitment
    return {
        "id": said.id,
        "domain": said.domain,
        "sentence": said.text("sentence", wording.language),
        "source": said.source,
        "clock": said.text("clock", wording.language),
        "evidence": said.text("evidence", wording.language),
        "target_permille": said.target,
        **_count(one.count),
        "met": one.met,
        "months": {month: _count(count) for month, count in one.months.items()},
        "teams": {team: _count(count) for team, count in one.teams.items()},
        "controls": {
            month: {"samples": samples, "conform": conform} for month, (samples, conform) in one.controls.items()
        },
    }


def _count(count: Count) -> dict[str, object]:
    return {"cases": count.total, "kept": count.kept, "missed": count.missed, "permille": count.permille}
