"""How many connections a desk takes, what it says on each, and that a pooler may lend them for one transaction each."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select, text

from agent_desk.storage.database import Database
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.tables import site
from tests.support.postgresql import Server

COUNT = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'counted'"
WORKERS = 12
DESKS = 300


def taken(server: Server) -> int:
    with server.connect("postgres") as connection:
        row = connection.execute(COUNT).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def desk(postgresql_url: str) -> Iterator[Database]:
    """Give a database as one desk opens it."""
    database = Database.open(f"{postgresql_url}&application_name=counted")
    yield database
    database.close()


def test_a_desk_keeps_one_connection_and_never_takes_more_than_two(desk: Database, postgresql_server: Server) -> None:
    assert taken(postgresql_server) == 1
    most: list[int] = []

    def work(number: int) -> None:
        for turn in range(5):
            with desk.write() as tx:
                tx.execute(insert(site).values(key=f"{number}/{turn}", value="x"))
            with desk.read() as tx:
                tx.execute(select(site)).all()
                most.append(tx.execute(text(COUNT)).scalar_one())

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    assert max(most) == 2
    assert taken(postgresql_server) == 1


def test_three_hundred_idle_desks_fit_on_a_server_of_its_usual_size_and_some(
    postgresql_url: str, postgresql_server: Server
) -> None:
    with postgresql_server.connect("postgres") as connection:
        row = connection.execute("SELECT current_setting('max_connections')::int").fetchone()
    assert row is not None
    desks = row[0] - 20
    address = f"{postgresql_url}&application_name=counted"
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: Database.open(address), range(desks)))
    try:
        assert taken(postgresql_server) == desks
    finally:
        for database in opened:
            database.close()
    assert desks >= DESKS - 20


def test_nothing_is_prepared_at_a_connection_that_may_be_another_one_next_time(desk: Database) -> None:
    for _ in range(20):
        with desk.read() as tx:
            tx.execute(select(site).where(site.c.key == "origin")).all()
            assert tx.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one() == 0


def test_how_long_to_wait_is_said_in_each_transaction_and_gone_after_it(desk: Database) -> None:
    ask = text("SELECT current_setting('lock_timeout'), current_setting('transaction_read_only')")
    with desk.read() as tx:
        assert tuple(tx.execute(ask).one()) == ("5s", "on")
    with desk.write() as tx:
        assert tuple(tx.execute(ask).one()) == ("5s", "off")
    with desk.engine.connect() as tx:
        assert tx.execute(text("SELECT current_setting('lock_timeout')")).scalar_one() == "0"


def test_a_transaction_that_failed_leaves_a_clean_connection(desk: Database) -> None:
    def fail() -> None:
        with desk.write() as tx:
            tx.execute(insert(site).values(key="half", value="done"))
            raise LookupError

    for _ in range(3):
        with pytest.raises(LookupError):
            fail()
    with desk.read() as tx:
        assert tx.execute(select(site).where(site.c.key == "half")).first() is None


def test_rows_are_streamed_in_a_transaction_begun_by_hand(desk: Database) -> None:
    with desk.write() as tx:
        tx.execute(insert(site), [{"key": f"{number}", "value": "x"} for number in range(50)])
    with desk.read() as tx:
        rows = tx.execute(select(site).where(site.c.value == "x"), execution_options={"yield_per": 7})
        assert sum(1 for _ in rows) == 50


def test_a_server_that_became_a_standby_is_left(desk: Database) -> None:
    def write() -> None:
        with desk.write() as tx:
            tx.execute(text("SET LOCAL transaction_read_only = on"))
            tx.execute(insert(site).values(key="late", value="x"))

    with desk.read() as tx:
        before = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with pytest.raises(DatabaseFault) as fault:
        write()
    assert fault.value.code == "read_only"
    with desk.read() as tx:
        assert tx.execute(text("SELECT pg_backend_pid()")).scalar_one() != before


def test_who_waits_for_a_connection_gets_it_when_another_is_done(desk: Database) -> None:
    inside, go = threading.Barrier(3), threading.Event()

    def hold() -> None:
        with desk.read():
            inside.wait(20)
            go.wait(20)

    holders = [threading.Thread(target=hold) for _ in range(2)]
    for holder in holders:
        holder.start()
    inside.wait(20)
    done = threading.Event()

    def third() -> None:
        with desk.read():
            done.set()

    waiting = threading.Thread(target=third)
    waiting.start()
    assert not done.wait(0.2)
    go.set()
    assert done.wait(20)
    for thread in (*holders, waiting):
        thread.join()
