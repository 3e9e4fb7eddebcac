"""A call comes in."""

from agent_desk.actions.context import Context
from agent_desk.actions.open_session import open_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.rules.session import Call, CallChannel, Content, Customer, State, Step
from tests.support.desks import CLAIRE, NOON


def test_a_session_opens_as_a_draft_with_the_call_and_a_number(ctx: Context) -> None:
    call = Call(CallChannel.CHAT, NOON)
    view = open_session(ctx, call)
    assert (view.state, view.step, view.version, view.revision) == (State.DRAFT, Step.CUSTOMER, 1, 1)
    assert view.content == Content(call=call)
    assert view.number == f"S-2026-{view.id:06d}"
    assert (view.agent, view.opened_at) == ("Nadia Leroy", NOON)


def test_numbers_never_repeat(ctx: Context) -> None:
    numbers = [open_session(ctx, Call()).number for _ in range(5)]
    assert len(set(numbers)) == 5


def test_a_repeat_caller_is_filled_in(ctx: Context) -> None:
    assert open_session(ctx, Call(), CLAIRE).content.customer == CLAIRE


def test_an_endless_name_is_kept_rather_than_refused(sqlite_ctx: Context) -> None:
    view = open_session(sqlite_ctx, Call(), Customer(surname="x" * 10_000))
    assert len(view.content.customer.surname) == 10_000


def test_opening_is_the_first_event(ctx: Context) -> None:
    view = open_session(ctx, Call(CallChannel.CHAT))
    (event,) = read_timeline(ctx, view.id).events
    assert (event.seq, event.kind, event.actor) == (1, "session_opened", "agent")
    assert event.payload == {"by": "Nadia Leroy", "channel": "chat"}
