"""People come: one, or a whole list, or nobody where one of them cannot come."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.people import managing
from agent_desk.rules.identity import is_email
from agent_desk.rules.people import IN_A_TEAM, TEAM_MAX, Role, is_login, is_name
from agent_desk.storage.people import PersonRecord, add_person
from agent_desk.storage.refused import RefusedByRights

MARK_BYTES = 4
MOST = 10_000


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who comes, as typed or read from a list."""

    login: str
    name: str
    role: str
    team: str = ""
    email: str = ""


def add_people(ctx: Context, people: Sequence[NewPerson]) -> int:
    """Add them with a role of the database, a mark for the log and an event each, and return how many; without password.

    Refusal `login_unfit`, `login_taken`, `person_unfit`, `team_unfit`, `not_administrator`: `fields` names the login.
    """
    for one in people:
        _check(one)
    with managing(ctx) as tx:
        for one in people:
            mark = secrets.token_hex(MARK_BYTES)
            try:
                add_person(tx, PersonRecord(one.login, one.name, one.email, Role(one.role), one.team, mark))
            except RefusedByRights as refused:  # of hundreds, this one
                raise Refusal(refused.code, fields=(one.login,)) from refused
    return len(people)


def _check(one: NewPerson) -> None:
    if not is_login(one.login):
        raise Refusal("login_unfit", fields=(one.login,))
    if not is_name(one.name) or one.role not in list(Role) or (one.email and not is_email(one.email)):
        raise Refusal("person_unfit", fields=(one.login,))
    check_team(one.login, Role(one.role), one.team)


def check_team(login: str, role: Role, team: str) -> None:
    """Refuse `team_unfit` unless an agent has a team, and nobody else."""
    if (role in IN_A_TEAM) != bool(team) or (team and not is_name(team, TEAM_MAX)):
        raise Refusal("team_unfit", fields=(login,))
