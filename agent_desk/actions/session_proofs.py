"""What can be checked of one session by what is kept about it, each with yes or no."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from agent_desk.actions.verify_decisions import mismatch
from agent_desk.actions.views import Proof, SessionView
from agent_desk.rules.session import Answer, Consent, ConsentKind
from agent_desk.storage.decisions import DecisionRecord, logged_decisions, read_decision
from agent_desk.storage.events import Recorded, chain_end
from agent_desk.storage.review_tables import EVENTS
from agent_desk.storage.reviews import hashes_of_notes

_REVIEW_KINDS = frozenset(EVENTS.values())
# What the customer must have said before anything is charged.
BEFORE_CHARGE = (ConsentKind.WARRANTY, ConsentKind.PRICE)


def session_proofs(tx: Connection, session: SessionView, events: Sequence[Recorded]) -> tuple[Proof, ...]:
    """Return the checks that apply to the session: its chain always, the others once there is something to check."""
    return tuple(_proofs(tx, session, events))


def _proofs(tx: Connection, session: SessionView, events: Sequence[Recorded]) -> Iterator[Proof]:
    yield Proof("chain", _is_whole(tx, session.id, events))
    kinds = [event.kind for event in events]
    if "code_issued" in kinds or "code_redeemed" in kinds:
        yield Proof("code", _is_used_once(kinds))
    noted = hashes_of_notes(tx, session.id)
    if noted:
        yield Proof("review", _are_as_logged(noted, events))
    decided = read_decision(tx, session.id)
    if decided is None:
        return
    if decided.total_cents:
        yield Proof("consents", _are_older(session.consents, decided))
    logged = logged_decisions(tx, [session.id]).get(session.id)
    yield Proof("decision", mismatch(decided, logged) is None)


def _is_whole(tx: Connection, session_id: int, events: Sequence[Recorded]) -> bool:
    last = events[-1].seq if events else 0
    return all(event.intact for event in events) and chain_end(tx, session_id) == last == len(events)


def _is_used_once(kinds: Sequence[str]) -> bool:
    """Tell whether each use of a code follows the issue of one that was not used yet."""
    fresh = False
    for kind in kinds:
        if kind == "code_issued":
            fresh = True
        elif kind == "code_redeemed":
            if not fresh:
                return False
            fresh = False
    return True


def _are_as_logged(noted: Mapping[int, str], events: Sequence[Recorded]) -> bool:
    """Tell whether each note stands as its step was logged; of a note, or an event, that was erased nothing is known."""
    steps = dict(enumerate((event for event in events if event.kind in _REVIEW_KINDS), 1))
    told = {number: event.payload["sha256"] for number, event in steps.items() if event.payload is not None}
    return noted.keys() <= steps.keys() and all(said == told.get(number, said) for number, said in noted.items())


def _are_older(consents: Sequence[Consent], decided: DecisionRecord) -> bool:
    before = {given.kind for given in consents if given.answer is Answer.YES and given.at <= decided.decided_at}
    return before.issuperset(BEFORE_CHARGE)
