"""What `deskctl catalogue` answers about changes of prices and texts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agent_desk.console.answer import Answer, columns
from agent_desk.formats import format_cents
from agent_desk.rules.catalogue_changes import CENTS, Value
from agent_desk.wording import Wording

if TYPE_CHECKING:
    from agent_desk.actions.change_views import ChangePreview, ChangesView, ChangeView


def show_changes(view: "ChangesView", wording: Wording) -> Answer:
    """Return every change, the last proposal first."""
    rows = [_row(one, wording) for one in view.changes]
    lines = columns(rows, right={0}) if rows else (wording.text("deskctl.no_changes"),)
    return Answer([_plain(one) for one in view.changes], lines)


def show_proposed(number: int, wording: Wording) -> Answer:
    """Return the number under which the other person finds it."""
    return Answer({"change": number}, (wording.text("deskctl.change_proposed", change=number),))


def show_step(one: "ChangeView", wording: Wording) -> Answer:
    """Return how a change stands after a step."""
    state = wording.text(f"change_states.{one.state}")
    return Answer(_plain(one), (wording.text("deskctl.change_done", change=one.id, state=state),))


def show_preview(preview: "ChangePreview", wording: Wording) -> Answer:
    """Return old and new at each place where they differ, and why it cannot be proposed, if so."""
    value = {
        "fault": preview.fault,
        "before": dict(preview.before),
        "places": [{"place": one.place, "before": one.before, "after": one.after} for one in preview.places],
    }
    lines = [line for one in preview.places for line in _beside(one.place, one.before, one.after, wording)]
    if preview.fault is not None:
        lines.append(wording.text(f"errors.{preview.fault}"))
    return Answer(value, tuple(lines))


def _beside(place: str, before: tuple[str, ...], after: tuple[str, ...], wording: Wording) -> Iterator[str]:
    yield wording.text(f"change_places.{place}")
    yield from (f"  - {line}" for line in before)
    yield from (f"  + {line}" for line in after)


def _row(one: "ChangeView", wording: Wording) -> tuple[str, ...]:
    return (
        str(one.id),
        wording.text(f"change_states.{one.state}"),
        one.proposal.valid_from.isoformat(),
        wording.text(f"change_kinds.{one.proposal.kind}"),
        one.proposal.subject,
        in_short(one.proposal.value, wording),
        one.by,
    )


def in_short(value: Value, wording: Wording) -> str:
    """Return a price; of a text nothing, for it has no short form."""
    cents = value.get(CENTS)
    return format_cents(cents, wording.language) if isinstance(cents, int) else ""


def _plain(one: "ChangeView") -> dict[str, object]:
    proposal = one.proposal
    return {
        "change": one.id,
        "kind": proposal.kind,
        "subject": proposal.subject,
        "before": dict(one.before),
        "value": dict(proposal.value),
        "valid_from": proposal.valid_from.isoformat(),
        "reason": proposal.reason,
        "state": one.state,
        "by": one.by,
        "at": one.at.isoformat(),
        "steps": [
            {"step": step.step, "by": step.by, "at": step.at.isoformat(), "reason": step.reason} for step in one.steps
        ],
    }
