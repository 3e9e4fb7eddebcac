"""Questions on feasibility as PostgreSQL keeps them: answered by the team that was asked, in a session it cannot see."""

from agent_desk.rules.feasibility import CONDITIONS_MAX, Verdict
from agent_desk.rules.people import Role
from agent_desk.storage.asking_tables import WITHDRAWN
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.rights_functions import Function

_VERDICTS = ", ".join(f"'{verdict}'" for verdict in Verdict)
_NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

ASKING = (
    Function(
        "answer_question(_id bigint, _verdict text, _conditions text, _applied boolean)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE held record; me record; of record; now_at bigint := {_NOW}; due bigint;
        BEGIN
            SELECT p.mark, p.name, p.role, p.team_id INTO me FROM person p WHERE p.login = session_user AND p.active;
            SELECT q.* INTO held FROM feasibility q WHERE q.id = _id FOR UPDATE;
            IF held.id IS NULL OR me.mark IS NULL OR _verdict NOT IN ({_VERDICTS}) OR length(_conditions) > {CONDITIONS_MAX}
                OR (_verdict = '{Verdict.CONDITIONS}' AND _conditions = '')
                OR NOT (me.team_id = held.team_id OR (me.role = 'supervisor' AND me.team_id IS NULL))
            THEN RAISE EXCEPTION 'question_not_yours' USING ERRCODE = '{REFUSED}'; END IF;
            IF held.verdict <> '' THEN RAISE EXCEPTION 'question_answered' USING ERRCODE = '{REFUSED}'; END IF;
            UPDATE feasibility q SET verdict = _verdict, conditions = _conditions, answered_by = me.name,
                answered_at = now_at, applied_at = CASE WHEN _applied THEN now_at END WHERE q.id = _id;
            UPDATE promise r SET ended_at = now_at, "end" = 'kept', on_top = 0, version = r.version + 1
            WHERE r.id = held.promise_id AND r.ended_at IS NULL;
            IF FOUND THEN
                PERFORM desk_append(held.session_id, 'promise_kept', me.mark, jsonb_build_object('by', me.name,
                    'promise', held.promise_id, 'kind', 'feasibility')::text);
            END IF;
            PERFORM desk_append(held.session_id, 'feasibility_answered', me.mark, (jsonb_build_object('by', me.name,
                'subject', held.name, 'answer', _verdict) || CASE WHEN _conditions <> '' THEN
                jsonb_build_object('conditions', _conditions) ELSE '{{}}'::jsonb END)::text);
            SELECT s.number, s.customer, s.callback_number, coalesce(s.team_id, 0) AS team_id, s.ended_at INTO of
            FROM session s WHERE s.id = held.session_id;
            due := greatest(held.due_at, now_at);
            IF NOT _applied AND of.number IS NOT NULL AND of.ended_at IS NULL THEN
                INSERT INTO promise (session_id, kind, team_id, person_mark, person, number, customer, phone, subject,
                    made_at, due_at, late_at)
                VALUES (held.session_id, 'answer', of.team_id, held.asked_mark,
                    CASE WHEN held.asked_mark = '' THEN '' ELSE held.asked_by END, of.number, of.customer,
                    of.callback_number, held.name, now_at, due, due);
            END IF;
        END
        """,
        (Role.AGENT, Role.SUPERVISOR),
    ),
    # What is no longer asked is nobody's to answer.
    Function(
        "withdraw_question(_id bigint)",
        "void",
        "sql VOLATILE",
        f"""
        UPDATE feasibility q SET verdict = '{WITHDRAWN}', applied_at = {_NOW} WHERE q.id = _id AND q.verdict = ''
            AND EXISTS (SELECT 1 FROM session s WHERE s.id = q.session_id AND s.team_id = desk_team())
        """,
        (Role.AGENT,),
    ),
)
