"""Prices and texts on PostgreSQL: with nothing but a connection nobody changes one alone, nor sells at another."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from psycopg import DatabaseError

from agent_desk.actions.act_on_change import act_on_change
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.list_changes import list_changes
from agent_desk.actions.look_at_catalogue import look_at_catalogue
from agent_desk.actions.propose_change import propose_change
from agent_desk.actions.verify_log import verify_log
from agent_desk.clock import SystemClock
from agent_desk.rules.catalogue_changes import ChangeFault, ChangeStep, first_day
from agent_desk.rules.people import Role
from agent_desk.rules.session import Line
from agent_desk.storage.decisions import read_lines
from agent_desk.storage.events import SITE_CHAIN, history
from tests.support.callcentre import ADA, DOOR, KARIM, NADIA, OLGA, POST, SAM, CallCentre, call_centre, staff
from tests.support.changes import DEARER
from tests.support.desks import agreed, content, drafted
from tests.support.postgresql import Spares

VERA = "vera"
SOON = first_day(datetime.now(UTC)) + timedelta(days=2)  # by the server's clock, which no test sets
PAST = "2020-01-01"
PROPOSE = "SELECT desk_propose_change('{kind}', '{of}', '{{}}', '{value}', '{day}', '{why}')"


@pytest.fixture(scope="module")
def centre(guarded_spares: Spares) -> Iterator[CallCentre]:
    with call_centre(guarded_spares) as made:
        staff(made)
        made.add(VERA, "Vera Simon", Role.SUPERVISOR)
        yield made


def proposal(**changed: str) -> str:
    """Return the statement that proposes a new price, with some of it changed."""
    facts = {"kind": "price", "of": "help.usage", "value": '{"cents":5100}', "day": SOON.isoformat(), "why": "Tarif"}
    return PROPOSE.format(**facts | changed)


def code_of(centre: CallCentre, login: str, *statements: str) -> str:
    """Return by which code or state the last of some statements is refused, "" where it is done; nothing remains."""
    connection = centre.connect(login)
    try:
        with connection.transaction(force_rollback=True):
            for statement in statements:
                connection.execute(statement.encode())
    except DatabaseError as error:
        return (error.diag.message_primary or "") if error.sqlstate == "AD001" else error.sqlstate or ""
    return ""


def signed_in(centre: CallCentre, login: str) -> Context:
    """Return somebody's desk by today's clock."""
    return replace(centre.ctx(login), clock=SystemClock())


@pytest.mark.parametrize("login", [NADIA, KARIM, OLGA, POST, DOOR])
def test_who_does_not_decide_on_prices_proposes_and_approves_none(centre: CallCentre, login: str) -> None:
    assert code_of(centre, login, proposal()) == "42501"
    assert code_of(centre, login, "SELECT desk_act_on_change(1, 'approve', '')") == "42501"


@pytest.mark.parametrize("login", [NADIA, SAM, ADA, OLGA, POST])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO catalogue_change SELECT * FROM catalogue_change",
        "INSERT INTO catalogue_step SELECT * FROM catalogue_step",
        "UPDATE catalogue_change SET value = '{\"cents\":1}'",
        "DELETE FROM catalogue_step",
        "TRUNCATE catalogue_change CASCADE",
        "DROP TRIGGER catalogue_step_two_people ON catalogue_step",
        "SELECT desk_price_on('help.usage', '2026-01-01')",
        "SELECT desk_decider()",
        "UPDATE session SET priced_at = 0",
    ],
)
def test_nobody_writes_a_price_past_the_functions(centre: CallCentre, login: str, statement: str) -> None:
    assert code_of(centre, login, statement) == "42501"


@pytest.mark.parametrize("login", [SAM, ADA])
def test_supervisors_and_administrators_propose(centre: CallCentre, login: str) -> None:
    assert code_of(centre, login, proposal()) == ""


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"day": PAST}, ChangeFault.DAY_PAST),
        ({"day": (first_day(datetime.now(UTC)) - timedelta(days=1)).isoformat()}, ChangeFault.DAY_PAST),
        ({"day": "tomorrow"}, ChangeFault.DAY_PAST),
        ({"day": "2206-01-01"}, ChangeFault.DAY_FAR),
        ({"of": "no.such-service"}, ChangeFault.TEXT),
        ({"kind": "vat"}, ChangeFault.TEXT),
        ({"value": '{"cents":100000}'}, ChangeFault.TEXT),
        ({"value": '{"cents":-1}'}, ChangeFault.TEXT),
        ({"value": '{"cents":1,"fr":""}'}, ChangeFault.TEXT),
        ({"value": "[]"}, ChangeFault.TEXT),
        ({"why": " "}, ChangeFault.REASON),
        ({"kind": "consent", "of": "price", "value": '{"fr":"x"}'}, ChangeFault.TEXT),
        ({"kind": "consent", "of": "price", "value": '{"fr":"x","en":"y","de":"z"}'}, ChangeFault.TEXT),
        ({"kind": "consent", "of": "price", "value": '{"fr":"x","en":""}'}, ChangeFault.TEXT),
    ],
)
def test_the_database_sees_what_is_no_price_and_no_text(centre: CallCentre, changed: dict[str, str], code: str) -> None:
    assert code_of(centre, SAM, proposal(**changed)) == code


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("consent", '{"fr":"x","en":"y"}'),
        ("name", '{"label_fr":"x","label_en":"x","short_fr":"x","short_en":"x"}'),
        ("condition", '{"question_fr":"x","answer_fr":"x","question_en":"x","answer_en":"x"}'),
    ],
)
def test_texts_are_proposed_like_prices(centre: CallCentre, kind: str, value: str) -> None:
    assert code_of(centre, SAM, proposal(kind=kind, of="price", value=value)) == ""


def test_nobody_approves_what_they_proposed_however_they_ask(centre: CallCentre) -> None:
    act = "SELECT desk_act_on_change((SELECT max(id) FROM catalogue_change), '{}', '{}')"
    assert code_of(centre, SAM, proposal(), act.format("approve", "")) == ChangeFault.FOUR_EYES
    assert code_of(centre, SAM, proposal(), act.format("reject", "Non")) == ChangeFault.FOUR_EYES
    assert code_of(centre, SAM, proposal(), act.format("keep", "")) == ChangeFault.STATE
    assert code_of(centre, SAM, proposal(), act.format("no_such_step", "")) == ChangeFault.STATE
    assert code_of(centre, SAM, proposal(), act.format("withdraw", "x" * 501)) == ChangeFault.REASON
    assert code_of(centre, SAM, proposal(), act.format("withdraw", "")) == ""
    assert code_of(centre, SAM, proposal(), proposal()) == ChangeFault.DAY_TAKEN
    assert code_of(centre, SAM, proposal(), act.format("withdraw", ""), proposal()) == ""
    assert code_of(centre, SAM, "SELECT desk_act_on_change(999, 'approve', '')") == "change_unknown"


def approved_for(ctx: Context, service: str) -> bool:
    return any(one.subject == service for one in look_at_catalogue(ctx).changes)


def test_two_people_decide_through_the_program_and_the_log_says_so(centre: CallCentre) -> None:
    sam, ada, vera = (signed_in(centre, login) for login in (SAM, ADA, VERA))
    proposed = replace(DEARER, subject="mail.account", valid_from=SOON)
    number = propose_change(sam, proposed)
    with pytest.raises(Refusal, match=ChangeFault.FOUR_EYES):
        act_on_change(sam, number, ChangeStep.APPROVE)
    assert not approved_for(ada, "mail.account")
    act_on_change(ada, number, ChangeStep.APPROVE)
    for login in (NADIA, SAM, ADA, OLGA):
        assert (
            look_at_catalogue(signed_in(centre, login)).catalogue_on(SOON).services["mail.account"].price_cents == 3150
        )
    act_on_change(ada, number, ChangeStep.ASK_REVOCATION, "Erreur")
    with pytest.raises(Refusal, match=ChangeFault.FOUR_EYES):
        act_on_change(ada, number, ChangeStep.REVOKE)
    act_on_change(vera, number, ChangeStep.REVOKE)
    assert not approved_for(signed_in(centre, NADIA), "mail.account")
    with centre.owner.read() as tx:
        events = [one for one in history(tx, SITE_CHAIN) if one.kind.startswith("change_")]
    assert [one.kind for one in events] == [
        "change_proposed",
        "change_approved",
        "change_revocation_asked",
        "change_revoked",
    ]
    assert [(one.payload or {})["by"] for one in events] == ["Sam Petit", "Ada Martin", "Ada Martin", "Vera Simon"]
    said = events[0].payload or {}
    assert (said["before"], said["value"], said["valid_from"]) == ({"cents": 2900}, {"cents": 3150}, SOON.isoformat())
    assert verify_log(centre.own).fault is None


def test_agents_see_what_was_approved_and_nothing_of_what_is_only_proposed(centre: CallCentre) -> None:
    propose_change(signed_in(centre, SAM), replace(DEARER, subject="phone.setup", valid_from=SOON))
    assert all(one.proposal.subject != "phone.setup" for one in list_changes(signed_in(centre, NADIA)).changes)
    assert any(one.proposal.subject == "phone.setup" for one in list_changes(signed_in(centre, OLGA)).changes)
    assert list_changes(signed_in(centre, NADIA)).refused == "change_not_allowed"


def decided_for(centre: CallCentre, service: str, day: date, cents: int) -> None:
    """Have two people approve, long ago, a price of a service from `day` on."""
    with psycopg.connect(owned(centre)) as owner:
        found = owner.execute(
            "INSERT INTO catalogue_change (kind, subject, before, value, valid_from, reason, by_mark, by_name, at)"
            " VALUES ('price', %s, '{}', %s, %s, '', 'aaaa0001', 'Sam', 0) RETURNING id",
            (service, f'{{"cents":{cents}}}', day.isoformat()),
        ).fetchone()
        assert found is not None
        owner.execute(
            "INSERT INTO catalogue_step (change_id, ordinal, step, reason, by_mark, by_name, at)"
            " VALUES (%s, 1, 'approve', '', 'aaaa0002', 'Ada', 0)",
            found,
        )


def owned(centre: CallCentre) -> str:
    """Return how the owner of the tables connects."""
    return f"host={centre.server.folder} user={centre.server.user} dbname={centre.name}"


def line(centre: CallCentre, of: int, service: str, cents: int) -> str:
    """Return how psql is refused a line at that price, "" where it is let in."""
    statement = (
        "INSERT INTO session_line (session_id, position, service, quantity, unit_price_cents)"
        f" VALUES ({of}, 9, '{service}', 1, {cents})"
    )
    return code_of(centre, NADIA, statement)


def test_a_line_costs_what_held_on_the_day_of_the_agreement(centre: CallCentre) -> None:
    nadia, tv = signed_in(centre, NADIA), "tv.advanced-use"
    today = datetime.now(UTC).date()
    before = agreed(nadia, content(Line(tv))).id  # at the price that ships
    long_ago = int((datetime.now(UTC) - timedelta(days=20)).timestamp() * 1_000_000)
    with psycopg.connect(owned(centre)) as owner:
        owner.execute("ALTER TABLE session DISABLE TRIGGER session_priced")
        owner.execute("UPDATE session SET priced_at = %s WHERE id = %s", (long_ago, before))
        owner.execute("ALTER TABLE session ENABLE TRIGGER session_priced")
    decided_for(centre, tv, today - timedelta(days=9), 3300)
    decided_for(centre, tv, SOON, 3600)

    def lines(of: int) -> list[str]:
        return [line(centre, of, tv, cents) for cents in (1900, 3300, 3600)]

    assert lines(before) == ["", "42501", "42501"]
    view = drafted(nadia, content(Line(tv)))
    assert lines(view.id) == ["42501", "", "42501"]
    view = agreed(nadia, content(Line(tv)))
    assert lines(view.id) == ["42501", "", "42501"]
    # Nobody makes a session older than it is, to sell in it at an older price.
    for statement in ("= 1400000000000000", "= NULL", "= 1400000000000000"):
        centre.connect(NADIA).execute(f"UPDATE session SET agreed_at {statement} WHERE id = {view.id}".encode())
    assert lines(view.id) == ["42501", "", "42501"]


def test_a_desk_that_is_open_sells_at_the_new_price(centre: CallCentre) -> None:
    nadia, mobile = signed_in(centre, NADIA), "mobile.setup"
    decided_for(centre, mobile, datetime.now(UTC).date() - timedelta(days=9), 3300)
    view = agreed(nadia, content(Line(mobile)))
    with centre.owner.read() as tx:
        (sold,) = read_lines(tx, view.id)
    assert sold.unit_price_cents == 3300


def test_a_program_that_knows_no_changes_is_refused_its_old_price(centre: CallCentre) -> None:
    nadia, advanced = signed_in(centre, NADIA), "network.livebox-advanced"
    view = drafted(nadia, content(Line(advanced)))
    assert line(centre, view.id, advanced, 2900) == ""
    decided_for(centre, advanced, datetime.now(UTC).date() - timedelta(days=9), 3300)
    assert line(centre, view.id, advanced, 2900) == "42501"
