"""Somebody takes another role, or works in another team."""

from agent_desk.actions.add_people import check_team
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.people import managing
from agent_desk.rules.people import IN_A_TEAM, Role
from agent_desk.storage import people
from agent_desk.storage.people import PersonRecord, read_person


def change_person(ctx: Context, login: str, role: str | None = None, team: str | None = None) -> PersonRecord:
    """Change what is given with an event and return the person; open desks have the new rights at once.

    Sessions stay with the team they were opened in. Refusal `person_unknown`, `last_administrator`, `team_unfit` …
    """
    with managing(ctx) as tx:
        before = read_person(tx, login)
        if before is None or not before.active:
            raise Refusal("person_unknown")
        if role is not None and role not in list(Role):
            raise Refusal("person_unfit")
        wanted = before.role if role is None else Role(role)
        kept = before.team if wanted in IN_A_TEAM else ""
        team = kept if team is None else team
        check_team(login, wanted, team)
        people.change_person(tx, login, wanted, team)
        after = read_person(tx, login)
    assert after is not None  # noqa: S101 - changed above
    return after
