"""Promises as PostgreSQL keeps them: each step by whose it is, with its event, even where the session is out of their sight."""

from agent_desk.rules.people import Role
from agent_desk.rules.promise import REASON_MAX
from agent_desk.storage.promises import STEPS
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.rights_functions import Function

SAID_MAX = 4000


def _steps() -> str:
    """Return, as rows of SQL, which event ends a promise how, and which puts it before all others."""
    return ", ".join(f"('{one.event}', '{one.end or ''}', {int(one.on_top)})" for one in STEPS.values())


PROMISES = (
    # The promise's own team, the team the session is in, and supervisors: of that team, or of all.
    Function(
        "step_promise(_id bigint, _version integer, _event text, _reason text, _said text, _mark text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE held record; me record; step record; taker text;
        BEGIN
            SELECT p.mark, p.name, p.role, p.team_id INTO me FROM person p WHERE p.login = session_user AND p.active;
            SELECT r.*, s.team_id AS of_team INTO held FROM promise r JOIN session s ON s.id = r.session_id
            WHERE r.id = _id FOR UPDATE OF r;
            SELECT x.* INTO step FROM (VALUES {_steps()}) AS x (event, ended, top) WHERE x.event = _event;
            IF held.id IS NULL OR step.event IS NULL OR me.mark IS NULL OR length(_reason) > {REASON_MAX}
                OR length(_said) > {SAID_MAX}
                OR NOT (me.team_id IN (held.team_id, held.of_team) OR (me.role = 'supervisor' AND me.team_id IS NULL))
            THEN RAISE EXCEPTION 'promise_not_yours' USING ERRCODE = '{REFUSED}'; END IF;
            IF held.ended_at IS NOT NULL THEN RAISE EXCEPTION 'promise_over' USING ERRCODE = '{REFUSED}'; END IF;
            IF held.version <> _version THEN RAISE EXCEPTION 'promise_changed' USING ERRCODE = '{REFUSED}'; END IF;
            IF _mark <> '' THEN
                SELECT p.name INTO taker FROM person p WHERE p.mark = _mark AND p.active AND p.team_id = held.team_id;
                IF taker IS NULL THEN RAISE EXCEPTION 'promise_not_yours' USING ERRCODE = '{REFUSED}'; END IF;
            END IF;
            UPDATE promise r SET version = r.version + 1,
                ended_at = CASE WHEN step.ended <> '' THEN (extract(epoch FROM clock_timestamp()) * 1000000)::bigint END,
                "end" = step.ended,
                on_top = CASE WHEN step.ended <> '' THEN 0 WHEN step.top = 1 THEN 1 ELSE r.on_top END,
                person_mark = CASE WHEN _mark <> '' THEN _mark ELSE r.person_mark END,
                person = coalesce(taker, r.person)
            WHERE r.id = _id;
            PERFORM desk_append(held.session_id, _event, me.mark, (_said::jsonb || jsonb_build_object('by', me.name,
                'promise', _id, 'kind', held.kind) || CASE WHEN _reason <> '' THEN jsonb_build_object('reason', _reason)
                ELSE '{{}}'::jsonb END)::text);
        END
        """,
        (Role.AGENT, Role.SUPERVISOR),
    ),
)
