"""A visit was done: its own decision, its line for the bill, and its own confirmation with the paper (4.7, 4.8)."""

from agent_desk.actions.context import Context
from agent_desk.actions.decisions import fingerprint
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import standing
from agent_desk.actions.outgoing import mail_facts, queue_mail
from agent_desk.actions.record import Held
from agent_desk.actions.visit_decisions import visit_inputs, visit_result
from agent_desk.actions.visit_mail import render_visit
from agent_desk.actions.visits import end_booked, step_promise_of, take_booked, take_visited
from agent_desk.rules.visit import Visit, VisitState, decide_visit
from agent_desk.storage.visits import DECIDED, VisitDecisionRecord, add_visit_decision


def finish_visit(ctx: Context, session_id: int, visit_id: int) -> None:
    """Decide what the visit costs, once, and queue the confirmation; Refusal `visit_over`, `visit_not_yet`."""
    with ctx.database.write() as tx:
        held = take_visited(ctx, tx, session_id)
        visit = take_booked(held, visit_id)
        if held.now < visit.window.begins:
            raise Refusal("visit_not_yet")
        end_booked(held, visit, VisitState.DONE)
        _decide(held, visit)
        step_promise_of(held, visit, "promise_kept")


def _decide(held: Held, visit: Visit) -> None:
    ground, decision = standing(held), decide_visit(visit.fee_cents, visit.terms)
    kept = VisitDecisionRecord(
        visit_id=visit.id,
        session_id=held.id,
        session_number=held.record.number,
        decided_at=held.now,
        agent=held.ctx.settings.agent_name,
        catalogue_version=ground.catalogue.version,
        inputs=visit_inputs(visit.fee_cents, visit.terms),
        result=visit_result(decision),
        total_cents=decision.amount_cents,
        vat_cents=decision.vat_cents,
    )
    add_visit_decision(held.tx, kept)
    held.append(
        held.entry("visit_done"),
        held.entry(
            DECIDED,
            total_cents=decision.amount_cents,
            articles=[decision.article],
            sha256=fingerprint(kept.inputs, kept.result),
        ),
    )
    facts = mail_facts(held, ground.catalogue, ground.consents)
    queue_mail(held, facts, render_visit(facts, visit, decision, held.ctx.printer))
