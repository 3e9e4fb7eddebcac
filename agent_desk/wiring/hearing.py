"""How a desk hears of what others change."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agent_desk.adapters.notices import Notices
from agent_desk.storage.addresses import listening

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

CHANNELS = ("agent_desk_presence", "agent_desk_handover", "agent_desk_help", "agent_desk_promise", "agent_desk_review")


def listen(
    ctx: "Context", on_notice: Callable[[str, str], None], on_back: Callable[[], None]
) -> Callable[[], None] | None:
    """Have every notice told, in a thread of its own, until what is returned is called; None where nothing is told."""
    if ctx.database.dialect == "sqlite":
        return None
    url = ctx.database.engine.url.render_as_string(hide_password=False)
    notices = Notices(listening(url, ctx.settings.signal_database_url), CHANNELS)
    notices.start(on_notice, on_back)
    return notices.close
