"""The functions by which an administrator manages people on PostgreSQL: each a role, a row and an event, or nothing."""

from agent_desk.rules.duties import Duty
from agent_desk.rules.people import EMAIL_MAX, LOGIN, NAME_MAX, RESERVED, TEAM_MAX, Role
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.rights_functions import NOBODY, Function

BOSS = (Role.ADMINISTRATOR,)
_ROLES = ", ".join(f"'{role}'" for role in Role)
_DUTIES = ", ".join(f"'{duty}'" for duty in Duty)
_NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"


def _refuse(code: str) -> str:
    return f"RAISE EXCEPTION '{code}' USING ERRCODE = '{REFUSED}'"


PEOPLE = (
    # Administrators are held until the transaction ends: of two who revoke each other one comes second, and is none by then.
    Function(
        "boss()",
        "text",
        "plpgsql VOLATILE",
        f"""
        DECLARE found text;
        BEGIN
            PERFORM 1 FROM person p WHERE p.role = 'administrator' AND p.active ORDER BY p.id FOR UPDATE;
            SELECT p.mark INTO found FROM person p
            WHERE p.login = session_user AND p.active AND p.role = 'administrator';
            IF found IS NULL AND NOT pg_has_role(session_user, current_user, 'MEMBER')
            THEN {_refuse("not_administrator")}; END IF;
            RETURN coalesce(found, 'system');
        END
        """,
        NOBODY,
    ),
    Function(
        "keep_one_administrator(_but text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        BEGIN
            IF EXISTS (SELECT 1 FROM person p WHERE p.login = _but AND p.active AND p.role = 'administrator')
                AND NOT EXISTS (SELECT 1 FROM person p WHERE p.login <> _but AND p.active AND p.role = 'administrator')
            THEN {_refuse("last_administrator")}; END IF;
        END
        """,
        NOBODY,
    ),
    Function(
        "team_called(_name text)",
        "bigint",
        "plpgsql VOLATILE",
        f"""
        DECLARE found bigint;
        BEGIN
            IF _name = '' THEN RETURN NULL; END IF;
            IF length(_name) > {TEAM_MAX} THEN {_refuse("team_unfit")}; END IF;
            INSERT INTO team (name) VALUES (_name) ON CONFLICT (name) DO NOTHING;
            SELECT t.id INTO found FROM team t WHERE t.name = _name;
            RETURN found;
        END
        """,
        NOBODY,
    ),
    Function(
        "tell_of_person(_kind text, _actor text, _login text)",
        "void",
        "sql VOLATILE",
        """
        SELECT desk_append(0, _kind, _actor, format('{"by":%s,"login":%s,"mark":%s,"name":%s,"role":%s,"team":%s}',
            to_json(session_user::text), to_json(p.login), to_json(p.mark), to_json(p.name), to_json(p.role),
            to_json(coalesce(t.name, ''))))
        FROM person p LEFT JOIN team t ON t.id = p.team_id WHERE p.login = _login
        """,
        NOBODY,
    ),
    Function(
        "add_person(_login text, _name text, _email text, _role text, _team text, _mark text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE boss text := desk_boss();
        BEGIN
            IF _login !~ '^{LOGIN}$' OR _login ~ '^{RESERVED}' THEN {_refuse("login_unfit")}; END IF;
            IF length(_name) NOT BETWEEN 1 AND {NAME_MAX} OR length(_email) > {EMAIL_MAX} OR _role NOT IN ({_ROLES})
                OR _mark !~ '^[0-9a-z]{{8,16}}$'
            THEN {_refuse("person_unfit")}; END IF;
            IF EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = _login)
                OR EXISTS (SELECT 1 FROM person p WHERE p.login = _login)
            THEN {_refuse("login_taken")}; END IF;
            EXECUTE format('CREATE ROLE %I LOGIN', _login);
            EXECUTE format('GRANT %I TO %I', 'agent_desk_' || _role, _login);
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), _login);
            INSERT INTO person (login, name, email, role, team_id, mark, active, joined_at)
                VALUES (_login, _name, _email, _role, desk_team_called(_team), _mark, true, {_NOW});
            PERFORM desk_tell_of_person('person_added', boss, _login);
        END
        """,
        BOSS,
    ),
    Function(
        "change_person(_login text, _role text, _team text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE boss text := desk_boss(); before record;
        BEGIN
            SELECT p.* INTO before FROM person p WHERE p.login = _login AND p.active FOR UPDATE;
            IF NOT FOUND THEN {_refuse("person_unknown")}; END IF;
            IF _role NOT IN ({_ROLES}) THEN {_refuse("person_unfit")}; END IF;
            IF _role <> 'administrator' THEN PERFORM desk_keep_one_administrator(_login); END IF;
            EXECUTE format('REVOKE %I FROM %I', 'agent_desk_' || before.role, _login);
            EXECUTE format('GRANT %I TO %I', 'agent_desk_' || _role, _login);
            UPDATE person SET role = _role, team_id = desk_team_called(_team) WHERE id = before.id;
            PERFORM desk_tell_of_person('person_changed', boss, _login);
        END
        """,
        BOSS,
    ),
    Function(
        "set_duties(_team text, _duties text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE boss text := desk_boss(); of_team bigint; named text[] := string_to_array(nullif(_duties, ''), ',');
        BEGIN
            SELECT t.id INTO of_team FROM team t WHERE t.name = _team;
            IF of_team IS NULL THEN {_refuse("team_unknown")}; END IF;
            IF NOT coalesce(named, '{{}}') <@ ARRAY[{_DUTIES}] THEN {_refuse("duty_unknown")}; END IF;
            DELETE FROM team_duty d WHERE d.team_id = of_team;
            INSERT INTO team_duty (team_id, duty) SELECT of_team, d FROM unnest(named) AS d;
            PERFORM desk_append(0, 'team_duties_set', boss, jsonb_build_object('by', session_user::text, 'team', _team,
                'duties', to_jsonb(coalesce(named, '{{}}')))::text);
        END
        """,
        BOSS,
    ),
    Function(
        "remove_person(_login text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE boss text := desk_boss(); before record;
        BEGIN
            SELECT p.* INTO before FROM person p WHERE p.login = _login AND p.active FOR UPDATE;
            IF NOT FOUND THEN {_refuse("person_unknown")}; END IF;
            PERFORM desk_keep_one_administrator(_login);
            EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', _login);
            EXECUTE format('REVOKE %I FROM %I', 'agent_desk_' || before.role, _login);
            EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), _login);
            UPDATE person SET active = false, left_at = {_NOW} WHERE id = before.id;
            PERFORM desk_tell_of_person('person_left', boss, _login);
        END
        """,
        BOSS,
    ),
    # After the transaction above has ended, for until then a cut connection could be made anew.
    Function(
        "cut_off(_login text)",
        "integer",
        "plpgsql VOLATILE",
        f"""
        DECLARE cut integer;
        BEGIN
            PERFORM desk_boss();
            IF NOT EXISTS (SELECT 1 FROM person p WHERE p.login = _login AND NOT p.active) THEN
                {_refuse("person_unknown")};
            END IF;
            -- Who may end a connection is in its role, or above it.
            EXECUTE format('GRANT %I TO CURRENT_USER', _login);
            SELECT count(*) INTO cut FROM (
                SELECT pg_terminate_backend(a.pid, 5000) FROM pg_stat_activity a WHERE a.usename = _login
            ) AS ended;
            EXECUTE format('REVOKE %I FROM CURRENT_USER', _login);
            RETURN cut;
        END
        """,
        BOSS,
    ),
    # A verifier as the client computes it: the password itself never gets into a statement, nor into a log.
    Function(
        "set_password(_login text, _verifier text, _until text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE boss text := desk_boss();
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM person p WHERE p.login = _login AND p.active) THEN
                {_refuse("person_unknown")};
            END IF;
            IF _verifier !~ '^SCRAM-SHA-256\\$' THEN {_refuse("person_unfit")}; END IF;
            EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL %L', _login, _verifier, coalesce(nullif(_until, ''), 'infinity'));
            PERFORM desk_tell_of_person('password_set', boss, _login);
        END
        """,
        BOSS,
    ),
    # Codes sealed to the old key cannot be opened any more: their customers are told so now and not when they type them.
    Function(
        "turn_door_key(_key text)",
        "integer",
        "plpgsql VOLATILE",
        f"""
        DECLARE boss text := desk_boss(); one record; put_out integer := 0;
        BEGIN
            INSERT INTO site (key, value) VALUES ('door_key', _key)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value;
            FOR one IN SELECT c.id, c.session_id FROM code c WHERE c.state = 'live' ORDER BY c.session_id LOOP
                PERFORM 1 FROM session s WHERE s.id = one.session_id FOR UPDATE;
                UPDATE code SET state = 'revoked', ended_at = {_NOW} WHERE id = one.id AND state = 'live';
                CONTINUE WHEN NOT FOUND;
                put_out := put_out + 1;
                PERFORM desk_append(one.session_id, 'code_revoked', 'system', '{{}}');
            END LOOP;
            PERFORM desk_append(0, 'keys_turned', boss, format('{{"by":%s,"codes":%s}}', to_json(session_user::text), put_out));
            RETURN put_out;
        END
        """,
        BOSS,
    ),
)
