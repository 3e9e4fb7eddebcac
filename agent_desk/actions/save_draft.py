"""Half a second after a keystroke: what was typed is kept."""

from dataclasses import replace

from sqlalchemy import Connection

from agent_desk.actions.bounds import within_bounds
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.listing import listed
from agent_desk.actions.record import clock_back_minutes, take
from agent_desk.actions.site_catalogue import reference_of
from agent_desk.actions.views import Saved
from agent_desk.rules.feasibility import serves
from agent_desk.rules.identity import equipment_key
from agent_desk.rules.session import Content, Feasibility, Line, Step
from agent_desk.storage.questions import known_answers
from agent_desk.storage.sessions import change_session, write_draft


def save_draft(ctx: Context, session_id: int, revision: int, content: Content, step: Step, field: str) -> Saved:
    """Keep what was typed, whole or not at all; no event. Refusal `changed_elsewhere` when `revision` is not the last.

    Ticks, protection times, feasibility answers and the tariff told are events of their own actions: typing never changes them,
    and `Saved.content` tells what stands. What exceeds its bound is named in `Saved.adjusted`.
    """
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        if held.record.revision != revision:
            raise Refusal("changed_elsewhere")
        content, adjusted = within_bounds(content, held.record.content)
        kept = _with_recorded_answers(tx, content, held.record.content)
        stands = {"step": step, "field": field[:200], "saved_at": held.now} | held.time_at_step()
        write_draft(tx, session_id, kept, revision=revision + 1, **stands)
        if listed(ctx.reference, kept, session_id) != listed(ctx.reference, held.record.content, session_id):
            change_session(tx, session_id, **listed(reference_of(ctx, tx), kept, session_id))
    return Saved(revision + 1, held.now, kept, adjusted, clock_back_minutes(held.record, held.now))


def _with_recorded_answers(tx: Connection, typed: Content, stored: Content) -> Content:
    prerequisites = typed.prerequisites
    if prerequisites != stored.prerequisites:
        same = prerequisites.platform == stored.prerequisites.platform
        answer = stored.prerequisites.platform_feasibility if same else Feasibility.NOT_ASKED
        prerequisites = replace(prerequisites, platform_feasibility=answer)
    closing = replace(
        typed.closing,
        protection_off_at=stored.closing.protection_off_at,
        protection_on_at=stored.closing.protection_on_at,
    )
    same_call = typed.call.started_at == stored.call.started_at
    call = replace(typed.call, tariff_told=stored.call.tariff_told if same_call else "")
    lines = typed.lines if typed.lines == stored.lines else _lines(tx, typed.lines, stored.lines)
    return replace(typed, call=call, prerequisites=prerequisites, closing=closing, lines=lines, ticks=stored.ticks)


def _lines(tx: Connection, typed: tuple[Line, ...], stored: tuple[Line, ...]) -> tuple[Line, ...]:
    answered = {
        equipment_key(line.equipment): line.feasibility
        for line in stored
        if line.feasibility is not Feasibility.NOT_ASKED
    }
    known = known_answers(tx, [line.equipment for line in typed if equipment_key(line.equipment) not in answered])
    found = {key: serves(one.verdict) for key, one in known.items() if one.verdict is not None} | answered
    return tuple(
        replace(line, feasibility=found.get(equipment_key(line.equipment), Feasibility.NOT_ASKED)) for line in typed
    )
