"""How PostgreSQL keeps prices and texts: who sees them, two people change them, and a line costs what held that day."""

from collections.abc import Iterable, Iterator

from agent_desk.reference import Reference
from agent_desk.rules.catalogue_changes import (
    CENTS,
    DECIDERS,
    FURTHEST,
    PARTS,
    PRICE_MAX,
    PROPOSED_EVENT,
    REASON_MAX,
    STEP_EVENTS,
    STEPS,
    ChangeFault,
    ChangeKind,
    ChangeState,
    ChangeStep,
)
from agent_desk.rules.people import Role
from agent_desk.rules.session import Territory
from agent_desk.rules.territories import ZONE
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.right import Right
from agent_desk.storage.rights_functions import NOBODY, WRITERS, Function

_BY = tuple(role for role in Role if role in DECIDERS)
_MICROSECONDS = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
CLOCKS_APART = 300_000_000  # microseconds by which a desk's clock may differ from the server's


def catalogue_rights() -> Iterator[Right]:
    """Yield who sees what is proposed; agents see what two people have approved, since they sell at it, and who bills or settles."""
    for role in (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR):
        yield from (Right(role, table, "SELECT") for table in ("catalogue_change", "catalogue_step"))
    approved = """
        EXISTS (SELECT 1 FROM catalogue_step s WHERE s.change_id = catalogue_change.id AND s.step = 'approve')
    """
    for role in (Role.AGENT, Role.BILLING, Role.MAILER):
        yield Right(role, "catalogue_change", "SELECT", approved)
        yield Right(role, "catalogue_step", "SELECT", "step IN ('approve', 'revoke')")


def _refuse(code: str) -> str:
    return f"RAISE EXCEPTION '{code}' USING ERRCODE = '{REFUSED}'"


def _rows(rows: Iterable[tuple[str | int, ...]]) -> str:
    """Return rows of SQL; none of the texts has a quote."""
    return ", ".join(f"({', '.join(repr(value) for value in row)})" for row in rows)


def _last_day_begun() -> str:
    days = (f"(clock_timestamp() AT TIME ZONE '{zone}')::date" for zone in sorted(set(ZONE.values())))
    return f"greatest({', '.join(days)})"


_PARTS = _rows((str(kind), part, longest) for kind, parts in PARTS.items() for part, longest in parts.items())
_STEPS = _rows(
    (str(step), str(rule.before), str(rule.after), str(rule.whose), int(rule.reason), STEP_EVENTS[step])
    for step, rule in STEPS.items()
)
_ZONES = " ".join(f"WHEN '{territory}' THEN '{zone}'" for territory, zone in ZONE.items())
_GIVEN_UP = "('reject', 'withdraw', 'revoke')"
_PAYLOAD = """
    jsonb_build_object('by', me.name, 'change', {id}, 'kind', {of}.kind, 'subject', {of}.subject,
        'before', {of}.before::jsonb, 'value', {of}.value::jsonb, 'valid_from', {of}.valid_from,
        'reason', {reason})::text
"""


def catalogue_functions(shipped: Reference) -> tuple[Function, ...]:
    """Return the functions; the prices a program ships are written into them."""
    return (*_prices(shipped), _visit_terms(shipped), _decider(), _last_step(), _fits(shipped), _propose(), _act())


def _prices(shipped: Reference) -> tuple[Function, ...]:
    known = sorted(
        {
            (service.code, service.valid_from.isoformat(), service.price_cents)
            for catalogue in shipped.history
            for service in catalogue.services.values()
        }
    )
    price_on = f"""
        SELECT p.cents FROM (
            SELECT k.since, 0::bigint, k.cents FROM (VALUES {_rows(known)}) AS k (service, since, cents)
            WHERE k.service = _service
            UNION ALL
            SELECT c.valid_from, c.id, (c.value::jsonb ->> '{CENTS}')::integer FROM catalogue_change c
            WHERE c.kind = '{ChangeKind.PRICE}' AND c.subject = _service
                AND EXISTS (SELECT 1 FROM catalogue_step s WHERE s.change_id = c.id AND s.step = '{ChangeStep.APPROVE}')
                AND NOT EXISTS (SELECT 1 FROM catalogue_step s WHERE s.change_id = c.id AND s.step = '{ChangeStep.REVOKE}')
        ) AS p (since, change, cents) WHERE p.since <= _day ORDER BY p.since DESC, p.change DESC LIMIT 1
    """
    # The day is the customer's, of the agreement, or today before it; a desk's clock may be a little off.
    is_price = f"""
        SELECT EXISTS (
            SELECT 1 FROM session s LEFT JOIN draft d ON d.session_id = s.id
            CROSS JOIN (VALUES (-{CLOCKS_APART}), ({CLOCKS_APART})) AS off (by)
            CROSS JOIN LATERAL (
                SELECT CASE WHEN s.agreed_at IS NULL THEN {_MICROSECONDS} ELSE coalesce(s.priced_at, s.agreed_at) END
            ) AS agreed (at)
            CROSS JOIN LATERAL (
                SELECT CASE nullif(d.content, '')::jsonb #>> '{{customer,territory}}' {_ZONES}
                    ELSE '{ZONE[Territory.METROPOLE]}' END
            ) AS zone (name)
            WHERE s.id = _session AND _cents = desk_price_on(_service,
                to_char(to_timestamp((agreed.at + off.by) / 1000000.0) AT TIME ZONE zone.name, 'YYYY-MM-DD'))
        )
    """
    return (
        Function("price_on(_service text, _day text)", "integer", "sql STABLE", price_on, NOBODY),
        Function(
            "is_price(_session bigint, _service text, _cents integer)", "boolean", "sql STABLE", is_price, WRITERS
        ),
    )


def _visit_terms(shipped: Reference) -> Function:
    """Whether ceiling and VAT of a home visit are, or were, those of a territory."""
    known = sorted(
        {
            (str(territory), catalogue.travel_ceilings[territory], catalogue.visit_vat_permille[territory])
            for catalogue in shipped.history
            for territory in Territory
        }
    )
    body = f"SELECT (_territory, _ceiling, _vat) IN ({_rows(known)})"
    name = "are_terms(_territory text, _ceiling integer, _vat integer)"
    return Function(name, "boolean", "sql IMMUTABLE", body, WRITERS)


def _decider() -> Function:
    """Two at once come one after the other, so that no day is given twice."""
    roles = ", ".join(f"'{role}'" for role in _BY)
    body = f"""
        DECLARE me record;
        BEGIN
            SELECT p.* INTO me FROM person p WHERE p.login = session_user AND p.active AND p.role IN ({roles});
            IF NOT FOUND THEN {_refuse("change_not_allowed")}; END IF;
            LOCK TABLE catalogue_change IN SHARE ROW EXCLUSIVE MODE;
            RETURN me;
        END
    """
    return Function("decider()", "person", "plpgsql VOLATILE", body, NOBODY)


def _last_step() -> Function:
    body = """
        SELECT s.step FROM catalogue_step s WHERE s.change_id = _change ORDER BY s.ordinal DESC LIMIT 1
    """
    return Function("last_step(_change bigint)", "text", "sql STABLE", body, NOBODY)


def _fits(shipped: Reference) -> Function:
    """Whether a value is one; what a text says is for people to judge."""
    services = ", ".join(f"'{code}'" for code in shipped.history[-1].services)
    body = f"""
        SELECT jsonb_typeof(_value::jsonb) = 'object' AND CASE
            WHEN _kind = '{ChangeKind.PRICE}' THEN _subject IN ({services})
                AND _value ~ '^{{"{CENTS}":(0|[1-9][0-9]{{0,4}})}}$'
                AND (_value::jsonb ->> '{CENTS}')::integer <= {PRICE_MAX}
            ELSE length(_subject) BETWEEN 1 AND 60 AND (
                    SELECT count(*) FILTER (WHERE length(g.value) BETWEEN 1 AND p.longest) = count(*) AND count(*) > 0
                    FROM (VALUES {_PARTS}) AS p (kind, part, longest)
                    FULL JOIN jsonb_each_text(_value::jsonb) AS g (part, value) ON p.kind = _kind AND p.part = g.part
                    WHERE p.kind = _kind OR p.kind IS NULL
                )
        END
    """
    return Function("fits(_kind text, _subject text, _value text)", "boolean", "sql IMMUTABLE", body, NOBODY)


def _propose() -> Function:
    furthest = f"{_last_day_begun()} + {FURTHEST.days + 1}"
    payload = _PAYLOAD.format(id="made.id", of="made", reason="made.reason")
    body = f"""
        DECLARE me person := desk_decider(); made record;
        BEGIN
            IF desk_fits(_kind, _subject, _value) IS NOT TRUE THEN {_refuse(ChangeFault.TEXT)}; END IF;
            IF _from !~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' OR _from::date <= {_last_day_begun()}
            THEN {_refuse(ChangeFault.DAY_PAST)}; END IF;
            IF _from::date > {furthest} THEN {_refuse(ChangeFault.DAY_FAR)}; END IF;
            IF length(btrim(_reason)) = 0 OR length(_reason) > {REASON_MAX} THEN {_refuse(ChangeFault.REASON)}; END IF;
            IF EXISTS (
                SELECT 1 FROM catalogue_change c WHERE (c.kind, c.subject, c.valid_from) = (_kind, _subject, _from)
                    AND coalesce(desk_last_step(c.id), '') NOT IN {_GIVEN_UP}
            ) THEN {_refuse(ChangeFault.DAY_TAKEN)}; END IF;
            INSERT INTO catalogue_change (kind, subject, before, value, valid_from, reason, by_mark, by_name, at)
            VALUES (_kind, _subject, _before, _value, _from, _reason, me.mark, me.name, {_MICROSECONDS})
            RETURNING * INTO made;
            PERFORM desk_append(0, '{PROPOSED_EVENT}', me.mark, {payload});
            RETURN made.id;
        END
    """
    name = "propose_change(_kind text, _subject text, _before text, _value text, _from text, _reason text)"
    return Function(name, "bigint", "plpgsql VOLATILE", body, _BY)


def _act() -> Function:
    payload = _PAYLOAD.format(id="held.id", of="held", reason="_reason")
    body = f"""
        DECLARE me person := desk_decider(); held record; last record; rule record;
        BEGIN
            SELECT c.* INTO held FROM catalogue_change c WHERE c.id = _change;
            IF NOT FOUND THEN {_refuse("change_unknown")}; END IF;
            SELECT s.step, s.ordinal, s.by_mark INTO last FROM catalogue_step s WHERE s.change_id = _change
            ORDER BY s.ordinal DESC LIMIT 1;
            SELECT r.* INTO rule FROM (VALUES {_STEPS}) AS r (step, before, after, whose, reason, event)
            WHERE r.step = _step AND r.before = coalesce(
                (SELECT b.after FROM (VALUES {_STEPS}) AS b (step, before, after, whose, reason, event)
                    WHERE b.step = last.step), '{ChangeState.PROPOSED}');
            IF NOT FOUND OR held.valid_from::date <= {_last_day_begun()} THEN {_refuse(ChangeFault.STATE)}; END IF;
            IF rule.whose = 'another' AND coalesce(last.by_mark, held.by_mark) = me.mark
            THEN {_refuse(ChangeFault.FOUR_EYES)}; END IF;
            IF rule.whose = 'the_same' AND held.by_mark <> me.mark THEN {_refuse(ChangeFault.NOT_YOURS)}; END IF;
            IF length(_reason) > {REASON_MAX} OR (rule.reason = 1 AND btrim(_reason) = '')
            THEN {_refuse(ChangeFault.REASON)}; END IF;
            INSERT INTO catalogue_step (change_id, ordinal, step, reason, by_mark, by_name, at)
            VALUES (_change, coalesce(last.ordinal, 0) + 1, _step, _reason, me.mark, me.name, {_MICROSECONDS});
            PERFORM desk_append(0, rule.event, me.mark, {payload});
        END
    """
    name = "act_on_change(_change bigint, _step text, _reason text)"
    return Function(name, "void", "plpgsql VOLATILE", body, _BY)
