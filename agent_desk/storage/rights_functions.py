"""What roles of PostgreSQL may do only through a function that runs with its owner's rights; `rights.py` makes them.

Each finds its names where it was made, whatever the caller's search path, and asks who the caller is by `session_user`,
which no function and no SET ROLE changes. What policies ask is plpgsql, whose plans a connection keeps: SQL that cannot
be merged into a statement is planned anew for each, which took a third of a closing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_desk.rules.people import Role
from agent_desk.storage.refused import REFUSED

PEOPLE = (Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)
SIGNED_IN = (*PEOPLE, Role.MAILER, Role.BILLING)
WRITERS = (Role.AGENT, Role.SUPERVISOR, Role.MAILER, Role.BILLING)
NOBODY: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """One function: name and arguments, what it returns, language and volatility, its body, and who may call it."""

    name: str
    returns: str
    kind: str
    body: str
    roles: Sequence[Role]
    definer: bool = True


WHO = (
    Function(
        "me()",
        "TABLE (login text, mark text, name text, role text, team text)",
        "sql STABLE PARALLEL SAFE",
        """
        SELECT p.login, p.mark, p.name, p.role, coalesce(t.name, '') FROM person p LEFT JOIN team t ON t.id = p.team_id
        WHERE p.login = session_user AND p.active
        """,
        SIGNED_IN,
    ),
    *(
        Function(
            f"{name}()",
            returns,
            "plpgsql STABLE PARALLEL SAFE",
            f"BEGIN RETURN (SELECT p.{column} FROM person p WHERE p.login = session_user AND p.active); END",
            SIGNED_IN,
        )
        for name, returns, column in (("team", "bigint", "team_id"), ("mark", "text", "mark"), ("name", "text", "name"))
    ),
)
FOUND = """
    TABLE (id bigint, number text, state text, customer text, customer_number text, services text, outcome text,
           total_cents integer, mail_state text, agent text, opened_at bigint, ended_at bigint, parked_at bigint,
           step smallint, content text)
"""
SESSIONS = (
    # A function, for a policy of sessions that reads decisions, whose policy reads sessions, would go round in a circle.
    Function(
        "was_decided(_session bigint, _cents integer)",
        "boolean",
        "plpgsql STABLE",
        """
        BEGIN
            RETURN EXISTS (SELECT 1 FROM decision d WHERE d.session_id = _session AND d.total_cents = _cents);
        END
        """,
        WRITERS,
    ),
    # A walk along the team's own index, or the words' index, as the planner finds cheaper for these very words: hidden in
    # here it may use the latter, which under a policy it may not.
    Function(
        "search(_words text, _below bigint, _from bigint, _to bigint, _since bigint, _until bigint, _outcome text,"
        " _agent text, _team text, _service text, _rule text, _billed integer, _waived integer, _channel text, _mail text,"
        " _most integer, _review text DEFAULT NULL)",
        "SETOF bigint",
        "plpgsql STABLE",
        """
        BEGIN
            RETURN QUERY EXECUTE concat_ws(' AND ',
                format('SELECT s.id FROM session s WHERE s.team_id = %L::bigint', desk_team()),
                format('to_tsvector(''simple''::regconfig, s.search_text) @@ %L::tsquery', to_tsquery('simple', _words)),
                's.id < ' || _below, 's.id >= ' || _from, 's.id <= ' || _to,
                's.opened_at >= ' || _since, 's.opened_at < ' || _until,
                's.outcome = ' || quote_literal(nullif(_outcome, '')), 's.agent = ' || quote_literal(nullif(_agent, '')),
                's.mail_state = ' || quote_literal(nullif(_mail, '')),
                's.team_id = (SELECT t.id FROM team t WHERE t.name = ' || quote_literal(nullif(_team, '')) || ')',
                'strpos(concat('','', s.services, '',''), ' || quote_literal(',' || nullif(_service, '') || ',') || ') > 0',
                'EXISTS (SELECT 1 FROM session_line l WHERE l.session_id = s.id AND l.rule = '
                    || quote_literal(nullif(_rule, '')) || ')',
                'EXISTS (SELECT 1 FROM consent c WHERE c.session_id = s.id AND c.channel = '
                    || quote_literal(nullif(_channel, '')) || ')',
                'EXISTS (SELECT 1 FROM review r WHERE r.session_id = s.id AND r.returned_at IS NOT NULL'
                    ' AND r.agent_mark = desk_mark() AND r.state = ' || quote_literal(nullif(_review, '')) || ')',
                's.total_cents >= ' || _billed,
                '(SELECT sum(l.quantity * l.unit_price_cents - l.amount_cents) FROM session_line l'
                    ' WHERE l.session_id = s.id) >= ' || _waived
            ) || format(' ORDER BY s.id DESC LIMIT %s', _most);
        END
        """,
        (Role.AGENT,),
    ),
    Function(
        "look_up(_customer_number text, _callback_number text, _most integer)",
        FOUND,
        "plpgsql VOLATILE",
        """
        #variable_conflict use_column
        DECLARE newest bigint;
        BEGIN
            IF desk_team() IS NULL OR greatest(length(_customer_number), length(_callback_number)) > 40 THEN
                RETURN;
            END IF;
            SELECT max(s.id) INTO newest FROM session s
            WHERE s.team_id IS DISTINCT FROM desk_team()
                AND ((s.customer_number = _customer_number AND length(_customer_number) >= 9)
                    OR (s.callback_number = _callback_number AND length(_callback_number) >= 9));
            IF newest IS NULL THEN
                RETURN;
            END IF;
            PERFORM desk_append(newest, 'customer_looked_up', desk_mark(),
                format('{"by":%s,"team":%s}', to_json(desk_name()),
                    (SELECT to_json(t.name) FROM team t WHERE t.id = desk_team())));
            RETURN QUERY
            SELECT s.id, s.number, s.state, s.customer, s.customer_number, s.services, s.outcome, s.total_cents,
                s.mail_state, s.agent, s.opened_at, s.ended_at, s.parked_at, d.step,
                json_build_object('customer', coalesce(d.content::json -> 'customer', '{}'::json))::text
            FROM session s JOIN draft d ON d.session_id = s.id
            WHERE s.team_id IS DISTINCT FROM desk_team()
                AND ((s.customer_number = _customer_number AND length(_customer_number) >= 9)
                    OR (s.callback_number = _callback_number AND length(_callback_number) >= 9))
            ORDER BY s.id DESC LIMIT least(_most, 6);
        END
        """,
        (Role.AGENT,),
    ),
    # A session is another team's once it was handed over to it, or to somebody of it, and not before.
    Function(
        "hand_over(_session bigint, _team bigint)",
        "void",
        "plpgsql VOLATILE",
        """
        BEGIN
            UPDATE session s SET team_id = _team WHERE s.id = _session AND s.ended_at IS NULL AND s.team_id = desk_team()
                AND EXISTS (
                    SELECT 1 FROM handover h LEFT JOIN person p ON p.id = h.to_person_id
                    WHERE h.session_id = s.id AND h.taken_at IS NULL AND h.from_mark = desk_mark()
                        AND _team IN (h.to_team_id, p.team_id)
                );
            IF NOT FOUND THEN RAISE EXCEPTION 'not handed over' USING ERRCODE = 'insufficient_privilege'; END IF;
        END
        """,
        (Role.AGENT,),
    ),
    # The decision before stays; each line is billed in full or not at all; and the log must have told it already.
    Function(
        "correct(_session bigint, _version integer, _content text, _outcome text, _amounts integer[], _rules text[],"
        " _at bigint, _catalogue text, _inputs text, _result text, _total integer, _vat integer)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE held record; last integer; made integer;
        BEGIN
            SELECT s.* INTO held FROM session s WHERE s.id = _session FOR UPDATE;
            IF held.state IS DISTINCT FROM 'closed' OR held.version <> _version THEN
                RAISE EXCEPTION 'changed_elsewhere' USING ERRCODE = '{REFUSED}';
            END IF;
            SELECT max(d.ordinal) INTO last FROM decision d WHERE d.session_id = _session;
            SELECT count(*) INTO made FROM event e WHERE e.chain = _session AND e.kind = 'decision_made';
            UPDATE session_line l SET amount_cents = _amounts[l.position + 1], rule = _rules[l.position + 1]
            WHERE l.session_id = _session;
            IF last IS NULL OR made <> last + 1 OR desk_mark() IS NULL OR _total <> (
                SELECT sum(l.amount_cents) FROM session_line l WHERE l.session_id = _session
            ) OR EXISTS (
                SELECT 1 FROM session_line l WHERE l.session_id = _session
                    AND (l.rule IS NULL OR l.amount_cents IS NULL
                        OR l.amount_cents NOT IN (0, l.unit_price_cents * l.quantity))
            ) THEN
                RAISE EXCEPTION 'no correction' USING ERRCODE = 'insufficient_privilege';
            END IF;
            UPDATE draft d SET content = _content, revision = d.revision + 1 WHERE d.session_id = _session;
            INSERT INTO decision (session_id, ordinal, decided_at, agent, catalogue_version, inputs, result, total_cents,
                vat_cents)
            VALUES (_session, last + 1, _at, desk_name(), _catalogue, _inputs, _result, _total, _vat);
            UPDATE session s SET outcome = _outcome, total_cents = _total, version = s.version + 1 WHERE s.id = _session;
        END
        """,
        (Role.SUPERVISOR,),
    ),
    # To look at somebody's file is told where it is told what was done with it.
    Function(
        "tell_reading(_session bigint)",
        "void",
        "plpgsql VOLATILE",
        """
        BEGIN
            IF EXISTS (SELECT 1 FROM session s JOIN person p ON p.login = session_user AND p.active WHERE s.id = _session
                AND (p.role IN ('supervisor', 'auditor') OR s.team_id = p.team_id))
            THEN
                PERFORM desk_append(_session, 'file_read', desk_mark(), format('{"by":%s}', to_json(desk_name())));
            END IF;
        END
        """,
        (Role.AGENT, Role.SUPERVISOR, Role.AUDITOR),
    ),
    # What was exported, by the words of whoever did it: they have read it all, whatever they say of it.
    Function(
        "tell_export(_filter text, _form text, _rows integer)",
        "void",
        "plpgsql VOLATILE",
        """
        BEGIN
            IF desk_mark() IS NULL OR length(_filter) > 8000 OR length(_form) > 10 THEN
                RAISE EXCEPTION 'nobody tells this' USING ERRCODE = 'insufficient_privilege';
            END IF;
            PERFORM desk_append(0, 'journal_exported', desk_mark(), jsonb_build_object(
                'by', desk_name(), 'filter', _filter::jsonb, 'form', _form, 'rows', _rows)::text);
        END
        """,
        (Role.SUPERVISOR, Role.AUDITOR),
    ),
    Function(
        "tell_file_export(_session bigint, _form text)",
        "void",
        "plpgsql VOLATILE",
        """
        BEGIN
            IF desk_mark() IS NULL OR length(_form) > 10 OR NOT EXISTS (SELECT 1 FROM session s WHERE s.id = _session) THEN
                RAISE EXCEPTION 'nobody tells this' USING ERRCODE = 'insufficient_privilege';
            END IF;
            PERFORM desk_append(_session, 'file_exported', desk_mark(),
                format('{"by":%s,"form":%s}', to_json(desk_name()), to_json(_form)));
        END
        """,
        (Role.SUPERVISOR, Role.AUDITOR),
    ),
    Function(
        "tell(_kind text)",
        "void",
        "plpgsql VOLATILE",
        """
        BEGIN
            IF desk_mark() IS NULL OR _kind NOT IN ('signed_in', 'signed_out', 'locked', 'unlocked') THEN
                RAISE EXCEPTION 'not for this role to tell' USING ERRCODE = 'insufficient_privilege';
            END IF;
            PERFORM desk_append(0, _kind, desk_mark(), format('{"by":%s}', to_json(desk_name())));
        END
        """,
        PEOPLE,
    ),
    # What the program or this database said no to, told by whoever was refused.
    Function(
        "tell_denied(_what text)",
        "void",
        "plpgsql VOLATILE",
        """
        BEGIN
            IF desk_mark() IS NULL OR _what !~ '^[a-z_]{1,40}$' THEN
                RAISE EXCEPTION 'not for this role to tell' USING ERRCODE = 'insufficient_privilege';
            END IF;
            PERFORM desk_append(0, 'denied', desk_mark(), format('{"by":%s,"what":%s}', to_json(desk_name()), to_json(_what)));
        END
        """,
        PEOPLE,
    ),
    Function(
        "answer_help(_session bigint)",
        "boolean",
        "plpgsql VOLATILE",
        """
        BEGIN
            UPDATE help_call h SET coming = desk_name() WHERE h.session_id = _session AND h.coming = ''
                AND EXISTS (SELECT 1 FROM session s WHERE s.id = _session AND s.ended_at IS NULL);
            IF NOT FOUND THEN RETURN false; END IF;
            PERFORM desk_append(_session, 'help_answered', desk_mark(), format('{"by":%s}', to_json(desk_name())));
            RETURN true;
        END
        """,
        (Role.SUPERVISOR,),
    ),
    # Who was refused has no right to write it down; the program does, once somebody is let in there.
    Function(
        "tell_refused(_count text, _since text)",
        "void",
        "plpgsql VOLATILE",
        """
        BEGIN
            IF desk_mark() IS NULL OR _count::integer NOT BETWEEN 1 AND 100000 THEN
                RAISE EXCEPTION 'not for this role to tell' USING ERRCODE = 'insufficient_privilege';
            END IF;
            PERFORM desk_append(0, 'sign_in_refused', desk_mark(), format('{"count":%s,"login":%s,"since":%s}',
                _count::integer, to_json(session_user::text), to_json(_since::timestamptz)));
        END
        """,
        PEOPLE,
    ),
)
