"""Somebody leaves: login, rights and password go in one transaction, and then the connections still open."""

from agent_desk.actions.context import Context
from agent_desk.actions.people import managing
from agent_desk.storage import people


def remove_person(ctx: Context, login: str) -> int:
    """Take everything from a person with an event, and return how many connections were cut; sessions and events stay.

    Refusal `person_unknown`, `last_administrator`, `not_administrator`.
    """
    with managing(ctx) as tx:
        people.remove_person(tx, login)
    with managing(ctx) as tx:
        return people.cut_off(tx, login)
