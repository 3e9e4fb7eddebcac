"""Reviews of closed sessions: rows in, frozen facts out; who signed in to PostgreSQL has functions write them."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select, text, update

from agent_desk.rules.journal import JournalFilter
from agent_desk.rules.review import Mark, Review, ReviewNote, ReviewState, ReviewStep, SampleRule
from agent_desk.storage.acting import under_rights
from agent_desk.storage.events import SITE_CHAIN, append, note_last
from agent_desk.storage.journal_filters import narrowed, waits_for_supervisors
from agent_desk.storage.refused import RefusedByRights, refusals
from agent_desk.storage.review_tables import EVENTS, SALT_BYTES, review, review_note, review_rule
from agent_desk.storage.tables import decision, event, session, site, team
from agent_desk.storage.types import microseconds

_DRAW = text("SELECT desk_draw(:rule, :ids, :to)")
_PICK = text("SELECT desk_pick(:of)")
_STEP = text("SELECT desk_review(:of, :version, :seen, :step, :mark, :body, :salt, :at)")
_ADD_RULE = text("SELECT desk_add_rule(:name, :share_permille, :waived_from, :uncertain, :team, :service, :outcome)")
_SWITCH_RULE = text("SELECT desk_switch_rule(:of, :active)")


def review_key(tx: Connection) -> bytes:
    """Return the key of the draw; who may not review cannot read it."""
    return bytes.fromhex(tx.execute(select(site.c.value).where(site.c.key == "review_key")).scalar_one())


def sample_rules(tx: Connection) -> tuple[SampleRule, ...]:
    """Return all rules, those switched off too, in the order they were made."""
    query = select(review_rule, team.c.name.label("team")).outerjoin(team, team.c.id == review_rule.c.team_id)
    return tuple(_rule(row) for row in tx.execute(query.order_by(review_rule.c.id)))


def drawn_to(tx: Connection, rule_id: int) -> datetime | None:
    """Return up to which end of a session that rule was drawn; None where it never was."""
    return tx.execute(select(review_rule.c.drawn_to).where(review_rule.c.id == rule_id)).scalar_one_or_none()


def add_rule(tx: Connection, rule: SampleRule, at: datetime, by: str) -> None:
    """Add a rule, with an event of the site; RefusedByRights `review_rule_team`."""
    values = {
        "name": rule.name,
        "share_permille": rule.share_permille,
        "waived_from": rule.waived_from,
        "uncertain": rule.uncertain,
        "service": rule.service,
        "outcome": rule.outcome,
    }
    if under_rights(tx) is not None:
        with refusals():
            tx.execute(_ADD_RULE, values | {"team": rule.team})
        return
    of_team = select(team.c.id).where(team.c.name == rule.team).scalar_subquery()
    made = insert(review_rule).values(**values, team_id=of_team, active=True).returning(review_rule.c.id)
    said = values | {"by": by, "rule": tx.execute(made).scalar_one(), "team": rule.team}
    append(tx, SITE_CHAIN, "review_rule_added", said, at=at, actor="agent")


def switch_rule(tx: Connection, rule_id: int, active: bool, at: datetime, by: str) -> None:
    """Switch a rule off or on, with an event of the site; RefusedByRights `review_rule_team`."""
    if under_rights(tx) is not None:
        with refusals():
            tx.execute(_SWITCH_RULE, {"of": rule_id, "active": active})
        return
    changed = update(review_rule).where(review_rule.c.id == rule_id, review_rule.c.active.is_not(active))
    if tx.execute(changed.values(active=active)).rowcount:
        said = {"by": by, "rule": rule_id, "active": active}
        append(tx, SITE_CHAIN, "review_rule_switched", said, at=at, actor="agent")


def candidates(tx: Connection, rule: SampleRule, since: datetime, until: datetime) -> Sequence[int]:
    """Return the closed sessions that ended in between and answer to the rule, its share apart."""
    wanted = JournalFilter(team=rule.team, service=rule.service, outcome=rule.outcome, waived_from=rule.waived_from)
    conditions = [session.c.state == "closed", session.c.ended_at > since, session.c.ended_at <= until]
    if rule.uncertain:  # once, whatever somebody has decided about the mail since
        conditions.append(exists().where(event.c.chain == session.c.id, event.c.kind == "mail_uncertain"))
    return tx.execute(select(session.c.id).where(*conditions, *narrowed(tx, wanted))).scalars().all()


def draw(tx: Connection, rule_id: int, session_ids: Sequence[int], until: datetime) -> None:
    """Let these sessions be reviewed, those that are not yet, and note how far the rule was drawn."""
    if under_rights(tx) is not None:
        tx.execute(_DRAW, {"rule": rule_id, "ids": list(session_ids), "to": microseconds(until)})
        return
    _add(tx, session_ids, rule_id)
    tx.execute(update(review_rule).where(review_rule.c.id == rule_id).values(drawn_to=until))


def pick(tx: Connection, session_id: int) -> None:
    """Let a session be reviewed that nothing has drawn; RefusedByRights `review_not_yours`."""
    if under_rights(tx) is not None:
        with refusals():
            tx.execute(_PICK, {"of": session_id})
        return
    _add(tx, [session_id], None)


def read_review(tx: Connection, session_id: int) -> Review | None:
    """Return the session's review as far as whoever asks may see it, or None."""
    row = tx.execute(select(review).where(review.c.session_id == session_id)).one_or_none()
    return None if row is None else _review(row)


def read_notes(tx: Connection, session_id: int) -> tuple[ReviewNote, ...]:
    """Return what was said in the session's review, as far as whoever asks may read it and it was not erased."""
    query = select(review_note).where(review_note.c.session_id == session_id).order_by(review_note.c.ordinal)
    return tuple(
        ReviewNote(ReviewStep(row.step), row.at, row.author, Mark(row.mark) if row.mark else None, row.body)
        for row in tx.execute(query)
    )


def hashes_of_notes(tx: Connection, session_id: int) -> dict[int, str]:
    """Return what the log must have kept of each note that stands, by its number, as far as whoever asks may read it."""
    rows = tx.execute(select(review_note).where(review_note.c.session_id == session_id))
    return {row.ordinal: note_hash(row.salt, row.step, row.mark, row.body) for row in rows}


def count_waiting(tx: Connection, late: datetime, cap: int) -> int:
    """Return how many sessions wait for a supervisor, at most `cap`; those returned by `late` do again."""
    waiting = select(review.c.session_id).where(waits_for_supervisors(late)).limit(cap).subquery()
    return tx.execute(select(func.count()).select_from(waiting)).scalar_one()


def returned_to(tx: Connection, mark: str, name: str) -> Sequence[Any]:
    """Return the reviews that wait for this person's answer, the oldest first; without a mark they go by their name."""
    mine = review.c.agent_mark == mark if mark else review.c.agent == name
    query = (
        select(review, session.c.number, session.c.customer)
        .join(session, session.c.id == review.c.session_id)
        .where(review.c.state == ReviewState.RETURNED, mine)
    )
    return tx.execute(query.order_by(review.c.returned_at)).all()


def take_step(
    tx: Connection, before: Review, after: Review, step: ReviewStep, said: ReviewNote, *, seen: int, who: str
) -> None:
    """Write one step of a review, what was said in it, and its event; `seen` is the session's version.

    RefusedByRights `review_changed` where somebody was first, `review_corrected` where the session is another by now.
    """
    salt, mark = secrets.token_bytes(SALT_BYTES), said.mark or ""
    if under_rights(tx) is not None:
        values = {"of": before.session_id, "version": before.version, "seen": seen, "step": step, "mark": mark}
        with refusals():
            tx.execute(_STEP, values | {"body": said.body, "salt": salt, "at": microseconds(said.at)})
        note_last(tx, before.session_id)
        return
    changed = update(review).where(review.c.session_id == before.session_id, review.c.version == before.version)
    values = {
        "state": after.state,
        "version": after.version,
        "mark": after.mark or "",
        "returned_at": after.returned_at,
    }
    if after.reviewer != before.reviewer:
        values |= {"reviewer": after.reviewer, "reviewer_mark": who}
    if tx.execute(changed.values(**values)).rowcount != 1:
        raise RefusedByRights("review_changed")
    note = {"step": step, "at": said.at, "author": said.author, "mark": mark, "body": said.body, "salt": salt}
    tx.execute(insert(review_note).values(session_id=before.session_id, ordinal=before.version, **note))
    told = {"by": said.author, "sha256": note_hash(salt, step, mark, said.body)}
    append(tx, before.session_id, EVENTS[step], told, at=said.at, actor="agent")


def note_hash(salt: bytes, step: str, mark: str, body: str) -> str:
    """Return what the log keeps of a note: nobody guesses from it what was said."""
    return sha256(salt + f"{step}\n{mark}\n{body}".encode()).hexdigest()


def _add(tx: Connection, session_ids: Sequence[int], rule_id: int | None) -> None:
    there = select(review.c.session_id)
    closed = select(
        session.c.id,
        session.c.team_id,
        func.coalesce(select(decision.c.agent).where(*_FIRST).scalar_subquery(), session.c.agent).label("agent"),
        func.coalesce(_CLOSER.scalar_subquery(), "").label("agent_mark"),
    ).where(session.c.id.in_(session_ids), session.c.state == "closed", session.c.id.not_in(there))
    rows = [
        {"session_id": row.id, "team_id": row.team_id, "agent": row.agent, "agent_mark": row.agent_mark}
        | {"rule_id": rule_id, "state": ReviewState.DUE}
        for row in tx.execute(closed)
    ]
    if rows:
        tx.execute(insert(review), rows)


_FIRST = (decision.c.session_id == session.c.id, decision.c.ordinal == 1)
_CLOSER = (
    select(event.c.actor)
    .where(event.c.chain == session.c.id, event.c.kind == "session_closed")
    .order_by(event.c.seq.desc())
    .limit(1)
)


def _rule(row: Any) -> SampleRule:
    return SampleRule(
        share_permille=row.share_permille,
        waived_from=row.waived_from,
        uncertain=row.uncertain,
        team=row.team or "",
        service=row.service,
        outcome=row.outcome,
        name=row.name,
        id=row.id,
        active=row.active,
    )


def _review(row: Any) -> Review:
    return Review(
        session_id=row.session_id,
        state=ReviewState(row.state),
        version=row.version,
        agent=row.agent,
        mark=Mark(row.mark) if row.mark else None,
        reviewer=row.reviewer,
        returned_at=row.returned_at,
        rule_id=row.rule_id,
    )
