"""What actions do with goodwill credits inside their own transactions."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.gate import standing
from agent_desk.actions.outgoing import mail_facts, queue_matter
from agent_desk.actions.promises import make_promise
from agent_desk.actions.record import Held
from agent_desk.actions.render_mail import render_matter
from agent_desk.formats import format_cents
from agent_desk.rules.credit import Credit, counted_cents, decision_due, is_amount, needs_second
from agent_desk.rules.identity import is_customer_number, normal_number
from agent_desk.rules.people import Role
from agent_desk.rules.promise import PromiseKind, short_reason
from agent_desk.storage.acting import Acting, has_role
from agent_desk.storage.credits import add_credit, read_credit, session_credits
from agent_desk.wording import load_wording

# The mark of nobody: a promise that only supervisors see, who see whatever is promised.
SUPERVISORS = "supervisors"


def role_of(ctx: Context, who: Acting | None) -> Role:
    """Return as what somebody grants credits; nobody in particular grants what an agent may, for nobody could approve."""
    return Role.SUPERVISOR if who is not None and has_role(ctx.database, Role.SUPERVISOR) else Role.AGENT


def by(ctx: Context, who: Acting | None) -> tuple[str, str]:
    """Return mark and name of whoever acts, as a credit keeps them."""
    return (who.mark, who.name) if who is not None else ("", ctx.settings.agent_name)


def give(held: Held, who: Acting | None, amount_cents: int, reason: str) -> Credit:
    """Give a credit in the session: granted with its mail, or proposed to a second person; Refusal as `give_credit`."""
    ctx, tx, limits = held.ctx, held.tx, held.ctx.reference.credits
    why, number = short_reason(reason), held.record.content.customer.customer_number
    if not is_amount(amount_cents, limits):
        raise Refusal("credit_amount", values={"most": format_cents(limits.most_cents, ctx.settings.language)})
    if not why:
        raise Refusal("credit_reason")
    if not is_customer_number(number):
        raise Refusal("credit_no_customer")
    before, promised = counted_cents(session_credits(tx, held.id)), None
    if needs_second(role_of(ctx, who), amount_cents, before, limits):
        if who is None:
            raise Refusal("credit_alone")
        promised = _ask_decision(held, amount_cents)
    made = add_credit(
        tx,
        held.id,
        customer_number=normal_number(number),
        amount_cents=amount_cents,
        reason=why,
        by=by(ctx, who),
        at=held.now,
        promise_id=promised,
    )
    if promised is None:
        tell_customer(held, amount_cents, why)
    found = read_credit(tx, made)
    assert found is not None  # noqa: S101 - inserted above
    return found


def tell_customer(held: Held, amount_cents: int, reason: str) -> None:
    """Queue the mail that tells the customer of a credit that was granted."""
    ground = standing(held)
    facts = mail_facts(held, ground.catalogue, ground.consents)
    amount = format_cents(amount_cents, facts.language)
    queue_matter(held, facts, render_matter(facts, "credit", amount=amount, reason=reason))


def _ask_decision(held: Held, amount_cents: int) -> int:
    """Promise a decision by a second person, which supervisors find in Today."""
    wording = load_wording(held.ctx.settings.language)
    subject = format_cents(amount_cents, wording.language)
    person = (SUPERVISORS, wording.text("roles.supervisor"))
    return make_promise(held, PromiseKind.CREDIT, decision_due(held.now), subject=subject, person=person)
