"""Exports of the Journal, and of one session, into files. Loaded when one is asked for."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from agent_desk import late
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.adapters.sheets import SUFFIXES, open_sheet
from agent_desk.rules.journal import JournalFilter
from agent_desk.whole_file import whole_file


def export_journal(
    ctx: Context, wanted: JournalFilter, path: Path, language: str, seen: Callable[[int], None] = lambda _rows: None
) -> int:
    """Write what is wanted to `path`, a CSV or XLSX by its ending, and return how many sessions; Refusal.

    What stands there already is replaced once all is written, or stays.
    """
    form = path.suffix.lower()
    if form not in SUFFIXES:
        raise Refusal("sheet_form")
    try:
        rows: int = late.export_journal(ctx, wanted, partial(open_sheet, path), form[1:], language, seen)
    except OSError as error:
        raise Refusal("export_not_written") from error
    return rows


def export_case(ctx: Context, session_id: int, path: Path, language: str) -> None:
    """Write everything about one session to `path`, as PDF; Refusal. What stands there is replaced whole, or stays."""
    try:
        late.export_case(ctx, session_id, partial(whole_file, path), language)
    except OSError as error:
        raise Refusal("export_not_written") from error
