"""The call itself, above the customer's form: what its channel costs, to be told, and how long somebody answers (3.2)."""

from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from agent_desk.desktop.desk import Desk
from agent_desk.desktop.widgets import Elided, button, chip, label, on_click, set_text
from agent_desk.formats import format_day, format_hour
from agent_desk.rules.call_cost import Opening, must_announce, opening
from agent_desk.rules.session import Call, CallChannel, Territory
from agent_desk.rules.territories import local

TELL_KEY = "Ctrl+T"


class CallPanel(QFrame):
    """One line: tariff, opening hours, and the button that notes that the tariff was told."""

    tell = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: object = None
        self.setObjectName("call_panel")
        self.cost = Elided()
        self.cost.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.hours = label(role="muted")
        self.told = chip()
        self.tell_button = on_click(button(icon_name="euro", name="tell_tariff"), self.tell.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.setMinimumHeight(self.tell_button.sizeHint().height())  # nothing jumps once it is told
        row.addWidget(self.cost, 1)
        row.addWidget(self.hours)
        row.addWidget(self.told)
        row.addWidget(self.tell_button)

    def show_call(self, call: Call, *, ended: bool) -> None:
        """Show what holds for this call now; nothing is drawn anew where nothing differs."""
        now, language = self._desk.clock.now(), self._desk.language
        state = opening(self._desk.reference.channels[call.channel], now)
        wanted = (call, ended, state, language)
        if wanted == self._shown:
            return
        self._shown = wanted
        facts = self._desk.reference.channels[call.channel]
        must = must_announce(facts, call) and not ended
        self.cost.set_whole(self._desk.wording.text(f"channel_costs.{call.channel}"))
        set_text(self.hours, self._hours(call.channel, state, now))
        self.setToolTip("\n".join(self._line(one, now) for one in self._desk.reference.channels))
        self.told.setVisible(facts.announced and call.tariff_told == call.channel)
        told = self.tr("Tariff told")
        set_text(self.told, f"✓ {told}")
        self.tell_button.setText(f"{told}  {TELL_KEY}")
        self.tell_button.setVisible(must)

    def _line(self, channel: CallChannel, now: datetime) -> str:
        state = opening(self._desk.reference.channels[channel], now)
        hours = self._hours(channel, state, now)
        name, cost = (self._desk.wording.text(f"{table}.{channel}") for table in ("channels", "channel_costs"))
        return f"{name} · {cost} · {hours}"

    def _hours(self, channel: CallChannel, state: Opening, now: datetime) -> str:
        """Return how long a channel answers, or when it does again."""
        text = self._desk.wording.text
        if state.until is None:
            return text("channel_hours.never")
        if state.is_open:
            return text("channel_hours.open", at=format_hour(state.until, self._desk.language))
        return text("channel_hours.closed", at=self._moment(state.until, now))

    def _moment(self, until: datetime, now: datetime) -> str:
        """Return an hour, with its day where that is not today."""
        hour = format_hour(until, self._desk.language)
        days = (until.date() - local(now, Territory.METROPOLE).date()) // timedelta(days=1)
        if days == 0:
            return self.tr("at %1").replace("%1", hour)
        day = self.tr("tomorrow") if days == 1 else format_day(until.date(), self._desk.language)
        return self.tr("%1 at %2").replace("%1", day).replace("%2", hour)
