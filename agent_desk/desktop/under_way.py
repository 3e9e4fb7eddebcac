"""Long work under way in a worker: how far it is, and a way to stop it."""

from dataclasses import dataclass


class Stopped(Exception):
    """The agent stopped the work; nothing is wrong."""


@dataclass(slots=True)
class UnderWay:
    """Written by the worker, read by the screen now and then; whole numbers and flags need no lock."""

    count: int = 0
    stopped: bool = False

    def seen(self, count: int) -> None:
        """Note how much is done; Stopped once the agent wants no more of it."""
        self.count = count
        if self.stopped:
            raise Stopped
