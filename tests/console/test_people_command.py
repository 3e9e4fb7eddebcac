"""`deskctl people`: who comes, changes and leaves, by an owner at first and by administrators afterwards."""

import json
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.load_session import load_session
from agent_desk.actions.verify_log import verify_log
from agent_desk.storage.events import SITE_CHAIN, history
from agent_desk.wiring.credential import make_credential, read_credential
from tests.support.callcentre import ADA, NADIA, CallCentre
from tests.support.deskctl import Said, deskctl
from tests.support.desks import agreed

LIST = "login;name;role;team;email\nclaude;Claude Ménard;agent;Ouest;claude@example.org\nlea;Léa Roy;supervisor;;\n"
PASSWORD = "correct horse battery"


@pytest.fixture
def as_(centre: CallCentre, tmp_path: Path) -> Callable[..., Said]:
    """Run a command as somebody, "" for the owner."""

    def run(login: str, *arguments: str, given: bytes = b"") -> Said:
        url = centre.url(login) if login else centre.server.url(centre.name)
        (tmp_path / "settings.json").write_text(json.dumps({"database_url": url}))
        return deskctl("people", *arguments, given=given)

    return run


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_DESK_HOME", str(tmp_path))


def told(centre: CallCentre) -> list[str]:
    with centre.owner.read() as tx:
        return [event.kind for event in history(tx, SITE_CHAIN)]


def logins(centre: CallCentre) -> set[str]:
    with centre.owner.read() as tx:
        return set(tx.exec_driver_sql("SELECT login FROM person WHERE active").scalars())


def test_the_first_administrator_is_made_by_the_owner_and_makes_the_others(
    centre: CallCentre, as_: Callable[..., Said], tmp_path: Path
) -> None:
    assert as_("", "list").out.strip() == "Personne n’est encore inscrit."
    assert as_("", "add", "ada", "--name", "Ada Martin", "--role", "administrator", "--json").json == {"added": "ada"}
    people = tmp_path / "people.csv"
    people.write_text(LIST, "utf-8-sig")
    assert as_("ada", "import", str(people)).out.strip() == "Personnes ajoutées\u00a0: 2."
    assert as_("ada", "import", "-", given=LIST.replace("claude", "paul").replace("lea;", "lia;").encode()).status == 0
    listed = {row["login"]: (row["role"], row["team"], row["active"]) for row in as_("ada", "list", "--json").json}
    assert listed["claude"] == ("agent", "Ouest", True)
    assert listed["lia"] == ("supervisor", "", True)
    assert told(centre) == ["person_added"] * 5
    with centre.owner.read() as tx:
        last = history(tx, SITE_CHAIN)[-1]
    assert last.payload is not None
    assert (last.payload["by"], last.payload["login"], last.payload["role"]) == ("ada", "lia", "supervisor")
    assert verify_log(centre.own).fault is None


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "{}"),
        ("login;name\nx1;X\n", "{}"),
        ("login;name;role;colour\nx1;X;agent;blue\n", "{}"),
        ("login;name;role;team\nx1;X;agent\n", "{}:2"),
        ("login;name;role;team\nx1;X;agent;A\nX2;X;agent;A\n", "X2"),
        ("login;name;role;team\nx1;X;agent;A\nx1;X;agent;A\n", "x1"),
        ("login;name;role;team\nx1;X;agent;A\nx2;X;king;A\n", "x2"),
        ("login;name;role;team\nx1;X;agent;A\nx2;X;agent;\n", "x2"),
        ("login;name;role;team\nx1;X;agent;A\npostgres;X;agent;A\n", "postgres"),
        ("login;name;role;team;email\nx1;X;agent;A;not an address\n", "x1"),
        ('login;name;role;team\nx1;"X;agent;A\n', "{}"),
        ("login;name;role;team\nx1;\udcff;agent;A\n", "{}"),
    ],
)
def test_a_list_with_one_mistake_brings_nobody(
    centre: CallCentre, as_: Callable[..., Said], tmp_path: Path, text: str, where: str
) -> None:
    people = tmp_path / "people.csv"
    people.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert as_("", "import", str(people)).refuses(where.format(people)), text
    assert logins(centre) == set()
    assert told(centre) == []


def test_who_leaves_loses_login_rights_password_and_open_connections(
    staffed: CallCentre, as_: Callable[..., Said]
) -> None:
    mine = agreed(staffed.ctx(NADIA))
    connection = staffed.connect(NADIA)
    connection.execute("SELECT count(*) FROM session")
    said = as_(ADA, "leave", NADIA, "--json").json
    assert said["left"] == NADIA
    assert said["cut"] >= 1
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(f"host={staffed.server.folder} user={NADIA} dbname={staffed.name}")
    assert load_session(staffed.own, mine.id).agent == "Nadia Leroy"
    assert told(staffed)[-1] == "person_left"
    assert as_(ADA, "leave", NADIA).refuses(NADIA)
    assert as_(ADA, "add", NADIA, "--name", "Another", "--team", "Nord").refuses(NADIA)  # a login is never used twice
    with staffed.owner.read() as tx:
        asked = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = 'nadia'"
        assert tx.exec_driver_sql(asked).scalar_one() == 0


def test_somebody_changes_team_and_role(staffed: CallCentre, as_: Callable[..., Said]) -> None:
    assert as_(ADA, "change", NADIA, "--team", "Sud").out.strip() == "nadia\u00a0: rôle Agent, équipe Sud."
    assert as_(ADA, "change", NADIA, "--role", "supervisor", "--json").json["team"] == ""
    assert staffed.connect(NADIA).execute("SELECT count(*) FROM checkpoint").fetchone() == (0,)
    assert as_(ADA, "change", NADIA, "--role", "agent").refuses(NADIA)  # of no team
    assert as_(ADA, "change", "nobody", "--role", "agent").refuses("nobody")
    assert told(staffed)[-2:] == ["person_changed"] * 2


@pytest.mark.parametrize("what", [["add", "eve", "--name", "Eve", "--team", "A"], ["leave", "karim"], ["list"]])
def test_nobody_else_manages_people(staffed: CallCentre, as_: Callable[..., Said], what: list[str]) -> None:
    before = logins(staffed)
    said = as_(NADIA, *what)
    assert said.status == (0 if what == ["list"] and not said.err else 2)
    assert logins(staffed) == before
    assert "karim" not in said.out


def test_the_last_administrator_stays(staffed: CallCentre, as_: Callable[..., Said]) -> None:
    said = as_(ADA, "leave", ADA)
    assert said.refuses(ADA)
    assert "dernier administrateur" in said.err
    assert as_(ADA, "change", ADA, "--role", "auditor").refuses(ADA)
    assert as_("", "leave", ADA).refuses(ADA)
    assert ADA in logins(staffed)


def test_of_two_administrators_who_revoke_each_other_one_stays(staffed: CallCentre, as_: Callable[..., Said]) -> None:
    assert as_(ADA, "add", "bob", "--name", "Bob", "--role", "administrator").status == 0
    for _ in range(10):
        answers: list[str] = []
        start = threading.Barrier(2)

        def revoke(by: str, whom: str) -> None:
            with closing(psycopg.connect(f"host={staffed.server.folder} user={by} dbname={staffed.name}")) as desk:
                start.wait()  # noqa: B023 - each round joins its threads
                try:
                    desk.execute("SELECT desk_change_person(%s, 'auditor', '')", [whom])
                    desk.commit()
                    answers.append("done")  # noqa: B023
                except psycopg.Error as error:
                    answers.append(error.diag.message_primary or "")  # noqa: B023

        threads = [threading.Thread(target=revoke, args=pair) for pair in ((ADA, "bob"), ("bob", ADA))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers.count("done") == 1, answers
        assert set(answers) - {"done"} <= {
            "not_administrator",
            "last_administrator",
            "permission denied for function desk_change_person",
        }
        with staffed.owner.write() as tx:
            active = tx.exec_driver_sql(
                "SELECT count(*) FROM person WHERE role = 'administrator' AND active"
            ).scalar_one()
            assert active == 1
            for login in (ADA, "bob"):
                tx.exec_driver_sql(f"SELECT desk_change_person('{login}', 'administrator', '')")


@pytest.fixture
def asking(centre: CallCentre) -> Iterator[None]:
    """Have the server ask people of this test for a password, as it does over the network."""
    file = centre.server.folder / "data" / "pg_hba.conf"
    before = file.read_text()
    file.write_text(f"local {centre.name} +agent_desk_agent scram-sha-256\n{before}")
    centre.server.run("SELECT pg_reload_conf()")
    yield
    file.write_text(before)
    centre.server.run("SELECT pg_reload_conf()")


def test_a_password_is_set_from_standard_input_and_holds_until_it_expires(
    staffed: CallCentre, asking: None, as_: Callable[..., Said]
) -> None:
    def enters(password: str) -> bool:
        where = f"host={staffed.server.folder} user={NADIA} dbname={staffed.name}"
        try:
            psycopg.connect(where, password=password).close()
        except psycopg.OperationalError:
            return False
        return True

    assert not enters("")
    assert as_(ADA, "password", NADIA, given=b"short\n").refuses(NADIA)
    said = as_(ADA, "password", NADIA, "--days", "30", given=f"{PASSWORD}\n".encode())
    assert said.status == 0, said.err
    assert PASSWORD not in said.out + said.err
    assert enters(PASSWORD)
    assert not enters(PASSWORD + "x")
    staffed.server.run("ALTER ROLE nadia VALID UNTIL '2000-01-01'")
    assert not enters(PASSWORD)
    said = as_(NADIA, "list")  # without a password, or with one that has expired, one clear sentence
    assert said.refuses("database")
    with staffed.owner.read() as tx:
        assert PASSWORD not in str(history(tx, SITE_CHAIN))


def test_keys_turn_over(staffed: CallCentre, as_: Callable[..., Said], tmp_path: Path) -> None:
    path = tmp_path / "gateway.json"
    old = make_credential(path)
    assert as_("", "turn-keys", "--credential", str(path)).status == 0
    first = read_credential(path)
    nadia = staffed.ctx(NADIA)
    session = agreed(nadia).id
    issue_code(nadia, session)
    said = as_(ADA, "turn-keys", "--credential", str(path), "--json").json
    second = read_credential(path)
    assert len({old.door_key, first.door_key, second.door_key}) == 3
    assert said["codes"] == 1
    code = load_session(nadia, session).code
    assert code is not None
    assert code.state == "revoked"
    with staffed.owner.read() as tx:
        assert tx.exec_driver_sql("SELECT value FROM site WHERE key = 'door_key'").scalar_one() == said["door_key"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert as_(NADIA, "turn-keys", "--credential", str(path)).status == 2
    assert read_credential(path) == second
    assert [one.name for one in tmp_path.glob("gateway*")] == ["gateway.json"]
    assert told(staffed)[-1] == "keys_turned"
    assert verify_log(staffed.own).fault is None


def test_a_role_that_is_nobody_here_gets_one_sentence(centre: CallCentre, as_: Callable[..., Said]) -> None:
    centre.server.run("CREATE ROLE stranger LOGIN")
    centre.server.run(f"GRANT CONNECT ON DATABASE {centre.name} TO stranger")
    try:
        assert as_("stranger", "list").refuses("database")
    finally:
        centre.server.run(f"REVOKE CONNECT ON DATABASE {centre.name} FROM stranger")
        centre.server.run("DROP ROLE stranger")


def test_on_one_desk_the_first_administrator_is_made_by_whoever_owns_the_file() -> None:
    assert deskctl("people", "list").out.strip() == "Personne n’est encore inscrit."
    assert deskctl("people", "add", "ada", "--name", "Ada Martin", "--role", "administrator").status == 0
    assert deskctl("people", "add", "ada", "--name", "Ada Martin", "--role", "administrator").refuses("ada")
    assert deskctl("people", "password", "ada", given=b"short\n").refuses("ada")
    assert deskctl("people", "password", "ada", "--days", "30", given=f"{PASSWORD}\n".encode()).status == 0
    assert deskctl("people", "leave", "ada").refuses("ada")
    assert [row["login"] for row in deskctl("people", "list", "--json").json] == ["ada"]


def test_a_database_that_knows_no_rights_says_what_to_do(postgresql_url: str, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"database_url": postgresql_url}))
    said = deskctl("people", "add", "ada", "--name", "Ada", "--role", "administrator")
    assert said.refuses("ada")
    assert "deskctl database upgrade" in said.err


def test_contacts_of_professionals_come_from_a_list_or_not_at_all(
    as_: Callable[..., Said], staffed: CallCentre, tmp_path: Path
) -> None:
    listed = tmp_path / "contacts.csv"
    listed.write_text("customer_number;login;team\n482 915 307;karim;Sud\n731204558;;Nord\n", encoding="utf-8")
    assert as_(ADA, "contacts", str(listed), "--json").json == {"set": 2}
    assert staffed.connect(ADA).execute("SELECT count(*) FROM pro_contact").fetchone() == (2,)
    listed.write_text("customer_number;team\n482915307;Sud\n12;Sud\n", encoding="utf-8")
    assert as_(ADA, "contacts", str(listed)).refuses("12")
    listed.write_text("numero;team\n482915307;Sud\n", encoding="utf-8")
    assert as_(ADA, "contacts", str(listed)).refuses(str(listed))
    assert staffed.connect(ADA).execute("SELECT count(person_id) FROM pro_contact").fetchone() == (1,)
