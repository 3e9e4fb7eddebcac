"""A call centre of a million sessions and twelve million events on PostgreSQL, made once and kept in build/.

What is measured stands in real tables, logged and indexed as the migrations say, under forced row-level security. The
events have no genuine hashes and no payloads: nothing measured here reads them.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import psycopg

from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.report import report
from agent_desk.actions.sample_bulk import PATTERNS
from agent_desk.rules.report import Period, day_of, first_day
from agent_desk.storage import rights
from agent_desk.storage.acting import act_as
from agent_desk.storage.database import Database
from agent_desk.storage.large_indexes import make_large_indexes
from agent_desk.storage.people import who_am_i
from agent_desk.storage.types import microseconds
from agent_desk.storage.upgrade import upgrade
from tests.benchmarks.samples import FOLDER
from tests.support.desks import NOON, context
from tests.support.servers import DATABASE, Node, kept_node

SESSIONS = 1_000_000
LIVE = 300  # the last ones, in progress
TEAMS = 12
AGENTS = 300
SUPERVISOR = "superviseur"
FREQUENT, RARE = "panne", "xylophone"  # in every second session; in twenty of them
MINUTE = 60_000_000

# As a server of a call centre is set, but for the memory: machine and program share two cores and some gigabytes.
AT_WORK = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "work_mem": "16MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",  # not a disk that turns
    "jit": "off",
    "max_connections": "400",
}
MAKING = {
    "shared_buffers": "2GB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "32GB",
    "checkpoint_timeout": "1h",
    "wal_level": "minimal",  # what a transaction makes from nothing is not logged twice
    "max_wal_senders": "0",
}

_HASH = "(hashint8({}) & 2147483647)"
# Several runs of one program may be told apart by a number: the same seed gives the same sessions.
_CHANCE = _HASH.format("i + {salt}")
_PEOPLE = f"""
    INSERT INTO team (id, name) SELECT i, 'Équipe ' || lpad(i::text, 2, '0') FROM generate_series(1, {TEAMS}) i;
    INSERT INTO person (login, name, email, role, team_id, mark, active, joined_at)
    SELECT 'agent' || i, 'Agent ' || lpad(i::text, 3, '0'), '', 'agent', 1 + i % {TEAMS}, lpad(to_hex(i), 8, '0'), true, 0
    FROM generate_series(1, {AGENTS}) i;
    INSERT INTO person (login, name, email, role, mark, active, joined_at)
    VALUES ('{SUPERVISOR}', 'Sam Petit', '', 'supervisor', 'ffffffff', true, 0);
"""
_PATTERNS = """
    CREATE TABLE pattern AS
    SELECT row_number() OVER (ORDER BY s.id) AS place, s.id AS of, s.customer, s.callback_number, s.services, s.outcome,
        s.total_cents, s.search_text, d.content FROM session s JOIN draft d ON d.session_id = s.id;
    CREATE TABLE pattern_line AS SELECT p.place, l.* FROM session_line l JOIN pattern p ON p.of = l.session_id;
    CREATE TABLE made AS
    SELECT p.place, string_agg(format('{"quantity":%s,"service":"%s","unit_price_cents":%s}',
            l.quantity, l.service, l.unit_price_cents), ',' ORDER BY l.position) AS inputs,
        string_agg(format('{"amount_cents":%s,"rule":"%s"}', l.amount_cents, l.rule), ',' ORDER BY l.position) AS result
    FROM pattern p JOIN pattern_line l ON l.place = p.place GROUP BY p.place;
    ALTER TABLE pattern ADD PRIMARY KEY (place);
    ALTER TABLE made ADD PRIMARY KEY (place);
    CREATE INDEX ON pattern_line (place);
    TRUNCATE session, chain, event, payload CASCADE;
    ANALYZE pattern, pattern_line, made;
"""
# Each row of `one` is what is known of a session before it is written.
_ONE = f"""
    SELECT i AS id, 1 + {_CHANCE.format(salt=0)} % {PATTERNS} AS place, 1 + {_CHANCE.format(salt=7)} % {AGENTS} AS agent,
        {_CHANCE.format(salt=13)} AS chance, {microseconds(NOON)} - ({SESSIONS} - i + 1) * {MINUTE}::bigint AS opened,
        i <= {SESSIONS - LIVE} AS over
    FROM generate_series(1, {SESSIONS}) i
"""
_MAIL_STATE = """
    CASE WHEN NOT over THEN '' WHEN chance % 5000 = 0 THEN 'uncertain' WHEN chance % 300 = 1 THEN 'rejected'
        WHEN chance % 10 < 3 THEN 'read' WHEN chance % 10 < 6 THEN 'delivered' ELSE 'accepted' END
"""
_SESSIONS = f"""
    INSERT INTO session (id, number, state, version, agent, team_id, opened_at, agreed_at, started_at, ended_at, customer,
        customer_number, callback_number, services, outcome, total_cents, mail_state, search_text)
    SELECT one.id, 'S-' || extract(year FROM to_timestamp(opened / 1000000)) || '-' || lpad(one.id::text, 6, '0'),
        CASE WHEN over THEN 'closed' ELSE 'in_progress' END, 4, 'Agent ' || lpad(agent::text, 3, '0'), 1 + agent % {TEAMS},
        opened, opened + 6 * {MINUTE}, opened + 8 * {MINUTE}, CASE WHEN over THEN opened + 30 * {MINUTE} END,
        p.customer, lpad((chance % 300000 + 100000000)::text, 9, '0'), p.callback_number, p.services,
        CASE WHEN NOT over THEN '' WHEN chance % 997 = 0 THEN 'access_lost' ELSE p.outcome END,
        CASE WHEN over THEN p.total_cents END, {_MAIL_STATE},
        concat_ws(' ', one.id, p.search_text, chance % 300000 + 100000000, CASE WHEN chance % 2 = 0 THEN '{FREQUENT}' END,
            CASE WHEN one.id % {SESSIONS // 20} = 777 THEN '{RARE}' END)
    FROM ({_ONE}) AS one JOIN pattern p USING (place) ORDER BY one.id
"""
_DRAFTS = f"""
    INSERT INTO draft (session_id, revision, step, field, saved_at, content, seconds_1, seconds_2, seconds_3, seconds_4,
        seconds_5, seconds_6)
    SELECT one.id, 9, CASE WHEN over THEN 6 ELSE 5 END, '', opened + 30 * {MINUTE}, p.content, 120, 120, 60, 180, 960, 360
    FROM ({_ONE}) AS one JOIN pattern p USING (place) ORDER BY one.id
"""
_LINES = f"""
    INSERT INTO session_line (session_id, position, service, quantity, unit_price_cents, amount_cents, rule)
    SELECT one.id, l.position, l.service, l.quantity, l.unit_price_cents, CASE WHEN over THEN l.amount_cents END,
        CASE WHEN over THEN l.rule END
    FROM ({_ONE}) AS one JOIN pattern_line l USING (place) ORDER BY one.id, l.position
"""
_DECISIONS = f"""
    INSERT INTO decision (session_id, ordinal, decided_at, agent, catalogue_version, inputs, result, total_cents, vat_cents)
    SELECT one.id, 1, opened + 30 * {MINUTE}, 'Agent ' || lpad(agent::text, 3, '0'), '2014-01-01',
        '{{"lines":[' || m.inputs || ']}}', '{{"lines":[' || m.result || ']}}', p.total_cents, 0
    FROM ({_ONE}) AS one JOIN pattern p USING (place) JOIN made m USING (place) WHERE over ORDER BY one.id
"""
# Every fifth customer answered one question on the page as well, and had a code for it.
_CONSENTS = f"""
    INSERT INTO consent (session_id, kind, answer, at, channel, recorded_by, text_version, text_sha256)
    SELECT one.id, kind, 'yes', opened + at * {MINUTE}, channel, 'Agent ' || lpad(agent::text, 3, '0'), 1, sha256('text')
    FROM ({_ONE}) AS one CROSS JOIN (VALUES ('warranty', 5, 'voice'), ('price', 6, 'voice'), ('early_start', 7, 'voice'),
        ('screen_sharing', 9, 'page')) AS asked (kind, at, channel)
    WHERE channel = 'voice' OR chance % 5 = 0 ORDER BY one.id, at
"""
_CODES = f"""
    INSERT INTO code (session_id, locator, mac, issued_at, expires_at, state, ended_at)
    SELECT one.id, '0000', '', opened + 8 * {MINUTE}, opened + 18 * {MINUTE},
        CASE WHEN chance % 50 = 0 THEN 'expired' ELSE 'redeemed' END, opened + 9 * {MINUTE}
    FROM ({_ONE}) AS one WHERE chance % 5 = 0 ORDER BY one.id
"""
_MAILS = f"""
    INSERT INTO mail (key, session_id, kind, state, sender, recipient, subject, text, html, message_id, envid,
        attachments_sha256, receipt_requested, created_at, state_at, attempts)
    SELECT 'session:' || one.id || ':confirmation', one.id, 'confirmation', {_MAIL_STATE}, 'assistance@example.org',
        'client' || one.id || '@example.org', 'Votre intervention', p.search_text, '', '<' || one.id || '@example.org>',
        one.id::text, sha256(''), true, opened + 30 * {MINUTE}, opened + 31 * {MINUTE}, 1
    FROM ({_ONE}) AS one JOIN pattern p USING (place) WHERE over ORDER BY one.id
"""
_KINDS = (
    "session_opened", "draft_qualified", "consent_given", "consent_given", "consent_given", "session_agreed",
    "work_begun", "step_ticked", "code_issued", "decision_made", "mail_queued", "mail_accepted",
)  # fmt: skip
_EVENTS = f"""
    INSERT INTO event (chain, seq, kind, at, actor, payload_mac, hash)
    SELECT one.id, told.seq, told.kind, opened + told.seq * {MINUTE}, lpad(to_hex(agent), 8, '0'), told.mac, told.mac
    FROM ({_ONE}) AS one CROSS JOIN (
        SELECT seq, kind, sha256(kind::bytea) AS mac FROM unnest(ARRAY{list(_KINDS)}) WITH ORDINALITY AS k (kind, seq)
    ) AS told ORDER BY one.id, told.seq
"""
_CHAINS = (
    f"INSERT INTO chain (chain, seq, hash) SELECT i, {len(_KINDS)}, sha256('') FROM generate_series(1, {SESSIONS}) i"
)
# Some 6 GB; two at a time, as there are two cores, about as long.
_SIDES = ((_EVENTS, _CHAINS, _CONSENTS), (_SESSIONS, _DRAFTS, _LINES, _DECISIONS, _CODES, _MAILS))
_LATER = """
    SELECT format('DROP INDEX %I', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index
    WHERE NOT indisunique AND indrelid::regclass::text IN
        ('session', 'draft', 'session_line', 'consent', 'code', 'decision', 'mail', 'chain', 'event')
    ORDER BY indrelid::regclass::text <> 'session'
"""


@contextmanager
def centre() -> Iterator[Node]:
    """Give the server, made now where it is not there, which takes some minutes; its tables and rights are this program's."""
    mark = sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    place = FOLDER / f"centre-{mark}"
    if not place.exists():
        for old in FOLDER.glob("centre-*"):
            shutil.rmtree(old)
    with kept_node(place, _make, MAKING, **AT_WORK) as server:
        with closing(Database.open(server.url())) as database:
            upgrade(database)
            make_large_indexes(database)
            rights.apply(database)
        yield server


def desk_url(server: Node, login: str = SUPERVISOR) -> str:
    """Return the address at which somebody signs in."""
    return server.url(user=login)


@contextmanager
def desk_at(url: str) -> Iterator[Context]:
    """Give the context of a desk, signed in as the program does it."""
    with closing(Database.open(url)) as database:
        with database.read() as tx:
            me = who_am_i(tx)
        act_as(database, me)
        yield context(database)


def _make(server: Node) -> None:
    begun = perf_counter()
    with closing(Database.open(server.url())) as database:
        upgrade(database)
        create_sample_data(context(database), PATTERNS, bulk=True)
        _tell(f"making {SESSIONS:,} sessions", begun)
        with _loading(server) as connection:
            connection.execute(_PATTERNS.encode())
            connection.execute(_PEOPLE.encode())
            later = connection.execute(_LATER.encode()).fetchall()
            for drop, _ in later:
                connection.execute(drop.encode())
        _beside(server, _SIDES)
        _tell("rows", begun)
        _beside(server, [[make for _, make in later][place::2] for place in (0, 1)])
        _tell("indexes", begun)
        server.sql(
            "DROP TABLE pattern, pattern_line, made",
            *(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {SESSIONS})"
                for name in ("session", "team", "person")
            ),
            "VACUUM (ANALYZE)",
            database=DATABASE,
        )
        _tell("statistics", begun)
        rights.apply(database)
    with desk_at(desk_url(server)) as ctx:  # as every night leaves it
        last = day_of(ctx.clock.now())
        report(ctx, first_day(Period.YEAR, last), last)
    server.sql("CHECKPOINT")
    _tell("a year's days counted", begun)


@contextmanager
def _loading(server: Node) -> Iterator[psycopg.Connection]:
    """Give a connection that checks no foreign keys: all rows come from here."""
    where = f"host={server.folder} user={server.user} dbname={DATABASE}"
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def _beside(server: Node, sides: Sequence[Sequence[str]]) -> None:
    """Run the statements of each side one after the other, the sides at once."""

    def run(side: Sequence[str]) -> None:
        with _loading(server) as connection:
            for statement in side:
                connection.execute(statement.encode())

    with ThreadPoolExecutor(len(sides)) as threads:
        list(threads.map(run, sides))


def _tell(done: str, since: float) -> None:
    print(f"  {perf_counter() - since:.0f} s: {done}", file=sys.stderr, flush=True)
