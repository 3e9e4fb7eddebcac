"""The one place that loads heavy modules on demand: `late.close_session(...)` imports its action at first use.

Call it in a worker thread (`desk.run(lambda ctx: late.close_session(ctx, ...))`), never while the first window is painted.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent_desk.actions.close_session import close_session as close_session


def load(place: str) -> Any:
    """Return what stands at "package.module:name", imported now: a screen at its first visit, wiring after the paint."""
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def __getattr__(name: str) -> Any:
    """Return the action called `name` from the file of the same name."""
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(import_module(f"agent_desk.actions.{name}"), name)
