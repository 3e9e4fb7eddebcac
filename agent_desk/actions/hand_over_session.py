"""A session goes to a colleague or a team, with three short fields and all it holds."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.live_codes import end_live_code
from agent_desk.actions.load_session import view
from agent_desk.actions.record import Held, take
from agent_desk.actions.shares import end_session_share
from agent_desk.actions.views import SessionView
from agent_desk.rules.handover import Receiver, Words
from agent_desk.rules.share import ShareEnd
from agent_desk.storage.acting import Acting, acting
from agent_desk.storage.appointments import booked_in, team_of_session
from agent_desk.storage.facts import Fact, note
from agent_desk.storage.handovers import add_handover, give_to_team, on_their_way, receivers
from agent_desk.storage.presence import forget_presence


def hand_over_session(ctx: Context, session_id: int, version: int, to: Receiver, words: Words) -> SessionView:
    """Put the session aside for `to`, and return it as it is then; its screen share ends, its code is put out.

    Refusal `handover_nobody` where nobody signed in or `to` is not there any more, `handover_empty` without a word,
    `handed_over` while it waits for somebody already, `appointment_waits` where another agent's team is to call back.
    """
    said = words.shortened()
    if not said:
        raise Refusal("handover_empty")
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id, version=version)
        who = acting(tx)
        if who is None or to not in receivers(tx, who.mark):
            raise Refusal("handover_nobody")
        return give(held, who, to, said)


def give(held: Held, who: Acting, to: Receiver, words: Words) -> SessionView:
    """Put a session taken for change aside for `to`, as the last thing its transaction does: it may be out of sight then.

    Refusal `handed_over` while it waits for somebody already, `appointment_waits` where its own team is to call back.
    """
    if on_their_way(held.tx, [held.id]):
        raise Refusal("handed_over")
    if to.team_id != team_of_session(held.tx, held.id) and booked_in(held.tx, held.id) is not None:
        raise Refusal("appointment_waits")
    known_by = _put_aside(held, who, to, words)
    after = view(held.ctx, held.tx, held.id)
    give_to_team(held.tx, held.id, to.team_id)
    note(held.tx, known_by)  # in place of an event, which is out of sight too
    return after


def _put_aside(held: Held, who: Acting, to: Receiver, words: Words) -> Fact:
    end_live_code(held, "revoked")
    end_session_share(held, ShareEnd.BY_AGENT)
    forget_presence(held.tx, held.id, held.ctx.settings.agent_id)  # out of sight, nobody could do it later
    made = add_handover(held.tx, held.id, who, to, words, held.now)
    held.move(parked_at=held.record.parked_at or held.now)
    said = {"tried": words.tried, "seen": words.seen, "promised": words.promised}
    held.note("session_handed_over", to=to.name, **{name: text for name, text in said.items() if text})
    return made
