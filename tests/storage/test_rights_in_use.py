"""People come, look somebody up, and leave, while the database sees to their rights."""

from contextlib import closing

import psycopg
import pytest
from psycopg import errors

from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.people import Role
from agent_desk.storage import rights
from agent_desk.storage.creation import create
from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.people import PersonRecord, add_person, cut_off
from tests.support.callcentre import KARIM, NADIA, YVES, CallCentre
from tests.support.desks import agreed, content, context
from tests.support.postgresql import Server


def test_looking_somebody_up_leaves_an_event_in_the_same_transaction(staffed: CallCentre) -> None:
    karim = staffed.ctx(KARIM)
    session = agreed(karim, content(customer=YVES)).id
    connection = staffed.connect(NADIA)
    found = connection.execute("SELECT number, customer, content FROM desk_look_up('731204558', '', 6)").fetchall()
    assert [row[1] for row in found] == ["Yves Le Goff"]
    assert "toutes seules" not in str(found)  # of what was typed, only who it is
    with staffed.owner.read() as tx:
        told = tx.exec_driver_sql(
            "SELECT e.kind, e.actor, p.body FROM event e JOIN payload p USING (chain, seq)"
            f" WHERE chain = {session} ORDER BY seq DESC LIMIT 1"
        ).one()
    assert tuple(told) == ("customer_looked_up", "00000000", '{"by":"Nadia Leroy","team":"Nord"}')
    connection.execute("SET default_transaction_read_only = on")  # where no event can be written, nobody is found
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("SELECT * FROM desk_look_up('731204558', '', 6)")
    assert verify_log(staffed.own).fault is None


def test_who_has_left_reads_nothing_with_a_connection_that_is_still_open(staffed: CallCentre) -> None:
    agreed(staffed.ctx(NADIA))
    connection = staffed.connect(NADIA)
    assert connection.execute("SELECT count(*) FROM session").fetchone() == (1,)
    with staffed.owner.write() as tx:
        tx.exec_driver_sql("SELECT desk_remove_person('nadia')")
    with pytest.raises(errors.InsufficientPrivilege):
        connection.execute("SELECT count(*) FROM session")


def test_functions_find_their_tables_whatever_a_role_puts_in_their_way(staffed: CallCentre) -> None:
    agreed(staffed.ctx(KARIM), content(customer=YVES))
    connection = staffed.connect(NADIA)
    connection.execute("CREATE TEMP TABLE person (login text, mark text, name text, team_id bigint, active boolean)")
    connection.execute("INSERT INTO pg_temp.person VALUES ('nadia', '00000001', 'Karim Benali', 2, true)")
    connection.execute("SET search_path = pg_temp, public")
    assert connection.execute("SELECT * FROM desk_team()").fetchone() == (1,)
    assert connection.execute("SELECT * FROM public.session").fetchall() == []


def test_rights_may_be_made_anew_under_the_people_who_work(staffed: CallCentre) -> None:
    view = agreed(staffed.ctx(NADIA))
    rights.apply(staffed.owner)
    rights.apply(staffed.owner)
    assert agreed(staffed.ctx(NADIA)).id == view.id + 1


def test_a_database_is_open_to_its_own_people_only(staffed: CallCentre) -> None:
    rights.apply(staffed.owner)  # a copy of a database has not the rights to connect of its template
    staffed.server.run("CREATE ROLE stranger LOGIN")
    try:
        with pytest.raises(psycopg.OperationalError, match="CONNECT"):
            psycopg.connect(f"host={staffed.server.folder} user=stranger dbname={staffed.name}")
        assert staffed.connect(NADIA).execute("SELECT 1").fetchone() == (1,)
    finally:
        staffed.server.run("DROP ROLE stranger")


def test_a_copy_put_back_on_another_server_has_its_people_again(staffed: CallCentre) -> None:
    for statement in ('DROP OWNED BY "karim"', 'DROP ROLE "karim"'):  # as if this server had never known him
        staffed.connect(staffed.server.user).execute(statement)
    rights.apply(staffed.owner)
    assert agreed(staffed.ctx(KARIM)).agent == "Karim Benali"


def test_rights_wait_until_the_tables_are_free_and_give_up_before_others_wait_long(
    staffed: CallCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "PATIENCE_SECONDS", 0.0)
    with staffed.owner.write() as tx:
        tx.exec_driver_sql("SELECT * FROM mail")
        with pytest.raises(DatabaseFault, match="upgrade_waits"):
            rights.apply(staffed.owner)
    rights.apply(staffed.owner)


def test_an_account_that_is_no_superuser_makes_a_database_with_all_its_rights(postgresql_server: Server) -> None:
    """The tables belong to a role nobody signs in as; the account that makes them only acts for it."""
    server = postgresql_server
    server.run("CREATE ROLE dba LOGIN CREATEROLE CREATEDB")
    address = server.url("desk_made").replace(f"{server.user}@", "dba@")
    try:
        create(address, owner="keeper")
        with closing(Database.open(address)) as database:
            rights.apply(database)
            with database.write() as tx:
                add_person(tx, PersonRecord("zoe", "Zoé", "", Role.AGENT, "Nord", "0a0a0a0a"))
                add_person(tx, PersonRecord("max", "Max", "", Role.AGENT, "Nord", "0b0b0b0b"))
            theirs = psycopg.connect(f"host={server.folder} user=zoe dbname=desk_made", autocommit=True)
            with closing(theirs):
                assert theirs.execute("SELECT name, team FROM desk_me()").fetchone() == ("Zoé", "Nord")
                with database.write() as tx:
                    tx.exec_driver_sql("SELECT desk_remove_person('zoe')")
                with database.write() as tx:
                    assert cut_off(tx, "zoe") == 1
                with pytest.raises(psycopg.OperationalError):
                    theirs.execute("SELECT 1")
            assert verify_log(context(database)).fault is None
    finally:
        server.run("DROP DATABASE desk_made WITH (FORCE)")
        for role in ("zoe", "max", "dba", "keeper"):
            server.run(f"DROP ROLE IF EXISTS {role}")
