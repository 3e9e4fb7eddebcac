"""One session, whole, as screens show it."""

from datetime import datetime

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.decisions import decision_from_json
from agent_desk.actions.errors import Refusal
from agent_desk.actions.record import clock_back_minutes
from agent_desk.actions.views import CodeView, MailView, SessionView
from agent_desk.rules.billing import Decision
from agent_desk.rules.session import Consent
from agent_desk.storage.codes import CodeRecord, latest_code
from agent_desk.storage.consents import read_consents
from agent_desk.storage.decisions import read_decision
from agent_desk.storage.mails import session_mails
from agent_desk.storage.sessions import SessionRecord, read_session


def load_session(ctx: Context, session_id: int) -> SessionView:
    """Return the session; Refusal `not_found`."""
    with ctx.database.read() as tx:
        return view(ctx, tx, session_id)


def view(ctx: Context, tx: Connection, session_id: int) -> SessionView:
    """Return the session as this transaction sees it; Refusal `not_found`."""
    record = read_session(tx, session_id)
    if record is None:
        raise Refusal("not_found")
    decided = read_decision(tx, session_id) if record.ended_at else None
    return session_view(
        record,
        consents=read_consents(tx, session_id),
        code=latest_code(tx, session_id) if record.agreed_at else None,
        decision=None if decided is None else decision_from_json(decided.inputs, decided.result),
        mails=session_mails(tx, session_id),
        now=ctx.clock.now(),
    )


def session_view(
    record: SessionRecord,
    *,
    consents: tuple[Consent, ...],
    code: CodeRecord | None,
    decision: Decision | None,
    mails: tuple[MailView, ...],
    now: datetime,
) -> SessionView:
    """Return the session put together from what was read."""
    return SessionView(
        id=record.id,
        number=record.number,
        state=record.state,
        version=record.version,
        revision=record.revision,
        step=record.step,
        field=record.field,
        content=record.content,
        consents=consents,
        agent=record.agent,
        opened_at=record.opened_at,
        saved_at=record.saved_at,
        agreed_at=record.agreed_at,
        started_at=record.started_at,
        ended_at=record.ended_at,
        parked_at=record.parked_at,
        price_date=record.agreed_at,
        code=None if code is None else _code_view(code, now),
        decision=decision,
        mails=mails,
        clock_back_minutes=clock_back_minutes(record, now),
    )


def _code_view(code: CodeRecord, now: datetime) -> CodeView:
    lapsed = code.state == "live" and not code.is_open(now)
    return CodeView("expired" if lapsed else code.state, code.issued_at, code.expires_at, code.failures)
