"""The acts of professional customers' sessions, as the log tells them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from agent_desk.rules.pro import TOLD_BY, Act, acts
from agent_desk.rules.session import Segment, Territory
from agent_desk.storage.content import from_json
from agent_desk.storage.tables import draft, event, payload, session

# As `content.to_json` writes it; in what people typed, quotation marks have a backslash before them.
_IS_PRO = draft.c.content.contains(f'"segment":"{Segment.PRO}"', autoescape=True)


@dataclass(frozen=True, slots=True)
class _Told:
    """One event as the rules read it."""

    kind: str
    at: datetime
    payload: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class ProAct:
    """One act of a professional customer's session."""

    session_id: int
    number: str
    agent: str
    team_id: int | None
    territory: Territory
    act: Act


def pro_acts(tx: Connection, since: datetime, until: datetime) -> Iterator[ProAct]:
    """Yield the acts of sessions that ended in that time, by session and moment."""
    query = (
        select(
            event.c.chain,
            event.c.kind,
            event.c.at,
            payload.c.body,
            session.c.number,
            session.c.agent,
            session.c.team_id,
            draft.c.content,
        )
        .join(session, session.c.id == event.c.chain)
        .join(draft, draft.c.session_id == session.c.id)
        .outerjoin(payload, (payload.c.chain == event.c.chain) & (payload.c.seq == event.c.seq))
        .where(session.c.ended_at >= since, session.c.ended_at < until, _IS_PRO, event.c.kind.in_(sorted(TOLD_BY)))
        .order_by(event.c.chain, event.c.seq)
    )
    for of, rows in groupby(tx.execute(query), key=lambda row: row.chain):
        told = list(rows)
        first = told[0]
        territory = from_json(first.content).customer.territory
        for act in acts(_Told(row.kind, row.at, None if row.body is None else json.loads(row.body)) for row in told):
            yield ProAct(of, first.number, first.agent, first.team_id, territory, act)
