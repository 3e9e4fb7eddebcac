"""Goodwill credits as PostgreSQL keeps them: limits and the second pair of eyes, whoever types SQL with a person's password."""

from agent_desk.reference import Reference
from agent_desk.rules.credit import REASON_MAX, CreditState
from agent_desk.rules.people import Role
from agent_desk.rules.promise import PromiseKind
from agent_desk.storage.credits import APPROVED, EVENTS
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.rights_functions import Function

_MICROSECONDS = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_WHO = "SELECT p.mark, p.name, p.role, p.team_id INTO me FROM person p WHERE p.login = session_user AND p.active"
# Their own team's sessions; supervisors without a team look after all.
_THEIRS = "me.team_id = held.team_id OR (me.role = 'supervisor' AND me.team_id IS NULL)"


def _refuse(code: str) -> str:
    return f"RAISE EXCEPTION '{code}' USING ERRCODE = '{REFUSED}'"


def credit_functions(shipped: Reference) -> tuple[Function, ...]:
    """Return the functions that give and settle credits within the limits of db/seed, and add them up."""
    limits = shipped.credits
    alone = " ".join(f"WHEN '{role}' THEN {cents}" for role, cents in limits.alone.items())
    return (
        Function(
            "give_credit(_session bigint, _amount integer, _reason text, _promise bigint)",
            "bigint",
            "plpgsql VOLATILE",
            f"""
            DECLARE held record; me record; before bigint; next_state text; made bigint;
            BEGIN
                {_WHO};
                SELECT s.id, s.team_id, s.customer_number INTO held FROM session s WHERE s.id = _session FOR UPDATE;
                IF me.mark IS NULL OR held.id IS NULL OR ({_THEIRS}) IS NOT TRUE THEN {_refuse("credit_not_yours")}; END IF;
                IF (_amount BETWEEN 1 AND {limits.most_cents}) IS NOT TRUE THEN {_refuse("credit_amount")}; END IF;
                IF (length(trim(_reason)) BETWEEN 1 AND {REASON_MAX}) IS NOT TRUE THEN {_refuse("credit_reason")}; END IF;
                IF held.customer_number !~ '^[0-9]{{9}}$' THEN {_refuse("credit_no_customer")}; END IF;
                SELECT coalesce(sum(c.amount_cents), 0) INTO before FROM credit c
                WHERE c.session_id = _session AND c.state <> '{CreditState.REFUSED}';
                next_state := CASE WHEN before + _amount > (CASE me.role {alone} ELSE 0 END)
                    THEN '{CreditState.PROPOSED}' ELSE '{CreditState.GRANTED}' END;
                IF (next_state = '{CreditState.PROPOSED}') <> EXISTS (SELECT 1 FROM promise r WHERE r.id = _promise
                    AND r.session_id = _session AND r.kind = '{PromiseKind.CREDIT}' AND r.ended_at IS NULL)
                THEN {_refuse("credit_changed")}; END IF;
                INSERT INTO credit (session_id, customer_number, amount_cents, reason, by_mark, by_name, at, state,
                    settled_at, promise_id)
                VALUES (_session, held.customer_number, _amount, _reason, me.mark, me.name, {_MICROSECONDS}, next_state,
                    CASE WHEN next_state = '{CreditState.GRANTED}' THEN {_MICROSECONDS} END, _promise)
                RETURNING id INTO made;
                PERFORM desk_append(_session, CASE next_state WHEN '{CreditState.GRANTED}'
                        THEN '{EVENTS[CreditState.GRANTED]}' ELSE '{EVENTS[CreditState.PROPOSED]}' END,
                    me.mark, jsonb_build_object('amount_cents', _amount, 'by', me.name, 'credit', made,
                        'reason', _reason)::text);
                RETURN made;
            END
            """,
            (Role.AGENT, Role.SUPERVISOR),
        ),
        Function(
            "settle_credit(_credit bigint, _version integer, _granted boolean, _reason text)",
            "void",
            "plpgsql VOLATILE",
            f"""
            DECLARE held record; me record;
            BEGIN
                {_WHO};
                SELECT c.*, s.team_id INTO held FROM credit c JOIN session s ON s.id = c.session_id
                WHERE c.id = _credit FOR UPDATE OF c;
                IF me.mark IS NULL OR held.id IS NULL OR me.role <> 'supervisor' OR ({_THEIRS}) IS NOT TRUE
                THEN {_refuse("credit_not_yours")}; END IF;
                IF held.by_mark = me.mark THEN {_refuse("credit_own")}; END IF;
                IF held.state <> '{CreditState.PROPOSED}' OR held.version <> _version
                THEN {_refuse("credit_settled")}; END IF;
                IF _granted IS NULL OR length(_reason) > {REASON_MAX} OR (NOT _granted AND trim(_reason) = '')
                THEN {_refuse("credit_reason")}; END IF;
                UPDATE credit c SET approved_mark = me.mark, approved_by = me.name, settled_at = {_MICROSECONDS},
                    version = c.version + 1, state = CASE WHEN _granted THEN '{CreditState.GRANTED}'
                        ELSE '{CreditState.REFUSED}' END
                WHERE c.id = _credit;
                PERFORM desk_append(held.session_id,
                    CASE WHEN _granted THEN '{APPROVED}' ELSE '{EVENTS[CreditState.REFUSED]}' END, me.mark,
                    (jsonb_build_object('amount_cents', held.amount_cents, 'by', me.name, 'credit', _credit)
                        || CASE WHEN _reason <> '' THEN jsonb_build_object('reason', _reason) ELSE '{{}}'::jsonb END)::text);
            END
            """,
            (Role.SUPERVISOR,),
        ),
        # What other teams have credited this customer is told as a sum alone.
        Function(
            "credit_sums(_session bigint, _since bigint, _until bigint)",
            "TABLE (customer bigint, mine bigint)",
            "plpgsql STABLE",
            f"""
            DECLARE held record; me record;
            BEGIN
                {_WHO};
                SELECT s.id, s.team_id, s.customer_number INTO held FROM session s WHERE s.id = _session;
                IF me.mark IS NULL OR (me.role <> 'auditor' AND ({_THEIRS}) IS NOT TRUE) THEN
                    {_refuse("credit_not_yours")};
                END IF;
                RETURN QUERY SELECT
                    coalesce(sum(c.amount_cents) FILTER (WHERE c.customer_number = held.customer_number), 0)::bigint,
                    coalesce(sum(c.amount_cents) FILTER (WHERE c.by_mark = me.mark), 0)::bigint
                FROM credit c WHERE c.at >= _since AND c.at < _until AND c.state <> '{CreditState.REFUSED}'
                    AND (c.customer_number = held.customer_number OR c.by_mark = me.mark);
            END
            """,
            (Role.AGENT, Role.SUPERVISOR, Role.AUDITOR),
        ),
    )
