"""`deskctl journal`: what the Journal shows, as a file. Loaded when it is asked for."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from agent_desk import late
from agent_desk.actions.context import Context
from agent_desk.actions.export_case import session_called
from agent_desk.console.answer import Answer
from agent_desk.console.journal_arguments import read_filter
from agent_desk.console.values import given
from agent_desk.wiring.sheets import export_case, export_journal
from agent_desk.wording import Wording


def journal(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    """Export the sessions wanted, or one of them whole."""
    return WHAT[options.what](options, ctx, wording)


def _export(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    path = Path(given(options.to, "to"))
    rows = export_journal(ctx, read_filter(options), path, wording.language)
    late.make_checkpoint(ctx)
    said = wording.text("deskctl.exported", count=rows, file=path.name)
    return Answer({"file": str(path), "sessions": rows}, (said,))


def _case(options: argparse.Namespace, ctx: Context, wording: Wording) -> Answer:
    path, number = Path(given(options.to, "to")), options.session.strip().upper()
    export_case(ctx, session_called(ctx, number), path, wording.language)
    late.make_checkpoint(ctx)
    said = wording.text("deskctl.case_exported", number=number, file=path.name)
    return Answer({"file": str(path), "session": number}, (said,))


WHAT: Mapping[str, Callable[[argparse.Namespace, Context, Wording], Answer]] = {"export": _export, "case": _case}
