"""The session ends: decided, billed and confirmed, in one transaction or not at all."""

from dataclasses import dataclass

from agent_desk.actions.agreement import settle_lines
from agent_desk.actions.code_seal import end_live_code
from agent_desk.actions.context import Context
from agent_desk.actions.decisions import case_of
from agent_desk.actions.ending import keep_decision, session_outcome
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import pass_gate, standing
from agent_desk.actions.load_session import view
from agent_desk.actions.mail_values import MailFacts
from agent_desk.actions.outgoing import mail_facts, queue_mail
from agent_desk.actions.record import Held, take
from agent_desk.actions.render_mail import Rendered, render_confirmation
from agent_desk.actions.views import SessionView
from agent_desk.rules.billing import Case, Decision, decide
from agent_desk.rules.catalogue import Catalogue
from agent_desk.rules.session import State


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about to be written; it holds only as long as the session stays at this version and revision."""

    version: int
    revision: int
    case: Case
    catalogue: Catalogue
    decision: Decision
    facts: MailFacts
    rendered: Rendered


def close_session(ctx: Context, session_id: int, version: int, revision: int | None = None) -> SessionView:
    """Decide, bill and confirm; a second click or window gets Refusal `already_closed` and changes nothing.

    `revision`, when given, is the typing the agent saw the preview of. Refusal `blocked`, `changed_elsewhere`.
    Without an e-mail address the confirmation is held, to be printed.
    """
    prepared = _prepare(ctx, session_id, version, revision)
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, version=prepared.version)
        if held.record.revision != prepared.revision:
            raise Refusal("changed_elsewhere")
        # Again, on what the transaction sees: a consent may have been withdrawn while the document was drawn.
        ground = standing(held)
        pass_gate(held, State.CLOSED, ground)
        settle_lines(held, ground)
        _close(held, prepared)
        return view(ctx, tx, session_id)


def _prepare(ctx: Context, session_id: int, version: int, revision: int | None) -> Prepared:
    """Decide and draw the document with no transaction that writes open: others go on meanwhile."""
    with ctx.database.read() as tx:
        held = take(ctx, tx, session_id, version=version, lock=False)
        ground = standing(held)
        pass_gate(held, State.CLOSED, ground)
    if revision is not None and held.record.revision != revision:
        raise Refusal("changed_elsewhere")
    case = case_of(held.record.content)
    decision = decide(case, ground.catalogue)
    facts = mail_facts(held, ground.catalogue, ground.consents)
    return Prepared(
        version=version,
        revision=held.record.revision,
        case=case,
        catalogue=ground.catalogue,
        decision=decision,
        facts=facts,
        rendered=render_confirmation(facts, decision, ctx.printer),
    )


def _close(held: Held, prepared: Prepared) -> None:
    end_live_code(held, "revoked")
    keep_decision(held, prepared.case, prepared.catalogue, prepared.decision)
    queue_mail(held, prepared.facts, prepared.rendered)
    content = held.record.content
    held.move(
        State.CLOSED,
        ended_at=held.now,
        parked_at=None,
        outcome=session_outcome(content),
        total_cents=prepared.decision.total_cents,
    )
    held.note("session_closed", confirmation=content.closing.confirmation)
