"""The Journal's filters find what is so, the same on both engines, whatever is typed into them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.search_journal import search_journal
from agent_desk.rules.journal import JournalFilter, set_filters
from agent_desk.rules.session import Channel
from agent_desk.storage import journal_filters
from agent_desk.storage.database import Database
from agent_desk.storage.journal import page_rows
from agent_desk.storage.search import fold
from agent_desk.storage.tables import consent, decision, session, session_line, team
from tests.support.callcentre import NADIA, SAM, CallCentre
from tests.support.desks import NOON, context

SESSIONS = 240
TEAMS = ("Nord", "Sud")


@dataclass(frozen=True)
class Fact:
    """One session as the truth is reckoned from it."""

    row: Any
    lines: tuple[Any, ...]
    channels: frozenset[str]
    team: str

    @property
    def waived(self) -> int:
        return sum(line.quantity * line.unit_price_cents - line.amount_cents for line in self.lines)


def prepare(database: Database) -> None:
    """Give the sample sessions teams, states of mails, consents, and some that are not decided yet."""
    chance = Random(7)
    with database.write() as tx:
        for number, name in enumerate(TEAMS, 1):
            if tx.execute(select(team.c.id).where(team.c.name == name)).first() is None:
                tx.execute(insert(team).values(id=number, name=name))
        ids = {row.name: row.id for row in tx.execute(select(team))}
        for of in tx.execute(select(session.c.id)).scalars().all():
            changed: dict[str, Any] = {
                "team_id": ids[chance.choice(TEAMS)] if chance.random() < 0.9 else None,
                "mail_state": chance.choice(("accepted", "read", "uncertain")),
            }
            if chance.random() < 0.1:
                changed |= {"state": "draft", "outcome": "", "total_cents": None, "ended_at": None}
                tx.execute(
                    update(session_line).where(session_line.c.session_id == of).values(amount_cents=0, rule=None)
                )
            tx.execute(update(session).where(session.c.id == of).values(changed))
            for channel in chance.sample(list(Channel), chance.randint(0, 2)):
                tx.execute(insert(consent).values(agreement(of, channel)))
    decide_samples(database)


def decide_samples(database: Database) -> None:
    """Give sample sessions, which come without, the decisions their lines follow from."""
    with database.write() as tx:
        lines = tx.execute(select(session_line).order_by(session_line.c.session_id, session_line.c.position)).all()
        for of, its in groupby(lines, lambda line: line.session_id):
            held = list(its)
            asked = [{"quantity": one.quantity, "unit_price_cents": one.unit_price_cents} for one in held]
            made = [{"amount_cents": one.amount_cents} for one in held]
            tx.execute(
                insert(decision).values(
                    session_id=of,
                    ordinal=1,
                    decided_at=NOON,
                    agent="Nadia Leroy",
                    catalogue_version="2014-01-01",
                    inputs=json.dumps({"lines": asked}),
                    result=json.dumps({"lines": made}),
                    total_cents=0,
                    vat_cents=0,
                )
            )


def agreement(of: int, channel: Channel) -> dict[str, Any]:
    return {
        "session_id": of,
        "kind": "price",
        "answer": "yes",
        "at": NOON,
        "channel": channel,
        "recorded_by": "Nadia Leroy",
        "text_version": 1,
        "text_sha256": bytes(32),
    }


def facts(database: Database) -> list[Fact]:
    """Return every session with what stands about it, newest first."""
    with database.read() as tx:
        names = {row.id: row.name for row in tx.execute(select(team))}
        rows = tx.execute(select(session).order_by(session.c.id.desc())).all()
        lines = tx.execute(select(session_line)).all()
        channels = tx.execute(select(consent.c.session_id, consent.c.channel)).all()
    return [
        Fact(
            row,
            tuple(line for line in lines if line.session_id == row.id),
            frozenset(one.channel for one in channels if one.session_id == row.id),
            names.get(row.team_id, ""),
        )
        for row in rows
    ]


def asking(field: str, value: Any) -> JournalFilter:
    return JournalFilter(**{field: value})


# For each field, whether a session answers to it.
ANSWERS: dict[str, Any] = {
    "text": lambda fact, wanted: all(
        any(word.startswith(begun) for word in fact.row.search_text.split()) for begun in fold(wanted).split()
    ),
    "since": lambda fact, wanted: fact.row.opened_at >= wanted,
    "until": lambda fact, wanted: fact.row.opened_at < wanted,
    "outcome": lambda fact, wanted: fact.row.outcome == wanted,
    "agent": lambda fact, wanted: fact.row.agent == wanted,
    "team": lambda fact, wanted: fact.team == wanted,
    "service": lambda fact, wanted: wanted in fact.row.services.split(","),
    "rule": lambda fact, wanted: any(line.rule == wanted for line in fact.lines),
    "billed_from": lambda fact, wanted: fact.row.total_cents is not None and fact.row.total_cents >= wanted,
    "waived_from": lambda fact, wanted: any(True for _ in fact.lines) and fact.waived >= wanted,
    "channel": lambda fact, wanted: wanted in fact.channels,
    "mail": lambda fact, wanted: fact.row.mail_state == wanted,
}


def truth(all_facts: list[Fact], wanted: JournalFilter) -> list[int]:
    fields = [field for group in set_filters(wanted).values() for field in group]
    return [fact.row.id for fact in all_facts if all(ANSWERS[field](fact, getattr(wanted, field)) for field in fields)]


def pages(ctx: Context, wanted: JournalFilter) -> list[int]:
    """Return what all pages show, one after the other."""
    page = search_journal(ctx, wanted, limit=7)
    ids = [row.id for row in page.rows]
    while page.next_key is not None:
        page = search_journal(ctx, wanted, page.next_key, limit=7)
        ids += [row.id for row in page.rows]
    return ids


def values(all_facts: list[Fact]) -> dict[str, list[Any]]:
    """Return what may be asked for in each field: what occurs, and what does not."""
    services = {code for fact in all_facts for code in fact.row.services.split(",")}
    return {
        "text": ["imprimante", "m", "zzzz"],
        "since": [NOON - timedelta(hours=5), NOON + timedelta(days=9)],
        "until": [NOON - timedelta(hours=5)],
        "outcome": ["solved", "not_solved", "home_visit"],
        "agent": [*sorted({fact.row.agent for fact in all_facts})[:2], "Nadia"],
        "team": [*TEAMS, "Ouest"],
        "service": [*sorted(services)[:2], "security", "%", "SECURITY.VIRUS-REMOVAL"],
        "rule": ["solved", "offered", "failed_session_not_billed", "no_such_rule"],
        "billed_from": [0, 1, 2900, 9_999_999],
        "waived_from": [0, 1, 2900, 9_999_999],
        "channel": [*Channel, "post"],
        "mail": ["accepted", "read", "rejected"],
    }


@pytest.fixture
def filled(ctx: Context) -> Context:
    """Give a call centre's worth of sessions."""
    create_sample_data(ctx, SESSIONS, bulk=True)
    prepare(ctx.database)
    return ctx


def wanted_ones(all_facts: list[Fact]) -> Iterator[JournalFilter]:
    """Yield every value of every field alone, then a hundred of several fields at once."""
    known = values(all_facts)
    for field, choices in known.items():
        for choice in choices:
            yield asking(field, choice)
    chance = Random(11)
    for _ in range(100):
        fields = chance.sample(list(known), chance.randint(2, 4))
        yield JournalFilter(**{field: chance.choice(known[field]) for field in fields})


@pytest.mark.parametrize("few", [3, journal_filters.FEW], ids=["walked", "named"])
def test_each_filter_and_any_of_them_together_find_what_is_so(
    filled: Context, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_filters, "FEW", few)
    all_facts = facts(filled.database)
    found_something = 0
    for wanted in wanted_ones(all_facts):
        expected = truth(all_facts, wanted)
        assert pages(filled, wanted) == expected, wanted
        found_something += 0 < len(expected) < len(all_facts)
    assert found_something > 50


def test_an_agent_finds_the_same_among_the_own_team_and_a_supervisor_among_all(staffed: CallCentre) -> None:
    create_sample_data(staffed.own, SESSIONS, bulk=True)
    prepare(staffed.owner)
    all_facts = facts(staffed.owner)
    mine = [fact for fact in all_facts if fact.team == "Nord"]
    nadia, sam = staffed.ctx(NADIA), staffed.ctx(SAM)
    for wanted in wanted_ones(all_facts):
        assert pages(nadia, wanted) == truth(mine, wanted), wanted
        assert pages(sam, wanted) == truth(all_facts, wanted), wanted


ODD = ("'", "';--", '"', "%", "\\", "\0", "zz\0z", "\ud800", "🙂", "x" * 10_000, "' OR '1'='1")


@pytest.mark.parametrize("field", [name for name in JournalFilter.__slots__ if getattr(JournalFilter(), name) == ""])
def test_nothing_typed_into_a_filter_is_an_error(ctx: Context, field: str) -> None:
    create_sample_data(ctx, 5, bulk=True)
    for odd in ODD:
        rows = search_journal(ctx, asking(field, odd)).rows
        assert rows == () or field == "text", odd  # of which a search takes the words


@pytest.mark.parametrize("field", ["billed_from", "waived_from"])
def test_an_amount_nobody_has_finds_nothing(ctx: Context, field: str) -> None:
    create_sample_data(ctx, 5, bulk=True)
    decide_samples(ctx.database)
    assert search_journal(ctx, asking(field, 10**30)).rows == ()
    assert len(search_journal(ctx, asking(field, -(10**30))).rows) == 5


@pytest.mark.parametrize(
    ("wanted", "hindering"),
    [
        (JournalFilter(outcome="solved", agent="Personne"), "agent"),
        (JournalFilter(since=NOON + timedelta(days=2), until=NOON + timedelta(days=3)), "period"),
        (JournalFilter(text="zzzz", rule="no_such_rule"), ""),
        (JournalFilter(channel="page"), "channel"),
        (JournalFilter(outcome="solved"), ""),
    ],
)
def test_an_empty_journal_names_the_filter_in_the_way(
    sqlite_ctx: Context, wanted: JournalFilter, hindering: str
) -> None:
    create_sample_data(sqlite_ctx, 40, bulk=True)
    assert search_journal(sqlite_ctx, wanted).hindering == hindering


def test_a_database_without_teams_offers_none(ctx: Context) -> None:
    assert search_journal(ctx, JournalFilter()).teams == ()
    with ctx.database.write() as tx:
        tx.execute(insert(team), [{"name": "Sud"}, {"name": "Nord"}])
    assert search_journal(ctx, JournalFilter()).teams == ("Nord", "Sud")


def test_a_page_deep_in_a_large_journal_costs_what_the_first_costs(sqlite_database: Database) -> None:
    ctx = context(sqlite_database)
    create_sample_data(ctx, SESSIONS, bulk=True)
    asked: list[int] = []
    with sqlite_database.read() as tx:
        raw = tx.connection.driver_connection
        assert raw is not None
        for after in (None, 20):
            steps = 0

            def step() -> int:
                nonlocal steps
                steps += 1
                return 0

            raw.set_progress_handler(step, 1)
            assert len(page_rows(tx, JournalFilter(), after, 10)) == 10
            raw.set_progress_handler(None, 1)
            asked.append(steps)
    assert asked[1] < 1.5 * asked[0]
