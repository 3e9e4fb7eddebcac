"""A screen share of a sample session, played from its code to the customer's stop."""

from agent_desk.actions.answer_share import answer_share
from agent_desk.actions.choose_words import choose_words
from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.leave_share import leave_share
from agent_desk.actions.look_at_share import look_at_share
from agent_desk.actions.note_share import note_share
from agent_desk.actions.share_views import Happening
from agent_desk.actions.try_code import try_code
from agent_desk.rules.share import ShareEnd

BROWSER = "sample"


def play_share(ctx: Context, session_id: int, digits: str) -> None:
    """Type the code, accept, read the words aloud, show the screen, stop."""
    door = door_of(ctx)
    token = try_code(door, digits, "sample", BROWSER).token
    note_share(door, token, BROWSER, Happening.JOINED)
    words = answer_share(door, token, BROWSER, True).words
    shown = look_at_share(ctx, session_id)
    if words is not None and shown is not None:
        choose_words(ctx, session_id, shown.choices.index(words))
    note_share(door, token, BROWSER, Happening.STARTED)
    leave_share(door, token, BROWSER, ShareEnd.BY_CUSTOMER)
