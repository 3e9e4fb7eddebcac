"""What the Journal is asked for, as conditions on sessions, words and period apart; the same on both engines."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    column,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    table,
    true,
)

from agent_desk.rules.journal import JournalFilter, Moment
from agent_desk.rules.review import FOR_SUPERVISORS, WAITING, ReviewState
from agent_desk.rules.visit_rule import VisitRule
from agent_desk.storage.large_indexes import SERVICES, WAIVED, is_usable
from agent_desk.storage.review_tables import review
from agent_desk.storage.tables import code, consent, decision, mail, session, session_line, team
from agent_desk.storage.types import UtcDateTime

# So few sessions are named one by one; more are met soon enough on the walk from the newest.
FEW = 1000
# As much of the table as a list asks for: Today comes by here, before whose first row no table of visits is defined.
visit_decision = table("visit_decision", column("session_id"), column("decided_at", UtcDateTime), column("result"))

Condition = ColumnElement[bool]


def narrowed(tx: Connection, wanted: JournalFilter) -> list[Condition]:
    """Return one condition for each filter that is set."""
    shown = "" if wanted.moment == Moment.MAIL else wanted.mail
    equal = ((session.c.outcome, wanted.outcome), (session.c.agent, wanted.agent), (session.c.mail_state, shown))
    found: list[Condition] = [column == value for column, value in equal if value]
    if wanted.moment:
        found.append(_happened(tx, wanted))
    elif wanted.code:
        found.append(_met(tx, code.c.session_id, code.c.state == wanted.code))
    if wanted.team:
        found.append(session.c.team_id == select(team.c.id).where(team.c.name == wanted.team).scalar_subquery())
    if wanted.service:
        found.append(_has_service(tx, wanted.service))
    if wanted.rule and wanted.moment not in (Moment.DECIDED, Moment.VISIT):
        found.append(_by_rule(tx, wanted.rule))
    if wanted.channel:
        found.append(_met(tx, consent.c.session_id, consent.c.channel == wanted.channel))
    if wanted.review:
        waits = (
            waits_for_supervisors(wanted.review_late) if wanted.review == WAITING else review.c.state == wanted.review
        )
        found.append(_met(tx, review.c.session_id, waits))
    if wanted.billed_from is not None:
        found.append(_billed(tx, wanted.billed_from))
    if wanted.waived_from is not None:
        found.append(_waived(tx, wanted.waived_from))
    return found


def _happened(tx: Connection, wanted: JournalFilter) -> Condition:
    """Return whether what the period is about lies in it."""
    if wanted.moment == Moment.ENDED:
        return _within(session.c.ended_at, wanted)
    if wanted.moment == Moment.CODE:
        ended = _within(code.c.ended_at, wanted)
        return _met(tx, code.c.session_id, and_(ended, code.c.state == wanted.code) if wanted.code else ended)
    if wanted.moment == Moment.MAIL:
        written = _within(mail.c.created_at, wanted)
        return _met(tx, mail.c.session_id, and_(written, mail.c.state == wanted.mail) if wanted.mail else written)
    if wanted.moment == Moment.DECIDED:
        decided = _within(decision.c.decided_at, wanted)
        return _met(tx, decision.c.session_id, and_(decided, _names(tx, wanted.rule)) if wanted.rule else decided)
    if wanted.moment == Moment.VISIT:
        done = _within(visit_decision.c.decided_at, wanted)
        costs = _says(tx, visit_decision.c.result, wanted.rule) if wanted.rule else true()
        return _met(tx, visit_decision.c.session_id, and_(done, costs))
    return false()


def _within(moment: ColumnElement[datetime | None], wanted: JournalFilter) -> Condition:
    return and_(
        moment.is_not(None),
        moment >= wanted.since if wanted.since is not None else true(),
        moment < wanted.until if wanted.until is not None else true(),
    )


def _names(tx: Connection, rule: str) -> Condition:
    """Return whether a decision has a line by that rule, or takes one back that had."""
    before = decision.alias("before")
    taken_back = exists(
        select(1).where(
            before.c.session_id == decision.c.session_id,
            before.c.ordinal == decision.c.ordinal - 1,
            _says(tx, before.c.result, rule),
        )
    )
    return or_(_says(tx, decision.c.result, rule), taken_back)


def _says(tx: Connection, result: ColumnElement[str], rule: str) -> Condition:
    """Return whether what was decided names that rule."""
    place = func.instr if tx.dialect.name == "sqlite" else func.strpos
    return place(result, f'"rule":"{rule}"') > 0


def _by_rule(tx: Connection, rule: str) -> Condition:
    if rule in set(VisitRule):
        return _met(tx, visit_decision.c.session_id, _says(tx, visit_decision.c.result, rule))
    return _met(tx, session_line.c.session_id, session_line.c.rule == rule)


def waits_for_supervisors(late: datetime | None) -> Condition:
    """Return whether a review wants a first or a second look; one returned by `late` has waited long enough."""
    first_or_second = review.c.state.in_(FOR_SUPERVISORS)
    if late is None:
        return first_or_second
    return or_(first_or_second, and_(review.c.state == ReviewState.RETURNED, review.c.returned_at <= late))


def _has_service(tx: Connection, code: str) -> Condition:
    place = func.instr if tx.dialect.name == "sqlite" else func.strpos
    each = place("," + session.c.services + ",", f",{code},") > 0
    if not is_usable(tx, SERVICES):
        return each
    among = func.string_to_array(session.c.services, literal_column("','")).op("@>", is_comparison=True)
    return _by_name(tx, select(session.c.id).where(among(func.string_to_array(code, literal_column("','")))), each)


def _met(tx: Connection, of: ColumnElement[int], condition: Condition) -> Condition:
    """Return whether a session has such a row: by name where there are few, else asked of each that is met."""
    each = exists(select(1).where(of == session.c.id, condition))
    return _by_name(tx, select(of).where(condition), each)


def _billed(tx: Connection, least: int) -> Condition:
    # As a sum: an index would give them by amount, all of them, before the newest could be taken.
    return _by_name(tx, select(session.c.id).where(session.c.total_cents >= least), session.c.total_cents + 0 >= least)


def _waived(tx: Connection, least: int) -> Condition:
    # A sum of the product's own type, which begins with a small quantity, would take no larger amount.
    spared = session_line.c.quantity * session_line.c.unit_price_cents - session_line.c.amount_cents
    whole = select(func.sum(spared, type_=BigInteger)).where(session_line.c.session_id == session.c.id)
    each = whole.scalar_subquery() >= least  # NULL before it was decided
    if not is_usable(tx, WAIVED):
        return each
    # Of a corrected session any of its decisions is found, and only what its lines now say counts.
    decided = select(decision.c.session_id).where(func.decision_waived(decision.c.inputs, decision.c.result) >= least)
    return and_(_by_name(tx, decided, true()), each)


def _by_name(tx: Connection, ids: Select[Any], each: Condition) -> Condition:
    rows = tx.execute(ids.limit(FEW + 1)).scalars().all()  # a session may be among them more than once
    return session.c.id.in_(sorted(set(rows))) if len(rows) <= FEW else each
