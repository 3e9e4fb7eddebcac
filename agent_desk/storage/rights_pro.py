"""Professional customers' contacts on PostgreSQL: set by administrators, and told for the exact number alone."""

from agent_desk.rules.people import Role
from agent_desk.storage.pro_contacts import TOLD
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.rights_functions import Function


def _refuse(code: str) -> str:
    return f"RAISE EXCEPTION '{code}' USING ERRCODE = '{REFUSED}'"


PRO = (
    Function(
        "set_pro_contacts(_numbers text[], _logins text[], _teams text[])",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE of_team bigint; of_person bigint; boss text;
        BEGIN
            boss := desk_boss();
            FOR place IN 1 .. coalesce(array_length(_numbers, 1), 0) LOOP
                IF _numbers[place] !~ '^[0-9]{{9}}$' THEN {_refuse("pro_number")}; END IF;
                DELETE FROM pro_contact c WHERE c.customer_number = _numbers[place];
                CONTINUE WHEN _teams[place] = '';
                SELECT t.id INTO of_team FROM team t WHERE t.name = _teams[place];
                IF of_team IS NULL THEN {_refuse("team_unknown")}; END IF;
                of_person := NULL;
                IF _logins[place] <> '' THEN
                    SELECT p.id INTO of_person FROM person p WHERE p.login = _logins[place] AND p.active;
                    IF of_person IS NULL THEN {_refuse("person_unknown")}; END IF;
                END IF;
                INSERT INTO pro_contact (customer_number, person_id, team_id) VALUES (_numbers[place], of_person, of_team);
            END LOOP;
            PERFORM desk_append(0, '{TOLD}', boss, jsonb_build_object('by', session_user, 'count', coalesce(array_length(_numbers, 1), 0))::text);
        END
        """,
        (Role.ADMINISTRATOR,),
    ),
    Function(
        "pro_contact(_number text)",
        "TABLE (person text, person_id bigint, team text, team_id bigint)",
        "plpgsql STABLE",
        """
        #variable_conflict use_column
        BEGIN
            RETURN QUERY SELECT p.name, c.person_id, t.name, c.team_id FROM pro_contact c JOIN team t ON t.id = c.team_id
                LEFT JOIN person p ON p.id = c.person_id AND p.active
            WHERE c.customer_number = _number AND desk_mark() IS NOT NULL;
        END
        """,
        (Role.AGENT, Role.SUPERVISOR, Role.AUDITOR),
    ),
)
