"""A case goes to another level of support in one action, with three short fields and all it holds."""

from dataclasses import dataclass
from datetime import datetime

from agent_desk.actions.cases import settle_promise
from agent_desk.actions.context import Context
from agent_desk.actions.destinations import Destination, teams_to_send_to
from agent_desk.actions.errors import Refusal
from agent_desk.actions.hand_over_session import give
from agent_desk.actions.promises import end_promise, make_promise
from agent_desk.actions.record import Held, take
from agent_desk.actions.tell_case import News, tell_case
from agent_desk.actions.views import SessionView
from agent_desk.rules.duties import TAKES_NO_CALLS
from agent_desk.rules.escalation import EscalationState, promise_refusal
from agent_desk.rules.handover import Words
from agent_desk.rules.people import NAME_MAX
from agent_desk.rules.promise import PromiseKind, short_subject
from agent_desk.storage.acting import Acting, acting
from agent_desk.storage.escalations import add_escalation, move_escalation, open_escalation, session_escalations
from agent_desk.storage.promises import session_promises, team_of


@dataclass(frozen=True, slots=True)
class Told:
    """What the customer is given: a name, and when they hear of it."""

    contact: str
    promised_at: datetime


def escalate_session(
    ctx: Context, session_id: int, version: int, to: Destination, words: Words, told: Told
) -> SessionView:
    """Send the session to the team that can solve it, with a promise to the customer, who reads it too, and return it as it is then.

    Where that team takes no calls, who sends it keeps the promise. Refusal `escalation_nowhere`, `handover_empty`,
    `contact_missing`, those of `rules.escalation.promise_refusal`, and those of `hand_over_session`.
    """
    said, contact = words.shortened(), " ".join(told.contact.split())[:NAME_MAX]
    if not said:
        raise Refusal("handover_empty")
    if not contact:
        raise Refusal("contact_missing")
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, version=version)
        who = acting(tx)
        own = team_of(tx, who.mark) if who is not None else 0
        if who is None or to not in teams_to_send_to(tx, own):
            raise Refusal("escalation_nowhere")
        territory = held.record.content.customer.territory
        why = promise_refusal(told.promised_at, held.now, territory, ctx.settings.extra_holidays)
        if why:
            raise Refusal(why)
        _end_stretch(held)
        _send(held, who, own, to, Told(contact, told.promised_at))
        tell_case(held, News.SENT, to.team.name, contact, told.promised_at)
        return give(held, who, to.team, said)


def _end_stretch(held: Held) -> None:
    """End the stretch before; another promise stands from now on for its own, and for the news promised when it came back."""
    before = open_escalation(held.tx, held.id)
    if before is not None:
        move_escalation(held.tx, before, EscalationState(before.state), at=held.now)
        settle_promise(held, before.promise_id, "promise_moved")
    said = {short_subject(one.contact) for one in session_escalations(held.tx, held.id)}
    for promised in session_promises(held.tx, held.id, open_only=True):
        if promised.kind is PromiseKind.ANSWER and promised.subject in said:
            end_promise(held, promised, "promise_moved")


def _send(held: Held, who: Acting, own: int, to: Destination, told: Told) -> None:
    due, subject = told.promised_at, told.contact
    made = make_promise(held, PromiseKind.ESCALATION, due, subject=subject, team_id=to.team.team_id)
    kept_by = None
    if to.duty in TAKES_NO_CALLS:
        kept_by = make_promise(held, PromiseKind.ANSWER, due, subject=subject, team_id=own, person=(who.mark, who.name))
    add_escalation(
        held.tx,
        {
            "session_id": held.id,
            "at": held.now,
            "from_team_id": own,
            "to_team_id": to.team.team_id,
            "duty": to.duty,
            "by_mark": who.mark,
            "by_name": who.name,
            "contact": told.contact,
            "promised_at": due,
            "promise_id": made,
            "kept_by": kept_by,
        },
    )
    said = {"to": to.team.name, "duty": to.duty, "contact": told.contact}
    held.note("session_escalated", **said, due=due.isoformat(timespec="minutes"))
