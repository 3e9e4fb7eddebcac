"""The operator is asked whether a system or an equipment can be worked on, and answers (4.1, 4.4)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from agent_desk.actions.context import Context
from agent_desk.actions.equipment_answers import remember_answer
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import view
from agent_desk.actions.record import BEFORE_WORK, Held, take
from agent_desk.actions.views import SessionView
from agent_desk.rules.lifecycle import may_become
from agent_desk.rules.session import Content, Feasibility, State
from agent_desk.storage.sessions import write_draft

PLATFORM = "prerequisites.platform_feasibility"
_LINE = re.compile(r"lines\[(\d{1,2})\](?:\.feasibility)?")


def answer_feasibility(ctx: Context, session_id: int, subject: str, answer: Feasibility) -> SessionView:
    """Record a question asked (`asked`) or its answer; `subject` is `platform` or a line's path such as `lines[0]`.

    A qualified session waits in `feasibility` while a question is open, and is `qualified` again after the last answer.
    Answers about equipment serve later sessions too.
    """
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, states=BEFORE_WORK | {State.IN_PROGRESS})
        content, named = _answered(held.record.content, subject, answer)
        if content == held.record.content:
            return view(ctx, tx, session_id)
        write_draft(tx, session_id, content)
        if subject not in ("platform", PLATFORM):
            remember_answer(tx, named, answer)
        held.note(_event(answer), subject=named, answer=answer)
        _move(held, content)
        return view(ctx, tx, session_id)


def _answered(content: Content, subject: str, answer: Feasibility) -> tuple[Content, str]:
    if subject in ("platform", PLATFORM):
        prerequisites = replace(content.prerequisites, platform_feasibility=answer)
        return replace(content, prerequisites=prerequisites), content.prerequisites.platform
    match = _LINE.fullmatch(subject)
    at = int(match[1]) if match else -1
    if not 0 <= at < len(content.lines):
        raise Refusal("invalid_value", fields=(subject,), values={"path": subject})
    line = replace(content.lines[at], feasibility=answer)
    return replace(content, lines=(*content.lines[:at], line, *content.lines[at + 1 :])), line.equipment


def _event(answer: Feasibility) -> str:
    return "feasibility_asked" if answer is Feasibility.ASKED else "feasibility_answered"


def _move(held: Held, content: Content) -> None:
    waits = Feasibility.ASKED in feasibility_answers(content)
    target = State.FEASIBILITY if waits else State.QUALIFIED
    concerned = held.record.state in (State.QUALIFIED, State.FEASIBILITY)
    if concerned and may_become(held.record.state, target):
        held.move(target)


def feasibility_answers(content: Content) -> Iterator[Feasibility]:
    """Yield where each question stands, the platform's first."""
    yield content.prerequisites.platform_feasibility
    yield from (line.feasibility for line in content.lines)
