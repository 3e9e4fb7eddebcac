"""Everything about one session goes onto paper, and the session's log says who took it out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO

from agent_desk.actions.case_file import CaseFacts, build_case_file
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.export_access import exporter, may_export
from agent_desk.actions.read_timeline import story_of
from agent_desk.actions.site_catalogue import reference_of
from agent_desk.storage.decisions import session_decisions
from agent_desk.storage.events import chain_head
from agent_desk.storage.exports import tell_file_export
from agent_desk.storage.journal import team_of
from agent_desk.storage.mails import session_sms
from agent_desk.storage.sessions import find_session_id
from agent_desk.storage.visits import decision_on_visit, session_visits
from agent_desk.wording import load_wording

OpenFile = Callable[[], AbstractContextManager[BinaryIO]]


def export_case(ctx: Context, session_id: int, open_file: OpenFile, language: str = "fr") -> None:
    """Write the session's case file; Refusal `export_not_allowed`, `not_found`. An exception leaves what was there.

    That it was taken out is an event of the session, after all that the paper tells.
    """
    if not may_export(ctx):
        raise Refusal("export_not_allowed")
    paper = ctx.printer.case_file(build_case_file(_facts(ctx, session_id), load_wording(language)))
    with open_file() as file:
        file.write(paper)
        file.flush()
        with ctx.database.write() as tx:
            tell_file_export(tx, session_id, ctx.clock.now(), exporter(ctx), form="pdf")


def session_called(ctx: Context, number: str) -> int:
    """Return the id of the session with that number; Refusal `not_found`."""
    with ctx.database.read() as tx:
        found = find_session_id(tx, number.strip().upper())
    if found is None:
        raise Refusal("not_found")
    return found


def _facts(ctx: Context, session_id: int) -> CaseFacts:
    with ctx.database.read() as tx:
        story = story_of(ctx, tx, session_id)
        decisions = session_decisions(tx, session_id)
        reference = reference_of(ctx, tx)
        return CaseFacts(
            story=story,
            decisions=decisions,
            visits=session_visits(tx, session_id),
            visit_decided=decision_on_visit(tx, session_id),
            sms=session_sms(tx, session_id),
            team=team_of(tx, session_id),
            head=chain_head(tx, session_id),
            reference=reference,
            catalogue=reference.history[-1],
            company=ctx.settings.company,
            by=exporter(ctx),
            at=ctx.clock.now(),
        )
