"""What other desks change, as the database tells it: listened to while somebody wants to know, on a connection of its own."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from agent_desk.desktop.desk import Desk

ANEW = ""  # the connection was made, or made again: what was told meanwhile is lost


class Hearing(QObject):
    """Passes on what is told; a database that tells nothing, such as SQLite, leaves `is_told` False."""

    heard = Signal(str, str)  # channel, payload; ANEW both: look at everything

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self._wanted: set[str] = set()
        self._close: Callable[[], None] | None = None
        self._asking = False

    @property
    def is_told(self) -> bool:
        """Tell whether changes are told, so that nobody need look for them."""
        return self._close is not None

    def listen(self, *, wanted: bool, by: str) -> None:
        """Listen from now on, or not any more once nobody wants it: `by` names who does."""
        if wanted != (by in self._wanted):
            (self._wanted.add if wanted else self._wanted.discard)(by)
            self._follow()

    def _follow(self) -> None:
        if self._asking or self._desk.background.closed:
            return
        if self._wanted and self._close is None:
            self._asking = True
            self._desk.run(
                lambda ctx: self._desk.site.listen(ctx, self._tell, lambda: self._tell(ANEW, ANEW)),
                self._begun,
                lambda _error: self._begun(None),
                owner=self,
            )
        elif not self._wanted and self._close is not None:
            close, self._close = self._close, None
            self._desk.run(lambda _ctx: close(), away=True)

    def _begun(self, close: Callable[[], None] | None) -> None:
        self._asking = False
        self._close = close
        if close is not None and not self._wanted:
            self._follow()

    def _tell(self, channel: str, payload: str) -> None:
        self.heard.emit(channel, payload)  # from the listener's thread
