"""Goodwill credits: granted within a limit, approved by a second person above it, told to the customer, billed once."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.give_credit import give_credit
from agent_desk.actions.look_at_credits import look_at_credits
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.make_billing_batch import make_billing_batch
from agent_desk.actions.open_session import open_session
from agent_desk.actions.read_billing_batch import read_billing_batch
from agent_desk.actions.settle_credit import settle_credit
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.rules.credit import CreditState
from agent_desk.rules.people import Role
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Call
from agent_desk.storage.acting import Acting, act_as
from agent_desk.storage.events import history
from agent_desk.storage.mails import read_letter, session_mails
from tests.support.callcentre import BILL, KARIM, NADIA, OLGA, POST, SAM, CallCentre
from tests.support.desks import clock, drafted, finished

WHY = "rappel promis et manqué"
TEA = "tea"
FORGED = """
    INSERT INTO credit (session_id, customer_number, amount_cents, reason, by_mark, by_name, at, state)
    SELECT session_id, customer_number, 1, reason, by_mark, by_name, at, 'granted' FROM credit
"""


def closed(ctx: Context) -> SessionView:
    view = finished(ctx)
    return close_session(ctx, view.id, view.version)


def kinds(ctx: Context, session_id: int) -> list[str]:
    with ctx.database.read() as tx:
        return [one.kind for one in history(tx, session_id)]


def credit_mails(ctx: Context, session_id: int) -> list[str]:
    with ctx.database.read() as tx:
        mails = [one.id for one in session_mails(tx, session_id) if one.kind == "credit"]
        return [letter.text for one in mails if (letter := read_letter(tx, one)) is not None]


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code


def signed(ctx: Context, name: str, role: Role) -> Context:
    """Return the same desk with somebody signed in to it."""
    act_as(ctx.database, Acting(name.lower(), name.lower().rjust(8, "0"), name, role))
    return replace(ctx, settings=replace(ctx.settings, agent_name=name))


def test_within_the_limit_it_is_granted_at_once_and_told_even_after_closing(ctx: Context) -> None:
    view = closed(ctx)
    given = give_credit(ctx, view.id, 1000, f"  {WHY} ")
    assert (given.state, given.amount_cents, given.reason, given.number) == (
        CreditState.GRANTED, 1000, WHY, view.number,
    )  # fmt: skip
    (text,) = credit_mails(ctx, view.id)
    assert "10,00\u00a0€" in text
    assert WHY in text
    assert kinds(ctx, view.id)[-2:] == ["credit_granted", "mail_queued"]
    assert give_credit(ctx, view.id, 500, WHY).state is CreditState.GRANTED
    assert len(credit_mails(ctx, view.id)) == 2
    assert verify_log(ctx).fault is None


def test_what_is_negative_huge_unreasoned_or_of_nobody_is_refused_and_changes_nothing(ctx: Context) -> None:
    view = closed(ctx)
    before = kinds(ctx, view.id)
    for cents in (0, -1, -(10**12), 50_001, 10**12):
        assert refused(lambda cents=cents: give_credit(ctx, view.id, cents, WHY)) == "credit_amount"  # type: ignore[misc]
    assert refused(lambda: give_credit(ctx, view.id, 500, " \n ")) == "credit_reason"
    assert refused(lambda: give_credit(ctx, view.id, 1501, WHY)) == "credit_alone"  # nobody signs in who could approve
    assert refused(lambda: give_credit(ctx, open_session(ctx, Call()).id, 500, WHY)) == "credit_no_customer"
    assert refused(lambda: give_credit(ctx, 999, 500, WHY)) == "not_found"
    assert kinds(ctx, view.id) == before
    assert look_at_credits(ctx, view.id).credits == ()


def test_the_limit_holds_for_a_session_however_the_amount_is_split(ctx: Context) -> None:
    view = drafted(ctx)
    give_credit(ctx, view.id, 1000, WHY)
    assert refused(lambda: give_credit(ctx, view.id, 501, WHY)) == "credit_alone"
    assert give_credit(ctx, drafted(ctx).id, 501, WHY).state is CreditState.GRANTED


def test_sums_are_of_the_customer_and_of_whoever_gives_and_begin_anew_with_the_month(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    first, second = drafted(ctx), drafted(ctx)
    give_credit(ctx, first.id, 1000, WHY)
    give_credit(ctx, second.id, 700, WHY)
    seen = look_at_credits(ctx, second.id)
    assert (seen.customer_cents, seen.own_cents, seen.in_session_cents, seen.alone) == (1700, 1700, 700, True)
    clock(ctx).move(days=8)  # 1 December
    seen = look_at_credits(ctx, second.id)
    assert (seen.customer_cents, seen.own_cents, seen.in_session_cents) == (0, 0, 700)


def test_on_one_desk_with_accounts_another_supervisor_decides_and_never_whoever_proposed(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    view = closed(ctx)
    sam = signed(ctx, "Sam", Role.SUPERVISOR)
    assert give_credit(sam, view.id, 5000, WHY).state is CreditState.GRANTED
    asked = give_credit(sam, view.id, 1, WHY)
    assert asked.state is CreditState.PROPOSED
    assert refused(lambda: settle_credit(sam, asked.id, asked.version, granted=True)) == "credit_own"
    nadia = signed(ctx, "Nadia", Role.AGENT)
    assert refused(lambda: settle_credit(nadia, asked.id, asked.version, granted=True)) == "credit_not_yours"
    assert look_at_next(nadia).promises == ()
    olga = signed(ctx, "Olga", Role.AUDITOR)
    assert refused(lambda: give_credit(olga, view.id, 1, WHY)) == "no_rights"
    tea = signed(ctx, "Tea", Role.SUPERVISOR)
    assert refused(lambda: settle_credit(tea, asked.id, asked.version, granted=False)) == "credit_reason"
    assert settle_credit(tea, asked.id, asked.version, granted=True).approved_by == "Tea"
    assert refused(lambda: settle_credit(tea, asked.id, asked.version, granted=False, reason=WHY)) == "credit_settled"
    assert refused(lambda: settle_credit(tea, 99, 1, granted=True)) == "credit_gone"
    assert kinds(ctx, view.id)[-3:] == ["credit_approved", "promise_kept", "mail_queued"]


@pytest.fixture
def two(staffed: CallCentre) -> CallCentre:
    """Give a call centre with a second supervisor, and one who looks after the other team."""
    staffed.add(TEA, "Tea Lopez", Role.SUPERVISOR)
    return staffed


def test_in_a_call_centre_what_an_agent_proposes_waits_for_a_supervisor_in_today(two: CallCentre) -> None:
    nadia, karim, sam, tea = (two.ctx(login) for login in (NADIA, KARIM, SAM, TEA))
    view = closed(nadia)
    assert give_credit(nadia, view.id, 1500, WHY).state is CreditState.GRANTED
    asked = give_credit(nadia, view.id, 3000, WHY)
    assert (asked.state, asked.by) == (CreditState.PROPOSED, "Nadia Leroy")
    assert (look_at_next(nadia).promises, look_at_next(karim).promises) == ((), ())
    (waiting,) = look_at_next(sam).promises
    assert (waiting.kind, waiting.number, waiting.person) == (PromiseKind.CREDIT, view.number, "Superviseur")
    assert refused(lambda: settle_credit(nadia, asked.id, asked.version, granted=True)) == "credit_own"
    assert refused(lambda: settle_credit(karim, asked.id, asked.version, granted=True)) == "credit_gone"
    assert look_at_credits(sam, view.id).settles == {asked.id}
    assert settle_credit(sam, asked.id, asked.version, granted=True).state is CreditState.GRANTED
    assert look_at_next(tea).promises == ()
    assert len(credit_mails(tea, view.id)) == 2
    assert verify_log(two.own).fault is None


def test_a_supervisor_needs_another_one_above_their_limit_in_a_session_under_way_too(two: CallCentre) -> None:
    nadia, karim, sam, tea = (two.ctx(login) for login in (NADIA, KARIM, SAM, TEA))
    view = drafted(nadia)
    assert give_credit(sam, view.id, 5000, WHY).state is CreditState.GRANTED
    asked = give_credit(sam, view.id, 2000, WHY)
    assert refused(lambda: settle_credit(sam, asked.id, asked.version, granted=True)) == "credit_own"
    settled = settle_credit(tea, asked.id, asked.version, granted=False, reason="déjà remboursé")
    assert (settled.state, settled.approved_by) == (CreditState.REFUSED, "Tea Lopez")
    assert kinds(nadia, view.id)[-2:] == ["credit_refused", "promise_kept"]
    assert len(credit_mails(nadia, view.id)) == 1
    theirs = drafted(karim)  # the same customer, of another team
    seen = look_at_credits(karim, theirs.id)
    assert (seen.customer_cents, seen.own_cents, seen.credits) == (5000, 0, ())
    assert verify_log(two.own).fault is None


def test_whoever_types_sql_meets_the_limits_and_the_second_pair_of_eyes(two: CallCentre) -> None:
    nadia, sam = two.ctx(NADIA), two.ctx(SAM)
    view = closed(nadia)
    asked, own = give_credit(nadia, view.id, 3000, WHY), give_credit(sam, view.id, 9000, WHY)
    give = f"SELECT desk_give_credit({view.id}, {{}}, 'x', {{}})"
    settle = "SELECT desk_settle_credit({}, 1, true, '')"
    for login, attempt in (
        (NADIA, give.format(1600, "NULL")),
        (NADIA, give.format(100, "NULL")),  # after 120 € nothing is within anybody's limit
        (NADIA, give.format(-100, "NULL")),
        (SAM, give.format(2_000_000_000, own.promise_id or 0)),
        (KARIM, give.format(100, "NULL")),
        (POST, give.format(100, "NULL")),
        (NADIA, settle.format(asked.id)),
        (SAM, settle.format(own.id)),
        (OLGA, settle.format(asked.id)),
        (NADIA, "UPDATE credit SET state = 'granted'"),
        (SAM, "UPDATE credit SET amount_cents = 1"),
        (TEA, "DELETE FROM credit"),
        (NADIA, FORGED),
        (NADIA, "INSERT INTO billed_credit VALUES (1, 1)"),
        (BILL, "UPDATE credit SET state = 'refused'"),
        (BILL, "SELECT reason FROM credit"),
        (BILL, settle.format(asked.id)),
    ):  # fmt: skip
        with pytest.raises(psycopg.Error):
            two.connect(login).execute(attempt)
    for login, attempt, code in (
        (SAM, settle.format(own.id), "credit_own"),
        (NADIA, give.format(1600, "NULL"), "credit_changed"),
        (KARIM, give.format(100, "NULL"), "credit_not_yours"),
        (SAM, give.format(50_001, own.promise_id or 0), "credit_amount"),
    ):
        with pytest.raises(psycopg.Error, match=code):
            two.connect(login).execute(attempt)
    assert [one.state for one in look_at_credits(sam, view.id).credits] == [CreditState.PROPOSED] * 2
    assert two.connect(KARIM).execute("SELECT count(*) FROM credit").fetchone() == (0,)
    assert two.connect(BILL).execute("SELECT count(id) FROM credit").fetchone() == (0,)


def rows(ctx: Context, number: int) -> list[dict[str, Any]]:
    found = next(one for one in read_billing_batch(ctx, number) if one.name.endswith("jsonl"))
    return [json.loads(line) for line in found.content.decode().splitlines()]


def test_a_credit_is_a_negative_line_of_exactly_one_batch(ctx: Context) -> None:
    view = closed(ctx)
    given = give_credit(ctx, view.id, 1200, WHY)
    clock(ctx).move(seconds=1)
    first = make_billing_batch(ctx, ctx.clock.now())
    assert (first.decisions, first.credits, first.lines, first.total_cents) == (1, 1, 3, 10800 - 1200)
    line = rows(ctx, 1)[-1]
    assert (line["reference"], line["customer_number"], line["label"]) == (
        f"{view.number}/credit/{given.id}", "482915307", "Geste commercial",
    )  # fmt: skip
    assert (line["amount_cents"], line["vat_cents"], line["vat_permille"], line["rule"]) == (
        -1200, -200, 200, "goodwill_credit",
    )  # fmt: skip
    kept = read_billing_batch(ctx, 1)
    assert refused(lambda: make_billing_batch(ctx, ctx.clock.now())) == "nothing_to_bill"
    give_credit(ctx, view.id, 300, WHY)
    clock(ctx).move(seconds=1)
    second = make_billing_batch(ctx, ctx.clock.now())
    assert (second.decisions, second.credits, second.total_cents) == (0, 1, -300)
    assert read_billing_batch(ctx, 1) == kept


def test_the_account_of_the_bill_sees_what_was_granted_and_nothing_that_waits(two: CallCentre) -> None:
    nadia, bill = two.ctx(NADIA), two.ctx(BILL)
    view = closed(nadia)
    give_credit(nadia, view.id, 1500, WHY)
    give_credit(nadia, view.id, 3000, WHY)
    clock(bill).move(days=36500)  # credits have the server's time
    made = make_billing_batch(bill, bill.clock.now())
    assert (made.credits, made.total_cents) == (1, 10800 - 1500)
