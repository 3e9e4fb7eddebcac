"""What the actions on a case that was sent to another level have in common."""

from typing import Any

from agent_desk.actions.errors import Refusal
from agent_desk.actions.promises import end_promise
from agent_desk.actions.record import Held
from agent_desk.rules.escalation import ANSWER_MAX, EscalationState
from agent_desk.rules.handover import Receiver
from agent_desk.rules.promise import Promise
from agent_desk.storage.acting import Acting, acting
from agent_desk.storage.escalations import move_escalation, open_escalation
from agent_desk.storage.promises import read_promise, step_promise


def accept_case(held: Held, who: Acting) -> None:
    """Note that the team a case was sent to has taken it: the promise is that person's from now on."""
    row = open_escalation(held.tx, held.id)
    if row is None or row.state != EscalationState.SENT:
        return
    move_escalation(held.tx, row, EscalationState.ACCEPTED)
    held.note("case_accepted", team=row.to_team)
    promised = read_promise(held.tx, row.promise_id)
    if promised is not None and promised.ended_at is None:
        step_promise(*(held.tx, promised, "promise_taken"), at=held.now, by=who.name, taker=(who.mark, who.name))


def open_case(held: Held) -> tuple[Any, Acting]:
    """Return the stretch of its path the session is on, and who acts; Refusal `case_not_here` where it is on none."""
    row, who = open_escalation(held.tx, held.id), acting(held.tx)
    if row is None or who is None:
        raise Refusal("case_not_here")
    return row, who


def sender(row: Any) -> Receiver:
    """Return the team a case came from, as somebody to whom it can be handed back."""
    return Receiver(row.from_team_id, row.from_team, row.from_team_id, is_team=True)


def settle_promise(held: Held, promise_id: int | None, event: str, reason: str = "") -> Promise | None:
    """End a promise unless it has ended, and return what it was."""
    found = read_promise(held.tx, promise_id) if promise_id is not None else None
    if found is not None and found.ended_at is None:
        end_promise(held, found, event, reason)
    return found


def short_answer(text: str) -> str:
    """Return what is said of a case as it is kept: one line, at most 300 characters."""
    return " ".join(text.split())[:ANSWER_MAX]
