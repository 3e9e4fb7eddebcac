"""The report of commitments as files. Loaded when one is asked for."""

from functools import partial
from pathlib import Path

from agent_desk.actions.commitment_views import CommitmentReport
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.export_commitments import print_commitments, tabulate_commitments
from agent_desk.adapters.sheets import SUFFIXES, open_sheet
from agent_desk.whole_file import whole_file


def export_commitments(ctx: Context, found: CommitmentReport, path: Path, language: str) -> None:
    """Write the report to `path`, a PDF, CSV or XLSX by its ending; Refusal. What stands there is replaced whole, or stays."""
    form = path.suffix.lower()
    try:
        if form == ".pdf":
            print_commitments(ctx, found, partial(whole_file, path), language)
        elif form in SUFFIXES:
            tabulate_commitments(ctx, found, partial(open_sheet, path), form[1:], language)
        else:
            raise Refusal("commitment_form")
    except OSError as error:
        raise Refusal("export_not_written") from error
