"""A confirmation sent once more, at a click or by one key, from the session or from its story in the Journal."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from agent_desk import late
from agent_desk.actions.views import MailView, Timeline
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import button, on_click
from agent_desk.rules.session import State

DUPLICATE_KEY = "Ctrl+Shift+D"


def send_duplicate(desk: Desk, session_id: int, owner: QObject) -> None:
    """Send the session's confirmation once more, and say where it goes."""

    def sent(mail: MailView) -> None:
        words = desk.wording
        desk.told.emit(
            words.text("duplicate.sent", to=mail.recipient) if mail.recipient else words.text("duplicate.held")
        )
        desk.sessionChanged.emit(session_id)
        desk.mailsChanged.emit()

    desk.run(lambda ctx: late.send_duplicate(ctx, session_id), sent, owner=owner)


class Duplicate(QObject):
    """A button beside a story; hidden where the session is not closed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._story: Timeline | None = None
        self.button = on_click(button(icon_name="mail", name="send_duplicate"), self.begin)
        self.button.hide()

    def show_story(self, story: Timeline | None) -> None:
        """Offer this story's session."""
        self._story = story
        self.button.setVisible(story is not None and story.session.state is State.CLOSED)

    def begin(self) -> None:
        """Send it; nothing where no closed session is shown."""
        if self._story is not None and self._story.session.state is State.CLOSED:
            send_duplicate(self._desk, self._story.session.id, owner=self)

    def retranslate(self) -> None:
        """Put every text in the language of the moment."""
        self.button.setAccessibleName(self.tr("Send the confirmation once more"))
        self.button.setToolTip(f"{self.button.accessibleName()}   {DUPLICATE_KEY}")
        self.button.setShortcut(QKeySequence(DUPLICATE_KEY))
