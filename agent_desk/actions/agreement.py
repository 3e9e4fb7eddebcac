"""What is agreed: lines at their prices, and the offer that says so; written again whenever the services change."""

from dataclasses import replace
from typing import Any

from agent_desk.actions.gate import Standing, check_gate
from agent_desk.actions.outgoing import mail_facts, queue_mail
from agent_desk.actions.page_facts import refresh_page
from agent_desk.actions.prices import priced_lines, total_if_solved
from agent_desk.actions.record import Held
from agent_desk.actions.render_mail import render_offer
from agent_desk.rules.catalogue import OPERATIONS
from agent_desk.rules.gates import price_fingerprint
from agent_desk.rules.session import Answer, Line, State
from agent_desk.storage.decisions import write_lines


def settle_lines(held: Held, ground: Standing, *, anew: bool = False) -> bool:
    """Bring the agreed lines of an agreed session up to what is asked for now; True where they had changed.

    The new price must have been accepted and everything else for `agreed` be there, else Refusal `blocked`. What is
    added once work has begun may be withdrawn from then on, unless the customer asks for it at once (10).
    `anew`: agree again although services and quantities are the same.
    """
    if is_settled(held, ground) and not anew:
        return False
    check_gate(held, State.AGREED, ground)
    if held.record.state is State.IN_PROGRESS:
        check_gate(held, State.IN_PROGRESS, ground, agreed_at=held.now)
    write_agreement(held, ground, "lines_changed")
    held.move()
    return True


def is_settled(held: Held, ground: Standing) -> bool:
    """Tell whether what is asked for now is what was agreed, at the same prices."""
    asked = held.record.content.lines
    sold = all(line.service in ground.catalogue.services for line in asked)
    return sold and priced_lines(asked, ground.catalogue) == ground.agreed


def write_agreement(held: Held, ground: Standing, event: str) -> None:
    """Keep lines and prices, and queue the offer (terms, section 5)."""
    lines = priced_lines(held.record.content.lines, ground.catalogue)
    write_lines(held.tx, held.id, lines)
    said: dict[str, Any] = {"total_cents": total_if_solved(lines)}
    if event == "lines_changed":
        said["services"] = [line.service for line in lines]
    held.note(event, **said)
    refresh_page(held)
    facts = mail_facts(held, ground.catalogue, ground.consents, agreed_at=held.record.agreed_at or held.now)
    queue_mail(held, facts, render_offer(facts))


def agreed_lines(held: Held, ground: Standing) -> tuple[Line, ...]:
    """Return the lines as they were agreed, whatever was typed since.

    Operations are as typed where the customer accepted those too, else the milder one: never more than was accepted.
    """
    typed = {line.service: line for line in held.record.content.lines}
    lines = tuple(
        replace(typed.get(line.service, Line(line.service)), quantity=line.quantity) for line in ground.agreed
    )
    accepted = {one.covers for one in ground.consents if one.answer is Answer.YES}
    if price_fingerprint(lines, ground.catalogue) in accepted:
        return lines
    return tuple(replace(line, operations=OPERATIONS.get(line.service, ())[-1:]) for line in lines)
