"""What the gateway may ask of the program: actions of the customer's side, each in a worker thread."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from agent_desk import late
from agent_desk.actions.errors import Refusal
from agent_desk.gateway.answers import Refused

if TYPE_CHECKING:
    from agent_desk.actions.door import Door

Result = TypeVar("Result")
WORKERS = 4
MOST_WAITING = 400
FIRST = ("count_attempts", "try_code", "look_at_door", "shares_state", "end_due_shares")
MINUTE = 60.0
MOST_NOTED = 1000
_noted: dict[str, float] = {}  # what the log said last, and when; a repetition tells nothing
_log = logging.getLogger(__name__)


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


def told(error: BaseException) -> None:
    """Write to the log what failed and where, once a minute, without a word of what was in it."""
    code = getattr(error, "code", "")
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place is not None else "nowhere"
    note(logging.ERROR, f"{type(error).__name__} {code} in {where}")


def note(level: int, text: str) -> None:
    """Write a line to the log, unless the same was written in the last minute."""
    now = monotonic()
    if now - _noted.get(text, -MINUTE) < MINUTE:
        return
    if len(_noted) >= MOST_NOTED:
        _noted.clear()
    _noted[text] = now
    _log.log(level, "%s", text)
