"""Typing that waits for the database, in files of this workstation; each database has its own."""

import logging
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from agent_desk.actions.errors import Refusal
from agent_desk.actions.late_typing import LateTyping, from_note, to_note
from agent_desk.actions.save_late_typing import save_late_typing
from agent_desk.adapters.keep import Keep
from agent_desk.desktop.desk import Kept

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

_log = logging.getLogger(__name__)


def keep_typing(ctx: "Context", folder: Path, late: LateTyping) -> bool:
    """Keep the typing in place of what was kept of that session; False where it ends with the program. OSError."""
    return _keep(ctx, folder).put(late.session_id, to_note(late))


def kept_typing(ctx: "Context", folder: Path, session_id: int) -> LateTyping | None:
    """Return what is kept of a session, or None."""
    note = _keep(ctx, folder).get(session_id)
    try:
        return None if note is None else from_note(note)
    except ValueError:
        _log.error("kept typing of another version is left where it is")
        return None


def drop_typing(ctx: "Context", folder: Path, session_id: int) -> None:
    """Forget what is kept of a session."""
    _keep(ctx, folder).drop(session_id)


def save_kept(ctx: "Context", folder: Path) -> Kept:
    """Save all that is kept, where nobody has to choose; DatabaseFault leaves the rest for the next time."""
    saved, differing = [], []
    for session_id in list(_keep(ctx, folder).numbers()):
        late = kept_typing(ctx, folder, session_id)
        if late is None:
            continue
        try:
            if not save_late_typing(ctx, late):
                differing.append(session_id)
                continue
        except Refusal as refusal:  # no session of this database: kept, for it was typed somewhere
            _log.error("kept typing was refused: %s", refusal.code)
            continue
        drop_typing(ctx, folder, session_id)
        saved.append(late.number)
    return Kept(tuple(saved), tuple(differing))


def _keep(ctx: "Context", folder: Path) -> Keep:
    place = sha256(ctx.settings.database_url.encode()).hexdigest()[:16]
    return Keep(folder / place, ctx.secrets)
