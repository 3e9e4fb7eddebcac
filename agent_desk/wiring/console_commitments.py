"""`deskctl commitments`: what we promised customers, and how often we kept it. Loaded when it is asked for."""

import argparse
from pathlib import Path

from agent_desk import late
from agent_desk.actions.context import Context
from agent_desk.console.answer import Answer
from agent_desk.console.commitments import read_months, show_commitments, show_misses
from agent_desk.console.refusal import Refused
from agent_desk.rules.commitments import month_of
from agent_desk.rules.report import day_of
from agent_desk.wiring.commitments import export_commitments
from agent_desk.wording import Wording

ENDINGS = {"pdf": (".pdf",), "csv": (".csv", ".xlsx")}


def commitments(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    """Return the commitments of the months asked for, or the misses of one, and write the files that are wanted."""
    first, last = read_months(options, month_of(day_of(ctx.clock.now())))
    wanted = {form: Path(path) for form in ENDINGS if (path := getattr(options, form)) is not None}
    for form, path in wanted.items():
        if path.suffix.lower() not in ENDINGS[form]:
            raise Refused(form, "errors.commitment_form")
    if options.misses is not None:
        return show_misses(options.misses, late.list_misses(ctx, options.misses, first, last, options.team))
    found = late.report_commitments(ctx, first, last, options.team)
    for path in wanted.values():
        export_commitments(ctx, found, path, wording.language)
    if wanted:
        late.make_checkpoint(ctx)
    return show_commitments(found, [str(path) for path in wanted.values()], wording)
