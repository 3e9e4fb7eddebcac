"""Which state may follow which (terms, section 5). Parking is beside the states: it only says nobody is at it now."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from agent_desk.rules.session import ENDED, Line, Outcome, State

NEXT: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.QUALIFIED, State.CANCELLED}),
    State.QUALIFIED: frozenset({State.FEASIBILITY, State.AGREED, State.CANCELLED}),
    State.FEASIBILITY: frozenset({State.QUALIFIED, State.AGREED, State.CANCELLED}),
    State.AGREED: frozenset({State.SCHEDULED, State.IN_PROGRESS, State.CANCELLED, State.WITHDRAWN}),
    State.SCHEDULED: frozenset({State.AGREED, State.IN_PROGRESS, State.CANCELLED, State.WITHDRAWN}),
    State.IN_PROGRESS: frozenset({State.CLOSED, State.WITHDRAWN}),
    State.CLOSED: frozenset(),
    State.CANCELLED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
CODE_STATES = frozenset({State.AGREED, State.SCHEDULED, State.IN_PROGRESS})  # codes are issued from `agreed` on


def may_become(state: State, target: State) -> bool:
    """Tell whether a session in `state` may become `target`, gates apart."""
    return target in NEXT[state]


def may_issue_code(state: State) -> bool:
    """Tell whether a one-time code may be issued: from `agreed` on, until the end (4.6)."""
    return state in CODE_STATES


def may_park(state: State) -> bool:
    """Tell whether a session may be put aside and taken up again; its state stays."""
    return state not in ENDED


def withdrawn_lines(lines: Iterable[Line], state: State) -> tuple[Line, ...]:
    """Return the lines as a withdrawal in `state` ends them: not performed before the work, interrupted once begun.

    After closing a withdrawal changes nothing that was performed (section 3).
    """
    if state is State.CLOSED:
        return tuple(lines)
    outcome = Outcome.INTERRUPTED if state is State.IN_PROGRESS else Outcome.NOT_PERFORMED
    return tuple(replace(line, outcome=outcome) for line in lines)
