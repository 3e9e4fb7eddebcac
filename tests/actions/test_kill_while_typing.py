"""Kill -9 while typing loses nothing that was saved, and the session reopens where it was."""

from agent_desk.actions.context import Context
from agent_desk.actions.load_session import load_session
from agent_desk.rules.session import Step
from tests.support.desks import drafted
from tests.support.dying import run_and_kill

TYPIST = """
import sys
from dataclasses import replace
from agent_desk.actions.load_session import load_session
from agent_desk.actions.save_draft import save_draft
from agent_desk.rules.session import Step
from agent_desk.storage.database import Database
from tests.support.desks import context

ctx = context(Database.open(sys.argv[1]))
view = load_session(ctx, int(sys.argv[2]))
revision, number = view.revision, 0
while True:
    number += 1
    typed = replace(view.content, notes=f"note {number}")
    revision = save_draft(ctx, view.id, revision, typed, Step.INTERVENTION, "notes").revision
    print("now" if number == 40 else revision)
"""


def test_killed_while_typing_it_reopens_at_the_same_step_and_field_with_all_that_was_saved(
    ctx: Context, database_url: str
) -> None:
    view = drafted(ctx)
    saved = [int(line) for line in run_and_kill(TYPIST, database_url, str(view.id))]
    reopened = load_session(ctx, view.id)
    number = int(reopened.content.notes.removeprefix("note "))
    assert number >= len(saved) + 1
    assert reopened.revision == view.revision + number
    assert (reopened.step, reopened.field) == (Step.INTERVENTION, "notes")
