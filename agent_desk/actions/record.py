"""What every action on one session does first and last: take it under lock, move it, write the event, show it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.health import CLOCK_TOLERANCE
from agent_desk.rules.people import Role
from agent_desk.rules.session import ENDED, State
from agent_desk.rules.step_time import seconds_at_step
from agent_desk.storage.acting import acting
from agent_desk.storage.events import Entry, append_many
from agent_desk.storage.help_calls import forget_help
from agent_desk.storage.sessions import SessionRecord, change_draft, change_session, read_session, seconds_of

EVERY_STATE = frozenset(State)
LIVE = EVERY_STATE - ENDED
BEFORE_WORK = LIVE - {State.IN_PROGRESS}
AGREED = frozenset({State.AGREED, State.SCHEDULED, State.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class Held:
    """A session taken for change: the row is locked until the transaction ends; `now` is one moment for all of it.

    `actor` is whose doing its events are where they do not say: the agent's, or the system's, which has no name.
    """

    ctx: Context
    tx: Connection
    record: SessionRecord
    now: datetime
    actor: str = "agent"

    @property
    def id(self) -> int:
        """Return the session's id, which is its chain's too."""
        return self.record.id

    @property
    def by(self) -> str:
        """Return the name of whoever does this, "" for the system."""
        return self.ctx.settings.agent_name if self.actor == "agent" else ""

    @property
    def signature(self) -> str:
        """Return whose name papers bear: of whoever does this, else of the session's agent."""
        return self.by or self.record.agent

    def entry(self, event: str, /, actor: str = "", **payload: Any) -> Entry:
        """Return one event to append; it says who, when that is not who opened the session, and of a clock moved back."""
        actor = actor or self.actor
        said = payload | ({"by": self.by} if actor == "agent" and self.by != self.record.agent else {})
        back = clock_back_minutes(self.record, self.now)
        if back:
            said["clock_back_minutes"] = back
        return Entry(event, said, actor)

    def note(self, event: str, /, actor: str = "", **payload: Any) -> None:
        """Append one event to the session's chain."""
        self.append(self.entry(event, actor, **payload))

    def append(self, *entries: Entry) -> None:
        """Append events to the session's chain."""
        append_many(self.tx, self.id, entries, at=self.now)

    def move(self, state: State | None = None, **columns: Any) -> None:
        """Change the session's row, with a new version so that other windows notice; one that rests asks for no help."""
        if state in ENDED or columns.get("parked_at") is not None:
            forget_help(self.tx, self.id)
        if state is not None:
            columns["state"] = state
        change_session(self.tx, self.id, version=self.record.version + 1, **columns)

    def time_at_step(self) -> dict[str, int]:
        """Return the draft's column with how long the step in front was there up to now; time put aside is not counted."""
        record = self.record
        until = min(self.now, record.parked_at or self.now)
        counted = sum(record.seconds.values())
        added = seconds_at_step(record.step, record.opened_at, record.saved_at, until, counted)
        return {seconds_of(record.step): record.seconds[record.step] + added} if added else {}

    def take_up(self) -> None:
        """Go on with a session that was put aside; the time at the step in front runs again from now on."""
        if self.record.parked_at is not None:
            change_draft(self.tx, self.id, saved_at=self.now, **self.time_at_step())
            change_session(self.tx, self.id, parked_at=None)


def take(
    ctx: Context,
    tx: Connection,
    session_id: int,
    *,
    states: Collection[State] = LIVE,
    version: int | None = None,
    lock: bool = True,
) -> Held:
    """Lock a session that is in one of `states` and still at `version` (None: any); Refusal otherwise."""
    if states is not EVERY_STATE:  # what is over is ended whoever notices
        check_works(tx)
    record = read_session(tx, session_id, lock=lock)
    if record is None:
        raise Refusal("not_found")
    if record.state in ENDED and record.state not in states:
        raise Refusal("already_closed" if record.state is State.CLOSED else "already_ended")
    if version is not None and record.version != version:
        raise Refusal("changed_elsewhere")
    if record.state not in states:
        raise Refusal("wrong_state")
    return Held(ctx, tx, record, ctx.clock.now())


def check_works(tx: Connection) -> None:
    """Refuse `no_rights` to an auditor of one desk, who reads everything and writes nothing; a server sees to it itself."""
    who = acting(tx)
    if who is not None and tx.dialect.name == "sqlite" and who.role is Role.AUDITOR:
        raise Refusal("no_rights")


def clock_back_minutes(record: SessionRecord, now: datetime) -> int:
    """Return by how many minutes the clock stands before the session's last event or save; 0 when it does not."""
    last = max(record.last_event_at or record.saved_at, record.saved_at)
    if last - now < CLOCK_TOLERANCE:
        return 0
    return int((last - now) / timedelta(minutes=1))
