"""Hundreds of thousands of closed sessions in a minute, for measurements: rows, drafts and lines, but no events."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from agent_desk.actions.context import Context
from agent_desk.actions.decisions import case_of
from agent_desk.actions.ending import session_outcome
from agent_desk.actions.listing import listed, number_words
from agent_desk.actions.sample_people import AGENTS, sample_customer
from agent_desk.actions.sample_requests import sample_lines, sample_prerequisites, sample_requests
from agent_desk.rules.billing import decide
from agent_desk.rules.session import Call, Content, Outcome, State, Step
from agent_desk.storage.bulk import add_rows, next_session_id
from agent_desk.storage.content import to_json
from agent_desk.storage.sessions import seconds_of, session_number

CHUNK = 5000
PATTERNS = 4000  # different sessions; the rest repeat them under other numbers
MINUTES_APART = 3
STEP_MINUTES = dict(zip(Step, (2, 2, 1, 3, 16, 6), strict=True))


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What one kind of session looks like in the tables."""

    content: str
    listed: dict[str, str]
    outcome: str
    total_cents: int
    agent: str
    lines: tuple[dict[str, Any], ...]


def add_in_bulk(ctx: Context, count: int, seed: int) -> int:
    """Add `count` closed sessions, one every few minutes up to now, in transactions of a few thousand."""
    chance = Random(seed)  # noqa: S311 - the same seed must give the same sessions
    patterns = [_pattern(ctx, chance) for _ in range(min(count, PATTERNS))]
    first_opened = ctx.clock.now() - timedelta(minutes=MINUTES_APART * count)
    for start in range(0, count, CHUNK):
        with ctx.database.write() as tx:
            first = next_session_id(tx)
            chosen = [chance.choice(patterns) for _ in range(min(CHUNK, count - start))]
            opened = [first_opened + timedelta(minutes=MINUTES_APART * (start + at)) for at in range(len(chosen))]
            numbered = list(zip(range(first, first + len(chosen)), chosen, opened, strict=True))
            add_rows(
                tx,
                [_session(*one) for one in numbered],
                [_draft(*one) for one in numbered],
                [line | {"session_id": one[0]} for one in numbered for line in one[1].lines],
            )
    return count


def _pattern(ctx: Context, chance: Random) -> _Pattern:
    customer = sample_customer(chance)
    requests = sample_requests(chance, customer.segment)
    outcome = Outcome.SOLVED if chance.random() < 0.8 else Outcome.NOT_SOLVED
    content = Content(
        customer=customer,
        call=Call(),
        description=" ".join(one.said for one in requests),
        lines=tuple(replace(line, outcome=outcome) for line in sample_lines(requests)),
        prerequisites=sample_prerequisites(chance),
        notes=" ".join(one.note for one in requests),
    )
    decision = decide(case_of(content), ctx.reference.history[-1])
    return _Pattern(
        content=to_json(content),
        listed=listed(ctx.reference, content, 0),
        outcome=session_outcome(content),
        total_cents=decision.total_cents,
        agent=chance.choice(AGENTS),
        lines=tuple(
            {
                "position": position,
                "service": line.service,
                "quantity": line.quantity,
                "unit_price_cents": line.unit_price_cents,
                "amount_cents": line.amount_cents,
                "rule": line.rule,
            }
            for position, line in enumerate(decision.lines)
        ),
    )


def _session(session_id: int, pattern: _Pattern, opened: datetime) -> dict[str, Any]:
    return pattern.listed | {
        "id": session_id,
        "number": session_number(session_id, opened),
        "state": State.CLOSED,
        "version": 4,
        "agent": pattern.agent,
        "opened_at": opened,
        "agreed_at": opened + timedelta(minutes=6),
        "started_at": opened + timedelta(minutes=8),
        "ended_at": opened + timedelta(minutes=30),
        "outcome": pattern.outcome,
        "total_cents": pattern.total_cents,
        "mail_state": "accepted",
        "search_text": f"{number_words(session_id)} {pattern.listed['search_text']}",
    }


def _draft(session_id: int, pattern: _Pattern, opened: datetime) -> dict[str, Any]:
    return {
        "session_id": session_id,
        "revision": 9,
        "step": Step.CLOSING,
        "field": "",
        "saved_at": opened + timedelta(minutes=30),
        "content": pattern.content,
    } | {seconds_of(step): 60 * minutes for step, minutes in STEP_MINUTES.items()}
