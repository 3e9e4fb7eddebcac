"""The review of a session as screens and papers show it, to whom it may be shown."""

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.review_access import here, may_review
from agent_desk.actions.views import Returned, ReviewView
from agent_desk.rules.people import Role
from agent_desk.rules.review import ANSWER_TIME, Review, ReviewStep, marks_open
from agent_desk.storage.acting import signed_in
from agent_desk.storage.reviews import read_notes, read_review, returned_to, sample_rules


def review_view(ctx: Context, tx: Connection, session_id: int) -> ReviewView | None:
    """Return the session's review, or None where there is none, or none to be seen by whoever asks."""
    found = read_review(tx, session_id)
    if found is None or not _is_shown(ctx, found):
        return None
    rules = {rule.id: rule for rule in sample_rules(tx)} if found.rule_id is not None and _reads_rules(ctx) else {}
    return ReviewView(found, read_notes(tx, session_id), rules.get(found.rule_id or 0), _steps(ctx, found))


def returned_reviews(ctx: Context, tx: Connection) -> tuple[Returned, ...]:
    """Return what waits for an answer of whoever sits there, the oldest first."""
    name, sign = here(ctx)
    return tuple(
        Returned(row.session_id, row.number, row.customer, row.returned_at + ANSWER_TIME)
        for row in returned_to(tx, sign, name)
    )


def _is_shown(ctx: Context, found: Review) -> bool:
    """Tell what the policies of PostgreSQL tell, where there are none."""
    return _reads_rules(ctx) or (found.agent == here(ctx)[0] and found.returned_at is not None)


def _reads_rules(ctx: Context) -> bool:
    who = signed_in(ctx.database)
    return who is None or who.role in (Role.SUPERVISOR, Role.AUDITOR)


def _steps(ctx: Context, found: Review) -> frozenset[ReviewStep]:
    name, now = here(ctx)[0], ctx.clock.now()
    mine = [step for step in ReviewStep if step is ReviewStep.ANSWER or may_review(ctx)]
    return frozenset(step for step in mine if marks_open(found, step, name, now))
