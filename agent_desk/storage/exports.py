"""What was exported, as an event of the site's chain, or of the session's; who signed in to PostgreSQL has it told by a function."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from agent_desk.storage.acting import under_rights
from agent_desk.storage.events import SITE_CHAIN, append

_TELL = text("SELECT desk_tell_export(:filter, :form, :rows)")
_TELL_FILE = text("SELECT desk_tell_file_export(:of, :form)")


def tell_export(tx: Connection, at: datetime, by: str, *, asked: Mapping[str, Any], form: str, rows: int) -> None:
    """Note who exported how many rows of what was asked for; all of it stands in the payload, which can be erased."""
    if under_rights(tx) is not None:
        tx.execute(_TELL, {"filter": json.dumps(asked, ensure_ascii=False), "form": form, "rows": rows})
    else:
        said = {"by": by, "filter": asked, "form": form, "rows": rows}
        append(tx, SITE_CHAIN, "journal_exported", said, at=at, actor="agent")


def tell_file_export(tx: Connection, session_id: int, at: datetime, by: str, *, form: str) -> None:
    """Note in a session's own chain who took out everything about it."""
    if under_rights(tx) is not None:
        tx.execute(_TELL_FILE, {"of": session_id, "form": form})
    else:
        append(tx, session_id, "file_exported", {"by": by, "form": form}, at=at, actor="agent")
