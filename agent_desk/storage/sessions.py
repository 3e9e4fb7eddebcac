"""Sessions and their drafts: rows in, frozen facts out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Label, Row, Table, bindparam, func, insert, select, text, update

from agent_desk.rules.people import Role
from agent_desk.rules.session import Content, State, Step
from agent_desk.storage.acting import acting, under_rights
from agent_desk.storage.content import from_json, to_json
from agent_desk.storage.facts import Fact, note
from agent_desk.storage.ready import Ready
from agent_desk.storage.tables import code, consent, draft, event, person, session, share
from agent_desk.storage.types import microseconds


def _last_event(of: ColumnElement[int]) -> Label[datetime]:
    last = select(event.c.at).where(event.c.chain == of).order_by(event.c.seq.desc()).limit(1)
    return last.scalar_subquery().label("last_event_at")


# Built once: building a statement costs more than SQLite takes to run it.
_READ = Ready(
    select(session, draft, _last_event(session.c.id))
    .select_from(session.join(draft, draft.c.session_id == session.c.id))
    .where(session.c.id == bindparam("of"))
)
# Who sends mails sees sessions customers withdrew from, until that is settled, and ends them, by functions.
_WITHDRAWING = func.desk_withdrawing(bindparam("of")).table_valued(*session.c, name="withdrawing")
_READ_WITHDRAWN = Ready(
    select(_WITHDRAWING, draft, _last_event(_WITHDRAWING.c.id)).join(draft, draft.c.session_id == _WITHDRAWING.c.id)
)
_END_WITHDRAWN = text("SELECT desk_end_withdrawn(:of, :version, :at, :total)")
_LOCK = select(session.c.id).where(session.c.id == bindparam("of")).with_for_update()
_SAVED = Ready(
    select(draft.c.revision).where(
        draft.c.session_id == bindparam("of"),
        draft.c.revision == bindparam("revision"),
        draft.c.saved_at == bindparam("saved_at"),
    )
)
_TELL_READING = text("SELECT desk_tell_reading(:of)")
_OVER = Ready(select(session.c.id).where(session.c.id == bindparam("of"), session.c.ended_at.is_not(None)))
_STAMP = Ready(
    select(
        session.c.version,
        draft.c.revision,
        select(func.count(consent.c.id))
        .where(consent.c.session_id == session.c.id)
        .scalar_subquery()
        .label("consents"),
        select(func.max(code.c.id)).where(code.c.session_id == session.c.id).scalar_subquery().label("code"),
        select(share.c.id)
        .where(share.c.session_id == session.c.id, share.c.ended_at.is_(None))
        .scalar_subquery()
        .label("share"),
    )
    .select_from(session.join(draft, draft.c.session_id == session.c.id))
    .where(session.c.id == bindparam("of"))
)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One session with its draft, as stored."""

    id: int
    number: str
    state: State
    version: int
    agent: str
    opened_at: datetime
    agreed_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    parked_at: datetime | None
    revision: int
    step: Step
    field: str
    saved_at: datetime
    content: Content
    last_event_at: datetime | None
    seconds: Mapping[Step, int]  # how long each step was in front


@dataclass(frozen=True, slots=True)
class Stamp:
    """Version and revision of a session, how many consents it has, its last code, live or not, and its unended share."""

    version: int
    revision: int
    consents: int
    code: int | None
    share: int | None


def add_session(tx: Connection, content: Content, *, agent: str, at: datetime) -> int:
    """Insert a draft session and return its id; its number carries the id, and so never starts again."""
    who = acting(tx)
    # Asked within the statement: somebody may have changed teams since signing in.
    mine = None if who is None else select(person.c.team_id).where(person.c.mark == who.mark).scalar_subquery()
    row = insert(session).values(
        number=f"new:{uuid4().hex}", state=State.DRAFT, version=1, agent=agent, opened_at=at, team_id=mine
    )
    session_id = int(tx.execute(row.returning(session.c.id)).scalar_one())
    change_session(tx, session_id, number=session_number(session_id, at))
    tx.execute(
        insert(draft).values(
            session_id=session_id, revision=1, step=Step.CUSTOMER, field="", saved_at=at, content=to_json(content)
        )
    )
    return session_id


def session_number(session_id: int, opened_at: datetime) -> str:
    """Return the number people use, such as S-2026-004127."""
    return f"S-{opened_at.year}-{session_id:06d}"


def read_session(tx: Connection, session_id: int, *, lock: bool = False) -> SessionRecord | None:
    """Return the session with its draft, or None; `lock` keeps others from changing it until the transaction ends."""
    if lock:
        lock_session(tx, session_id)
    row = (_READ_WITHDRAWN if _mails(tx) else _READ).first(tx, {"of": session_id})
    return None if row is None else _record(row)


def lock_session(tx: Connection, session_id: int) -> None:
    """Keep others from changing the session until the transaction ends; on SQLite whoever writes is alone anyway.

    A statement of its own: joined to the read, PostgreSQL would show other tables as they were before the wait.
    """
    if tx.dialect.name != "sqlite":
        tx.execute(_LOCK, {"of": session_id})


def read_stamp(tx: Connection, session_id: int) -> Stamp | None:
    """Return what tells whether anything a closing depends on has changed, or None without such a session."""
    row = _STAMP.first(tx, {"of": session_id})
    return None if row is None else Stamp(row.version, row.revision, row.consents, row.code, row.share)


def is_over(tx: Connection, session_id: int) -> bool:
    """Tell whether a session within sight has ended."""
    return _OVER.first(tx, {"of": session_id}) is not None


def find_session_id(tx: Connection, number: str) -> int | None:
    """Return the id behind a session number, or None."""
    return tx.execute(select(session.c.id).where(session.c.number == number)).scalar_one_or_none()


def is_one_persons(tx: Connection, name: str) -> bool:
    """Tell whether every session there is was opened under that name; both ends of an index tell."""
    # Asked for together, SQLite would read the whole index rather than its ends.
    ends = (select(end(session.c.agent)).scalar_subquery() for end in (func.min, func.max))
    return set(tx.execute(select(*ends)).one()) <= {name, None}


def change_session(tx: Connection, session_id: int, **columns: Any) -> None:
    """Set columns of the session row; a mail worker's are those of a withdrawal."""
    if _mails(tx):
        ended = {"at": microseconds(columns["ended_at"]), "total": columns["total_cents"]}
        tx.execute(_END_WITHDRAWN, {"of": session_id, "version": columns["version"]} | ended)
        return
    values = {f"to_{name}": columns[name] for name in columns}
    _set(session, "id", tuple(columns)).run(tx, {"of": session_id} | values)


def write_draft(tx: Connection, session_id: int, content: Content, **columns: Any) -> None:
    """Replace the draft's content and set other draft columns (`revision`, `step`, `field`, `saved_at`, how long a step was in front)."""
    if "saved_at" in columns:
        note(tx, Fact(partial(_was_saved, session_id, columns["revision"], columns["saved_at"])))
    change_draft(tx, session_id, **columns, content=to_json(content))


def change_draft(tx: Connection, session_id: int, **columns: Any) -> None:
    """Set columns of the draft's row."""
    values = {f"to_{name}": columns[name] for name in columns}
    _set(draft, "session_id", tuple(columns)).run(tx, {"of": session_id} | values)


def seconds_of(step: Step) -> str:
    """Return the draft's column with how long a step was in front."""
    return f"seconds_{int(step)}"


def _was_saved(session_id: int, revision: int, at: datetime, tx: Connection) -> bool:
    lock_session(tx, session_id)
    return _SAVED.first(tx, {"of": session_id, "revision": revision, "saved_at": at}) is not None


def tell_reading(tx: Connection, session_id: int) -> None:
    """Have PostgreSQL write down that whoever signed in reads this session."""
    tx.execute(_TELL_READING, {"of": session_id})


def count_sessions(tx: Connection) -> int:
    """Return how many sessions there are, from the highest id: sessions are never deleted.

    Those of a team are counted, where the database shows no others.
    """
    who = under_rights(tx)
    if who is not None and who.role is Role.AGENT:
        return int(tx.execute(select(func.count(session.c.id))).scalar_one())
    return int(tx.execute(select(func.coalesce(func.max(session.c.id), 0))).scalar_one())


def _mails(tx: Connection) -> bool:
    who = under_rights(tx)
    return who is not None and who.role is Role.MAILER


@cache
def _set(table: Table, key: str, columns: tuple[str, ...]) -> Ready:
    return Ready(
        update(table).where(table.c[key] == bindparam("of")).values({name: bindparam(f"to_{name}") for name in columns})
    )


def _record(row: Row[Any]) -> SessionRecord:
    return SessionRecord(
        id=row.id,
        number=row.number,
        state=State(row.state),
        version=row.version,
        agent=row.agent,
        opened_at=row.opened_at,
        agreed_at=row.agreed_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        parked_at=row.parked_at,
        revision=row.revision,
        step=Step(row.step),
        field=row.field,
        saved_at=row.saved_at,
        content=from_json(row.content),
        last_event_at=row.last_event_at,
        seconds={step: getattr(row, seconds_of(step)) for step in Step},
    )
