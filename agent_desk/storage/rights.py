"""The lock of a call centre's database: roles, grants and row-level security on PostgreSQL, made anew as often as wanted.

Everybody signs in as a role of their own, which is a member of one group. What a group may do stands in `rights_table.py`;
what needs a function, in `rights_functions.py` and `rights_people.py`. The program's own checks are a courtesy beside it.
"""

import threading
from collections.abc import Iterable, Iterator
from time import monotonic

from sqlalchemy import Connection, text

from agent_desk.paths import data_path
from agent_desk.reference import load_reference
from agent_desk.rules.people import Role
from agent_desk.storage.database import Database
from agent_desk.storage.every_table import metadata
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.groups import group, make_groups
from agent_desk.storage.large_indexes import HAS_WAIVED
from agent_desk.storage.rights_appointment import CALL_BACKS
from agent_desk.storage.rights_asking import ASKING
from agent_desk.storage.rights_catalogue import catalogue_functions
from agent_desk.storage.rights_control import CONTROLS
from agent_desk.storage.rights_credit import credit_functions
from agent_desk.storage.rights_functions import SESSIONS, WHO, Function
from agent_desk.storage.rights_log import HEAD_GUARD, HEAD_TRIGGER, LOG
from agent_desk.storage.rights_mail import MAILS
from agent_desk.storage.rights_people import PEOPLE
from agent_desk.storage.rights_pro import PRO
from agent_desk.storage.rights_promise import PROMISES
from agent_desk.storage.rights_review import REVIEWS
from agent_desk.storage.rights_table import Right, rights
from agent_desk.storage.rights_withdrawal import WITHDRAWALS

# What a desk asks of a gateway's functions for itself: whether codes are guessed, and shares that are due where no gateway
# runs any more, which the desk's own look ends.
_DESK_ASKS = ("guest_site_attempts", "guest_breaker")
# Whoever waits for a table makes all wait who come after: it is given up before they notice.
LOCK_MILLISECONDS = 300
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.5
VERSION = "alembic_version"  # Alembic's own table: the schema's number, which every program asks for
_PASS_THROUGH = {"no_parameters": True}  # a percent sign is one


def apply(database: Database) -> None:
    """Make or renew groups, functions, grants and policies; ValueError on SQLite, which knows no roles.

    Who asks may make roles, and is, or may act for, the tables' owner, to whom functions and grants belong. Desks go on
    meanwhile: it waits until the tables are free for a moment; DatabaseFault `upgrade_waits`.
    """
    if database.dialect != "postgresql":
        raise ValueError("only PostgreSQL has roles")
    until = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            _apply(database)
        except DatabaseFault as fault:
            if fault.code != "locked":
                raise
            if monotonic() > until:
                raise DatabaseFault("upgrade_waits") from fault
        else:
            return
        threading.Event().wait(PAUSE_SECONDS)


def may_apply(tx: Connection) -> bool:
    """Tell whether this account can make the roles that rights need."""
    if tx.dialect.name != "postgresql":
        return False
    return bool(
        tx.execute(text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")).scalar()
    )


def _apply(database: Database) -> None:
    with database.write() as tx:
        make_groups(tx)
        _act_for_owner(tx)
        schema = str(tx.execute(text("SELECT quote_ident(current_schema())")).scalar_one())
        tables = [*(one.name for one in metadata.sorted_tables if one.name), VERSION]
        tx.execute(text(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}"))
        tx.execute(text(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE"))
        for statement in (
            *_removed(tx),
            *_closed(schema, tables),
            *(
                part
                for one in (
                    *WHO,
                    *LOG,
                    *SESSIONS,
                    *MAILS,
                    *PEOPLE,
                    *REVIEWS,
                    *CONTROLS,
                    *PROMISES,
                    *CALL_BACKS,
                    *PRO,
                    *ASKING,
                    *WITHDRAWALS,
                    *_of_data(),
                )
                for part in _function(one, schema)
            ),
            HEAD_GUARD.format(schema=schema),
            HEAD_TRIGGER,
            *(part for right in rights() for part in _granted(right)),
            *_services(tx),
            *_reckoning(tx),
            *_kept_connections(tx),
        ):
            tx.exec_driver_sql(statement, execution_options=_PASS_THROUGH)


def is_applied(tx: Connection) -> bool:
    """Tell whether this database sees to people's rights itself."""
    if tx.dialect.name != "postgresql":
        return False
    return tx.execute(text("SELECT to_regprocedure('desk_me()') IS NOT NULL")).scalar_one() is True


def _act_for_owner(tx: Connection) -> None:
    """Go on as the owner of the tables, who can make roles for people from now on."""
    owner = tx.execute(_OWNER).one()
    if not owner.makes_roles:
        tx.exec_driver_sql(f"ALTER ROLE {owner.name} CREATEROLE")
    if owner.server >= 160_000:  # where to make roles no longer means to give away any
        for role in Role:
            tx.exec_driver_sql(f"GRANT {group(role)} TO {owner.name} WITH ADMIN OPTION")
    if not owner.asks:
        tx.exec_driver_sql(f"SET LOCAL ROLE {owner.name}")


_OWNER = text("""
    SELECT quote_ident(r.rolname) AS name, r.rolsuper OR r.rolcreaterole AS makes_roles, r.rolname = current_user AS asks,
        current_setting('server_version_num')::integer AS server
    FROM pg_roles r JOIN pg_class c ON c.relowner = r.oid WHERE c.oid = 'session'::regclass
""")


def _removed(tx: Connection) -> Iterator[str]:
    """Yield what takes away everything made here before, so that nothing of an older version remains."""
    yield "DROP TRIGGER IF EXISTS event_is_counted ON event"
    found = tx.execute(text("SELECT policyname, tablename FROM pg_policies WHERE schemaname = current_schema()"))
    for policy, table in found:
        yield f'DROP POLICY "{policy}" ON "{table}"'
    made = text(
        "SELECT oid::regprocedure::text FROM pg_proc"
        " WHERE proname LIKE 'desk\\_%' AND pronamespace = current_schema()::regnamespace"
    )
    for function in tx.execute(made).scalars():
        yield f"DROP FUNCTION {function}"


def _closed(schema: str, tables: Iterable[str]) -> Iterator[str]:
    """Yield what leaves the owner everything, and everybody else nothing."""
    groups = ", ".join(map(group, Role))
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {groups}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {groups}"
    yield f"GRANT SELECT ON {VERSION} TO {groups}"
    for table in tables:
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)"
    yield f"CREATE POLICY everybody ON {VERSION} FOR SELECT USING (true)"  # whoever a grant lets: a copying role too


def _function(one: Function, schema: str) -> Iterator[str]:
    rights_ = f"SECURITY DEFINER SET search_path = {schema}, pg_temp"
    yield f"CREATE FUNCTION desk_{one.name} RETURNS {one.returns} LANGUAGE {one.kind} {rights_} AS $${one.body}$$"
    signature = _signature(one.name)
    yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
    if one.roles:
        yield f"GRANT EXECUTE ON FUNCTION {signature} TO {', '.join(map(group, one.roles))}"


def _signature(name: str) -> str:
    """Return a function's name with the types of its arguments."""
    called, _, arguments = name.rstrip(")").partition("(")
    types = [argument.split()[1] for argument in arguments.split(",") if argument.strip()]
    return f"desk_{called}({', '.join(types)})"


def _granted(right: Right) -> Iterator[str]:
    columns = f" ({right.columns})" if right.columns else ""
    yield f"GRANT {right.verb}{columns} ON {right.table} TO {group(right.role)}"
    using = f" USING ({right.where})" if right.verb != "INSERT" else ""
    check = f" WITH CHECK ({right.check})" if right.verb in ("INSERT", "UPDATE") else ""
    name = f"{right.role}_{right.verb.lower()}"
    yield f"CREATE POLICY {name} ON {right.table} FOR {right.verb} TO {group(right.role)}{using}{check}"


def _of_data() -> Iterable[Function]:
    """Return the functions that are made of db/seed."""
    shipped = load_reference(data_path("db", "seed"))
    return (*catalogue_functions(shipped), *credit_functions(shipped))


def _services(tx: Connection) -> Iterator[str]:
    """Yield what lets a gateway call its functions, the mailer too: it ends what is due where no gateway runs."""
    made = text(
        "SELECT oid::regprocedure::text AS called, proname FROM pg_proc"
        " WHERE proname LIKE 'guest\\_%' AND pronamespace = current_schema()::regnamespace"
    )
    for row in tx.execute(made):
        to = [group(Role.GATEWAY), group(Role.MAILER)]
        if row.proname in _DESK_ASKS:
            to += map(group, (Role.AGENT, Role.SUPERVISOR, Role.AUDITOR))
        yield f"GRANT EXECUTE ON FUNCTION {row.called} TO {', '.join(to)}"


def _reckoning(tx: Connection) -> Iterator[str]:
    """Yield what lets those reckon who write decisions, or look for them: a copy put back lets nobody call anything."""
    if tx.execute(HAS_WAIVED).scalar_one():
        to = ", ".join(map(group, (Role.AGENT, Role.SUPERVISOR, Role.AUDITOR, Role.MAILER)))
        yield f"GRANT EXECUTE ON FUNCTION decision_waived(text, text) TO {to}"


def _kept_connections(tx: Connection) -> Iterator[str]:
    """Yield what opens this database to its own people only: groups are the same in all databases of a server."""
    database = tx.execute(text("SELECT quote_ident(current_database())")).scalar_one()
    yield f"REVOKE CONNECT ON DATABASE {database} FROM PUBLIC"
    yield f"GRANT CONNECT ON DATABASE {database} TO {group(Role.GATEWAY)}"
    # Gateways that were given each function by itself, by an earlier version.
    single = text(
        "SELECT DISTINCT a.grantee::regrole::text FROM pg_proc p, aclexplode(p.proacl) a WHERE p.proname LIKE 'guest\\_%'"
        " AND a.grantee NOT IN (0, p.proowner) AND NOT starts_with(a.grantee::regrole::text, 'agent_desk_')"
    )
    for role in tx.execute(single).scalars():
        yield f"GRANT {group(Role.GATEWAY)} TO {role}"
    people = text(
        "SELECT quote_ident(p.login) AS login, p.role, r.rolname IS NULL AS missing"
        " FROM person p LEFT JOIN pg_roles r ON r.rolname = p.login WHERE p.active"
    )
    for row in tx.execute(people):
        if row.missing:  # a copy was put back on another server
            yield f"CREATE ROLE {row.login} LOGIN"
            yield f"GRANT {group(Role(row.role))} TO {row.login}"
        yield f"GRANT CONNECT ON DATABASE {database} TO {row.login}"
