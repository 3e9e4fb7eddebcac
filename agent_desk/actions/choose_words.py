"""The customer reads two words aloud, and the agent picks them out of three pairs: only then is a screen let in."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import take
from agent_desk.actions.share_views import ShareView
from agent_desk.actions.shares import end_session_share, shown, unended_share
from agent_desk.rules.gate_facts import may_see_screen
from agent_desk.rules.share import PAIRS, ShareEnd, ShareState
from agent_desk.storage.consents import read_consents
from agent_desk.storage.shares import admit_share


def choose_words(ctx: Context, session_id: int, place: int) -> ShareView:
    """Let the screen in if the pair at `place` (0, 1, 2) is the right one; a wrong one ends the share.

    Refusal `share_gone`, `share_wrong_state` while no words are waited for, `share_no_consent` without the customer's
    yes on the page.
    """
    with ctx.database.write() as tx:
        held = take(ctx, tx, session_id)
        share = unended_share(held)
        if share.state is not ShareState.WAITING or place not in range(PAIRS):
            raise Refusal("share_wrong_state")
        if not may_see_screen(read_consents(tx, session_id)):
            raise Refusal("share_no_consent")
        if place == share.right:
            admit_share(tx, share.id, held.now)
            held.note("share_admitted")
        else:
            end_session_share(held, ShareEnd.WRONG_WORDS)
        return shown(held)
