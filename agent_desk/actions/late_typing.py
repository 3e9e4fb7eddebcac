"""Typing that could not be saved when it was typed, as it is kept on the workstation."""

import json
from dataclasses import dataclass
from datetime import datetime

from agent_desk.rules.session import Content, Step
from agent_desk.storage.content import from_json, to_json


@dataclass(frozen=True, slots=True)
class LateTyping:
    """What was typed at `paths` of `content`, upon `base` as the database last had it.

    `number` and `opened_at` are the session's: in another database its id is another session's.
    """

    session_id: int
    number: str
    opened_at: datetime
    base: Content
    content: Content
    paths: tuple[str, ...]
    step: Step
    field: str
    at: datetime


def to_note(late: LateTyping) -> bytes:
    """Return the typing as the bytes that are kept."""
    return json.dumps(
        {
            "session": late.session_id,
            "number": late.number,
            "opened_at": late.opened_at.isoformat(),
            "base": to_json(late.base),
            "content": to_json(late.content),
            "paths": late.paths,
            "step": int(late.step),
            "field": late.field,
            "at": late.at.isoformat(),
        },
        ensure_ascii=False,
    ).encode()


def from_note(note: bytes) -> LateTyping:
    """Return the typing; ValueError where another version of the program kept something else."""
    try:
        said = json.loads(note)
        return LateTyping(
            session_id=int(said["session"]),
            number=str(said["number"]),
            opened_at=datetime.fromisoformat(said["opened_at"]),
            base=from_json(said["base"]),
            content=from_json(said["content"]),
            paths=tuple(str(path) for path in said["paths"]),
            step=Step(said["step"]),
            field=str(said["field"]),
            at=datetime.fromisoformat(said["at"]),
        )
    except (KeyError, TypeError) as unfit:
        raise ValueError("this is no typing") from unfit
