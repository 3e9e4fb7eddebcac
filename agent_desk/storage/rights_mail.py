"""What people decide about mails and SMS, as functions of PostgreSQL: whoever signs in may not change one otherwise."""

from collections.abc import Iterable

from agent_desk.rules.mail import ALLOWED, CALLED_OFF, NEVER, MailAction, MailChannel, after
from agent_desk.rules.people import Role
from agent_desk.rules.sms import E164
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.rights_functions import Function


def _after_rows() -> str:
    """Return, as rows of SQL, which state of a mail becomes which by a person's decision."""
    rows = [
        f"('{action}', '{state}', '{after(action, state)}')"
        for action in MailAction
        for state in sorted(ALLOWED[action])
    ]
    return ", ".join(rows)


def _never(channel: MailChannel) -> str:
    return _quoted(NEVER[channel])


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


MAILS = (
    Function(
        "show_mails(_session bigint, _state text)",
        "void",
        "sql VOLATILE",
        """
        UPDATE session s SET mail_state = _state WHERE s.id = _session AND (s.team_id = desk_team()
            OR EXISTS (SELECT 1 FROM person p WHERE p.login = session_user AND p.active AND p.role = 'supervisor'))
            AND EXISTS (SELECT 1 FROM mail m WHERE m.session_id = _session AND m.state = _state)
        """,
        (Role.AGENT, Role.SUPERVISOR),
    ),
    Function(
        "act_on_mail(_mail bigint, _action text, _recipient text)",
        "void",
        "plpgsql VOLATILE",
        f"""
        DECLARE held record; then_state text;
        BEGIN
            SELECT m.* INTO held FROM mail m JOIN session s ON s.id = m.session_id
            WHERE m.id = _mail AND s.team_id = desk_team() FOR UPDATE OF m;
            IF NOT FOUND THEN RAISE EXCEPTION 'mail_not_found' USING ERRCODE = '{REFUSED}'; END IF;
            SELECT a.then_state INTO then_state FROM (VALUES {_after_rows()}) AS a (action, state, then_state)
            WHERE a.action = _action AND a.state = held.state;
            IF then_state IS NULL THEN RAISE EXCEPTION 'mail_action' USING ERRCODE = '{REFUSED}'; END IF;
            IF held.channel = 'sms' AND _action IN ({_never(MailChannel.SMS)}) THEN
                RAISE EXCEPTION 'sms_not_printed' USING ERRCODE = '{REFUSED}';
            END IF;
            UPDATE mail SET state = then_state, state_at = extract(epoch FROM clock_timestamp()) * 1000000 WHERE id = _mail;
            IF _action = '{MailAction.RESEND}' THEN
                IF coalesce(nullif(_recipient, ''), held.recipient) = '' THEN
                    RAISE EXCEPTION 'no_recipient' USING ERRCODE = '{REFUSED}';
                END IF;
                IF held.channel = 'sms' AND coalesce(nullif(_recipient, ''), held.recipient) !~ '{E164}' THEN
                    RAISE EXCEPTION 'no_mobile' USING ERRCODE = '{REFUSED}';
                END IF;
                UPDATE mail SET recipient = coalesce(nullif(_recipient, ''), recipient), attempts = 0, retry_at = NULL,
                    last_reply = '' WHERE id = _mail;
            END IF;
            PERFORM desk_append(held.session_id, CASE _action
                    WHEN '{MailAction.RESEND}' THEN 'mail_resent' WHEN '{MailAction.SETTLE_ACCEPTED}' THEN 'mail_settled'
                    WHEN '{MailAction.PRINT}' THEN 'mail_printed' ELSE 'mail_dropped' END,
                desk_mark(), format('{{"by":%s,"kind":%s,"mail":%s%s}}', to_json(desk_name()), to_json(held.kind), _mail,
                    CASE held.channel WHEN 'sms' THEN ',"sms":true' ELSE '' END));
        END
        """,
        (Role.AGENT,),
    ),
    # What was to remind of something goes with it; what has left, or may have, stays as it is.
    Function(
        "call_off(_session bigint, _kind text, _reason text)",
        "integer",
        "plpgsql VOLATILE",
        f"""
        DECLARE held record; dropped integer := 0;
        BEGIN
            IF desk_mark() IS NULL OR length(_reason) > 200 OR NOT EXISTS (
                SELECT 1 FROM session s JOIN person p ON p.login = session_user AND p.active
                WHERE s.id = _session AND (p.role = 'supervisor' OR s.team_id = p.team_id)
            ) THEN
                RAISE EXCEPTION 'not_found' USING ERRCODE = '{REFUSED}';
            END IF;
            FOR held IN SELECT m.* FROM mail m WHERE m.session_id = _session AND m.kind = _kind
                AND m.state IN ({_quoted(CALLED_OFF)}) ORDER BY m.id FOR UPDATE
            LOOP
                UPDATE mail SET state = 'dropped', state_at = extract(epoch FROM clock_timestamp()) * 1000000
                WHERE id = held.id;
                PERFORM desk_append(_session, 'mail_called_off', desk_mark(), format(
                    '{{"by":%s,"kind":%s,"mail":%s,"reason":%s%s}}', to_json(desk_name()), to_json(_kind), held.id,
                    to_json(_reason), CASE held.channel WHEN 'sms' THEN ',"sms":true' ELSE '' END));
                dropped := dropped + 1;
            END LOOP;
            RETURN dropped;
        END
        """,
        (Role.AGENT, Role.SUPERVISOR),
    ),
)
