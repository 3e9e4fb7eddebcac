"""The questions behind commitments: each finds the cases of some days, whose they are, and whether the commitment was kept.

One question serves for totals, for the list of misses and for what is drawn to be checked, so that they agree. A verdict
does not change once it was given: what is asked is whether something had happened by its hour, and before that hour only
what was kept is a case.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from sqlalchemy import TextClause, text

from agent_desk.rules.complaint import ACKNOWLEDGED
from agent_desk.rules.escalation import ReturnReason
from agent_desk.rules.pro import SENT
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Segment, Territory
from agent_desk.rules.visit import SOON_ENOUGH, VisitState
from agent_desk.storage.visit_tables import AT_ITS_END

HOUR = timedelta(hours=1) // timedelta(microseconds=1)
_GIVEN_UP = f"'{VisitState.MOVED}', '{VisitState.CANCELLED}'"
VISIT_SOON = SOON_ENOUGH // timedelta(microseconds=1)
_LONGEST_GRACE = timedelta(days=7) // timedelta(microseconds=1)  # between the hour of a promise and when it was missed
_JSON = {
    "sqlite": "json_extract(nullif(d.content, ''), '$.{}.{}')",
    "postgresql": "(nullif(d.content, '')::jsonb #>> '{{{},{}}}')",
}
_SAID = {"sqlite": "json_extract(said.body, '$.mail')", "postgresql": "(said.body::jsonb ->> 'mail')::bigint"}
# The days of `rules.pro.days_due` as rows.
_DAYS = {
    "sqlite": """SELECT json_extract(value, '$.territory') AS territory, json_extract(value, '$.begins') AS begins,
        json_extract(value, '$.ends') AS ends, json_extract(value, '$.last') AS last FROM json_each(:days)""",
    "postgresql": """SELECT * FROM jsonb_to_recordset(CAST(:days AS jsonb))
        AS given (territory text, begins bigint, ends bigint, last bigint)""",
}
# What is asked for in sessions, and when that took effect; of a mail its events tell.
_ACTS = """
    SELECT m.session_id, m.created_at AS at, m.id AS mail_id, coalesce(m.not_before, 0) AS not_before, 0 AS done_at
    FROM mail m WHERE m.created_at >= :asked_from AND m.created_at < :asked_until
    UNION ALL SELECT c.session_id, c.at, 0, 0, c.settled_at
    FROM credit c WHERE c.at >= :asked_from AND c.at < :asked_until
    UNION ALL SELECT h.session_id, h.at, 0, 0, h.taken_at
    FROM handover h WHERE h.at >= :asked_from AND h.at < :asked_until
"""
_IS_PRO = f'd.content LIKE \'%"segment":"{Segment.PRO}"%\''  # as `content.to_json` writes it
_SESSION = "SELECT s.id AS session_id, coalesce(s.team_id, 0) AS team_id, {at} AS at, CASE WHEN {kept} THEN 1 ELSE 0 END AS kept"
_ENDED = "s.ended_at >= :begins AND s.ended_at < :ends"
_PHONE = ":announced LIKE '%,' || coalesce({channel}, '776') || ',%'"
# That a visit gets its day is promised among ourselves; the customer was told of none before it was booked.
_PROMISE = f"""
    FROM promise p WHERE p.late_at >= :begins AND p.late_at < :ends
        AND p.due_at >= :begins - {_LONGEST_GRACE} AND p.due_at < :ends
        AND (p.kind <> '{PromiseKind.VISIT}' OR EXISTS (
            SELECT 1 FROM visit v WHERE v.session_id = p.session_id AND v.promise_id = p.id))
"""
_IN_TIME = "p.ended_at IS NOT NULL AND p.ended_at <= p.late_at"
_KEPT = f"{_IN_TIME} AND p.\"end\" = 'kept'"
_NOT_INSTEAD = f"NOT ({_IN_TIME} AND p.\"end\" <> 'kept')"
_ACKNOWLEDGED = ", ".join(f"'{channel}'" for channel in sorted(ACKNOWLEDGED))
# Measures whose clock may still run, and how long after the moment of the case it does.
_CLOCKS: Mapping[str, int] = {
    **dict.fromkeys(("promise", "complaint", "contested", "new_date", "pro_acts", "visit_soon"), 0),
    **dict.fromkeys(("confirmation", "acknowledged"), HOUR),
}
_OF_PROMISE = "SELECT p.session_id, p.team_id, p.late_at AS at, CASE WHEN {kept} THEN 1 ELSE 0 END AS kept"


def _ended(kept: str, more: str = "", joins: str = "", at: str = "s.ended_at") -> str:
    return f"{_SESSION.format(at=at, kept=kept)} FROM session s {joins} WHERE {_ENDED} {more}"


_DRAFT = "JOIN draft d ON d.session_id = s.id"
MEASURES: Mapping[str, str] = {
    "tariff_told": _ended("{told} IS NOT NULL", f"AND {_PHONE}", _DRAFT),
    "at_once": _ended(f"s.agreed_at - s.opened_at <= {HOUR}", f"AND s.agreed_at IS NOT NULL AND {_PHONE}", _DRAFT),
    "one_adviser": _ended("NOT EXISTS (SELECT 1 FROM handover h WHERE h.session_id = s.id)", "AND s.state = 'closed'"),
    "price_first": _ended(
        """EXISTS (SELECT 1 FROM consent c WHERE c.session_id = s.id AND c.kind = 'price' AND c.answer = 'yes'
            AND c.at <= s.started_at)""",
        "AND s.started_at IS NOT NULL",
    ),
    "confirmation": _ended(
        f"""EXISTS (SELECT 1 FROM event e WHERE e.chain = s.id AND e.kind IN ('mail_accepted', 'mail_printed')
            AND e.at >= s.ended_at AND e.at <= s.ended_at + {HOUR})""",
        "AND s.state = 'closed'",
    ),
    "screen_consent": _ended(
        """EXISTS (SELECT 1 FROM consent c WHERE c.session_id = s.id AND c.kind = 'screen_sharing'
            AND c.answer = 'yes' AND c.channel = 'page' AND c.at <= h.live_at)""",
        "AND h.live_at IS NOT NULL",
        "JOIN share h ON h.session_id = s.id",
    ),
    "context": f"""
        {_SESSION.format(at="h.at", kept="h.tried <> '' AND h.seen <> '' AND h.promised <> ''")}
        FROM handover h JOIN session s ON s.id = h.session_id WHERE h.at >= :begins AND h.at < :ends
    """,
    # Known once a team has done with the case; whoever sent it to the wrong one is whose it is.
    "right_team": f"""
        SELECT e.session_id, e.from_team_id AS team_id, e.ended_at AS at,
            CASE WHEN e.reason = '{ReturnReason.WRONG_TEAM}' THEN 0 ELSE 1 END AS kept
        FROM escalation e WHERE e.ended_at >= :begins AND e.ended_at < :ends
    """,
    "satisfied": f"""
        {_SESSION.format(at="t.at", kept="t.answer = 'yes'")}
        FROM satisfaction t JOIN session s ON s.id = t.session_id WHERE t.at >= :begins AND t.at < :ends
    """,
    "bill_right": """
        SELECT 0 AS session_id, 0 AS team_id, k.at, CASE WHEN k.wrong = 0 THEN 1 ELSE 0 END AS kept
        FROM decision_check k WHERE k.at >= :begins AND k.at < :ends
    """,
    # What was moved, cancelled or returned in time is no case: another promise stands in its place, or none.
    "promise": f"""
        {_OF_PROMISE.format(kept=_KEPT)} {_PROMISE} AND p.kind = :kind AND {_NOT_INSTEAD}
    """,
    "complaint": f"""
        {_OF_PROMISE.format(kept=_KEPT)} {_PROMISE} AND p.kind = '{PromiseKind.COMPLAINT}' AND {_NOT_INSTEAD}
        AND EXISTS (SELECT 1 FROM complaint c WHERE c.session_id = p.session_id
            AND CASE c.channel WHEN 'letter' THEN 'letter' ELSE 'other' END = :kind)
    """,
    "acknowledged": f"""
        {
        _SESSION.format(
            at="c.recorded_at",
            kept=f'''EXISTS (SELECT 1 FROM mail m WHERE m.session_id = c.session_id AND m.kind = 'complaint_received'
                AND m.created_at <= c.recorded_at + {HOUR})''',
        )
    }
        FROM complaint c JOIN session s ON s.id = c.session_id
        WHERE c.recorded_at >= :begins AND c.recorded_at < :ends AND c.channel IN ({_ACKNOWLEDGED})
    """,
    "contested": f"""
        {_OF_PROMISE.format(kept=_KEPT)} {_PROMISE} AND p.kind = '{PromiseKind.COMPLAINT}' AND {_NOT_INSTEAD}
        AND EXISTS (SELECT 1 FROM complaint c WHERE c.session_id = p.session_id AND c.contested <> '')
    """,
    "new_date": f"""
        {_OF_PROMISE.format(kept=_IN_TIME)} {_PROMISE}
        AND p.kind IN ({", ".join(f"'{kind}'" for kind in PromiseKind)}) AND NOT ({_IN_TIME} AND p."end" <> 'moved')
    """,
    # Both parts are made once, few rows each. A message meant for a later day is not late before it.
    "pro_acts": f"""
        WITH day AS MATERIALIZED ({{days}}), asked AS MATERIALIZED (
            SELECT a.*, coalesce(s.team_id, 0) AS team_id, coalesce({{territory}}, '{Territory.METROPOLE}') AS territory
            FROM ({_ACTS}) a JOIN session s ON s.id = a.session_id {_DRAFT} WHERE {_IS_PRO}
        )
        SELECT asked.session_id, asked.team_id, day.last AS at, CASE
            WHEN asked.mail_id = 0 THEN CASE WHEN asked.done_at <= day.last THEN 1 ELSE 0 END
            WHEN EXISTS (
                SELECT 1 FROM event e JOIN payload said ON said.chain = e.chain AND said.seq = e.seq
                WHERE e.chain = asked.session_id AND e.kind IN ({", ".join(f"'{kind}'" for kind in sorted(SENT))})
                    AND e.at <= day.last AND {{said}} = asked.mail_id
            ) THEN 1 ELSE 0 END AS kept
        FROM asked JOIN day ON day.territory = asked.territory AND asked.at >= day.begins AND asked.at < day.ends
        WHERE asked.not_before <= day.last
    """,
    # As its 72 hours end, or at its booking if that is later: there was an appointment within them that stood, or that
    # the customer had moved or called off; the weather counts as it was known by then.
    "visit_soon": f"""
        SELECT r.session_id, r.team_id, r.at, CASE WHEN EXISTS (
            SELECT 1 FROM visit v WHERE v.session_id = r.session_id AND v.asked_at = r.asked_at AND v.begins_at <= r.until
                AND (v.ended_at IS NULL OR v.ended_at > r.at OR v.state NOT IN ({_GIVEN_UP}) OR v.customer_wish = 1)
        ) THEN 1 ELSE 0 END AS kept
        FROM (
            SELECT v.session_id, coalesce(s.team_id, 0) AS team_id, v.asked_at, v.asked_at + {VISIT_SOON} AS until,
                CASE WHEN v.booked_at > v.asked_at + {VISIT_SOON} THEN v.booked_at ELSE v.asked_at + {VISIT_SOON} END AS at
            FROM visit v JOIN session s ON s.id = v.session_id
            WHERE v.after_id IS NULL AND v.asked_at < :ends - {VISIT_SOON} AND (
                v.asked_at >= :begins - {VISIT_SOON} OR (v.booked_at >= :begins AND v.booked_at < :ends))
        ) r
        WHERE r.at >= :begins AND r.at < :ends AND NOT EXISTS (
            SELECT 1 FROM visit v WHERE v.session_id = r.session_id AND v.asked_at = r.asked_at AND (
                (v.severe_weather = 1 AND v.booked_at <= r.at) OR (v.severe_weather = {AT_ITS_END} AND v.ended_at <= r.at))
        )
    """,
}


@cache
def cases_of(measure: str, dialect: str) -> str:
    """Return the question for the cases of one measure, with the columns `session_id, team_id, at, kept`."""
    place, made = _JSON[dialect], MEASURES[measure]
    parts = {
        "{told}": place.format("call", "tariff_told"),
        "{channel}": place.format("call", "channel"),
        "{territory}": place.format("customer", "territory"),
        "{said}": _SAID[dialect],
        "{days}": _DAYS[dialect],
    }
    for name, written in parts.items():
        made = made.replace(name, written)
    if measure in _CLOCKS:
        return f"SELECT * FROM ({made}) clock WHERE kept = 1 OR at + {_CLOCKS[measure]} <= :now"
    return made


def has_clock(measure: str) -> bool:
    """Tell whether cases of a measure depend on what time it is, `:now`."""
    return measure in _CLOCKS


@cache
def question(measure: str, dialect: str, around: str) -> TextClause:
    """Return a question about the cases of one measure, which stand in `around` as {cases}."""
    return text(around.replace("{cases}", f"({cases_of(measure, dialect)}) AS one"))
