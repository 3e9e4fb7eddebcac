"""What the three ways of ending a session have in common: the decision kept, and the outcome lists show."""

from typing import Any

from agent_desk.actions.decisions import decision_to_json, fingerprint, inputs_to_json
from agent_desk.actions.record import Held
from agent_desk.rules.billing import Case, Decision
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.session import Content, HomeVisit, Outcome
from agent_desk.storage.decisions import DecisionRecord, add_decision, decide_lines
from agent_desk.storage.events import Entry

# Of several lines, lists show the outcome that asks most of somebody.
_TELLING = (
    Outcome.ACCESS_LOST,
    Outcome.NOT_SOLVED,
    Outcome.INTERRUPTED,
    Outcome.SOLVED,
    Outcome.NOT_PERFORMED,
)


def session_outcome(content: Content) -> str:
    """Return the one outcome lists show: a home visit, else that of the line that went worst."""
    if content.closing.home_visit is HomeVisit.ACCEPTED:
        return "home_visit"
    outcomes = {line.outcome for line in content.lines}
    return next((str(outcome) for outcome in _TELLING if outcome in outcomes), "")


def keep_decision(held: Held, case: Case, catalogue: Catalogue, decision: Decision) -> Entry:
    """Write the decision with all it was given, and each line's amount and rule; return the event still to append."""
    kept = decision_record(held, case, catalogue, decision)
    # The lines first: where people have rights, the database adds them up before it takes the decision.
    decide_lines(held.tx, held.id, [(line.amount_cents, line.rule) for line in decision.lines])
    add_decision(held.tx, kept)
    return decision_entry(held, kept, decision)


def decision_record(
    held: Held, case: Case, catalogue: Catalogue, decision: Decision, ordinal: int = 1
) -> DecisionRecord:
    """Return the decision as it is kept, with all it was given."""
    return DecisionRecord(
        session_id=held.id,
        session_number=held.record.number,
        ordinal=ordinal,
        decided_at=held.now,
        agent=held.signature,
        catalogue_version=catalogue.version,
        inputs=inputs_to_json(case, catalogue),
        result=decision_to_json(decision),
        total_cents=decision.total_cents,
        vat_cents=decision.vat_cents,
    )


def decision_entry(held: Held, kept: DecisionRecord, decision: Decision, **more: Any) -> Entry:
    """Return the event of a decision, with `more` in its payload."""
    articles = sorted({line.article for line in decision.lines})
    mark = fingerprint(kept.inputs, kept.result)
    return held.entry("decision_made", total_cents=decision.total_cents, articles=articles, sha256=mark, **more)
