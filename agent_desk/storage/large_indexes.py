"""Indexes that take their time in a large database: PostgreSQL makes them beside people's work, after an upgrade.

They belong to no schema number: whoever asks looks whether an index is there (`is_usable`), and does without it else.
"""

from sqlalchemy import Connection, text

from agent_desk.rules.people import Role
from agent_desk.storage.acting import under_rights
from agent_desk.storage.database import Database
from agent_desk.storage.faults import translated

# What a decision spared the customer against the price. It only reckons with what it is given, so everybody may call it:
# whoever writes a decision does. Dear, so that no plan asks it of every row rather than of the index.
_WAIVED = """
    CREATE OR REPLACE FUNCTION decision_waived(_inputs text, _result text) RETURNS bigint
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
    DECLARE inputs jsonb := nullif(_inputs, ''); result jsonb := nullif(_result, '');
    BEGIN
        RETURN (
            SELECT coalesce(sum((i ->> 'unit_price_cents')::bigint * (i ->> 'quantity')::bigint
                - (r ->> 'amount_cents')::bigint), 0)
            FROM ROWS FROM (jsonb_array_elements(inputs -> 'lines'), jsonb_array_elements(result -> 'lines')) AS line (i, r)
        );
    END $$
"""
SERVICES, WAIVED = "ix_session_services", "ix_decision_waived"
_INDEXES = {
    SERVICES: "session USING gin (string_to_array(services, ','))",
    WAIVED: "decision (decision_waived(inputs, result))",
}
_USABLE = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
HAS_WAIVED = text("SELECT to_regprocedure('decision_waived(text, text)') IS NOT NULL")
_OWNER = text("SELECT relowner::regrole::text FROM pg_class WHERE oid = 'decision'::regclass")


def make_large_indexes(database: Database) -> None:
    """Make what is missing, or was left half made, without keeping anybody from writing; DatabaseFault. Nothing on SQLite."""
    if database.dialect == "sqlite":
        return
    with database.write() as tx:
        missing = [name for name in _INDEXES if not _is_valid(tx, name)]
        if not tx.execute(HAS_WAIVED).scalar_one():
            tx.exec_driver_sql(f"SET LOCAL ROLE {tx.execute(_OWNER).scalar_one()}")
            tx.exec_driver_sql(_WAIVED)
    with translated(), database.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")  # which CONCURRENTLY wants
        for name in missing:
            alone.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            alone.exec_driver_sql(f"CREATE INDEX CONCURRENTLY {name} ON {_INDEXES[name]}")
        for table in ("session", "decision") if missing else ():
            alone.exec_driver_sql(f"ANALYZE {table}")  # the planner knows of an expression only then


def is_usable(tx: Connection, name: str) -> bool:
    """Tell whether this index is there, and of use to whoever asks: under an agent's policies it would not be taken."""
    who = under_rights(tx)
    if tx.dialect.name == "sqlite" or (who is not None and who.role is Role.AGENT):
        return False
    return _is_valid(tx, name)


def _is_valid(tx: Connection, name: str) -> bool:
    return tx.execute(_USABLE, {"name": name}).scalar_one_or_none() is True
