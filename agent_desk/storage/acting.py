"""On whose behalf a database is used: a person who signed in, or nobody in particular."""

from dataclasses import dataclass

from sqlalchemy import Connection

from agent_desk.rules.people import Role
from agent_desk.storage.database import Database

_OPTION = "acting"


@dataclass(frozen=True, slots=True)
class Acting:
    """Who signed in; `mark` is what the log calls them."""

    login: str
    mark: str
    name: str
    role: Role
    team: str = ""


def act_as(database: Database, who: Acting | None) -> None:
    """Do everything from now on in the name of `who`."""
    database.engine.update_execution_options(**{_OPTION: who})


def acting(tx: Connection) -> Acting | None:
    """Return in whose name a writing transaction, or any on PostgreSQL, is done; None on a desk without accounts."""
    found: Acting | None = tx.engine.get_execution_options().get(_OPTION)
    return found


def signed_in(database: Database) -> Acting | None:
    """Return in whose name a database is used; None for nobody in particular."""
    found: Acting | None = database.engine.get_execution_options().get(_OPTION)
    return found


def has_role(database: Database, *roles: Role) -> bool:
    """Tell whether whoever signed in has one of these roles; on one desk an administrator does the work too, as nobody in particular."""
    who = signed_in(database)
    if who is None or who.role in roles:
        return True
    return who.role is Role.ADMINISTRATOR and database.dialect == "sqlite"


def is_confined(database: Database) -> bool:
    """Tell whether the database itself keeps who signed in to the sessions of a team."""
    who = signed_in(database)
    return database.dialect == "postgresql" and who is not None and who.role is Role.AGENT


def under_rights(tx: Connection) -> Acting | None:
    """Return who signed in where the database itself sees to rights; None on SQLite and for its owner."""
    return acting(tx) if tx.dialect.name == "postgresql" else None
