"""Why a home visit that was done costs what it costs, in words."""

from dataclasses import dataclass, replace
from datetime import datetime

from agent_desk.actions.visit_decisions import decided_visit, recompute_visit, visit_result
from agent_desk.actions.visit_words import visit_values
from agent_desk.formats import format_cents, format_moment
from agent_desk.rules.territories import local
from agent_desk.rules.visit import Visit
from agent_desk.storage.visits import VisitDecisionRecord
from agent_desk.wording import Wording


@dataclass(frozen=True, slots=True)
class ExplainedVisit:
    """What was decided on a visit, and from what; `text` is the whole of it. `reproduced`: its inputs give it again today."""

    decided_at: datetime
    agent: str
    catalogue_version: str
    begins_at: datetime
    ends_at: datetime
    territory: str
    rule: str
    article: str
    title: str
    reason: str
    fee_cents: int
    ceiling_cents: int
    total_cents: int
    vat_cents: int
    reproduced: bool
    text: tuple[str, ...] = ()


def explained_visit(visit: Visit, kept: VisitDecisionRecord, wording: Wording) -> ExplainedVisit:
    """Return why this visit came to cost that."""
    decided = decided_visit(kept.result)
    found = ExplainedVisit(
        decided_at=kept.decided_at,
        agent=kept.agent,
        catalogue_version=kept.catalogue_version,
        begins_at=visit.window.begins,
        ends_at=visit.window.ends,
        territory=visit.terms.territory,
        rule=decided.rule,
        article=decided.article,
        title=wording.text(f"rules.{decided.rule}.title"),
        reason=wording.text(f"rules.{decided.rule}.reason"),
        fee_cents=visit.fee_cents,
        ceiling_cents=visit.terms.ceiling_cents,
        total_cents=decided.amount_cents,
        vat_cents=decided.vat_cents,
        reproduced=_is_reproduced(kept),
    )
    return replace(found, text=_text(found, visit, kept, wording))


def _text(found: ExplainedVisit, visit: Visit, kept: VisitDecisionRecord, wording: Wording) -> tuple[str, ...]:
    language, territory = wording.language, visit.terms.territory
    said = visit_values(language, visit.window, visit.terms, visit.fee_cents)
    decided, accepted = (format_moment(local(at, territory), language) for at in (found.decided_at, visit.accepted_at))
    return (
        wording.text(
            "explain.visit_head_agent" if found.agent else "explain.visit_head",
            number=kept.session_number,
            when=wording.text("visits.when", **said),
            date=decided,
            agent=found.agent,
            catalogue=found.catalogue_version,
        ),
        wording.text(
            "explain.visit_fee",
            accepted=accepted,
            price=said["price"],
            ceiling=said["ceiling"],
            territory=wording.text(f"territories.{territory}"),
        ),
        wording.text("explain.visit_line", title=found.title, article=found.article, reason=found.reason),
        wording.text(
            "explain.total",
            total=format_cents(found.total_cents, language),
            rate=said["vat_rate"],
            vat=format_cents(found.vat_cents, language),
        ),
        wording.text("explain.reproduced" if found.reproduced else "explain.differs"),
    )


def _is_reproduced(kept: VisitDecisionRecord) -> bool:
    try:
        return visit_result(recompute_visit(kept.inputs)) == kept.result
    except (KeyError, TypeError, ValueError):
        return False
