"""How a live code ends without having been used."""

from collections.abc import Iterable

from agent_desk.actions.context import Context
from agent_desk.actions.record import EVERY_STATE, Held, take
from agent_desk.rules.clocks import CODE_LIFE
from agent_desk.storage.codes import end_code, live_codes, live_of_session
from agent_desk.storage.events import Entry

LIFE_MINUTES = int(CODE_LIFE.total_seconds()) // 60


def end_live_code(held: Held, state: str, actor: str = "") -> None:
    """End the session's live code, if it has one, as `state` or as expired where its time was over already."""
    held.append(*end_code_quietly(held, state, actor))


def end_code_quietly(held: Held, state: str, actor: str = "") -> tuple[Entry, ...]:
    """Do the same, and return the event still to append, if there is one."""
    code = live_of_session(held.tx, held.id)
    if code is None:
        return ()
    if not code.is_open(held.now):
        state, actor = "expired", "system"
    end_code(held.tx, code.id, state, held.now)
    return (held.entry(f"code_{state}", actor, **({"minutes": LIFE_MINUTES} if state == "expired" else {})),)


def end_lapsed_codes(ctx: Context) -> None:
    """End every code whose time is over."""
    with ctx.database.read() as tx:
        lapsed = [code.session_id for code in live_codes(tx) if not code.is_open(ctx.clock.now())]
    _end(ctx, lapsed, "expired")


def end_live_codes(ctx: Context, state: str) -> int:
    """End every live code as `state`; return how many there were."""
    with ctx.database.read() as tx:
        live = [code.session_id for code in live_codes(tx)]
    _end(ctx, live, state)
    return len(live)


def _end(ctx: Context, session_ids: Iterable[int], state: str) -> None:
    for session_id in session_ids:  # one transaction each: two sessions are never locked at once
        with ctx.database.write() as tx:
            end_live_code(take(ctx, tx, session_id, states=EVERY_STATE), state, actor="system")
