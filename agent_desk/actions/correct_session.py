"""A wrong outcome is put right after closing: a new decision beside the old one, which stays, and a mail that says so."""

from collections.abc import Sequence

from agent_desk.actions.context import Context
from agent_desk.actions.decisions import case_of, fingerprint
from agent_desk.actions.ending import decision_entry, decision_record, session_outcome
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import standing
from agent_desk.actions.load_session import view
from agent_desk.actions.outgoing import mail_facts, queue_mail
from agent_desk.actions.record import Held, take
from agent_desk.actions.render_mail import render_correction
from agent_desk.actions.views import SessionView
from agent_desk.actions.visits import end_unbooked, promise_booking
from agent_desk.rules.billing import InvalidCase, decide
from agent_desk.rules.correction import REASON_MAX, corrected
from agent_desk.rules.people import Role
from agent_desk.rules.session import HomeVisit, Outcome, State
from agent_desk.storage.acting import has_role, signed_in
from agent_desk.storage.corrections import write_correction
from agent_desk.storage.decisions import read_decision
from agent_desk.storage.refused import RefusedByRights
from agent_desk.storage.visits import stands


def correct_session(
    ctx: Context, session_id: int, version: int, outcomes: Sequence[Outcome], home_visit: HomeVisit, reason: str
) -> SessionView:
    """Decide a closed session again, with the prices it was agreed at, and tell the customer.

    Refusal `correction_not_allowed`, `reason_missing`, `nothing_to_correct`, `correction_unsound`, `visit_stands` where a
    visit was booked or done, `changed_elsewhere` where somebody else was first, `wrong_state` where nothing is closed.
    """
    if not may_correct(ctx):
        raise Refusal("correction_not_allowed")
    why = " ".join(reason.split())[:REASON_MAX]
    if not why:
        raise Refusal("reason_missing")
    try:
        with ctx.database.write() as tx:
            # Who signed in cannot lock a closed session; the version is compared again where it is written.
            lock = signed_in(ctx.database) is None
            held = take(ctx, tx, session_id, states={State.CLOSED}, version=version, lock=lock)
            _correct(held, outcomes, home_visit, why)
            return view(ctx, tx, session_id)
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused


def may_correct(ctx: Context) -> bool:
    """Tell whether whoever sits there may correct: a supervisor, or anybody on a desk without accounts."""
    return has_role(ctx.database, Role.SUPERVISOR)


def _correct(held: Held, outcomes: Sequence[Outcome], home_visit: HomeVisit, why: str) -> None:
    record, ground = held.record, standing(held)
    before = read_decision(held.tx, held.id)
    if before is None or len(outcomes) != len(record.content.lines):
        raise Refusal("nothing_to_correct")
    content = corrected(record.content, outcomes, home_visit)
    if content == record.content:
        raise Refusal("nothing_to_correct")
    if home_visit is not HomeVisit.ACCEPTED and stands(held.tx, held.id):
        raise Refusal("visit_stands")
    case = case_of(content)
    try:
        decision = decide(case, ground.catalogue)
    except InvalidCase as error:
        raise Refusal("correction_unsound") from error
    kept = decision_record(held, case, ground.catalogue, decision, before.ordinal + 1)
    told = held.entry(
        "outcome_corrected", reason=why, before_cents=before.total_cents, total_cents=decision.total_cents
    )
    corrects = fingerprint(before.inputs, before.result)
    held.append(told, decision_entry(held, kept, decision, ordinal=kept.ordinal, corrects=corrects))
    decided = [(line.amount_cents, line.rule) for line in decision.lines]
    write_correction(held.tx, record, content, session_outcome(content), kept, decided)
    facts = mail_facts(held, ground.catalogue, ground.consents, content=content)
    rendered = render_correction(facts, decision, before.total_cents, held.ctx.printer)
    queue_mail(held, facts, rendered, ordinal=before.ordinal)
    _promise_visit(held, home_visit, why)


def _promise_visit(held: Held, home_visit: HomeVisit, why: str) -> None:
    """A visit accepted after all is to be booked; one that is not wanted any more is not."""
    wanted = held.record.content.closing.home_visit is HomeVisit.ACCEPTED
    if home_visit is HomeVisit.ACCEPTED and not wanted:
        held.append(promise_booking(held))
    elif wanted and home_visit is not HomeVisit.ACCEPTED:
        end_unbooked(held, "promise_cancelled", why)
