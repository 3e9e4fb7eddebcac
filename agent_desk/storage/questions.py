"""Questions on feasibility: asked, answered, taken in by the session that asked, and found again for the next customer."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from agent_desk.rules.feasibility import Question, Verdict
from agent_desk.rules.identity import equipment_key
from agent_desk.rules.promise import PromiseKind
from agent_desk.storage.acting import under_rights
from agent_desk.storage.asking_tables import WITHDRAWN, feasibility
from agent_desk.storage.events import append
from agent_desk.storage.promises import add_promise, read_promise, step_promise
from agent_desk.storage.refused import RefusedByRights, refusals
from agent_desk.storage.tables import session

_WITHDRAW = text("SELECT desk_withdraw_question(:of)")
_ANSWER = text("SELECT desk_answer_question(:of, :verdict, :conditions, :applied)")
_OPEN = feasibility.c.verdict == ""
_ANSWERED = feasibility.c.verdict.in_(list(Verdict))
MOST = 200


def add_question(tx: Connection, values: dict[str, object]) -> int:
    """Insert a question, or an answer nobody was asked for, and return its id."""
    row = values | {"key": equipment_key(str(values["name"]))}
    return int(tx.execute(insert(feasibility).values(**row).returning(feasibility.c.id)).scalar_one())


def known_answers(tx: Connection, names: Iterable[str]) -> dict[str, Question]:
    """Return the latest answer for each of these names, by `equipment_key`."""
    keys = {equipment_key(name) for name in names} - {""}
    if not keys:
        return {}
    query = select(feasibility).where(feasibility.c.key.in_(keys), _ANSWERED, feasibility.c.subject != "platform")
    return {row.key: _question(row) for row in tx.execute(query.order_by(feasibility.c.answered_at, feasibility.c.id))}


def open_questions(tx: Connection, team_ids: Sequence[int]) -> tuple[Question, ...]:
    """Return what those teams have to answer, the most urgent first."""
    query = select(feasibility).where(_OPEN, feasibility.c.team_id.in_(team_ids)).order_by(feasibility.c.due_at)
    return tuple(map(_question, tx.execute(query.limit(MOST))))


def find_answers(tx: Connection, words: str) -> tuple[Question, ...]:
    """Return the latest answers whose name holds every word, newest first."""
    wanted = [equipment_key(word) for word in words.split()]
    query = select(feasibility).where(
        _ANSWERED, *(feasibility.c.key.contains(word, autoescape=True) for word in wanted)
    )
    newest = query.order_by(feasibility.c.answered_at.desc(), feasibility.c.id.desc()).limit(MOST)
    return tuple(map(_question, tx.execute(newest)))


def session_questions(tx: Connection, session_id: int) -> tuple[Question, ...]:
    """Return what was asked in one session, oldest first."""
    query = select(feasibility).where(feasibility.c.session_id == session_id).order_by(feasibility.c.id)
    return tuple(map(_question, tx.execute(query)))


def read_question(tx: Connection, question_id: int) -> Question | None:
    """Return one question, or None."""
    row = tx.execute(select(feasibility).where(feasibility.c.id == question_id)).one_or_none()
    return None if row is None else _question(row)


def open_question(tx: Connection, session_id: int, subject: str) -> Any | None:
    """Return the row of what is asked about that subject of a session, or None."""
    asked = feasibility.c.session_id == session_id, feasibility.c.subject == subject, _OPEN
    return tx.execute(select(feasibility).where(*asked)).first()


def unapplied(tx: Connection, session_id: int) -> tuple[Question, ...]:
    """Return the answers the session has not taken in."""
    waits = feasibility.c.session_id == session_id, _ANSWERED, feasibility.c.applied_at.is_(None)
    return tuple(map(_question, tx.execute(select(feasibility).where(*waits).order_by(feasibility.c.id))))


def note_applied(tx: Connection, question_id: int, at: datetime) -> None:
    """Note that the session has taken this answer in."""
    tx.execute(update(feasibility).where(feasibility.c.id == question_id).values(applied_at=at))


def answer_question(
    tx: Connection,
    question_id: int,
    verdict: Verdict,
    conditions: str,
    *,
    at: datetime,
    by: str,
    applied: bool = False,
) -> None:
    """Answer a question: its promise is kept, with an event; who asked is told, unless the session takes it in (`applied`).

    RefusedByRights `question_answered` where somebody was first, `question_not_yours`.
    """
    if under_rights(tx) is not None:
        with refusals():
            tx.execute(_ANSWER, {"of": question_id, "verdict": verdict, "conditions": conditions, "applied": applied})
        return
    row = tx.execute(select(feasibility).where(feasibility.c.id == question_id)).one_or_none()
    if row is None:
        raise RefusedByRights("question_not_yours")
    if row.verdict:
        raise RefusedByRights("question_answered")
    columns = {"verdict": verdict, "conditions": conditions, "answered_by": by, "answered_at": at}
    changed = update(feasibility).where(feasibility.c.id == row.id)
    tx.execute(changed.values(**columns, applied_at=at if applied else None))
    asked = read_promise(tx, row.promise_id) if row.promise_id else None
    if asked is not None and asked.ended_at is None:
        step_promise(tx, asked, "promise_kept", at=at, by=by)
    append(
        tx, row.session_id, "feasibility_answered", told_answer(by, row.name, verdict, conditions), at=at, actor="agent"
    )
    if not applied and _is_open(tx, row.session_id):
        _promise_news(tx, row, at)


def withdraw_question(tx: Connection, row: Any, at: datetime) -> None:
    """Take an open question back, without any event."""
    if under_rights(tx) is not None:
        tx.execute(_WITHDRAW, {"of": row.id})
    else:
        taken = update(feasibility).where(feasibility.c.id == row.id)
        tx.execute(taken.values(verdict=WITHDRAWN, applied_at=at))


def told_answer(by: str, name: str, verdict: Verdict, conditions: str) -> dict[str, object]:
    """Return what the log keeps of an answer."""
    told: dict[str, object] = {"by": by, "subject": name, "answer": verdict}
    return told | ({"conditions": conditions} if conditions else {})


def _promise_news(tx: Connection, row: Any, at: datetime) -> None:
    """Let who asked tell the customer, within the four hours where there is time."""
    due = max(row.due_at, at)
    person = (row.asked_mark, row.asked_by) if row.asked_mark else ("", "")
    add_promise(
        *(tx, row.session_id, PromiseKind.ANSWER),
        subject=row.name,
        at=at,
        due_at=due,
        late_at=due,
        team_id=None,
        person=person,
    )


def _is_open(tx: Connection, session_id: int) -> bool:
    found = select(session.c.id).where(session.c.id == session_id, session.c.ended_at.is_(None))
    return tx.execute(found).first() is not None


def _question(row: Any) -> Question:
    return Question(
        id=row.id,
        session_id=row.session_id,
        number=row.number,
        subject=row.subject,
        name=row.name,
        service=row.service,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        due_at=row.due_at,
        verdict=Verdict(row.verdict) if row.verdict else None,
        conditions=row.conditions,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
    )
