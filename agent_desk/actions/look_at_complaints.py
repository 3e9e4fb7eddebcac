"""The complaints of a session, with an answer made of the decision's own explanation, to be gone over."""

from collections.abc import Iterator

from sqlalchemy import Connection

from agent_desk.actions.answer_complaint import remedy
from agent_desk.actions.context import Context
from agent_desk.actions.explain_decision import explained
from agent_desk.actions.explain_visit import explained_visit
from agent_desk.actions.record import EVERY_STATE, Held, take
from agent_desk.actions.site_catalogue import reference_of
from agent_desk.actions.views import ComplaintsView
from agent_desk.actions.visit_words import visit_values
from agent_desk.formats import format_cents
from agent_desk.rules.complaint import Complaint, ComplaintState, may_follow
from agent_desk.storage.complaints import session_complaints
from agent_desk.storage.decisions import session_decisions
from agent_desk.storage.visits import decision_on_visit, session_visits
from agent_desk.wording import LANGUAGES, Wording, load_wording


def look_at_complaints(ctx: Context, session_id: int) -> ComplaintsView:
    """Return the session's complaints and what may be done about each; Refusal `not_found`."""
    with ctx.database.read() as tx:
        held = take(ctx, tx, session_id, states=EVERY_STATE, lock=False)
        found, now = session_complaints(tx, session_id), held.now
        customer, rules = held.record.content.customer, ctx.reference.appeals
        return ComplaintsView(
            complaints=found,
            now=now,
            answers={one.id: _draft(held, tx, one) for one in found if one.state is ComplaintState.OPEN},
            remedies={one.id: remedy(held, one) for one in found if one.state is ComplaintState.OPEN},
            following={one.id: may_follow(one, customer.segment, now, customer.territory, rules) for one in found},
        )


def _draft(held: Held, tx: Connection, one: Complaint) -> str:
    """Return an answer in the customer's language: each line of the decision, those contested alone where some are.

    A home visit that was done comes after them, for it is a bill of its own.
    """
    wanted = held.record.content.customer.language
    wording = load_wording(wanted if wanted in LANGUAGES else LANGUAGES[0])
    decisions = session_decisions(tx, held.id)
    if not decisions:
        return ""
    why = explained(reference_of(held.ctx, tx), decisions[-1], wording)
    lines = [line for place, line in enumerate(why.lines, 1) if place in one.contested or not one.contested]
    total = format_cents(why.total_cents, wording.language)
    return "\n".join(
        (
            wording.text("complaint_answer.opening"),
            *(
                wording.text(
                    "complaint_answer.line",
                    label=line.label,
                    outcome=line.outcome,
                    reason=line.reason,
                    article=line.article,
                    reckoning=line.reckoning,
                )
                for line in lines
            ),
            wording.text("complaint_answer.total", total=total),
            *_of_visit(tx, held.id, wording),
        )
    )


def _of_visit(tx: Connection, session_id: int, wording: Wording) -> Iterator[str]:
    """Yield why the session's visit costs what it does, where one was done."""
    decided = decision_on_visit(tx, session_id)
    for one in session_visits(tx, session_id):
        if decided is not None and one.id == decided.visit_id:
            why, said = (
                explained_visit(one, decided, wording),
                visit_values(wording.language, one.window, one.terms, one.fee_cents),
            )
            total = format_cents(why.total_cents, wording.language)
            yield wording.text("complaint_answer.visit", reason=why.reason, article=why.article, total=total, **said)
