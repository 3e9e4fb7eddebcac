"""Years later: why that amount."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from agent_desk.actions.context import Context
from agent_desk.actions.decisions import decision_from_json, decision_to_json, recompute
from agent_desk.actions.errors import Refusal
from agent_desk.actions.explain_visit import ExplainedVisit, explained_visit
from agent_desk.actions.site_catalogue import reference_of
from agent_desk.formats import format_cents, format_moment, format_permille
from agent_desk.reference import Reference
from agent_desk.rules.billing import DecidedLine
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import local
from agent_desk.storage.decisions import DecisionRecord, session_decisions
from agent_desk.storage.sessions import find_session_id
from agent_desk.storage.visits import decision_on_visit, session_visits
from agent_desk.wording import Wording, load_wording


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One service: how it ended, the rule that matched first, its article, and the amount with its reckoning."""

    service: str
    label: str
    outcome: str
    rule: str
    article: str
    title: str
    reason: str
    amount_cents: int
    reckoning: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision in words; `text` is the whole of it, line by line. `reproduced`: its inputs give it again today."""

    number: str
    decided_at: datetime
    agent: str
    catalogue_version: str
    lines: tuple[ExplainedLine, ...]
    total_cents: int
    vat_cents: int
    travel_ceiling_cents: int | None
    reproduced: bool
    text: tuple[str, ...]
    before: tuple["Explanation", ...] = ()  # those it took the place of, the first one first
    visit: ExplainedVisit | None = None  # of a technician who came since


def explain_decision(ctx: Context, number: str, language: str = "fr") -> Explanation:
    """Return why the session with that number costs what it costs, what was decided before a correction, and why its visit does.

    Refusal `not_found`, `not_decided`.
    """
    with ctx.database.read() as tx:
        session_id = find_session_id(tx, number.strip().upper())
        if session_id is None:
            raise Refusal("not_found")
        decisions, reference = session_decisions(tx, session_id), reference_of(ctx, tx)
        visits, decided = session_visits(tx, session_id), decision_on_visit(tx, session_id)
    if not decisions:
        raise Refusal("not_decided", values={"number": number})
    wording = load_wording(language)
    *before, last = (explained(reference, kept, wording) for kept in decisions)
    done = [explained_visit(one, decided, wording) for one in visits if decided and one.id == decided.visit_id]
    return replace(last, before=tuple(before), visit=next(iter(done), None))


def explained(reference: Reference, kept: DecisionRecord, wording: Wording) -> Explanation:
    """Return why this decision came out as it did."""
    decision, inputs = decision_from_json(kept.inputs, kept.result), json.loads(kept.inputs)
    lines = tuple(
        _line(reference, kept, line, outcome=given["outcome"], wording=wording)
        for line, given in zip(decision.lines, inputs["lines"], strict=True)
    )
    found = Explanation(
        number=kept.session_number,
        decided_at=kept.decided_at,
        agent=kept.agent,
        catalogue_version=kept.catalogue_version,
        lines=lines,
        total_cents=decision.total_cents,
        vat_cents=decision.vat_cents,
        travel_ceiling_cents=decision.travel_ceiling_cents,
        reproduced=_is_reproduced(kept),
        text=(),
    )
    return replace(found, text=_text(found, inputs, wording))


def _line(
    reference: Reference, kept: DecisionRecord, line: DecidedLine, *, outcome: str, wording: Wording
) -> ExplainedLine:
    language = wording.language
    price, amount = format_cents(line.unit_price_cents, language), format_cents(line.amount_cents, language)
    key = "explain.billed" if line.amount_cents == line.quantity * line.unit_price_cents else "explain.unbilled"
    return ExplainedLine(
        service=line.service,
        label=_label(reference, kept.catalogue_version, line.service, language),
        outcome=wording.text(f"outcomes.{outcome}"),
        rule=line.rule,
        article=line.article,
        title=wording.text(f"rules.{line.rule}.title"),
        reason=wording.text(f"rules.{line.rule}.reason"),
        amount_cents=line.amount_cents,
        reckoning=wording.text(key, quantity=line.quantity, price=price, amount=amount),
    )


def _label(reference: Reference, version: str, code: str, language: str) -> str:
    try:
        return reference.catalogue_version(version).services[code].label(language)
    except KeyError:  # a catalogue that is no longer shipped: its code still names the service
        return code


def _text(found: Explanation, inputs: dict[str, Any], wording: Wording) -> tuple[str, ...]:
    language = wording.language
    moment = local(found.decided_at, Territory(inputs["territory"]))
    head = "explain.head_agent" if found.agent else "explain.head"
    ceiling = found.travel_ceiling_cents
    return (
        wording.text(
            head,
            number=found.number,
            date=format_moment(moment, language),
            agent=found.agent,
            catalogue=found.catalogue_version,
        ),
        wording.text(
            "explain.facts",
            segment=wording.text(f"segments.{inputs['segment']}"),
            territory=wording.text(f"territories.{inputs['territory']}"),
            visit=wording.text(f"home_visits.{inputs['home_visit']}"),
        ),
        *(text for line in found.lines for text in _line_text(line, wording)),
        wording.text(
            "explain.total",
            total=format_cents(found.total_cents, language),
            rate=format_permille(inputs["vat_permille"], language),
            vat=format_cents(found.vat_cents, language),
        ),
        *((wording.text("explain.ceiling", ceiling=format_cents(ceiling, language)),) if ceiling is not None else ()),
        wording.text("explain.reproduced" if found.reproduced else "explain.differs"),
    )


def _line_text(line: ExplainedLine, wording: Wording) -> tuple[str, str]:
    said = wording.text(
        "explain.line",
        label=line.label,
        outcome=line.outcome,
        title=line.title,
        article=line.article,
        reason=line.reason,
    )
    return said, line.reckoning


def _is_reproduced(kept: DecisionRecord) -> bool:
    try:
        return decision_to_json(recompute(kept.inputs)) == kept.result
    except (KeyError, TypeError, ValueError):
        return False
