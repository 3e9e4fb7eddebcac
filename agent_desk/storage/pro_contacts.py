"""Professional customers' contacts as rows: kept by administrators, found by the exact number."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, text

from agent_desk.rules.pro import NewContact, ProContact
from agent_desk.storage import accounts
from agent_desk.storage.acting import acting, under_rights
from agent_desk.storage.events import SITE_CHAIN, append
from agent_desk.storage.pro_tables import pro_contact
from agent_desk.storage.refused import RefusedByRights, refusals
from agent_desk.storage.tables import person, team

_SET = text("SELECT desk_set_pro_contacts(:numbers, :logins, :teams)")
_FIND = text("SELECT * FROM desk_pro_contact(:number)")
TOLD = "pro_contacts_set"


def set_contacts(tx: Connection, contacts: Sequence[NewContact]) -> None:
    """Put these contacts in place of those of the same customers, with one event of the site.

    RefusedByRights `not_administrator`, `team_unknown`, `person_unknown`.
    """
    if tx.dialect.name == "postgresql":
        values = {
            "numbers": [one.customer_number for one in contacts],
            "logins": [one.login for one in contacts],
            "teams": [one.team for one in contacts],
        }
        with refusals():
            tx.execute(_SET, values)
        return
    accounts.check_boss(tx)
    teams = {row.name: row.id for row in tx.execute(select(team.c.id, team.c.name))}
    people = {row.login: row.id for row in tx.execute(select(person.c.id, person.c.login).where(person.c.active))}
    for one in contacts:
        tx.execute(delete(pro_contact).where(pro_contact.c.customer_number == one.customer_number))
        if not one.team:
            continue
        if one.team not in teams:
            raise RefusedByRights("team_unknown")
        if one.login and one.login not in people:
            raise RefusedByRights("person_unknown")
        row = {"person_id": people.get(one.login), "team_id": teams[one.team]}
        tx.execute(insert(pro_contact).values(customer_number=one.customer_number, **row))
    by = acting(tx)
    said = {"by": "deskctl" if by is None else by.login, "count": len(contacts)}
    append(tx, SITE_CHAIN, TOLD, said, at=datetime.now(UTC), actor="system" if by is None else "agent")


def find_contact(tx: Connection, customer_number: str) -> ProContact | None:
    """Return the contact of exactly that customer, or None."""
    if under_rights(tx) is not None:
        row = tx.execute(_FIND, {"number": customer_number}).one_or_none()
    else:
        query = (
            select(
                person.c.name.label("person"), pro_contact.c.person_id, team.c.name.label("team"), pro_contact.c.team_id
            )
            .select_from(pro_contact)
            .join(team, team.c.id == pro_contact.c.team_id)
            .outerjoin(person, (person.c.id == pro_contact.c.person_id) & person.c.active)
            .where(pro_contact.c.customer_number == customer_number)
        )
        row = tx.execute(query).one_or_none()
    if row is None:
        return None
    known = row.person or ""
    return ProContact(customer_number, row.team, row.team_id, known, row.person_id if known else None)
