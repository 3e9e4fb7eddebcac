"""The database is there again, or the program: what was typed meanwhile is saved, where nobody has to choose."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.late_typing import LateTyping
from agent_desk.actions.load_session import load_session
from agent_desk.actions.save_draft import save_draft
from agent_desk.rules.late_typing import compare
from agent_desk.rules.session import ENDED

TRIES = 3


def save_late_typing(ctx: Context, late: LateTyping) -> bool:
    """Save it over what the session holds now; False where somebody has changed the same meanwhile, or ended the session.

    Then nothing has changed. Refusal `not_found` where this database has no such session.
    """
    for _ in range(TRIES):
        view = load_session(ctx, late.session_id)
        if (view.number, view.opened_at) != (late.number, late.opened_at):
            raise Refusal("not_found")
        compared = compare(late.base, late.content, late.paths, view.content)
        if not compared.free and not compared.differing:
            return True
        if compared.differing or view.state in ENDED:
            return False
        try:
            save_draft(ctx, view.id, view.revision, compared.over(view.content), late.step, late.field)
        except Refusal as refusal:
            if refusal.code != "changed_elsewhere":
                raise
        else:
            return True
    return False
