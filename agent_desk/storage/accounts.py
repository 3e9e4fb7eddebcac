"""People on one desk: rows of its file, with the events and refusals that functions of PostgreSQL see to elsewhere.

Whoever may write the file may change all of it, and so deskctl asks nobody who they are; the program does.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from agent_desk.rules.people import Role
from agent_desk.storage.acting import Acting, acting
from agent_desk.storage.asking_tables import team_duty
from agent_desk.storage.events import SITE_CHAIN, append
from agent_desk.storage.refused import RefusedByRights
from agent_desk.storage.tables import person, team

_ANY = "SELECT 1 FROM person WHERE active AND password <> '' LIMIT 1"
_TEAM_OF = func.coalesce(select(team.c.name).where(team.c.id == person.c.team_id).scalar_subquery(), "").label("team")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in: who they are, what proves their password and until when, and tries that failed."""

    who: Acting
    password: str
    until: datetime | None
    failures: int
    failed_at: datetime | None


def has_accounts(tx: Connection) -> bool:
    """Tell whether a desk asks who is there: once somebody active has a password."""
    return tx.exec_driver_sql(_ANY).first() is not None


def find_account(tx: Connection, login: str) -> Account | None:
    """Return who is active under this login, or None."""
    row = tx.execute(select(person, _TEAM_OF).where(person.c.login == login, person.c.active)).one_or_none()
    if row is None:
        return None
    who = Acting(row.login, row.mark, row.name, Role(row.role), row.team)
    return Account(who, row.password, row.password_until, row.failures, row.failed_at)


def count_failure(tx: Connection, login: str, at: datetime) -> None:
    """Count a try as failed, before its password is looked at."""
    counted = {"failures": person.c.failures + 1, "failed_at": at}
    tx.execute(update(person).where(person.c.login == login).values(counted))


def forget_failures(tx: Connection, login: str) -> None:
    """Begin to count anew: the right password was typed."""
    tx.execute(update(person).where(person.c.login == login).values(failures=0, failed_at=None))


def tell_refused(tx: Connection, login: str, at: datetime) -> None:
    """Note that somebody was not let in; `login` is "" for one nobody has, as it may be a password by mistake."""
    append(tx, SITE_CHAIN, "sign_in_refused", {"count": 1, "login": login}, at=at, actor="system")


def add_person(tx: Connection, login: str, name: str, email: str, role: str, team_name: str, mark: str) -> None:
    """Insert a person without password; RefusedByRights `login_taken`, `not_administrator`."""
    check_boss(tx)
    if tx.execute(select(person.c.id).where(person.c.login == login)).first() is not None:
        raise RefusedByRights("login_taken")
    tx.execute(
        insert(person).values(
            login=login,
            name=name,
            email=email,
            role=role,
            team_id=_team_called(tx, team_name),
            mark=mark,
            active=True,
            joined_at=_now(),
        )
    )
    _tell(tx, "person_added", login)


def change_person(tx: Connection, login: str, role: str, team_name: str) -> None:
    """Change role and team; RefusedByRights `person_unknown`, `last_administrator`, `not_administrator`."""
    check_boss(tx)
    if role != Role.ADMINISTRATOR:
        _keep_one_administrator(tx, login)
    _change(tx, login, role=role, team_id=_team_called(tx, team_name))
    _tell(tx, "person_changed", login)


def set_duties(tx: Connection, team_name: str, duties: str) -> None:
    """Give a team the duties named, with commas between, and no others; RefusedByRights `team_unknown`, `not_administrator`."""
    check_boss(tx)
    of = tx.execute(select(team.c.id).where(team.c.name == team_name)).scalar_one_or_none()
    if of is None:
        raise RefusedByRights("team_unknown")
    tx.execute(delete(team_duty).where(team_duty.c.team_id == of))
    named = duties.split(",") if duties else []
    if named:
        tx.execute(insert(team_duty), [{"team_id": of, "duty": duty} for duty in named])
    by = acting(tx)
    said = {"by": "deskctl" if by is None else by.login, "team": team_name, "duties": named}
    append(tx, SITE_CHAIN, "team_duties_set", said, at=_now(), actor="system" if by is None else "agent")


def remove_person(tx: Connection, login: str) -> None:
    """Take login and password from a person; RefusedByRights as above."""
    check_boss(tx)
    _keep_one_administrator(tx, login)
    _change(tx, login, active=False, left_at=_now(), password="")
    _tell(tx, "person_left", login)


def cut_off(_tx: Connection, _login: str) -> int:
    """Return that no connection was cut: on one desk there is none."""
    return 0


def set_password(tx: Connection, login: str, kept: str, until: str) -> None:
    """Replace what proves a password, and begin to count failures anew; one's own, or anybody's by an administrator."""
    who = acting(tx)
    if who is None or who.login != login:
        check_boss(tx)
    end = datetime.fromisoformat(until) if until else None
    _change(tx, login, password=kept, password_until=end, failures=0, failed_at=None)
    _tell(tx, "password_set", login)


def tell(tx: Connection, kind: str) -> None:
    """Write an event of the site about whoever signed in."""
    who = acting(tx)
    append(tx, SITE_CHAIN, kind, {"by": "" if who is None else who.name}, at=_now(), actor="agent")


def tell_denied(tx: Connection, what: str) -> None:
    """Write an event of the site about what whoever signed in was refused."""
    who = acting(tx)
    said = {"by": "" if who is None else who.name, "what": what}
    append(tx, SITE_CHAIN, "denied", said, at=_now(), actor="agent")


def _change(tx: Connection, login: str, **columns: Any) -> None:
    changed = update(person).where(person.c.login == login, person.c.active).values(**columns)
    if tx.execute(changed).rowcount != 1:
        raise RefusedByRights("person_unknown")


def check_boss(tx: Connection) -> None:
    """Refuse `not_administrator` to whoever signed in as something else; deskctl is nobody in particular."""
    who = acting(tx)
    if who is None:
        return
    mine = select(person.c.role).where(person.c.login == who.login, person.c.active)
    if tx.execute(mine).scalar_one_or_none() != Role.ADMINISTRATOR:
        raise RefusedByRights("not_administrator")


def _keep_one_administrator(tx: Connection, but: str) -> None:
    bosses = select(person.c.login).where(person.c.active, person.c.role == Role.ADMINISTRATOR)
    if set(tx.execute(bosses).scalars()) == {but}:
        raise RefusedByRights("last_administrator")


def _team_called(tx: Connection, name: str) -> int | None:
    if not name:
        return None
    found = tx.execute(select(team.c.id).where(team.c.name == name)).scalar_one_or_none()
    if found is None:
        found = tx.execute(insert(team).values(name=name).returning(team.c.id)).scalar_one()
    return int(found)


def _tell(tx: Connection, kind: str, login: str) -> None:
    by, row = acting(tx), tx.execute(select(person, _TEAM_OF).where(person.c.login == login)).one()
    said = {"login": row.login, "mark": row.mark, "name": row.name, "role": row.role, "team": row.team}
    said["by"] = "deskctl" if by is None else by.login
    append(tx, SITE_CHAIN, kind, said, at=_now(), actor="system" if by is None else "agent")


def _now() -> datetime:
    """Return the moment on this machine's clock, as a server goes by its own."""
    return datetime.now(UTC)
