"""What becomes of an outgoing mail or SMS: its states, when it is tried again, and what a person may do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DUPLICATE = "duplicate"  # the kind of a confirmation sent once more, as it was


class MailState(StrEnum):
    """Where a mail stands; also the key of its wording (`mail_states.<state>`)."""

    QUEUED = "queued"
    SENDING = "sending"
    RETRY = "retry"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"  # the relay may have it: never sent again by itself
    HELD = "held"  # stopped before sending: its attachment changed, or it has no address
    DELIVERED = "delivered"
    READ = "read"
    PRINTED = "printed"
    DROPPED = "dropped"


class MailChannel(StrEnum):
    """How a message of the outbox reaches the customer."""

    MAIL = "mail"
    SMS = "sms"


class MailAction(StrEnum):
    """What a person may decide about a mail."""

    RESEND = "resend"
    SETTLE_ACCEPTED = "settle_accepted"
    PRINT = "print"
    DROP = "drop"


class ReportKind(StrEnum):
    """What a report that came back says about a mail."""

    RELAYED = "relayed"  # handed on to a relay that reports nothing further
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    DELAYED = "delayed"


# The worst first: what a session shows of its mails, as long as one of them is not settled.
UNSETTLED = (
    MailState.UNCERTAIN,
    MailState.REJECTED,
    MailState.HELD,
    MailState.RETRY,
    MailState.SENDING,
    MailState.QUEUED,
)
STUCK = UNSETTLED[:4]
_WAITING = frozenset(UNSETTLED) - {MailState.SENDING}
_ARRIVED = frozenset({MailState.ACCEPTED, MailState.DELIVERED, MailState.READ, MailState.PRINTED})

ALLOWED: Mapping[MailAction, frozenset[MailState]] = {
    MailAction.RESEND: frozenset({MailState.UNCERTAIN, MailState.REJECTED, MailState.HELD, MailState.RETRY}),
    MailAction.SETTLE_ACCEPTED: frozenset({MailState.UNCERTAIN}),
    MailAction.PRINT: _WAITING | _ARRIVED,
    MailAction.DROP: _WAITING,
}
# An SMS has no paper: what it says is said on the telephone, or by letter.
NEVER: Mapping[MailChannel, frozenset[MailAction]] = {
    MailChannel.MAIL: frozenset(),
    MailChannel.SMS: frozenset({MailAction.PRINT}),
}
# What is called off with its cause; whether an uncertain one has left, nobody knows.
CALLED_OFF = _WAITING - {MailState.UNCERTAIN}

LEASE = timedelta(seconds=60)
HEARTBEAT = timedelta(seconds=20)  # how often a lease is renewed while the relay is spoken to: two may be missed
WORKER_SILENT = timedelta(minutes=5)  # mails that wait longer for a mail worker say that none seems to run
_MINUTES = (1, 5, 15, 60)
_LATER = (240,) * 12  # every four hours; 17 attempts in a little over two days, then a person decides


@dataclass(frozen=True, slots=True)
class MailView:
    """One outgoing mail as screens show it; `last_reply` is "cause" or "cause: the relay's words"."""

    id: int
    session_id: int
    session_number: str
    kind: str  # offer, confirmation, cancellation, withdrawal
    state: str  # a MailState
    recipient: str
    subject: str
    created_at: datetime
    state_at: datetime
    attempts: int
    retry_at: datetime | None
    last_reply: str
    channel: str = MailChannel.MAIL
    not_before: datetime | None = None


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """Return when a mail that failed for the `attempts`-th time is tried again, None when it is given up."""
    waits = _MINUTES + _LATER
    return at + timedelta(minutes=waits[attempts - 1]) if attempts <= len(waits) else None


def allowed(action: MailAction, state: str, channel: str) -> bool:
    """Tell whether a person may decide this about a message of that channel in that state."""
    return state in ALLOWED[action] and action not in NEVER[MailChannel(channel)]


def after(action: MailAction, state: MailState) -> MailState:
    """Return the state after a person's decision; one that has arrived keeps its state when printed."""
    if action is MailAction.PRINT and state in _ARRIVED:
        return state
    return _AFTER[action]


_AFTER: Mapping[MailAction, MailState] = {
    MailAction.RESEND: MailState.QUEUED,
    MailAction.SETTLE_ACCEPTED: MailState.ACCEPTED,
    MailAction.PRINT: MailState.PRINTED,
    MailAction.DROP: MailState.DROPPED,
}


def after_report(kind: ReportKind, state: MailState) -> MailState | None:
    """Return the state after a report, None where it changes nothing: a report never leads backwards, nor to sending."""
    before, then = _REPORTED[kind]
    return then if state in before else None


_REPORTED: Mapping[ReportKind, tuple[frozenset[MailState], MailState]] = {
    ReportKind.RELAYED: (frozenset({MailState.UNCERTAIN}), MailState.ACCEPTED),
    ReportKind.DELIVERED: (frozenset({MailState.ACCEPTED, MailState.UNCERTAIN}), MailState.DELIVERED),
    ReportKind.READ: (frozenset({MailState.ACCEPTED, MailState.UNCERTAIN, MailState.DELIVERED}), MailState.READ),
    # The mailbox that took it may still give it back.
    ReportKind.FAILED: (frozenset({MailState.ACCEPTED, MailState.UNCERTAIN, MailState.DELIVERED}), MailState.REJECTED),
    ReportKind.DELAYED: (frozenset(), MailState.ACCEPTED),
}


def shown_state(states: Sequence[str]) -> str:
    """Return the one state a session shows for its mails, given oldest first: the worst unsettled, else the last."""
    return next((state.value for state in UNSETTLED if state in states), states[-1] if states else "")
