"""The internal control plan as PostgreSQL keeps it: drawn once, checked by supervisors but not of their own work, signed once."""

from agent_desk.rules.controls import NOTE_MAX, Verdict
from agent_desk.rules.people import Role
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.rights_functions import Function

_IS_SUPERVISOR = "EXISTS (SELECT 1 FROM person p WHERE p.login = session_user AND p.active AND p.role = 'supervisor')"
_NOT_ALLOWED = "RAISE EXCEPTION 'not for this role' USING ERRCODE = 'insufficient_privilege'"
_NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_SIGNED = "EXISTS (SELECT 1 FROM control_sheet c WHERE (c.commitment, c.month) = ({0}))"
# As rules.controls.fingerprint writes it.
_FINGERPRINT = r"""
    sha256(convert_to(format(E'%s\n%s\n', _commitment, _month) || string_agg(format(E'%s %s %s %s\n', c.session_id, c.verdict,
        encode(sha256(convert_to(c.checked_by, 'UTF8')), 'hex'), encode(sha256(convert_to(c.note, 'UTF8')), 'hex')
    ), '' ORDER BY c.session_id), 'UTF8'))
"""


def _refuse(code: str) -> str:
    return f"RAISE EXCEPTION '{code}' USING ERRCODE = '{REFUSED}'"


CONTROLS = (
    # A sample is whole or not there: nobody adds a case they like better.
    Function(
        "draw_controls(_commitment text, _month text, _ids bigint[])",
        "void",
        "plpgsql VOLATILE",
        f"""
        BEGIN
            IF NOT {_IS_SUPERVISOR} OR length(_commitment) > 40 OR _month !~ '^[0-9]{{4}}-[0-9]{{2}}$'
            THEN {_NOT_ALLOWED}; END IF;
            PERFORM pg_advisory_xact_lock(hashtext('controls'));
            IF {_SIGNED.format("_commitment, _month")}
                OR EXISTS (SELECT 1 FROM control_sample c WHERE (c.commitment, c.month) = (_commitment, _month))
            THEN RETURN; END IF;
            INSERT INTO control_sample (commitment, month, session_id, drawn_at)
            SELECT _commitment, _month, one.id, {_NOW} FROM unnest(_ids) AS one (id) ORDER BY one.id;
        END
        """,
        (Role.SUPERVISOR,),
    ),
    Function(
        "check_control(_sample bigint, _verdict text, _note text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE held record;
        BEGIN
            IF NOT {_IS_SUPERVISOR} OR _verdict NOT IN ({", ".join(f"'{one}'" for one in Verdict)})
            THEN {_NOT_ALLOWED}; END IF;
            PERFORM pg_advisory_xact_lock(hashtext('controls'));
            SELECT c.*, s.agent INTO held FROM control_sample c JOIN session s ON s.id = c.session_id WHERE c.id = _sample;
            IF NOT FOUND THEN {_NOT_ALLOWED}; END IF;
            IF {_SIGNED.format("held.commitment, held.month")} THEN {_refuse("control_signed")}; END IF;
            IF held.agent = desk_name() THEN {_refuse("control_own")}; END IF;
            IF length(_note) > {NOTE_MAX} THEN {_refuse("control_note_long")}; END IF;
            IF _verdict = '{Verdict.NOT_CONFORM}' AND btrim(_note) = '' THEN {_refuse("control_note")}; END IF;
            UPDATE control_sample c SET verdict = _verdict, note = _note, checked_by = desk_name(), checked_at = {_NOW}
            WHERE c.id = _sample;
        END
        """,
        (Role.SUPERVISOR,),
    ),
    Function(
        "sign_controls(_commitment text, _month text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE found record;
        BEGIN
            IF NOT {_IS_SUPERVISOR} THEN {_NOT_ALLOWED}; END IF;
            PERFORM pg_advisory_xact_lock(hashtext('controls'));
            IF {_SIGNED.format("_commitment, _month")} THEN {_refuse("control_signed")}; END IF;
            SELECT count(*) AS samples, count(*) FILTER (WHERE c.verdict = '{Verdict.CONFORM}') AS conform,
                count(*) FILTER (WHERE c.verdict = '') AS open, {_FINGERPRINT} AS hash INTO found
            FROM control_sample c WHERE (c.commitment, c.month) = (_commitment, _month);
            IF found.samples = 0 OR found.open > 0 THEN {_refuse("control_open")}; END IF;
            INSERT INTO control_sheet (commitment, month, signed_at, signed_by, samples, conform, sha256)
            VALUES (_commitment, _month, {_NOW}, desk_name(), found.samples, found.conform, found.hash);
            PERFORM desk_append(0, 'controls_signed', desk_mark(), jsonb_build_object('by', desk_name(),
                'commitment', _commitment, 'month', _month, 'samples', found.samples, 'conform', found.conform,
                'sha256', encode(found.hash, 'hex'))::text);
        END
        """,
        (Role.SUPERVISOR,),
    ),
    Function(
        "tell_commitments(_filter text, _form text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        BEGIN
            IF desk_mark() IS NULL OR length(_filter) > 8000 OR length(_form) > 10 THEN {_NOT_ALLOWED}; END IF;
            PERFORM desk_append(0, 'commitments_exported', desk_mark(),
                jsonb_build_object('by', desk_name(), 'filter', _filter::jsonb, 'form', _form)::text);
        END
        """,
        (Role.SUPERVISOR, Role.AUDITOR),
    ),
)
