"""The lock is the database: what each role can do with nothing but a connection and what it types."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from psycopg import DatabaseError, errors

from agent_desk.actions.close_session import close_session
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.rules.session import Outcome
from agent_desk.storage.every_table import metadata
from agent_desk.storage.refused import REFUSED
from tests.support.callcentre import ADA, KARIM, NADIA, OLGA, POST, SAM, YVES, CallCentre, call_centre, staff
from tests.support.desks import CLAIRE, agreed, content, finished
from tests.support.postgresql import Spares

# No right, a refusal of ours, a trigger that guards the log; no other error may pass for one.
REFUSALS = {"42501", REFUSED, "P0001"}


@dataclass(frozen=True, slots=True)
class World:
    """A call centre in which each agent has closed one session and works on another."""

    centre: CallCentre
    places: dict[str, object]

    def effect(self, login: str, statement: str) -> int:
        """Return how many rows a statement gives or changes, 0 where it is refused; nothing remains of it."""
        connection = self.centre.connect(login)
        try:
            with connection.transaction(force_rollback=True):
                count = connection.execute(statement.format_map(self.places).encode()).rowcount
                return count if count >= 0 else 1  # done, and nothing to count
        except DatabaseError as error:
            if error.sqlstate not in REFUSALS:
                raise
            return 0


@pytest.fixture(scope="module")
def world(guarded_spares: Spares) -> Iterator[World]:
    with call_centre(guarded_spares) as centre:
        staff(centre)
        places: dict[str, object] = {}
        for login, customer, name in ((NADIA, CLAIRE, "mine"), (KARIM, YVES, "theirs")):
            ctx = centre.ctx(login)
            view = finished(ctx, content(customer=customer), Outcome.SOLVED)
            places[name] = close_session(ctx, view.id, view.version).id
            view = agreed(ctx, content(customer=customer))
            issue_code(ctx, view.id)
            places[f"{name}_open"] = view.id
        yield World(centre, places)


READ = [
    "SELECT * FROM session WHERE id = {of}",
    "SELECT * FROM draft WHERE session_id = {of}",
    "SELECT * FROM session_line WHERE session_id = {of}",
    "SELECT * FROM consent WHERE session_id = {of}",
    "SELECT * FROM code WHERE session_id = {open}",
    "SELECT * FROM decision WHERE session_id = {of}",
    "SELECT * FROM mail WHERE session_id = {of}",
    "SELECT a.* FROM attachment a JOIN mail m ON m.id = a.mail_id WHERE m.session_id = {of}",
    "SELECT * FROM chain WHERE chain = {of}",
    "SELECT * FROM event WHERE chain = {of}",
    "SELECT * FROM payload WHERE chain = {of}",
]


@pytest.mark.parametrize("statement", READ)
@pytest.mark.parametrize(
    ("login", "mine", "theirs"),
    [(NADIA, True, False), (KARIM, False, True), (SAM, True, True), (OLGA, True, True), (ADA, False, False)],
)
def test_who_may_read_a_session(world: World, login: str, mine: bool, theirs: bool, statement: str) -> None:
    for name, allowed in (("mine", mine), ("theirs", theirs)):
        asked = statement.replace("{of}", f"{{{name}}}").replace("{open}", f"{{{name}_open}}")
        assert (world.effect(login, asked) > 0) is allowed


CLOSED = [
    "UPDATE session SET outcome = 'solved' WHERE id = {mine}",
    "UPDATE session SET ended_at = NULL, state = 'in_progress' WHERE id = {mine}",
    "UPDATE session SET total_cents = 0 WHERE id = {mine}",
    "UPDATE session SET mail_state = 'read' WHERE id = {mine}",
    "DELETE FROM session WHERE id = {mine}",
    "UPDATE draft SET content = '' WHERE session_id = {mine}",
    "DELETE FROM draft WHERE session_id = {mine}",
    "UPDATE session_line SET amount_cents = 0 WHERE session_id = {mine}",
    "DELETE FROM session_line WHERE session_id = {mine}",
    (
        "INSERT INTO session_line (session_id, position, service, quantity, unit_price_cents)"
        " VALUES ({mine}, 9, 'help.usage', 1, 4900)"
    ),
    "UPDATE decision SET total_cents = 0 WHERE session_id = {mine}",
    "DELETE FROM decision WHERE session_id = {mine}",
    (
        "INSERT INTO decision (session_id, ordinal, decided_at, agent, catalogue_version, inputs, result, total_cents, vat_cents)"
        " VALUES ({mine}, 2, 0, 'Nadia Leroy', '', '', '', 10800, 0)"
    ),
    "UPDATE consent SET answer = 'no' WHERE session_id = {mine}",
    "DELETE FROM consent WHERE session_id = {mine}",
    (
        "INSERT INTO consent (session_id, kind, answer, at, channel, recorded_by, text_version, text_sha256)"
        " VALUES ({mine}, 'price', 'yes', 0, 'voice', 'Nadia Leroy', 1, '')"
    ),
    "UPDATE mail SET state = 'delivered' WHERE session_id = {mine}",
    "UPDATE mail SET text = '' WHERE session_id = {mine}",
    "DELETE FROM mail WHERE session_id = {mine}",
    (
        "INSERT INTO mail (key, session_id, kind, state, sender, recipient, subject, text, html, message_id, envid,"
        " attachments_sha256, receipt_requested, created_at, state_at)"
        " VALUES ('session:{mine}:offer:7', {mine}, 'offer', 'queued', '', '', '', '', '', '', '', '', false, 0, 0)"
    ),
    "UPDATE attachment SET content = '' WHERE mail_id IN (SELECT id FROM mail WHERE session_id = {mine})",
    "DELETE FROM attachment WHERE mail_id IN (SELECT id FROM mail WHERE session_id = {mine})",
]
LOG = [
    "UPDATE event SET kind = 'nothing' WHERE chain = {mine_open}",
    "DELETE FROM event WHERE chain = {mine_open}",
    "TRUNCATE event",
    "UPDATE payload SET body = '{{}}' WHERE chain = {mine_open}",
    "DELETE FROM payload WHERE chain = {mine_open}",
    "UPDATE chain SET seq = 0 WHERE chain = {mine_open}",
    "UPDATE chain SET seq = seq + 1 WHERE chain = {mine_open}",
    "UPDATE chain SET hash = '' WHERE chain = {mine_open}",
    "UPDATE chain SET in_checkpoint = 0 WHERE chain = {mine_open}",
    "DELETE FROM chain WHERE chain = {mine_open}",
    "INSERT INTO event (chain, seq, kind, at, actor, payload_mac, hash) VALUES ({mine_open}, 99, 'x', 0, '00000000', '', '')",
    (
        "INSERT INTO event (chain, seq, kind, at, actor, payload_mac, hash) SELECT chain, seq + 1, kind, at, actor, payload_mac,"
        " hash FROM event WHERE chain = {mine_open} ORDER BY seq DESC LIMIT 1"
    ),
    "INSERT INTO event (chain, seq, kind, at, actor, payload_mac, hash) VALUES (0, 99, 'x', 0, '00000000', '', '')",
    "SELECT desk_append({mine_open}, 'session_closed', 'system', '{{}}')",
    "INSERT INTO checkpoint (at, size, frontier, note) VALUES (0, 0, '', '')",
    "DELETE FROM checkpoint_leaf",
]
RIGHTS = [
    "UPDATE person SET role = 'administrator' WHERE name = 'Nadia Leroy'",
    "INSERT INTO person (login, name, email, role, mark, active, joined_at) VALUES ('x1', 'x', '', 'agent', 'ffffffff', true, 0)",
    "DELETE FROM person",
    "UPDATE team SET name = 'Ouest'",
    "SELECT desk_add_person('eve', 'Eve', '', 'administrator', '', 'eeeeeeee')",
    "SELECT desk_change_person('nadia', 'administrator', '')",
    "SELECT desk_remove_person('karim')",
    "SELECT desk_set_password('karim', 'SCRAM-SHA-256$', '')",
    "SELECT desk_cut_off('karim')",
    "GRANT agent_desk_administrator TO nadia",
    "SET ROLE agent_desk_supervisor",
    "ALTER ROLE karim NOLOGIN",
    "CREATE ROLE eve",
    "ALTER TABLE session DISABLE ROW LEVEL SECURITY",
    "DROP POLICY agent_select ON session",
    "DROP TRIGGER event_no_change ON event",
    "CREATE OR REPLACE FUNCTION desk_team() RETURNS bigint LANGUAGE sql AS 'SELECT 2'",
    "CREATE TABLE public.mine (x int)",
    "SELECT login FROM person",
    "SELECT password FROM person",
    "INSERT INTO site (key, value) VALUES ('door_key', 'x')",
    "UPDATE site SET value = '9.9.9' WHERE key = 'min_program'",
    "SELECT * FROM guest_code('407')",
    "SELECT * FROM guest_states(ARRAY[1, 2])",
    "SELECT * FROM code_attempt",
    "SELECT * FROM signal",
]
FORGED = [
    # A price that never stood in the catalogue, an amount that is none, a consent only the customer can give.
    (
        "INSERT INTO session_line (session_id, position, service, quantity, unit_price_cents)"
        " VALUES ({mine_open}, 9, 'help.usage', 1, 1)"
    ),
    "UPDATE session_line SET amount_cents = 1 WHERE session_id = {mine_open}",
    "UPDATE session_line SET unit_price_cents = 1 WHERE session_id = {mine_open}",
    (
        "INSERT INTO consent (session_id, kind, answer, at, channel, recorded_by, text_version, text_sha256)"
        " VALUES ({mine_open}, 'screen_sharing', 'yes', 0, 'page', '', 1, '')"
    ),
    (
        "INSERT INTO consent (session_id, kind, answer, at, channel, recorded_by, text_version, text_sha256)"
        " VALUES ({mine_open}, 'price', 'yes', 0, 'voice', 'Karim Benali', 1, '')"
    ),
    "UPDATE session SET state = 'closed', ended_at = 1, total_cents = 0 WHERE id = {mine_open}",
    "UPDATE session SET team_id = 2 WHERE id = {mine_open}",
    "UPDATE session SET agent = 'Karim Benali' WHERE id = {mine_open}",
    (
        "INSERT INTO session (number, state, version, agent, opened_at, team_id)"
        " SELECT 'x', 'draft', 1, 'Nadia Leroy', 0, id FROM team WHERE name = 'Sud'"
    ),
    "INSERT INTO session (number, state, version, agent, opened_at) VALUES ('x', 'draft', 1, 'Nadia Leroy', 0)",
    (
        "INSERT INTO decision (session_id, ordinal, decided_at, agent, catalogue_version, inputs, result, total_cents, vat_cents)"
        " VALUES ({mine_open}, 1, 0, 'Nadia Leroy', '', '', '', 1, 0)"
    ),
    "UPDATE code SET state = 'redeemed' WHERE session_id = {mine_open}",
    "UPDATE code SET expires_at = 9223372036854775807 WHERE session_id = {mine_open}",
    "UPDATE code SET failures = 0 WHERE session_id = {mine_open}",
    (
        "INSERT INTO share (session_id, code_id, state, page, token_sha256, browser_sha256, opened_at)"
        " SELECT session_id, id, 'live', '', 'x', 'x', 0 FROM code WHERE session_id = {mine_open}"
    ),
]


@pytest.mark.parametrize("statement", CLOSED + LOG + RIGHTS + FORGED)
def test_an_agent_cannot(world: World, statement: str) -> None:
    assert world.effect(NADIA, statement) == 0


@pytest.mark.parametrize("statement", CLOSED + LOG[:14] + FORGED)
def test_what_is_refused_to_roles_would_do_something_if_it_were_not(world: World, statement: str) -> None:
    world.centre.connect(world.centre.server.user).execute("SET session_replication_role = replica")  # no triggers
    assert world.effect(world.centre.server.user, statement) > 0


THEIRS = [
    "SELECT * FROM session WHERE team_id <> desk_team() OR team_id IS NULL",
    "SELECT * FROM session WHERE customer LIKE '%Goff%'",
    "SELECT * FROM payload WHERE body LIKE '%Karim%'",
    "SELECT * FROM payload WHERE chain = 0",
    "SELECT * FROM event WHERE chain = 0",
    "UPDATE session SET customer = 'x' WHERE id = {theirs_open}",
    "UPDATE draft SET content = '' WHERE session_id = {theirs_open}",
    "UPDATE code SET state = 'revoked' WHERE session_id = {theirs_open}",
    "UPDATE chain SET seq = seq WHERE chain = {theirs_open}",
    "SELECT * FROM desk_search('''goff'':*', NULL, NULL, NULL, NULL, NULL, '', '', '', '', '', NULL, NULL, '', '', 50)",
    "SELECT * FROM desk_look_up('', '', 50)",
    "SELECT * FROM desk_look_up('%', '%', 50)",
    "SELECT * FROM desk_look_up('731', '0353', 50)",
    "SELECT * FROM desk_look_up('73120455', '', 50)",
]


@pytest.mark.parametrize("statement", THEIRS)
def test_an_agent_finds_nothing_of_another_team(world: World, statement: str) -> None:
    assert world.effect(NADIA, statement) == 0


@pytest.mark.parametrize(
    ("login", "statement"),
    [
        (NADIA, "UPDATE session SET customer = 'x' WHERE id = {mine_open}"),
        (NADIA, "UPDATE draft SET content = '' WHERE session_id = {mine_open}"),
        (NADIA, "UPDATE session_line SET amount_cents = 0 WHERE session_id = {mine_open}"),
        (NADIA, "UPDATE code SET state = 'revoked' WHERE session_id = {mine_open}"),
        (NADIA, "SELECT name, mark, team_id FROM person"),
        (NADIA, "SELECT * FROM site WHERE key = 'min_program'"),
        (NADIA, "INSERT INTO site (key, value) VALUES ('feasibility:netgear', 'yes')"),
        (
            NADIA,
            "SELECT * FROM desk_search('''morvan'':*', NULL, NULL, NULL, NULL, NULL, '', '', '', '', '', NULL, NULL, '', '', 50)",
        ),
        (NADIA, "SELECT * FROM desk_look_up('731204558', '', 50)"),
        (NADIA, "SELECT * FROM desk_look_up('', '0353010203', 50)"),
        (ADA, "SELECT login, email FROM person"),
        (ADA, "SELECT * FROM payload WHERE chain = 0"),
        (OLGA, "SELECT * FROM checkpoint_leaf UNION ALL SELECT 0, chain, seq, hash FROM chain"),
        (POST, "SELECT * FROM mail"),
        (POST, "UPDATE mail SET state = 'sending', lease_token = 1 WHERE session_id = {mine}"),
        (POST, "UPDATE session SET mail_state = 'sending' WHERE id = {mine}"),
        (POST, "SELECT id, number FROM session"),
        (POST, "SELECT * FROM site WHERE key = 'origin' FOR UPDATE"),
    ],
)
def test_what_a_role_is_there_for_it_can_do(world: World, login: str, statement: str) -> None:
    assert world.effect(login, statement) > 0


@pytest.mark.parametrize(
    ("login", "statement"),
    [
        *((login, statement) for login in (SAM, OLGA) for statement in [*CLOSED, *LOG, *RIGHTS[:9], *FORGED]),
        *((ADA, statement) for statement in [*CLOSED, *LOG, *FORGED]),
        (ADA, "SELECT * FROM payload WHERE chain <> 0"),
        (ADA, "SELECT customer FROM session"),
        (ADA, "UPDATE person SET role = 'administrator'"),
        (POST, "SELECT customer FROM session"),
        (POST, "SELECT * FROM draft"),
        (POST, "SELECT * FROM consent"),
        (POST, "SELECT * FROM payload WHERE body LIKE '%Nadia%'"),
        (POST, "UPDATE session SET total_cents = 0 WHERE id = {mine}"),
        (POST, "UPDATE mail SET recipient = 'x@example.org' WHERE session_id = {mine}"),
        (POST, "DELETE FROM mail"),
        (POST, "UPDATE site SET value = 'x' WHERE key = 'origin'"),
        (POST, "SELECT desk_remove_person('karim')"),
    ],
)
def test_who_is_not_there_for_it_cannot(world: World, login: str, statement: str) -> None:
    assert world.effect(login, statement) == 0


def test_the_log_and_all_decisions_verify_after_what_agents_did_themselves(world: World) -> None:
    assert verify_log(world.centre.own).fault is None
    report = verify_decisions(world.centre.own)
    assert (report.decisions, report.mismatches) == (2, ())


def test_an_event_that_its_chain_does_not_count_is_undone(world: World) -> None:
    connection = world.centre.connect(NADIA)
    chain = world.places["mine_open"]
    made = """
        WITH last AS (SELECT seq, hash FROM event WHERE chain = %(of)s ORDER BY seq DESC LIMIT 1)
        INSERT INTO event (chain, seq, kind, at, actor, payload_mac, hash)
        SELECT %(of)s, seq + 1, 'note', 0, desk_mark(), sha256(''), sha256(convert_to(E'agent-desk/event/v1\n' || format(
            '{"actor":"%%s","at":0,"chain":%%s,"kind":"note","payload_mac":"%%s","prev":"%%s","seq":%%s}',
            desk_mark(), %(of)s, encode(sha256(''), 'hex'), encode(hash, 'hex'), seq + 1), 'UTF8'))
        FROM last
    """
    with pytest.raises(errors.InsufficientPrivilege, match="does not count"), connection.transaction():
        assert connection.execute(made, {"of": chain}).rowcount == 1  # a good row, and then COMMIT
    assert verify_log(world.centre.own).fault is None


def test_every_table_is_locked_to_whom_no_right_is_given(world: World) -> None:
    with world.centre.owner.read() as tx:
        rows = tx.exec_driver_sql(
            "SELECT relname, relrowsecurity AND relforcerowsecurity AS locked FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        found = {row.relname: row.locked for row in rows}
    assert {name for name, forced in found.items() if not forced} == set()
    assert found.keys() == {*metadata.tables, "alembic_version"}


def test_each_function_is_the_owners_with_its_names_pinned_and_closed_to_the_public(world: World) -> None:
    asked = (
        "SELECT proname, prosecdef, array_to_string(proconfig, ','), coalesce(proacl::text, '') FROM pg_proc"
        " WHERE starts_with(proname, 'desk_')"
    )
    with world.centre.owner.read() as tx:
        found = tx.exec_driver_sql(asked).all()
    assert len(found) > 20
    for name, definer, pinned, may in found:
        assert definer, name
        assert pinned == "search_path=public, pg_temp", name
        assert name == "desk_guard_head" or (may and not may.startswith("{=") and ",=" not in may), name
