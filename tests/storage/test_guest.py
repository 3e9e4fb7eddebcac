"""What a gateway's role on PostgreSQL can do: serve one customer after the other, and see nothing else."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import text

from agent_desk.actions.answer_share import answer_share
from agent_desk.actions.choose_words import choose_words
from agent_desk.actions.context import Context
from agent_desk.actions.door import Door, door_of
from agent_desk.actions.end_due_shares import end_due_shares
from agent_desk.actions.enter_code import enter_code
from agent_desk.actions.expire_codes import expire_codes
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.leave_share import leave_share
from agent_desk.actions.look_at_breaker import look_at_breaker
from agent_desk.actions.look_at_door import look_at_door
from agent_desk.actions.note_running import note_running
from agent_desk.actions.note_share import note_share
from agent_desk.actions.post_signal import post_signal
from agent_desk.actions.read_signals import read_signals
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.redeem_viewer import redeem_viewer
from agent_desk.actions.share_views import Happening
from agent_desk.actions.shares_state import shares_state
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.session import ConsentKind
from agent_desk.rules.share import ShareEnd, ShareState
from agent_desk.storage import guest
from agent_desk.storage.database import Database
from agent_desk.storage.every_table import metadata
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.programs import Running, last_seen
from agent_desk.storage.tables import SCHEMA
from tests.support.desks import agreed, clock, context
from tests.support.postgresql import Server
from tests.support.shares import CHROMIUM, FIREFOX, HOME, Visitor, live, place_of_words, refusal, seat, seen, wrong

ROLE = "gateway_of_a_test"
FOREIGN = "nobody_of_a_test"


@pytest.fixture
def desk(postgresql_url: str) -> Iterator[Context]:
    """A desk with all rights."""
    with closing(Database.open(postgresql_url)) as database:
        yield context(database)


@pytest.fixture
def door(desk: Context, postgresql_url: str, postgresql_server: Server) -> Iterator[Door]:
    """The door of a gateway that signs in as a role with nothing but what `grant` gives."""
    for role in (ROLE, FOREIGN):
        postgresql_server.run(f"CREATE ROLE {role} LOGIN")
    guest.grant(desk.database, ROLE)
    with closing(Database.open(postgresql_url.replace(f"{postgresql_server.user}@", f"{ROLE}@"))) as database:
        yield replace(door_of(desk), database=database)
    with desk.database.write() as tx:
        tx.execute(text(f"DROP OWNED BY {ROLE}"))
    for role in (ROLE, FOREIGN):
        postgresql_server.run(f"DROP ROLE {role}")


def test_a_gateway_serves_a_share_from_code_to_end(desk: Context, door: Door) -> None:
    view = agreed(desk)
    code = issue_code(desk, view.id)
    assert refusal(enter_code, door, wrong(code), HOME, FIREFOX) == "code_refused"
    entered = enter_code(door, code.digits, HOME, FIREFOX)
    assert entered.page.agent == "Nadia"
    assert refusal(enter_code, door, code.digits, HOME, CHROMIUM) == "code_refused"
    visitor = Visitor(desk, view, entered.token)
    note_share(door, entered.token, FIREFOX, Happening.JOINED)
    assert answer_share(door, entered.token, FIREFOX, True, [ConsentKind.EARLY_START]).words
    assert choose_words(desk, view.id, place_of_words(visitor)).state is ShareState.ADMITTED
    assert redeem_viewer(door, seat(visitor)).agent == "Nadia Leroy"
    for happening in (Happening.STARTED, Happening.BEAT, Happening.LOST, Happening.RESUMED):
        note_share(door, entered.token, FIREFOX, happening)
    number = post_signal(door, entered.share_id, "viewer", '{"sdp": ""}')
    assert [one.id for one in read_signals(door, entered.share_id, "viewer")] == [number]
    assert shares_state(door, [entered.share_id]) == {entered.share_id: (ShareState.LIVE, None)}
    assert leave_share(door, entered.token, FIREFOX, ShareEnd.BY_CUSTOMER).state is ShareState.ENDED
    assert look_at_door(door, entered.token, FIREFOX).end_reason is ShareEnd.BY_CUSTOMER
    assert seen(visitor).second_browser
    events = read_timeline(desk, view.id).events
    assert all(event.chain_ok for event in events)
    assert verify_log(desk).fault is None


def test_a_gateway_reaps_and_sounds_the_alarm(desk: Context, door: Door) -> None:
    visitor = live(desk)
    for number in range(50):
        refusal(enter_code, door, "0000000000", f"198.51.100.{number}", FIREFOX)
    assert look_at_breaker(door).open
    clock(desk).move(minutes=2)
    assert end_due_shares(door) == 1
    assert seen(visitor).end_reason is ShareEnd.LOST
    assert verify_log(desk).fault is None


def test_codes_expire_and_burn_at_a_gateways_door(desk: Context, door: Door) -> None:
    burned, expired = agreed(desk), agreed(desk)
    code = issue_code(desk, burned.id)
    for number in range(3):
        refusal(enter_code, door, wrong(code), f"198.51.100.{number}", FIREFOX)
    old = issue_code(desk, expired.id)
    clock(desk).move(minutes=11)
    refusal(enter_code, door, old.digits, HOME, FIREFOX)
    assert read_timeline(desk, burned.id).events[-1].kind == "code_burned"
    assert read_timeline(desk, expired.id).events[-1].kind == "code_expired"


def test_a_gateway_says_that_it_runs_and_ends_codes_whose_time_is_over(desk: Context, door: Door) -> None:
    issue_code(desk, agreed(desk).id)
    note_running(door, Running("00aa11bb", "gateway", "0.2.0"))
    note_running(door, Running("22cc33dd", "desk", "0.2.0"))
    with desk.database.read() as tx:
        assert last_seen(tx) == {"gateway": desk.clock.now()}
    clock(desk).move(minutes=11)
    assert expire_codes(door) == 1
    assert verify_log(desk).fault is None


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM {}", "DELETE FROM {}", "UPDATE {} SET {} = {}", "INSERT INTO {} DEFAULT VALUES"]
)
def test_it_has_no_right_to_any_table(desk: Context, door: Door, statement: str) -> None:
    live(desk)
    for table in metadata.sorted_tables:
        column = table.columns.keys()[0]
        with pytest.raises(DatabaseFault, match="no_rights"), door.database.write() as tx:
            tx.execute(text(statement.format(table.name, column, column)))


def test_its_functions_answer_for_one_and_list_nothing(desk: Context, door: Door) -> None:
    for _ in range(3):
        live(desk)
        issue_code(desk, agreed(desk).id)
    with door.database.write() as tx:
        for asked in ("share", "take_share"):
            assert guest.ask(tx, asked, token=b"%") == []
        for asked in ("code", "take_code", "used_code"):
            for locator in ("%", "", "___"):
                assert guest.ask(tx, asked, locator=locator) == []


def test_it_can_neither_admit_a_screen_nor_revive_or_speak_for_an_agent(desk: Context, door: Door) -> None:
    visitor = live(desk)
    share = seen(visitor).share_id
    asked = [
        "SELECT guest_move({share}, 'waiting', 'admitted')",
        "SELECT guest_move({share}, 'live', 'admitted')",
        "SELECT guest_end_share({share}, 'by_agent', 1)",
        "SELECT guest_end_share({share}, 'session_ended', 1)",
        "SELECT guest_consent({share}, 'price', 'yes', 1, 1, '')",
        "SELECT * FROM guest_end_code(1, 'live', 1)",
        "SELECT * FROM guest_open_share(1, 'x', 'x', 1)",
    ]
    for statement in asked:
        with door.database.write() as tx:
            tx.execute(text(statement.format(share=share)))
    assert seen(visitor).state is ShareState.LIVE
    assert len(read_timeline(desk, visitor.view.id).events) == read_timeline(desk, visitor.view.id).events[-1].seq


@pytest.mark.parametrize(
    ("chain", "kind", "actor"),
    [
        (1, "session_closed", "customer"),
        (1, "share_ended", "agent"),
        (1, "guessing_alarm", "system"),
        (0, "share_ended", "system"),
        (2, "share_ended", "system"),
    ],
)
def test_it_writes_no_event_that_is_not_a_gateways_to_write(
    desk: Context, door: Door, chain: int, kind: str, actor: str
) -> None:
    live(desk)
    agreed(desk)  # session 2 has neither code nor share
    with desk.database.read() as tx:
        seq = tx.execute(text("SELECT coalesce(max(seq), 0) FROM event WHERE chain = :of"), {"of": chain}).scalar_one()
    call = f"SELECT guest_append({chain}, {seq + 1}, '{kind}', 1, '{actor}', '', '', '', '{{}}')"
    with pytest.raises(Exception, match="gateway"), door.database.write() as tx:
        tx.execute(text(call))


def test_it_cannot_overwrite_or_skip_an_event(desk: Context, door: Door) -> None:
    live(desk)
    for seq in (1, 99):
        call = f"SELECT guest_append(1, {seq}, 'share_ended', 1, 'system', '', '', '', '{{}}')"
        with pytest.raises(Exception, match="next event"), door.database.write() as tx:
            tx.execute(text(call))
    with pytest.raises(Exception, match="no code or share"), door.database.write() as tx:
        tx.execute(text("SELECT * FROM guest_head(77)"))


def test_it_can_ask_which_schema_it_meets(door: Door) -> None:
    with door.database.read() as tx:
        assert guest.ask(tx, "schema")[0].version_num == SCHEMA


def test_without_the_grant_a_role_can_do_nothing(door: Door, postgresql_url: str, postgresql_server: Server) -> None:
    url = postgresql_url.replace(f"{postgresql_server.user}@", f"{FOREIGN}@")
    with closing(Database.open(url)) as database, pytest.raises(DatabaseFault), database.read() as tx:
        guest.ask(tx, "code", locator="407")


def test_functions_find_their_tables_whatever_a_role_puts_in_their_way(desk: Context, door: Door) -> None:
    visitor = live(desk)
    with door.database.write() as tx:
        tx.execute(text("CREATE TEMP TABLE share (id bigint, state text, end_reason text)"))
        tx.execute(text("SET LOCAL search_path = pg_temp, public"))
        found = guest.states(tx, [seen(visitor).share_id])
    assert found == {seen(visitor).share_id: ("live", "")}


def test_a_role_that_does_not_exist_is_named(desk: Context) -> None:
    with pytest.raises(LookupError, match="no_such_role"):
        guest.grant(desk.database, "no_such_role")


def test_each_function_is_the_owners_with_its_names_pinned_and_closed_to_the_public(desk: Context) -> None:
    asked = text(
        "SELECT proname, prosecdef, array_to_string(proconfig, ','), proacl::text FROM pg_proc"
        " WHERE proname LIKE 'guest\\_%'"
    )
    with desk.database.read() as tx:
        found = tx.execute(asked).all()
    assert len(found) > 25
    for name, definer, pinned, rights in found:
        assert definer, name
        assert pinned == "search_path=public, pg_temp", name
        assert rights is not None, name
        assert not rights.startswith("{="), name
        assert ",=" not in rights, name


def test_changes_are_told_to_all_who_listen(desk: Context, postgresql_url: str, postgresql_server: Server) -> None:
    name = postgresql_url.partition("@/")[2].partition("?")[0]
    with postgresql_server.connect(name) as listening:
        listening.execute("LISTEN agent_desk_share")
        listening.execute("LISTEN agent_desk_signal")
        visitor = live(desk)
        share = seen(visitor).share_id
        number = post_signal(door_of(desk), share, "customer", "{}")
        leave_share(visitor.door, visitor.token, visitor.browser, ShareEnd.BY_CUSTOMER)
        told = [notice.payload for notice in listening.notifies(timeout=5, stop_after=6)]
    states = [f"{share}/{state}/" for state in ("opened", "waiting", "admitted", "live")]
    assert told == [*states, f"{share}/customer/{number}", f"{share}/ended/by_customer"]
