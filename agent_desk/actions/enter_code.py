"""A customer types a code: the try is counted, and compared where the limits allow it (4.6)."""

from agent_desk.actions.count_attempts import count_attempts
from agent_desk.actions.door import Door
from agent_desk.actions.errors import Refusal
from agent_desk.actions.share_views import Entered
from agent_desk.actions.try_code import try_code
from agent_desk.rules.guessing import ALLOW, SITE_LIMIT


def enter_code(door: Door, digits: str, source: str, browser: str) -> Entered:
    """Count and compare; Refusal `code_refused`, or `source_busy` and `site_busy` with `retry_after` in seconds."""
    (found,) = count_attempts(door, [source])
    if found.answer is not ALLOW:
        code = "site_busy" if found.answer is SITE_LIMIT else "source_busy"
        raise Refusal(code, values={"retry_after": found.retry_after})
    return try_code(door, digits, source, browser)
