"""The sample is drawn when a supervisor looks: what ended since the last look and answers to a rule is to be reviewed.

Nothing is drawn at closing, where an agent's desk would have to know. The same rules and key draw the same sessions,
whoever looks first, and however often.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.review_access import check_may_review
from agent_desk.rules.review import SampleRule, is_drawn
from agent_desk.storage.reviews import candidates, draw, drawn_to, review_key, sample_rules

AT_FIRST = timedelta(days=7)  # how far a new rule looks back
# A closing may be committed late, a clock be wrong, and a mail become uncertain after two days of trying.
AGAIN = timedelta(days=3)
SELDOM = timedelta(minutes=1)
AT_ONCE = 2000


def draw_reviews(ctx: Context) -> None:
    """Let what is drawn be reviewed; Refusal `review_not_allowed`."""
    check_may_review(ctx)
    now = ctx.clock.now()
    with ctx.database.read() as tx:
        key = review_key(tx)
        found = {rule.id: _found(tx, key, rule, now) for rule in sample_rules(tx) if rule.active}
    for rule_id, ids in found.items():
        if ids is not None:
            for start in range(0, max(len(ids), 1), AT_ONCE):
                with ctx.database.write() as tx:
                    draw(tx, rule_id, ids[start : start + AT_ONCE], now)


def _found(tx: Connection, key: bytes, rule: SampleRule, now: datetime) -> list[int] | None:
    """Return what the rule draws of what ended lately; None where it was just drawn."""
    last = drawn_to(tx, rule.id)
    if last is not None and now - last < SELDOM:
        return None
    since = now - AT_FIRST if last is None else last - AGAIN
    return [one for one in candidates(tx, rule, since, now) if is_drawn(key, one, rule.share_permille)]
