"""Reviews as PostgreSQL keeps them: each step by who may, from the state it begins in, with its note and its event.

Supervisors without a team review everywhere, the others in theirs; nobody reviews their own work.
"""

from agent_desk.rules.people import Role
from agent_desk.rules.review import ANSWER_DAYS, MOVES, TEXT_MAX, WHOLE, Mark, ReviewState, ReviewStep
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.review_tables import EVENTS, SALT_BYTES
from agent_desk.storage.rights_functions import NOBODY, Function

_IS_SUPERVISOR = "EXISTS (SELECT 1 FROM person p WHERE p.login = session_user AND p.active AND p.role = 'supervisor'"
_ALLOWED = "RAISE EXCEPTION 'not for this role' USING ERRCODE = 'insufficient_privilege'"
_LATE = f"{ANSWER_DAYS} * 86400000000"


def _moves() -> str:
    """Return, as rows of SQL, which step begins where, gives which mark, leads where, and is told by which event."""
    rows = [
        f"('{step}', '{before}', '{mark}', '{after}', '{EVENTS[step]}')"
        for step, (before, marks, after) in MOVES.items()
        for mark in (sorted(marks) if marks else [""])
    ]
    return ", ".join(rows)


REVIEWS = (
    # Which sessions are drawn follows from the rules and the key, for every team, whoever looks first.
    Function(
        "add_review(_ids bigint[], _rule bigint)",
        "void",
        "sql VOLATILE",
        f"""
        INSERT INTO review (session_id, team_id, rule_id, state, agent, agent_mark)
        SELECT s.id, s.team_id, _rule, '{ReviewState.DUE}', coalesce(d.agent, s.agent), coalesce((
                SELECT e.actor FROM event e WHERE e.chain = s.id AND e.kind = 'session_closed' ORDER BY e.seq DESC LIMIT 1
            ), '')
        FROM session s LEFT JOIN decision d ON d.session_id = s.id AND d.ordinal = 1
        WHERE s.id = ANY(_ids) AND s.state = 'closed'
        ON CONFLICT (session_id) DO NOTHING
        """,
        NOBODY,
    ),
    Function(
        "draw(_rule bigint, _ids bigint[], _to bigint)",
        "void",
        "plpgsql VOLATILE",
        f"""
        BEGIN
            UPDATE review_rule r SET drawn_to = greatest(coalesce(r.drawn_to, 0), _to)
            WHERE r.id = _rule AND r.active AND {_IS_SUPERVISOR});
            IF NOT FOUND THEN {_ALLOWED}; END IF;
            PERFORM desk_add_review(_ids, _rule);
        END
        """,
        (Role.SUPERVISOR,),
    ),
    Function(
        "pick(_session bigint)",
        "void",
        "plpgsql VOLATILE",
        f"""
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM session s WHERE s.id = _session AND s.state = 'closed'
                AND {_IS_SUPERVISOR} AND (p.team_id IS NULL OR p.team_id = s.team_id)))
            THEN RAISE EXCEPTION 'review_not_yours' USING ERRCODE = '{REFUSED}'; END IF;
            PERFORM desk_add_review(ARRAY[_session], NULL);
        END
        """,
        (Role.SUPERVISOR,),
    ),
    # How long an answer was waited for, the server's own clock tells.
    Function(
        "review(_session bigint, _version integer, _seen integer, _step text, _mark text, _body text, _salt bytea,"
        " _at bigint)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE held record; me record; move record; late boolean;
        BEGIN
            SELECT p.mark, p.name, p.role, p.team_id INTO me FROM person p WHERE p.login = session_user AND p.active;
            SELECT r.* INTO held FROM review r WHERE r.session_id = _session FOR UPDATE;
            IF held.session_id IS NULL OR me.mark IS NULL OR octet_length(_salt) <> {SALT_BYTES}
                OR (_step = '{ReviewStep.ANSWER}') <> (me.mark = held.agent_mark)
                OR (_step <> '{ReviewStep.ANSWER}' AND (me.role <> 'supervisor' OR me.team_id <> held.team_id
                    OR (me.team_id IS NOT NULL AND held.team_id IS NULL)))
            THEN {_ALLOWED}; END IF;
            IF held.version <> _version THEN RAISE EXCEPTION 'review_changed' USING ERRCODE = '{REFUSED}'; END IF;
            IF NOT EXISTS (SELECT 1 FROM session s WHERE s.id = _session AND s.version = _seen) THEN
                RAISE EXCEPTION 'review_corrected' USING ERRCODE = '{REFUSED}';
            END IF;
            late := _step = '{ReviewStep.SETTLE}' AND held.state = '{ReviewState.RETURNED}'
                AND extract(epoch FROM clock_timestamp()) * 1000000 >= held.returned_at + {_LATE};
            SELECT m.* INTO move FROM (VALUES {_moves()}) AS m (step, before, mark, after, event)
            WHERE m.step = _step AND m.mark = _mark AND (m.before = held.state OR late);
            IF move.step IS NULL OR length(_body) > {TEXT_MAX} OR (_body = '' AND _mark <> '{Mark.GOOD}')
                OR (_step = '{ReviewStep.SETTLE}' AND me.mark = held.reviewer_mark
                    AND '{Mark.FAULT}' IN (_mark, held.mark))
            THEN {_ALLOWED}; END IF;
            UPDATE review r SET state = move.after, version = r.version + 1, mark = coalesce(nullif(_mark, ''), r.mark),
                returned_at = CASE _step WHEN '{ReviewStep.RETURN}' THEN _at ELSE r.returned_at END,
                reviewer = CASE WHEN r.reviewer_mark = '' THEN me.name ELSE r.reviewer END,
                reviewer_mark = CASE WHEN r.reviewer_mark = '' THEN me.mark ELSE r.reviewer_mark END
            WHERE r.session_id = _session;
            INSERT INTO review_note (session_id, ordinal, step, at, author, mark, body, salt)
            VALUES (_session, _version, _step, _at, me.name, _mark, _body, _salt);
            PERFORM desk_append(_session, move.event, me.mark, format('{{"by":%s,"sha256":"%s"}}', to_json(me.name),
                encode(sha256(_salt || convert_to(concat(_step, E'\\n', _mark, E'\\n', _body), 'UTF8')), 'hex')));
            PERFORM pg_notify('agent_desk_review', _session::text);
        END
        """,
        (Role.AGENT, Role.SUPERVISOR),
    ),
    Function(
        "add_rule(_name text, _share_permille integer, _waived_from integer, _uncertain boolean, _team text,"
        " _service text, _outcome text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE of_team bigint; made bigint;
        BEGIN
            SELECT t.id INTO of_team FROM team t WHERE t.name = _team;
            IF NOT {_IS_SUPERVISOR} AND (p.team_id IS NULL OR p.team_id = of_team)) THEN
                RAISE EXCEPTION 'review_rule_team' USING ERRCODE = '{REFUSED}';
            END IF;
            IF _share_permille NOT BETWEEN 1 AND {WHOLE} OR length(concat(_name, _service, _outcome)) > 400
                OR (_team <> '' AND of_team IS NULL)
            THEN {_ALLOWED}; END IF;
            INSERT INTO review_rule (name, share_permille, waived_from, uncertain, team_id, service, outcome, active)
            VALUES (_name, _share_permille, _waived_from, _uncertain, of_team, _service, _outcome, true)
            RETURNING id INTO made;
            PERFORM desk_append(0, 'review_rule_added', desk_mark(), jsonb_build_object('by', desk_name(), 'rule', made,
                'name', _name, 'share_permille', _share_permille, 'waived_from', _waived_from, 'uncertain', _uncertain,
                'team', _team, 'service', _service, 'outcome', _outcome)::text);
        END
        """,
        (Role.SUPERVISOR,),
    ),
    Function(
        "switch_rule(_rule bigint, _active boolean)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE held record;
        BEGIN
            SELECT r.* INTO held FROM review_rule r WHERE r.id = _rule FOR UPDATE;
            IF held.id IS NULL OR NOT {_IS_SUPERVISOR} AND (p.team_id IS NULL OR p.team_id = held.team_id)) THEN
                RAISE EXCEPTION 'review_rule_team' USING ERRCODE = '{REFUSED}';
            END IF;
            IF held.active <> _active THEN
                UPDATE review_rule r SET active = _active WHERE r.id = _rule;
                PERFORM desk_append(0, 'review_rule_switched', desk_mark(), jsonb_build_object('by', desk_name(),
                    'rule', _rule, 'active', _active)::text);
            END IF;
        END
        """,
        (Role.SUPERVISOR,),
    ),
)
