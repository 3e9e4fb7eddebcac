"""The promises that come next, with their clocks; the first of all is one key away."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from agent_desk import late
from agent_desk.actions.views import DueItem, TodayView
from agent_desk.desktop.boxes import Card, Section
from agent_desk.desktop.desk import Desk
from agent_desk.desktop.session_list import local_time
from agent_desk.desktop.widgets import Elided, button, chip, label, line, on_click, rule
from agent_desk.formats import format_short_moment
from agent_desk.rules.promise import Promise, PromiseKind, Urgency, urgency

NEXT_KEY = "F9"
MOST_ROWS = 8
# Kept by telephone, also by who does not see the session any more.
SPOKEN = frozenset({PromiseKind.CALL_BACK, PromiseKind.ANSWER})
TONES = {Urgency.LATER: "", Urgency.SOON: "acc", Urgency.DUE: "warn", Urgency.MISSED: "bad"}


class PromiseCard(Card):
    """Rows in the order in which they must be kept; hidden where nothing was promised."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("promises")
        self._desk = desk
        self._shown: tuple[Promise, ...] = ()
        self._more = 0
        self._urgencies: tuple[Urgency, ...] = ()
        self.box.setContentsMargins(1, 13, 1, 6)
        self.heading.setContentsMargins(15, 0, 15, 0)
        self.rows = Section()
        self.rows.heading.hide()
        self.box.addWidget(self.rows)
        self.hide()

    def show_promises(self, promises: Sequence[Promise], more: int, now: datetime) -> None:
        """Show what comes next; `more` wait behind them. Rows are made anew only where something is otherwise."""
        shown = tuple(promises[:MOST_ROWS])
        urgencies = tuple(urgency(one, now) for one in shown)
        if (shown, more, urgencies) == (self._shown, self._more, self._urgencies):
            return
        self._shown, self._more, self._urgencies = shown, more, urgencies
        self.setVisible(bool(shown))
        self.rows.clear()
        for place, one in enumerate(shown):
            self.rows.add(rule())
            self.rows.add(PromiseRow(self._desk, one, now, first=place == 0))
        if more:
            behind = label(self.tr("%n more promise(s) behind these", "", more), "muted")
            behind.setContentsMargins(15, 6, 15, 6)
            self.rows.add(behind)

    def retranslate(self) -> None:
        """Put the texts in the language of the moment."""
        self.set_title(self.tr("Promised: what comes next   {0}").format(NEXT_KEY))
        self._urgencies = ()


class PromiseRow(QWidget):
    """What was promised to whom, until when, and the button that goes there."""

    def __init__(
        self, desk: Desk, one: Promise, now: datetime, *, first: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"promise_{one.id}")
        words = desk.wording
        how = urgency(one, now)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label(words.text(f"promises.{one.kind}"), "strong"))
        self.clock = chip(promise_clock(desk, one, now), TONES[how])
        top.addWidget(self.clock)
        whose = one.person or (words.text("promises.team") if one.team_id else "")
        top.addWidget(Elided(text=whose, role="muted"))
        top.addStretch(1)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addLayout(top)
        phone = one.phone if one.kind in SPOKEN else ""
        said = " · ".join(part for part in (one.customer, phone, one.number, one.subject) if part)
        texts.addWidget(line(Elided(text=said, role="muted"), None))
        self.open = button(self.tr("Open"), "primary" if first else "", name=f"keep_{one.id}")
        on_click(self.open, lambda: desk.promiseRequested.emit(one))
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 9, 15, 9)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        if not one.person and desk.ready and desk.context.person:
            self.take = button(self.tr("I take it"), name=f"take_promise_{one.id}")
            on_click(self.take, lambda: step(desk, one, "promise_taken"))
            row.addWidget(self.take)
        if one.kind is PromiseKind.ANSWER:
            self.told = button(self.tr("The customer was told"), name=f"told_{one.id}")
            on_click(self.told, lambda: step(desk, one, "promise_kept"))
            row.addWidget(self.told)
        row.addWidget(self.open)


def next_thing(view: TodayView) -> Promise | DueItem | None:
    """Return what has to be done next: of promises and of the clocks of open sessions, what went wrong before all else."""
    first = next(iter(view.promised.promises), None) if view.promised is not None else None
    item = next(iter(view.due), None)
    if first is None or item is None:
        return first or item
    return first if first.on_top or first.due_at <= item.at else item


def promise_clock(desk: Desk, one: Promise, now: datetime) -> str:
    """Return when a promise is due, and that it was missed or goes wrong, in words."""
    when = local_time(one.due_at, now) or format_short_moment(one.due_at.astimezone(), desk.language)
    return desk.wording.text(f"urgencies.{urgency(one, now)}", when=when)


def step(desk: Desk, one: Promise, event: str) -> None:
    """Let whoever sits here take a promise of their team, or say that it is kept."""
    desk.run(
        lambda ctx: late.step_promise(ctx, one.id, one.version, event),
        lambda _after: desk.promisesChanged.emit(),
        owner=desk,
    )
