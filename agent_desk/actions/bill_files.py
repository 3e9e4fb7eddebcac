"""A batch as files for whoever makes the bills: CSV, JSON Lines, and a manifest that vouches for both.

Their bytes follow from the batch alone; they are kept with it, so that writing it again gives the same ones.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from typing import Any

from agent_desk.rules.bill import BillLine
from agent_desk.rules.sheet import is_formula
from agent_desk.storage.bill import BatchFile
from agent_desk.storage.canonical import plain

FORMAT = 2  # from 2 on there are lines of credits, whose amounts are negative
COLUMNS = (
    "batch",
    "line",
    "reference",
    "corrects",
    "customer_number",
    "decided_at",
    "service",
    "label",
    "quantity",
    "unit_price_cents",
    "amount_cents",
    "vat_cents",
    "vat_permille",
    "rule",
    "article",
    "catalogue",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What all lines of one decision, or of one credit, have in common.

    `ordinal` is that decision's, or that credit's id; `subject` names a decision that is not the session's own: its visit's.
    """

    session_number: str
    ordinal: int
    customer_number: str
    decided_at: datetime
    catalogue: str
    vat_permille: int
    subject: str = ""


def bill_row(batch: int, place: int, origin: Origin, line: BillLine, label: str) -> dict[str, Any]:
    """Return one line of the bill; `reference` names it for ever, `corrects` the one it takes back or changes."""
    corrects = None
    if line.corrects is not None:
        corrects = _reference(origin.session_number, origin.ordinal - 1, line.corrects)
    return {
        "batch": batch,
        "line": place,
        "reference": _reference(origin.session_number, origin.subject or origin.ordinal, line.position),
        "corrects": corrects,
        "customer_number": origin.customer_number,
        "decided_at": _moment(origin.decided_at),
        "service": line.service,
        "label": label,
        "quantity": line.quantity,
        "unit_price_cents": line.unit_price_cents,
        "amount_cents": line.amount_cents,
        "vat_cents": line.vat_cents,
        "vat_permille": origin.vat_permille,
        "rule": line.rule,
        "article": line.article,
        "catalogue": origin.catalogue,
    }


def credit_row(batch: int, place: int, origin: Origin, line: BillLine, label: str) -> dict[str, Any]:
    """Return the line of a goodwill credit; `reference` is its session's with the credit's own number."""
    reference = f"{origin.session_number}/credit/{origin.ordinal}"
    return {**bill_row(batch, place, origin, line, label), "reference": reference}


def line_files(number: int, rows: Sequence[Mapping[str, Any]]) -> tuple[BatchFile, BatchFile]:
    """Return the lines as CSV (UTF-8, `;`) and as JSON Lines."""
    table = StringIO(newline="")
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([[_cell(row[column]) for column in COLUMNS] for row in rows])
    lines = "".join(f"{plain(row)}\n" for row in rows)
    return _file(number, "csv", table.getvalue()), _file(number, "jsonl", lines)


def manifest_file(number: int, facts: Mapping[str, Any], files: Sequence[BatchFile], previous: str | None) -> BatchFile:
    """Return what vouches for the files: their SHA-256, the counts and sums, and the manifest before this one."""
    value = {
        "format": FORMAT,
        "batch": number,
        **{name: _moment(fact) if isinstance(fact, datetime) else fact for name, fact in facts.items()},
        "files": [{"name": one.name, "bytes": len(one.content), "sha256": one.sha256} for one in files],
        "previous_manifest_sha256": previous,
    }
    return _file(number, "manifest.json", json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _file(number: int, suffix: str, text: str) -> BatchFile:
    content = text.encode()
    return BatchFile(f"billing-{number:06d}.{suffix}", sha256(content).hexdigest(), content)


def _cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; numbers are ours, whatever their sign."""
    if isinstance(value, str) and is_formula(value):
        return f"'{value}"
    return "" if value is None else value


def _reference(session_number: str, ordinal: int | str, position: int) -> str:
    return f"{session_number}/{ordinal}/{position}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
