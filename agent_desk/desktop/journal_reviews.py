"""What the Journal offers to who reviews: how many sessions wait, the next of them in one key, and the rules."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from agent_desk import late
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.review_rules import ReviewRules
from agent_desk.desktop.screen import Command
from agent_desk.desktop.widgets import button, on_click, set_property
from agent_desk.formats import format_number

REVIEW_KEY = "F9"
CAP = 1000


class JournalReviews(QObject):
    """A button with the count, which shows what waits and then goes on to `next_one`; nothing for who does not review."""

    drawn = Signal()

    def __init__(self, desk: Desk, next_one: Callable[[], None]) -> None:
        super().__init__()
        self._desk = desk
        self._next = next_one
        self._waiting: int | None = None
        self.rules = ReviewRules(desk)
        self.rules.changed.connect(self.draw)
        self.button = on_click(button(name="to_review"), next_one)
        self.rules_button = on_click(button(name="open_review_rules"), self.rules.open)
        for made in (self.button, self.rules_button):
            made.hide()

    def draw(self) -> None:
        """Let what ended since the last look be drawn; who does not review draws nothing."""
        if self._waiting is not None:
            self._desk.run(lambda ctx: late.draw_reviews(ctx), lambda _nothing: self.drawn.emit(), owner=self)  # noqa: PLW0108 (loaded in the worker)

    def tell(self, waiting: int | None) -> None:
        """Say how many wait for a review; None hides all of it. The first time it also draws."""
        first = self._waiting is None and waiting is not None
        self._waiting = waiting
        for made in (self.button, self.rules_button):
            made.setVisible(waiting is not None)
        self.retranslate()
        if first:
            self.draw()

    def commands(self) -> list[Command]:
        """Offer the same in the palette."""
        if self._waiting is None:
            return []
        return [
            Command(self.tr("Next session to review"), self._next, REVIEW_KEY, "eye"),
            Command(self.tr("Which sessions are reviewed"), self.rules.open, "", "settings"),
        ]

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        waiting = self._waiting or 0
        count = format_number(waiting, self._desk.language) + ("+" if waiting >= CAP else "")
        set_property(self.button, "kind", "primary" if waiting else "")
        self.button.setText(self.tr("To review ({0})").format(count) + f"   {REVIEW_KEY}")
        self.button.setShortcut(REVIEW_KEY)  # a new text takes the old shortcut away
        self.rules_button.setText(self.tr("Rules…"))
        self.rules_button.setAccessibleName(self.tr("Which sessions are reviewed"))
        self.rules.retranslate()
