"""What was decided goes to the bill once, in numbered batches that never change."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from agent_desk.actions import make_billing_batch as making
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.decisions import decision_to_json, inputs_to_json
from agent_desk.actions.errors import Refusal
from agent_desk.actions.list_billing_batches import list_billing_batches
from agent_desk.actions.make_billing_batch import make_billing_batch
from agent_desk.actions.read_billing_batch import read_billing_batch
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.rules.billing import Case, CaseLine, decide
from agent_desk.rules.session import HomeVisit, Outcome, Segment, Territory
from agent_desk.storage.bill import Batch, BatchFile
from agent_desk.storage.decisions import add_decision, read_decision
from agent_desk.storage.events import SITE_CHAIN, history
from agent_desk.storage.site_tables import billed_decision, billing_batch, billing_file
from agent_desk.storage.tables import decision, session
from tests.support.desks import clock, content, finished
from tests.support.reference import CATALOGUE

pytest_plugins = ["tests.support.desks"]


def closed(ctx: Context, outcome: Outcome = Outcome.SOLVED) -> SessionView:
    done = finished(ctx, content(), outcome)
    return close_session(ctx, done.id, done.version)


def corrected(ctx: Context, view: SessionView, outcome: Outcome) -> None:
    """Decide a closed session again, as a supervisor does."""
    with ctx.database.write() as tx:
        last = read_decision(tx, view.id)
        assert last is not None
        lines = (
            CaseLine("security.virus-removal", 1, outcome, ("removal",)),
            CaseLine("livebox.connect-device", 1, outcome),
        )
        case = Case(Territory.METROPOLE, Segment.RESIDENTIAL, HomeVisit.NONE, lines)
        again = decide(case, CATALOGUE)
        add_decision(
            tx,
            replace(
                last,
                ordinal=last.ordinal + 1,
                decided_at=ctx.clock.now(),
                inputs=inputs_to_json(case, CATALOGUE),
                result=decision_to_json(again),
                total_cents=again.total_cents,
                vat_cents=again.vat_cents,
            ),
        )


def batch(ctx: Context, until: datetime | None = None) -> Batch:
    clock(ctx).move(seconds=1)
    return make_billing_batch(ctx, until or ctx.clock.now())


def files(ctx: Context, number: int) -> dict[str, BatchFile]:
    return {one.name.partition(".")[2]: one for one in read_billing_batch(ctx, number)}


def rows(ctx: Context, number: int) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files(ctx, number)["jsonl"].content.decode().splitlines()]


def manifest(ctx: Context, number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files(ctx, number)["manifest.json"].content)
    return found


def refused(ctx: Context) -> str:
    with pytest.raises(Refusal) as refusal:
        batch(ctx)
    return refusal.value.code


def test_each_billed_line_of_a_closed_session_is_a_line_with_all_a_bill_needs(ctx: Context) -> None:
    view = closed(ctx)
    made = batch(ctx)
    assert (made.number, made.decisions, made.lines, made.zeros, made.total_cents) == (1, 1, 2, 0, 10800)
    first, second = rows(ctx, 1)
    assert first == {
        "batch": 1,
        "line": 1,
        "reference": f"{view.number}/1/1",
        "corrects": None,
        "customer_number": "482915307",
        "decided_at": "2026-11-23T11:00:00.000000Z",
        "service": "security.virus-removal",
        "label": CATALOGUE.services["security.virus-removal"].label_fr,
        "quantity": 1,
        "unit_price_cents": 7900,
        "amount_cents": 7900,
        "vat_cents": 1317,
        "vat_permille": 200,
        "rule": "virus_removal_always_billed",
        "article": "4.9",
        "catalogue": CATALOGUE.version,
    }
    assert (second["reference"], second["amount_cents"]) == (f"{view.number}/1/2", 2900)


def test_lines_without_an_amount_are_counted_and_their_decision_is_done_with(ctx: Context) -> None:
    closed(ctx, Outcome.NOT_SOLVED)  # virus removal is billed, the device is not
    done = finished(ctx, content(*content().lines[1:]), Outcome.NOT_SOLVED)
    close_session(ctx, done.id, done.version)
    made = batch(ctx)
    assert (made.decisions, made.lines, made.zeros, made.total_cents) == (2, 1, 2, 7900)
    assert refused(ctx) == "nothing_to_bill"


def test_the_manifest_vouches_for_the_files_and_for_the_manifest_before(ctx: Context) -> None:
    closed(ctx)
    first = batch(ctx)
    closed(ctx)
    second = batch(ctx)
    for number, before in ((1, None), (2, first.manifest_sha256)):
        told = manifest(ctx, number)
        assert told["previous_manifest_sha256"] == before
        assert (told["batch"], told["lines"], told["total_cents"]) == (number, 2, 10800)
        for one in told["files"]:
            content_ = files(ctx, number)[one["name"].partition(".")[2]].content
            assert (sha256(content_).hexdigest(), len(content_)) == (one["sha256"], one["bytes"])
    assert sha256(files(ctx, 2)["manifest.json"].content).hexdigest() == second.manifest_sha256
    assert [one.number for one in list_billing_batches(ctx)] == [2, 1]


def test_both_kinds_of_file_say_the_same(ctx: Context) -> None:
    closed(ctx)
    closed(ctx)
    batch(ctx)
    raw = files(ctx, 1)["csv"].content.decode("utf-8")
    assert raw.count("\r\n") == 5
    table = list(csv.DictReader(StringIO(raw, newline=""), delimiter=";"))
    assert table == [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows(ctx, 1)]


@pytest.mark.parametrize("number", ["=1+1", "+33", "-5", "@cmd", "\tx"])
def test_no_cell_is_taken_for_a_formula(ctx: Context, number: str) -> None:
    view = closed(ctx)
    with ctx.database.write() as tx:
        tx.execute(update(session).where(session.c.id == view.id).values(customer_number=number))
    batch(ctx)
    cells = next(iter(csv.reader(StringIO(files(ctx, 1)["csv"].content.decode().splitlines()[1]), delimiter=";")))
    assert cells[4] == f"'{number}"
    assert rows(ctx, 1)[0]["customer_number"] == number


def test_a_correction_is_a_line_of_its_own_with_the_difference(ctx: Context) -> None:
    view = closed(ctx)
    batch(ctx)
    corrected(ctx, view, Outcome.NOT_SOLVED)
    made = batch(ctx)
    (row,) = rows(ctx, 2)
    assert (row["reference"], row["corrects"]) == (f"{view.number}/2/2", f"{view.number}/1/2")
    assert (row["amount_cents"], row["vat_cents"], row["rule"]) == (-2900, -483, "failed_session_not_billed")
    assert (made.total_cents, made.zeros) == (-2900, 1)
    assert ";-2900;" in files(ctx, 2)["csv"].content.decode()


def test_a_decision_and_its_correction_in_one_batch_add_up(ctx: Context) -> None:
    view = closed(ctx)
    clock(ctx).move(seconds=1)
    corrected(ctx, view, Outcome.NOT_SOLVED)
    made = batch(ctx)
    assert [row["amount_cents"] for row in rows(ctx, 1)] == [7900, 2900, -2900]
    assert (made.decisions, made.total_cents) == (2, 7900)


def test_only_what_was_decided_by_then_goes_in(ctx: Context) -> None:
    early = closed(ctx)
    until = ctx.clock.now() + timedelta(microseconds=1)
    clock(ctx).move(hours=1)
    late = closed(ctx)
    assert {row["reference"][:13] for row in rows(ctx, batch(ctx, until).number)} == {early.number}
    assert {row["reference"][:13] for row in rows(ctx, batch(ctx).number)} == {late.number}


def test_a_batch_is_an_event_of_the_site(ctx: Context) -> None:
    closed(ctx)
    made = batch(ctx)
    with ctx.database.read() as tx:
        (told,) = [one for one in history(tx, SITE_CHAIN) if one.kind == "billing_batch_made"]
    assert told.payload == {
        "batch": 1,
        "decisions": 1,
        "lines": 2,
        "total_cents": 10800,
        "sha256": made.manifest_sha256,
    }
    assert verify_log(ctx).fault is None


def test_with_nothing_decided_no_batch_is_made(ctx: Context) -> None:
    assert refused(ctx) == "nothing_to_bill"
    assert list_billing_batches(ctx) == ()


def test_a_decision_that_does_not_follow_from_its_data_stops_the_batch(ctx: Context) -> None:
    closed(ctx)
    forged = closed(ctx)
    with ctx.database.write() as tx:
        last = read_decision(tx, forged.id)
        assert last is not None
        other = last.result.replace('"amount_cents":7900', '"amount_cents":1')
        assert other != last.result
        tx.execute(update(decision).where(decision.c.session_id == forged.id).values(result=other))
    with pytest.raises(Refusal) as refusal:
        batch(ctx)
    assert (refusal.value.code, refusal.value.values) == ("batch_decision", {"number": forged.number})
    assert list_billing_batches(ctx) == ()


def test_programs_that_export_at_once_put_each_decision_into_one_batch(ctx: Context) -> None:
    views = [closed(ctx) for _ in range(6)]
    clock(ctx).move(seconds=1)

    def export(_: int) -> str:
        try:
            return str(make_billing_batch(ctx, ctx.clock.now()).number)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(export, range(4))) == ["1", *["nothing_to_bill"] * 3]
    assert len(rows(ctx, 1)) == 2 * len(views)


def test_more_than_one_batch_holds_follows_in_the_next(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_DECISIONS", 2)
    for _ in range(3):
        closed(ctx)
    assert [batch(ctx).decisions, batch(ctx).decisions] == [2, 1]


def test_a_decision_in_two_batches_is_refused_by_the_database(ctx: Context) -> None:
    closed(ctx)
    batch(ctx)
    with ctx.database.read() as tx:
        taken = tx.execute(select(billed_decision.c.decision_id)).scalar_one()
    with pytest.raises(IntegrityError), ctx.database.write() as tx:
        tx.execute(insert(billed_decision).values(decision_id=taken, batch=1))


@pytest.mark.parametrize("table", [billing_batch, billing_file, billed_decision], ids=str)
def test_no_program_changes_a_batch(ctx: Context, table: Any) -> None:
    closed(ctx)
    batch(ctx)
    before = files(ctx, 1)
    column = list(table.columns)[-1]
    for statement in (update(table).values({column: column}), delete(table)):
        with pytest.raises(DBAPIError, match="never changes"), ctx.database.write() as tx:
            tx.execute(statement)
    assert files(ctx, 1) == before


def test_a_batch_changed_behind_the_programs_back_is_not_written_again(sqlite_ctx: Context) -> None:
    closed(sqlite_ctx)
    batch(sqlite_ctx)
    with sqlite_ctx.database.write() as tx:
        tx.execute(text("DROP TRIGGER billing_file_no_update"))
        tx.execute(update(billing_file).where(billing_file.c.position == 0).values(content=b"x"))
    for number, code in ((1, "batch_changed"), (2, "batch_not_found")):
        with pytest.raises(Refusal) as refusal:
            read_billing_batch(sqlite_ctx, number)
        assert refusal.value.code == code


def test_a_service_that_left_the_catalogue_keeps_its_code(ctx: Context) -> None:
    view = closed(ctx)
    with ctx.database.write() as tx:
        tx.execute(update(decision).where(decision.c.session_id == view.id).values(catalogue_version="1999-01-01"))
    batch(ctx)
    assert rows(ctx, 1)[0]["label"] == "security.virus-removal"
