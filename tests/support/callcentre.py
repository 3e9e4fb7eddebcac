"""A call centre for tests: one PostgreSQL that sees to rights, two teams, and people who sign in as themselves."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace

import psycopg
import pytest

from agent_desk.actions.context import Context
from agent_desk.actions.door import Door
from agent_desk.rules.people import Role
from agent_desk.storage import rights
from agent_desk.storage.acting import act_as
from agent_desk.storage.database import Database
from agent_desk.storage.people import PersonRecord, add_person, who_am_i
from agent_desk.storage.upgrade import upgrade
from tests.support.desks import CLAIRE, CODE_KEY, NOON, SetClock, context
from tests.support.postgresql import Server, Spares, make_spares

# Login, role, team: whoever a test needs; the names are those the log and the lists show.
NADIA, KARIM, SAM, ADA, OLGA, POST, DOOR, BILL = "nadia", "karim", "sam", "ada", "olga", "post", "door", "bill"
PEOPLE = {
    NADIA: ("Nadia Leroy", Role.AGENT, "Nord"),
    KARIM: ("Karim Benali", Role.AGENT, "Sud"),
    SAM: ("Sam Petit", Role.SUPERVISOR, ""),
    ADA: ("Ada Martin", Role.ADMINISTRATOR, ""),
    OLGA: ("Olga Roux", Role.AUDITOR, ""),
    POST: ("Courrier", Role.MAILER, ""),
    DOOR: ("Passerelle", Role.GATEWAY, ""),
    BILL: ("Facturation", Role.BILLING, ""),
}

YVES = replace(
    CLAIRE, surname="Le Goff", first_name="Yves", customer_number="731 204 558", callback_number="0353010203"
)


@dataclass(slots=True)
class CallCentre:
    """A database and its people; everything opened here is closed at the end."""

    server: Server
    name: str
    owner: Database
    opened: ExitStack = field(default_factory=ExitStack)
    logins: list[str] = field(default_factory=list)
    typed: dict[str, psycopg.Connection] = field(default_factory=dict)

    def add(self, login: str, name: str, role: Role, team: str = "") -> None:
        """Add a person as the owner does."""
        made = PersonRecord(login, name, "", role, team, f"{len(self.logins):08x}", True, NOON, None)
        with self.owner.write() as tx:
            add_person(tx, made)
        self.logins.append(login)

    def url(self, login: str) -> str:
        """Return the address at which somebody signs in."""
        return self.server.url(self.name).replace(f"{self.server.user}@", f"{login}@")

    def connect(self, login: str) -> psycopg.Connection:
        """Return what psql would have: a connection in which anything can be typed, one for each who asks."""
        if login not in self.typed:
            where = f"host={self.server.folder} user={login} dbname={self.name}"
            self.typed[login] = self.opened.enter_context(psycopg.connect(where, autocommit=True))
        return self.typed[login]

    def ctx(self, login: str) -> Context:
        """Return the context of somebody's desk, signed in as the program does it."""
        database = self.opened.enter_context(closing(Database.open(self.url(login))))
        with database.read() as tx:
            me = who_am_i(tx)
        assert me is not None
        act_as(database, me)
        made = context(database)
        return replace(made, settings=replace(made.settings, agent_name=me.name))

    def gateway(self, login: str = DOOR) -> Door:
        """Return the door of a gateway that signs in as itself."""
        database = self.opened.enter_context(closing(Database.open(self.url(login))))
        return Door(database, SetClock(), CODE_KEY)

    @property
    def own(self) -> Context:
        """Return the context of who owns the tables."""
        return context(self.owner)


@pytest.fixture(scope="session")
def guarded_spares(postgresql_server: Server) -> Spares:
    """Make the template of databases that see to rights themselves."""

    def prepare(database: Database) -> None:
        upgrade(database)
        rights.apply(database)

    return make_spares(postgresql_server, "desk_guarded", prepare)


@pytest.fixture
def centre(guarded_spares: Spares) -> Iterator[CallCentre]:
    """Give a call centre with nobody in it."""
    with call_centre(guarded_spares) as made:
        yield made


@pytest.fixture
def staffed(centre: CallCentre) -> CallCentre:
    """Give a call centre with an agent in each of two teams, and one of every other role."""
    staff(centre)
    return centre


def staff(centre: CallCentre) -> None:
    """Add one of each."""
    for login, (name, role, team) in PEOPLE.items():
        centre.add(login, name, role, team)


@contextmanager
def call_centre(spares: Spares) -> Iterator[CallCentre]:
    """Give a call centre, and take its people's roles away afterwards."""
    name = spares.take()
    made = CallCentre(spares.server, name, Database.open(spares.server.url(name)))
    try:
        with made.opened:
            yield made
    finally:
        made.owner.close()
        with spares.server.connect(name) as connection:
            for (login,) in connection.execute("SELECT login FROM person").fetchall():
                connection.execute(f'DROP OWNED BY "{login}"'.encode())
                connection.execute(f'DROP ROLE "{login}"'.encode())
        spares.give_back(name)
