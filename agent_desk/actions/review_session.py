"""One step of a review: marked, returned to the agent, answered by them, looked at a second time and settled."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.review_access import check_may_review, here
from agent_desk.actions.review_views import review_view
from agent_desk.actions.views import ReviewView
from agent_desk.rules.review import Mark, ReviewNote, ReviewStep, moved, refusal, tidy
from agent_desk.storage.refused import RefusedByRights
from agent_desk.storage.reviews import pick, read_review, take_step
from agent_desk.storage.sessions import read_stamp


def review_session(
    ctx: Context, session_id: int, version: int, seen: int, step: ReviewStep, mark: Mark | None, text: str = ""
) -> ReviewView:
    """Take a step at that `version` of the review, having `seen` that version of the session; one transaction.

    Refusal `review_changed` where somebody was first, `review_corrected` where the session is another by now, and those of
    `rules.review.refusal`.
    """
    if step is not ReviewStep.ANSWER:
        check_may_review(ctx)
    name, sign = here(ctx)
    body, now = tidy(text), ctx.clock.now()
    try:
        with ctx.database.write() as tx:
            before, stamp = read_review(tx, session_id), read_stamp(tx, session_id)
            if before is None or stamp is None:
                raise Refusal("review_not_yours")
            if before.version != version:
                raise Refusal("review_changed")
            if stamp.version != seen:
                raise Refusal("review_corrected")
            why = refusal(before, step, name, mark, body, now)
            if why:
                raise Refusal(why)
            said = ReviewNote(step, now, name, mark, body)
            take_step(tx, before, moved(before, step, name, mark, now), step, said, seen=seen, who=sign)
            found = review_view(ctx, tx, session_id)
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
    if found is None:
        raise Refusal("review_not_yours")
    return found


def choose_review(ctx: Context, session_id: int) -> ReviewView:
    """Let a closed session be reviewed that no rule has drawn; Refusal `review_not_allowed`, `review_not_yours`."""
    check_may_review(ctx)
    try:
        with ctx.database.write() as tx:
            pick(tx, session_id)
            found = review_view(ctx, tx, session_id)
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
    if found is None:  # it is not closed
        raise Refusal("review_not_yours")
    return found
