"""Whether a system or an equipment can be worked on is asked and noted in a session (4.1, 4.4)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import view
from agent_desk.actions.promises import end_promise, make_promise
from agent_desk.actions.record import BEFORE_WORK, Held, take
from agent_desk.actions.views import SessionView
from agent_desk.rules.clocks import feasibility_due
from agent_desk.rules.duties import Duty
from agent_desk.rules.feasibility import PLATFORM, Verdict
from agent_desk.rules.lifecycle import may_become
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Content, Feasibility, State
from agent_desk.storage import questions
from agent_desk.storage.acting import acting, under_rights
from agent_desk.storage.duties import teams_for
from agent_desk.storage.events import note_last
from agent_desk.storage.promises import NO_TEAM, read_promise, team_of
from agent_desk.storage.refused import RefusedByRights
from agent_desk.storage.sessions import write_draft

PLATFORM_PATH = "prerequisites.platform_feasibility"
_LINE = re.compile(r"lines\[(\d{1,2})\](?:\.feasibility)?")
_VERDICTS = {Feasibility.YES: Verdict.YES, Feasibility.NO: Verdict.NO}


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is asked about: `platform` or a line's path, what it is called, and for which service."""

    path: str
    name: str
    service: str = ""


def answer_feasibility(
    ctx: Context, session_id: int, subject: str, answer: Feasibility, conditions: str = ""
) -> SessionView:
    """Record a question asked (`asked`) or its answer; `subject` is `platform` or a line's path such as `lines[0]`.

    A qualified session waits in `feasibility` while a question is open, and is `qualified` again after the last answer.
    Answers about equipment serve later sessions too. A question goes to the team that decides, with a clock of four hours;
    Refusal `feasibility_is_theirs` where somebody else answers in its place.
    """
    try:
        with ctx.database.write() as tx:
            held = take(ctx, tx, session_id, states=BEFORE_WORK | {State.IN_PROGRESS})
            content, about = _answered(held.record.content, subject, answer)
            if content != held.record.content:
                _tell(held, about, answer, conditions)
                take_in(held, content)
            return view(ctx, tx, session_id)
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused


def take_in(held: Held, content: Content) -> None:
    """Write what is known now into the session, which waits for an answer or no longer does."""
    write_draft(held.tx, held.id, content)
    waits = Feasibility.ASKED in feasibility_answers(content)
    target = State.FEASIBILITY if waits else State.QUALIFIED
    concerned = held.record.state in (State.QUALIFIED, State.FEASIBILITY)
    if concerned and may_become(held.record.state, target):
        held.move(target)
    if under_rights(held.tx) is not None:
        note_last(held.tx, held.id)


def answered(content: Content, path: str, answer: Feasibility) -> Content:
    """Return the content with this answer at its place; Refusal `invalid_value` where there is no such place."""
    return _answered(content, path, answer)[0]


def feasibility_answers(content: Content) -> Iterator[Feasibility]:
    """Yield where each question stands, the platform's first."""
    yield content.prerequisites.platform_feasibility
    yield from (line.feasibility for line in content.lines)


def deciding_team(tx: Connection) -> tuple[int, bool]:
    """Return which team decides on feasibility (0: none in particular), and whether who asks may answer too."""
    who = acting(tx)
    own = team_of(tx, who.mark) if who is not None else NO_TEAM
    deciding = [row.id for row in teams_for(tx, (Duty.FEASIBILITY,))]
    if not deciding or own in deciding:
        return own, True
    return deciding[0], False


def _tell(held: Held, about: _Subject, answer: Feasibility, conditions: str) -> None:
    """Ask, answer, or take the question back, each with its event."""
    team_id, may_answer = deciding_team(held.tx)
    asked = questions.open_question(held.tx, held.id, about.path)
    verdict = _VERDICTS.get(answer)
    if verdict is not None and not may_answer:
        raise Refusal("feasibility_is_theirs")
    if verdict is None:
        if asked is not None:
            _take_back(held, asked)
        if answer is Feasibility.ASKED:
            _ask(held, about, team_id)
        event = "feasibility_asked" if answer is Feasibility.ASKED else "feasibility_answered"
        held.note(event, subject=about.name, answer=answer)
        return
    verdict = Verdict.CONDITIONS if conditions and verdict is Verdict.YES else verdict
    if asked is not None:
        by = held.ctx.settings.agent_name
        questions.answer_question(held.tx, asked.id, verdict, conditions, at=held.now, by=by, applied=True)
        return
    _add(held, about, team_id, verdict=verdict, conditions=conditions, answered_by=held.ctx.settings.agent_name)
    held.note(
        "feasibility_answered", subject=about.name, answer=verdict, **({"conditions": conditions} if conditions else {})
    )


def _take_back(held: Held, asked: Any) -> None:
    questions.withdraw_question(held.tx, asked, held.now)
    promised = read_promise(held.tx, asked.promise_id) if asked.promise_id else None
    if promised is not None and promised.ended_at is None:
        end_promise(held, promised, "promise_cancelled")


def _ask(held: Held, about: _Subject, team_id: int) -> None:
    due = feasibility_due(held.now)
    made = make_promise(held, PromiseKind.FEASIBILITY, due, subject=about.name, team_id=team_id)
    _add(held, about, team_id, promise_id=made)


def _add(held: Held, about: _Subject, team_id: int, **others: object) -> None:
    who = acting(held.tx)
    answered_now = {"answered_at": held.now, "applied_at": held.now} if "verdict" in others else {}
    questions.add_question(
        held.tx,
        {
            "session_id": held.id,
            "number": held.record.number,
            "subject": about.path,
            "name": about.name,
            "service": about.service,
            "team_id": team_id,
            "asked_by": held.ctx.settings.agent_name,
            "asked_mark": who.mark if who is not None else "",
            "asked_at": held.now,
            "due_at": feasibility_due(held.now),
        }
        | answered_now
        | others,
    )


def _answered(content: Content, subject: str, answer: Feasibility) -> tuple[Content, _Subject]:
    if subject in (PLATFORM, PLATFORM_PATH):
        prerequisites = replace(content.prerequisites, platform_feasibility=answer)
        return replace(content, prerequisites=prerequisites), _Subject(PLATFORM, content.prerequisites.platform)
    match = _LINE.fullmatch(subject)
    at = int(match[1]) if match else -1
    if not 0 <= at < len(content.lines):
        raise Refusal("invalid_value", fields=(subject,), values={"path": subject})
    line = replace(content.lines[at], feasibility=answer)
    after = replace(content, lines=(*content.lines[:at], line, *content.lines[at + 1 :]))
    return after, _Subject(f"lines[{at}]", line.equipment, line.service)
