"""The groups of PostgreSQL's roles, one for each of our roles, the same in all databases of a server."""

from collections.abc import Iterable

from sqlalchemy import Connection

from agent_desk.rules.people import Role


def group(role: Role) -> str:
    """Return the name of the group everybody of that role is in."""
    return f"agent_desk_{role}"


def make_groups(tx: Connection, roles: Iterable[Role] = tuple(Role)) -> None:
    """Make the groups that are missing; who made one by hand, to sign in with it, keeps it as it is."""
    for role in roles:
        # Another database of the same server may be making it now.
        tx.exec_driver_sql(
            f"DO $$ BEGIN CREATE ROLE {group(role)} NOLOGIN;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
