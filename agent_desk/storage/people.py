"""Teams and people, each of whom is a role of PostgreSQL too; functions of the database change them, with their events.

On one desk, functions of the same names in `accounts.py` do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from agent_desk.rules.duties import Duty
from agent_desk.rules.people import Role
from agent_desk.storage import accounts
from agent_desk.storage.acting import Acting
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.password_hash import hashed
from agent_desk.storage.refused import refusals
from agent_desk.storage.rights import is_applied
from agent_desk.storage.tables import person, team

_ME = text("SELECT * FROM desk_me()")
_OWNS = text("SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = 'session'::regclass")
_PERSON = select(
    person.c.login,
    person.c.name,
    person.c.email,
    person.c.role,
    func.coalesce(team.c.name, "").label("team"),
    person.c.mark,
    person.c.active,
    person.c.joined_at,
    person.c.left_at,
).outerjoin(team, team.c.id == person.c.team_id)


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One person or service; `team` is "" for none."""

    login: str
    name: str
    email: str
    role: Role
    team: str
    mark: str
    active: bool = True
    joined_at: datetime | None = None
    left_at: datetime | None = None


def who_am_i(tx: Connection) -> Acting | None:
    """Return who signed in to PostgreSQL; None for its owner, and where the database does not see to rights.

    DatabaseFault `no_rights` for a role that is nobody here.
    """
    if not is_applied(tx):
        return None
    row = tx.execute(_ME).one_or_none()
    if row is not None:
        return Acting(row.login, row.mark, row.name, Role(row.role), row.team)
    if not tx.execute(_OWNS).scalar_one():
        raise DatabaseFault("no_rights")
    return None


def read_people(tx: Connection) -> tuple[PersonRecord, ...]:
    """Return everybody, those who left too, by their login."""
    return tuple(_record(row) for row in tx.execute(_PERSON.order_by(person.c.login)))


def read_person(tx: Connection, login: str) -> PersonRecord | None:
    """Return one person, or None."""
    row = tx.execute(_PERSON.where(person.c.login == login)).one_or_none()
    return None if row is None else _record(row)


def add_person(tx: Connection, made: PersonRecord) -> None:
    """Add a person; RefusedByRights `login_taken`, and others."""
    _call(tx, "add_person", made.login, made.name, made.email, made.role, made.team, made.mark)


def change_person(tx: Connection, login: str, role: Role, team_name: str) -> None:
    """Give a person another role or team; RefusedByRights `person_unknown`, `last_administrator` and others."""
    _call(tx, "change_person", login, role, team_name)


def set_duties(tx: Connection, team_name: str, duties: Sequence[Duty]) -> None:
    """Give a team these duties and no others; RefusedByRights `team_unknown`, `not_administrator`."""
    _call(tx, "set_duties", team_name, ",".join(duties))


def remove_person(tx: Connection, login: str) -> None:
    """Take a person's rights and password; what they did stays. RefusedByRights as above."""
    _call(tx, "remove_person", login)


def cut_off(tx: Connection, login: str) -> int:
    """End the connections of somebody who has left, once that is committed, and return how many there were."""
    return int(_call(tx, "cut_off", login))


def set_password(tx: Connection, login: str, password: str, until: datetime | None) -> None:
    """Replace a password, of which only what proves it is kept; RefusedByRights `person_unknown`."""
    _call(tx, "set_password", login, _proof(tx, login, password), "" if until is None else until.isoformat())


def _proof(tx: Connection, login: str, password: str) -> str:
    if tx.dialect.name == "sqlite":
        return hashed(password)
    driver: Any = tx.connection.driver_connection
    proof: bytes = driver.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    return proof.decode()


def turn_door_key(tx: Connection, public: str) -> int:
    """Publish another door key, put out every live code, and return how many there were."""
    return int(_call(tx, "turn_door_key", public))


def tell(tx: Connection, kind: str) -> None:
    """Write an event of the site about whoever signed in."""
    _call(tx, "tell", kind)


def tell_denied(tx: Connection, what: str) -> None:
    """Write an event of the site about what whoever signed in was refused, a code of `rules.people.DENIALS`."""
    _call(tx, "tell_denied", what)


def tell_refused(tx: Connection, count: int, since: datetime) -> None:
    """Write on a server that so many sign-ins were refused, at the desk where somebody has been let in now."""
    _call(tx, "tell_refused", str(count), since.isoformat())


def _call(tx: Connection, name: str, *values: str) -> Any:
    if tx.dialect.name == "sqlite":
        return getattr(accounts, name)(tx, *values)
    places = ", ".join(f":value_{place}" for place in range(len(values)))
    with refusals():
        asked = text(f"SELECT desk_{name}({places})")
        return tx.execute(asked, {f"value_{place}": value for place, value in enumerate(values)}).scalar_one()


def _record(row: Row[*tuple[Any, ...]]) -> PersonRecord:
    login, name, email, role, *others = row
    return PersonRecord(login, name, email, Role(role), *others)
