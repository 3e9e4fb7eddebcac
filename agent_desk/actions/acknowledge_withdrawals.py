"""Whoever withdrew through a link gets a receipt with its date and hour at once, whether or not a desk is open."""

from agent_desk.actions.context import Context
from agent_desk.actions.mail_values import MailFacts, common_values
from agent_desk.actions.render_mail import address_letter, render
from agent_desk.formats import format_moment
from agent_desk.storage import outbox
from agent_desk.storage.withdrawals import Declared, take_receipt, without_receipt
from agent_desk.wording import load_wording

RECEIPT = "withdrawal_receipt"


def acknowledge_withdrawals(ctx: Context) -> int:
    """Queue the receipt of each withdrawal declared, and return how many there were; by the mail worker, or a single desk."""
    with ctx.database.read() as tx:
        waiting = without_receipt(tx)
    for one in waiting:
        with ctx.database.write() as tx:
            now = ctx.clock.now()
            if not take_receipt(tx, one.session_id, now):
                continue
            facts = _facts(ctx, one)
            wording = load_wording(facts.language)
            values = common_values(facts, wording) | {
                "declared_at": format_moment(facts.local(one.declared_at), wording.language),
                "answer": one.answer,
            }
            letter = address_letter(facts, render(RECEIPT, facts.language, values))
            outbox.queue(tx, one.session_id, RECEIPT, letter, actor="system")
    return len(waiting)


def _facts(ctx: Context, one: Declared) -> MailFacts:
    return MailFacts(
        number=one.number,
        content=one.content,
        consents=(),
        agent="",
        agreed_at=None,
        worked_at=None,
        at=ctx.clock.now(),
        catalogue=ctx.reference.history[-1],
        settings=ctx.settings,
    )
