"""What the gateway may ask of the program: actions of the customer's side, each in a worker thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from agent_desk import late
from agent_desk.actions.errors import Refusal
from agent_desk.gateway.answers import Refused
from agent_desk.logfile import told

if TYPE_CHECKING:
    from agent_desk.actions.door import Door

Result = TypeVar("Result")
WORKERS = 4
MOST_WAITING = 400
FIRST = ("count_attempts", "try_code", "look_at_door", "shares_state", "end_due_shares")


class Guests:
    """The door, opened by several threads; what the database cannot answer is `unavailable`, and nobody gets in."""

    def __init__(self, door: "Door") -> None:
        self.door = door
        self._workers = ThreadPoolExecutor(WORKERS, "gateway")
        self._waiting = 0

    def now(self) -> datetime:
        """Return the present moment."""
        return self.door.clock.now()

    async def ask(self, job: "Callable[[Door], Result]") -> Result:
        """Return what `job(door)` answers; Refusal as the action says no, Refused when it could not be asked."""
        if self._waiting >= MOST_WAITING:
            raise Refused("unavailable")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._workers, job, self.door)
        except (Refusal, Refused):
            raise
        except Exception as error:
            told(error)
            raise Refused("unavailable") from error
        finally:
            self._waiting -= 1

    async def warm_up(self) -> None:
        """Load what the first code would wait for."""
        await self.ask(lambda _door: [getattr(late, name) for name in FIRST])

    def close(self) -> None:
        """Wait for what is under way; what has not begun is dropped."""
        self._workers.shutdown(cancel_futures=True)
