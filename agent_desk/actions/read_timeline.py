"""One session's whole story, each event checked against the one before."""

from typing import Any

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import may_correct
from agent_desk.actions.export_access import may_export
from agent_desk.actions.load_session import view
from agent_desk.actions.read_file import note_reading
from agent_desk.actions.review_access import here, may_review
from agent_desk.actions.review_views import review_view
from agent_desk.actions.session_proofs import session_proofs
from agent_desk.actions.views import EventView, Timeline
from agent_desk.rules.escalation import path
from agent_desk.rules.session import State
from agent_desk.storage.escalations import session_escalations
from agent_desk.storage.events import ACTORS, Recorded, history


def read_timeline(ctx: Context, session_id: int) -> Timeline:
    """Return the session and its events, oldest first, an agent's with their name in `by`; Refusal `not_found`.

    That somebody else's was read is an event of it, not yet among these.
    """
    with ctx.database.read() as tx:
        story = story_of(ctx, tx, session_id)
    note_reading(ctx, story.session)
    return story


def story_of(ctx: Context, tx: Connection, session_id: int) -> Timeline:
    """Return the same as this transaction sees it, and tell nobody; Refusal `not_found`."""
    session = view(ctx, tx, session_id)
    events = history(tx, session_id)
    shown = tuple(_event(one, session.agent) for one in events)
    review = review_view(ctx, tx, session_id)
    closed = session.state is State.CLOSED
    return Timeline(
        session,
        shown,
        session_proofs(tx, session, events),
        may_correct=closed and may_correct(ctx),
        may_export=may_export(ctx),
        review=review,
        path=path(session_escalations(tx, session_id)),
        may_choose_review=closed and review is None and may_review(ctx) and session.agent != here(ctx)[0],
    )


def _event(one: Recorded, opened_by: str) -> EventView:
    actor = one.actor if one.actor in ACTORS else "agent"  # the mark of somebody who signed in
    return EventView(one.seq, one.kind, one.at, actor, _told(one, actor, opened_by), one.intact)


def _told(one: Recorded, actor: str, opened_by: str) -> dict[str, Any] | None:
    """Return the payload with what events leave out to stay small."""
    payload = one.payload
    if payload is None:
        return None
    if actor == "agent":  # left out where it is the agent who opened the session
        payload = {"by": opened_by} | payload
    if "tick" in payload:
        service, _, item = str(payload["tick"]).rpartition("/")
        payload |= {"service": service, "item": int(item)}
    return payload
