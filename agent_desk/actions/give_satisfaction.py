"""The customer says whether they were satisfied, once, through the link in their mail."""

from agent_desk.actions.door import Door
from agent_desk.actions.look_at_link import look_at_link
from agent_desk.actions.personal_links import fingerprint
from agent_desk.rules.links import Purpose
from agent_desk.rules.satisfaction import Satisfaction
from agent_desk.storage.events import Entry
from agent_desk.storage.guest import tell
from agent_desk.storage.links import keep_satisfaction, use_link


def give_satisfaction(door: Door, token: str, answer: Satisfaction) -> bool:
    """Write the answer; False where one was given before, which stands. Refusal `link_gone`.

    The event says that it was answered, not what: the team reads its chain.
    """
    if look_at_link(door, token, Purpose.SATISFACTION).used_at is not None:
        return False
    now, mark = door.clock.now(), fingerprint(token)
    with door.database.write() as tx:
        used = use_link(tx, mark, now)
        if used is None:
            return False
        keep_satisfaction(tx, mark, answer, now)
        tell(tx, used.session_id, Entry("link_used", {"purpose": Purpose.SATISFACTION}, "customer"), at=now)
    return True
