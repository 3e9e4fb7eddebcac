"""A check of the log under way in a worker: how far it is, and a way to stop it."""

from dataclasses import dataclass


class Stopped(Exception):
    """The agent stopped the check; nothing is wrong."""


@dataclass(slots=True)
class LogCheck:
    """Written by the worker, read by the screen now and then; whole numbers and flags need no lock."""

    events: int = 0
    stopped: bool = False

    def seen(self, events: int) -> None:
        """Note how many events are checked; Stopped once the agent wants no more of it."""
        self.events = events
        if self.stopped:
            raise Stopped
