"""A rule of review in words: by its name, or by what it draws."""

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.service_names import service_in_short
from agent_desk.formats import format_cents, format_permille
from agent_desk.rules.review import WHOLE, SampleRule


def rule_in_words(desk: Desk, rule: SampleRule | None) -> str:
    """Return what a rule draws; without one, that somebody chose the session."""
    words = desk.wording
    if rule is None:
        return words.text("reviews.why.by_hand")
    parts = []
    if rule.share_permille < WHOLE:
        parts.append(words.text("reviews.why.share", share=format_permille(rule.share_permille, desk.language)))
    if rule.waived_from is not None:
        parts.append(words.text("reviews.why.waived", amount=format_cents(rule.waived_from, desk.language)))
    if rule.uncertain:
        parts.append(words.text("reviews.why.uncertain"))
    if rule.team:
        parts.append(words.text("reviews.why.team", team=rule.team))
    if rule.service:
        parts.append(words.text("reviews.why.service", service=service_in_short(desk, rule.service)))
    if rule.outcome:
        parts.append(words.text("reviews.why.outcome", outcome=words.text(f"outcomes.{rule.outcome}")))
    described = ", ".join(parts) or words.text("reviews.why.all")
    return f"{rule.name} ({described})" if rule.name else described
