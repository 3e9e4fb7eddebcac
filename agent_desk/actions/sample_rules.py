"""The rules by which sessions are drawn for review: listed, added, switched off and on; none is ever changed."""

from dataclasses import replace

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.review_access import check_may_review, here
from agent_desk.actions.search_journal import MOST_CENTS
from agent_desk.rules.review import WHOLE, SampleRule
from agent_desk.storage import reviews
from agent_desk.storage.journal import team_names
from agent_desk.storage.refused import RefusedByRights

NAME_MAX = 80
RULES_MAX = 50


def list_sample_rules(ctx: Context) -> tuple[tuple[SampleRule, ...], tuple[str, ...]]:
    """Return all rules in the order they were made, and the teams there are; Refusal `review_not_allowed`."""
    check_may_review(ctx)
    with ctx.database.read() as tx:
        return reviews.sample_rules(tx), team_names(tx)


def add_sample_rule(ctx: Context, rule: SampleRule) -> None:
    """Add a rule, switched on; Refusal `review_not_allowed`, `review_rule_share`, `review_rules_many`, `review_rule_team`."""
    check_may_review(ctx)
    if not 1 <= rule.share_permille <= WHOLE or not 0 <= (rule.waived_from or 0) <= MOST_CENTS:
        raise Refusal("review_rule_share")
    made = replace(rule, name=" ".join(rule.name.split())[:NAME_MAX])
    try:
        with ctx.database.write() as tx:
            if len(reviews.sample_rules(tx)) >= RULES_MAX:
                raise Refusal("review_rules_many")
            reviews.add_rule(tx, made, ctx.clock.now(), here(ctx)[0])
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused


def switch_sample_rule(ctx: Context, rule_id: int, active: bool) -> None:
    """Switch a rule off or on; what it has drawn stays. Refusal `review_not_allowed`, `review_rule_team`."""
    check_may_review(ctx)
    try:
        with ctx.database.write() as tx:
            reviews.switch_rule(tx, rule_id, active, ctx.clock.now(), here(ctx)[0])
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
