"""A session takes in what was decided meanwhile about what it asked (4.1, 4.4)."""

from dataclasses import replace

from agent_desk.actions.answer_feasibility import take_in
from agent_desk.actions.context import Context
from agent_desk.actions.promises import end_promise
from agent_desk.actions.record import BEFORE_WORK, Held, take
from agent_desk.rules.feasibility import PLATFORM, Question, serves
from agent_desk.rules.identity import equipment_key
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Content, State
from agent_desk.storage import questions
from agent_desk.storage.promises import session_promises


def take_in_answers(ctx: Context, session_id: int) -> tuple[Question, ...]:
    """Put the answers given meanwhile at their places, and return them; what was promised about them is kept by that.

    An answer about something the customer no longer has changes nothing, and is returned too. Nothing where none came.
    """
    with ctx.database.read() as tx:
        if not questions.unapplied(tx, session_id):
            return ()
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, states=BEFORE_WORK | {State.IN_PROGRESS})
        found = questions.unapplied(tx, session_id)
        content = held.record.content
        for one in found:
            content = _with(content, one)
            questions.note_applied(tx, one.id, held.now)
        if content != held.record.content:
            take_in(held, content)
        _keep_news(held, found)
        return found


def _with(content: Content, one: Question) -> Content:
    if one.verdict is None:
        return content
    answer = serves(one.verdict)
    if one.subject == PLATFORM:
        asked = content.prerequisites
        same = asked.platform == one.name
        return replace(content, prerequisites=replace(asked, platform_feasibility=answer)) if same else content
    key = equipment_key(one.name)
    lines = tuple(
        replace(line, feasibility=answer) if equipment_key(line.equipment) == key else line for line in content.lines
    )
    return replace(content, lines=lines)


def _keep_news(held: Held, found: tuple[Question, ...]) -> None:
    names = {one.name for one in found}
    for promised in session_promises(held.tx, held.id, open_only=True):
        if promised.kind is PromiseKind.ANSWER and promised.subject in names:
            end_promise(held, promised, "promise_kept")
