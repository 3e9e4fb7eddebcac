"""What must be known before anything else: guessing, a site that sends no mails, what this workstation cannot do."""

from agent_desk.actions.views import TodayView
from agent_desk.desktop.boxes import Notice
from agent_desk.desktop.desk import Desk
from agent_desk.formats import format_short_moment

MOST_TOLD = 3


class TodayNotices:
    """Four notices above the lists of Today, each hidden while it has nothing to say."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.alarm = Notice()
        self.alarm.setObjectName("guessing_alarm")
        self.trouble = Notice()
        self.trouble.setObjectName("site_trouble")
        self.doubtful = Notice()
        self.doubtful.setObjectName("doubtful")
        self.limits = Notice()

    @property
    def all(self) -> tuple[Notice, ...]:
        """The notices from top to bottom."""
        return self.alarm, self.trouble, self.doubtful, self.limits

    def tell(self, view: TodayView) -> None:
        """Say what holds now."""
        self._tell_limits()
        self._tell_alarm(view)
        self._tell_trouble(view)
        self._tell_doubtful(view)

    def _tell_limits(self) -> None:
        """Say calmly what this workstation cannot do: no keyring, no relay."""
        desk, text = self._desk, self._desk.wording.text
        told = [] if not desk.ready or desk.context.secrets.usable else [text("errors.keyring_unusable")]
        if desk.settings.relay_state != "configured" and desk.settings.mail_sender == "desk":
            told.append(text("errors.relay_not_configured"))
        self.limits.tell("\n".join(told), "acc")

    def _tell_alarm(self, view: TodayView) -> None:
        """Say that somebody is guessing codes, and that nobody loses a screen over it."""
        since = view.guessing_since
        time = f"{since.astimezone():%H:%M}" if since is not None else ""
        self.alarm.tell(self._desk.wording.text("share_notes.guessing", time=time) if time else "", "bad")

    def _tell_trouble(self, view: TodayView) -> None:
        """Say what the site's service should have done: sent mails, found every decision unchanged."""
        text, since = self._desk.wording.text, view.mails_wait_since
        told = []
        if since is not None:
            told.append(text("errors.no_mailer", time=f"{since.astimezone():%H:%M}"))
        if view.sms_wait_since is not None:
            told.append(text("errors.no_sms_gateway", time=f"{view.sms_wait_since.astimezone():%H:%M}"))
        if view.decisions_wrong:
            told.append(text("errors.decisions_differ", count=view.decisions_wrong))
        self.trouble.tell("\n".join(told), "warn")

    def _tell_doubtful(self, view: TodayView) -> None:
        """Say which call-backs and visits that were agreed must be looked at again: a day has become a holiday, say."""
        words = self._desk.wording
        told = [
            words.text(
                f"doubtful.{one.kind}",
                number=one.number,
                when=format_short_moment(one.at.astimezone(), self._desk.language),
                why=", ".join(words.text(f"doubts.{doubt}") for doubt in one.doubts),
            )
            for one in view.doubtful[:MOST_TOLD]
        ]
        more = len(view.doubtful) - len(told)
        self.doubtful.tell("\n".join([*told, *([words.text("doubtful.more", count=more)] if more else [])]), "warn")
