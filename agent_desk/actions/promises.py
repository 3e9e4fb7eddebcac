"""What actions do with promises inside their own transactions: make one, and let something happen to it."""

from collections.abc import Mapping
from datetime import datetime

from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import Held
from agent_desk.rules.promise import Promise, PromiseKind, short_reason, short_subject
from agent_desk.storage import promises
from agent_desk.storage.events import Entry
from agent_desk.storage.refused import RefusedByRights


def make_promise(
    held: Held,
    kind: PromiseKind,
    due_at: datetime,
    *,
    subject: str,
    late_at: datetime | None = None,
    team_id: int | None = None,
    person: tuple[str, str] = ("", ""),
) -> int:
    """Add a promise with its event `promise_made` and return its id; without a team it is the session's to keep.

    `late_at` is from when it counts as missed, at its moment unless given; `person` is the mark and name of who keeps it.
    """
    made, told = add_promise(held, kind, due_at, subject=subject, late_at=late_at, team_id=team_id, person=person)
    held.append(told)
    return made


def add_promise(
    held: Held,
    kind: PromiseKind,
    due_at: datetime,
    *,
    subject: str,
    late_at: datetime | None = None,
    team_id: int | None = None,
    person: tuple[str, str] = ("", ""),
) -> tuple[int, Entry]:
    """Add a promise like `make_promise`, and return with its id the event, for who appends it together with others."""
    said = short_subject(subject)
    late = late_at or due_at
    made = promises.add_promise(
        *(held.tx, held.id, kind),
        subject=said,
        at=held.now,
        due_at=due_at,
        late_at=late,
        team_id=team_id,
        person=person,
    )
    told = {
        "promise": made,
        "kind": kind,
        "due": due_at.isoformat(timespec="minutes"),
        "to": person[1],
        "subject": said,
    }
    return made, held.entry("promise_made", "agent", **{name: value for name, value in told.items() if value})


def end_promise(
    held: Held, one: Promise, event: str, reason: str = "", said: Mapping[str, object] | None = None
) -> None:
    """Let a step happen to a promise of a session taken for change; Refusal as `step_promise`."""
    try:
        promises.step_promise(
            *(held.tx, one, event),
            at=held.now,
            actor=held.actor,
            by=held.by,
            reason=short_reason(reason),
            said=said,
        )
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
