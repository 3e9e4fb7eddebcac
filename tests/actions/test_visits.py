"""A home visit from its acceptance to its line on the bill (4.8, document 000), on both engines."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from agent_desk.actions.book_visit import book_visit
from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.errors import Refusal
from agent_desk.actions.finish_visit import finish_visit
from agent_desk.actions.give_up_visit import give_up_visit
from agent_desk.actions.list_today import list_today
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.look_at_promises import look_at_promises
from agent_desk.actions.make_billing_batch import make_billing_batch
from agent_desk.actions.move_visit import move_visit
from agent_desk.actions.raise_promises import raise_promises
from agent_desk.actions.read_billing_batch import read_billing_batch
from agent_desk.actions.report_commitments import report_commitments
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.rules.commitments import Count
from agent_desk.rules.people import Role
from agent_desk.rules.promise import PromiseEnd, PromiseKind, Urgency, urgency
from agent_desk.rules.session import HomeVisit, Outcome, Territory
from agent_desk.rules.visit import VisitState
from agent_desk.storage.acting import Acting, act_as
from agent_desk.storage.events import history
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.tables import attachment
from agent_desk.storage.tables import mail as mail_table
from agent_desk.storage.visit_tables import visit as visit_table
from tests.support.callcentre import KARIM, NADIA, OLGA, POST, SAM, CallCentre
from tests.support.desks import CLAIRE, NOON, clock
from tests.support.visits import MOBILE, TOMORROW, booked, plan, sheet, visited

pytest_plugins = ["tests.support.desks", "tests.support.callcentre"]

DAY = timedelta(days=1)
EVENING = TOMORROW + timedelta(hours=9)
WHY = "le client travaille ce jour-là"


def messages(ctx: Context, session_id: int) -> list[tuple[str, str, str]]:
    """Return channel, kind and state of what the session sent after its offer and confirmation."""
    with ctx.database.read() as tx:
        rows = tx.execute(
            select(mail_table.c.channel, mail_table.c.kind, mail_table.c.state)
            .where(mail_table.c.session_id == session_id, mail_table.c.kind.startswith("visit"))
            .order_by(mail_table.c.id)
        )
        return [tuple(row) for row in rows]


def text_of(ctx: Context, kind: str) -> str:
    with ctx.database.read() as tx:
        return str(tx.execute(select(mail_table.c.text).where(mail_table.c.kind == kind)).scalars().all()[-1])


def counted(ctx: Context) -> dict[str, int]:
    """Return how many visits and new dates the register of commitments counts."""
    rows = report_commitments(ctx, "2026-11", "2026-11").rows
    counts = {row.commitment.id: row.count.total for row in rows if row.count.total}
    return {name: counts[name] for name in ("visit-kept", "new-date") if name in counts}


def told(ctx: Context, session_id: int) -> dict[str, object]:
    with ctx.database.read() as tx:
        return {one.kind: one.payload for one in history(tx, session_id)}


def test_a_visit_is_booked_with_its_price_told_before_and_done_is_billed_once(ctx: Context) -> None:
    view = visited(ctx)
    book_visit(ctx, view.id, plan())
    said = told(ctx, view.id)
    assert said["visit_accepted"] == {
        "total_cents": 6900,
        "ceiling_cents": 6900,
        "vat_permille": 200,
        "territory": "metropole",
    }
    assert messages(ctx, view.id) == [
        ("sms", "visit_booked", "queued"),
        ("sms", "visit_fee", "queued"),
        ("sms", "visit_reminder", "queued"),
    ]
    assert "mar. 24 nov. entre 9 h et 11 h" in text_of(ctx, "visit_booked")
    assert "69,00 €" in text_of(ctx, "visit_booked")
    assert ctx.settings.questions_url in text_of(ctx, "visit_booked")
    with pytest.raises(Refusal, match="visit_not_yet"):
        finish_visit(ctx, view.id, booked(ctx, view.id).id)
    clock(ctx).time = TOMORROW + timedelta(hours=1)
    finish_visit(ctx, view.id, booked(ctx, view.id).id)
    _, kept = look_at_promises(ctx, view.id)
    assert (kept.due_at, kept.late_at, kept.end) == (TOMORROW, TOMORROW + timedelta(hours=2), PromiseEnd.KEPT)
    assert messages(ctx, view.id)[-1] == ("mail", "visit", "queued")
    with ctx.database.read() as tx:
        papers = tx.execute(select(attachment.c.name).order_by(attachment.c.mail_id)).scalars().all()
    assert papers[-1] == f"Confirmation de visite {view.number}.pdf"
    assert verify_decisions(ctx).decisions == 2
    assert verify_decisions(ctx).mismatches == ()
    clock(ctx).move(seconds=1)
    batch = make_billing_batch(ctx, ctx.clock.now())
    assert (batch.decisions, batch.lines, batch.total_cents, batch.vat_cents) == (2, 1, 6900, 1150)
    (row,) = (json.loads(line) for line in read_billing_batch(ctx, 1)[1].content.decode().splitlines())
    assert (row["reference"], row["service"], row["rule"], row["vat_permille"]) == (
        f"{view.number}/visit/1",
        "home_visit.travel",
        "visit_travel",
        200,
    )
    clock(ctx).move(seconds=1)
    with pytest.raises(Refusal, match="nothing_to_bill"):
        make_billing_batch(ctx, ctx.clock.now())
    with pytest.raises(Refusal, match="visit_was_done"):
        book_visit(ctx, view.id, plan(TOMORROW + DAY))
    assert verify_log(ctx).fault is None


def test_a_visit_that_was_done_differently_from_what_was_kept_is_found(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    view = visited(ctx)
    book_visit(ctx, view.id, plan(fee_cents=5000))
    clock(ctx).time = TOMORROW
    finish_visit(ctx, view.id, booked(ctx, view.id).id)
    with ctx.database.write() as tx, pytest.raises(DBAPIError, match="never changes"):
        tx.execute(text("UPDATE visit_decision SET total_cents = 1"))
    with ctx.database.write() as tx:
        tx.execute(text("DROP TRIGGER visit_decision_no_update"))
        tx.execute(text("UPDATE visit_decision SET inputs = replace(inputs, '5000', '4000')"))
    (wrong,) = verify_decisions(ctx).mismatches
    assert (wrong.kept_cents, wrong.decided_cents, wrong.logged) == (5000, 4000, False)
    clock(ctx).move(seconds=1)
    with pytest.raises(Refusal, match="batch_decision"):
        make_billing_batch(ctx, ctx.clock.now())


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (plan(fee_cents=6901), "visit_fee_high"),
        (plan(fee_cents=-1), "visit_fee"),
        (plan(NOON - timedelta(hours=1)), "visit_past"),
        (plan(TOMORROW + timedelta(hours=12)), "visit_hours"),
        (plan(TOMORROW + 5 * DAY), "visit_day_off"),
        (plan(territory=Territory.REUNION, fee_cents=6000), "visit_elsewhere"),
    ],
)
def test_what_may_not_be_told_to_the_customer_is_refused_and_changes_nothing(
    sqlite_ctx: Context, asked: object, code: str
) -> None:
    view = visited(sqlite_ctx)
    before = told(sqlite_ctx, view.id)
    with pytest.raises(Refusal) as refused:
        book_visit(sqlite_ctx, view.id, asked)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert told(sqlite_ctx, view.id) == before
    assert messages(sqlite_ctx, view.id) == []


def test_no_visit_without_the_customers_wish_and_none_taken_from_a_session_by_a_correction(
    sqlite_ctx: Context,
) -> None:
    view = visited(sqlite_ctx)
    correct_session(sqlite_ctx, view.id, view.version, [Outcome.NOT_SOLVED], HomeVisit.DECLINED, "finalement non")
    with pytest.raises(Refusal, match="visit_not_accepted"):
        book_visit(sqlite_ctx, view.id, plan())
    assert [one.end for one in look_at_promises(sqlite_ctx, view.id)] == [PromiseEnd.CANCELLED]
    wanted = correct_session(
        sqlite_ctx, view.id, view.version + 1, [Outcome.NOT_SOLVED], HomeVisit.ACCEPTED, "finalement oui"
    )
    assert [one.end for one in look_at_promises(sqlite_ctx, view.id)] == [PromiseEnd.CANCELLED, None]
    book_visit(sqlite_ctx, view.id, plan())
    with pytest.raises(Refusal, match="visit_stands"):
        correct_session(sqlite_ctx, view.id, wanted.version, [Outcome.SOLVED], HomeVisit.NONE, "non")


def test_a_visit_accepted_and_not_booked_is_promised_until_it_is_booked_or_given_up(ctx: Context) -> None:
    seen, gone = visited(ctx), visited(ctx)
    for view in (seen, gone):
        (waits,) = look_at_promises(ctx, view.id)
        assert (waits.kind, waits.subject, waits.due_at) == (PromiseKind.VISIT, "visite à fixer", EVENING)
        assert waits.late_at == sheet(ctx, view.id).book_by == EVENING
    clock(ctx).time = EVENING
    assert raise_promises(ctx) == 2
    assert {one.session_id for one in look_at_next(ctx).promises if one.on_top} == {seen.id, gone.id}
    with pytest.raises(Refusal, match="reason_missing"):
        give_up_visit(ctx, gone.id, 0, VisitState.CANCELLED, " ")
    give_up_visit(ctx, gone.id, 0, VisitState.CANCELLED, "le client y renonce")
    said = told(ctx, gone.id)["promise_cancelled"]
    assert isinstance(said, dict)
    assert said["reason"] == "le client y renonce"
    assert sheet(ctx, gone.id).book_by is None
    book_visit(ctx, seen.id, plan(TOMORROW + 2 * DAY))
    assert [one.end for one in look_at_promises(ctx, seen.id)] == [PromiseEnd.KEPT, None]
    assert [one.session_id for one in look_at_next(ctx).promises] == [seen.id]
    assert messages(ctx, gone.id) == []
    assert counted(ctx) == {}
    assert verify_log(ctx).fault is None


def test_who_withdraws_after_closing_waits_for_no_visit(sqlite_ctx: Context) -> None:
    view = visited(sqlite_ctx)
    withdraw_session(sqlite_ctx, view.id, view.version)
    assert [one.end for one in look_at_promises(sqlite_ctx, view.id)] == [PromiseEnd.CANCELLED]


def test_a_moved_visit_keeps_its_price_and_what_was_to_remind_of_the_old_day_is_dropped(ctx: Context) -> None:
    view = visited(ctx)
    book_visit(ctx, view.id, plan())
    first = booked(ctx, view.id)
    move_visit(ctx, view.id, first.id, plan(TOMORROW + 2 * DAY), WHY)
    assert Counter(messages(ctx, view.id)) == Counter(
        [
            *[("sms", kind, "dropped") for kind in ("visit_booked", "visit_fee", "visit_reminder")],
            *[("sms", kind, "queued") for kind in ("visit_moved", "visit_reminder")],
        ]
    )
    second = booked(ctx, view.id)
    assert (second.after_id, second.asked_at, second.accepted_at) == (first.id, first.asked_at, first.accepted_at)
    assert [one.end for one in look_at_promises(ctx, view.id)] == [PromiseEnd.KEPT, PromiseEnd.MOVED, None]
    with pytest.raises(Refusal, match="visit_over"):
        move_visit(ctx, view.id, first.id, plan(TOMORROW + 3 * DAY), WHY)
    with pytest.raises(Refusal, match="reason_missing"):
        move_visit(ctx, view.id, second.id, plan(TOMORROW + 3 * DAY), " ")
    with pytest.raises(Refusal, match="visit_price_again"):
        move_visit(ctx, view.id, second.id, plan(TOMORROW + 2 * DAY, 5000), WHY)
    assert verify_log(ctx).fault is None


def test_a_territory_changed_after_acceptance_is_accepted_again_at_its_own_ceiling(ctx: Context) -> None:
    view = visited(ctx)
    book_visit(ctx, view.id, plan())
    first, there = booked(ctx, view.id), Territory.GUYANE
    evening = TOMORROW + timedelta(hours=8)
    with pytest.raises(Refusal, match="visit_fee_high") as refused:
        move_visit(ctx, view.id, first.id, plan(evening, 6900, there), "déménagé", accepted=True)
    assert refused.value.values == {"ceiling": "57,50\u00a0€"}
    with pytest.raises(Refusal, match="visit_territory_again"):
        move_visit(ctx, view.id, first.id, plan(evening, 5750, there), "déménagé")
    assert booked(ctx, view.id) == first
    clock(ctx).move(minutes=5)
    move_visit(ctx, view.id, first.id, plan(evening, 5750, there), "déménagé", accepted=True)
    second = booked(ctx, view.id)
    assert (second.terms.territory, second.terms.vat_permille, second.fee_cents) == (there, 0, 5750)
    assert second.accepted_at == ctx.clock.now() > first.accepted_at
    assert "57,50 €" in text_of(ctx, "visit_fee")


def test_the_same_price_in_another_territory_is_accepted_again_too(ctx: Context) -> None:
    view, there = visited(ctx), Territory.REUNION
    book_visit(ctx, view.id, plan(fee_cents=5000))
    first, morning = booked(ctx, view.id), TOMORROW + DAY
    with pytest.raises(Refusal, match="visit_territory_again"):
        move_visit(ctx, view.id, first.id, plan(morning, 5000, there), "déménagé")
    move_visit(ctx, view.id, first.id, plan(morning, 5000, there), "déménagé", accepted=True)
    clock(ctx).time = morning
    finish_visit(ctx, view.id, booked(ctx, view.id).id)
    done = sheet(ctx, view.id).done
    assert done is not None
    assert (done.terms.ceiling_cents, done.terms.vat_permille) == (6239, 85)
    assert verify_decisions(ctx).mismatches == ()


def test_a_visit_keeps_the_ceiling_it_was_accepted_at(ctx: Context) -> None:
    view = visited(ctx)
    book_visit(ctx, view.id, plan(fee_cents=5500))
    with ctx.database.write() as tx:  # as a catalogue of that day had it
        tx.execute(update(visit_table).values(ceiling_cents=5500, vat_permille=100))
    terms = sheet(ctx, view.id).terms[Territory.METROPOLE]
    assert (terms.ceiling_cents, terms.vat_permille) == (5500, 100)
    with pytest.raises(Refusal, match="visit_fee_high") as refused:
        move_visit(ctx, view.id, booked(ctx, view.id).id, plan(TOMORROW + DAY, 6000), WHY, accepted=True)
    assert refused.value.values == {"ceiling": "55,00\u00a0€"}
    move_visit(ctx, view.id, booked(ctx, view.id).id, plan(TOMORROW + DAY, 5500), WHY)
    clock(ctx).time = TOMORROW + DAY
    finish_visit(ctx, view.id, booked(ctx, view.id).id)
    clock(ctx).move(seconds=1)
    batch = make_billing_batch(ctx, ctx.clock.now())
    assert (batch.total_cents, batch.vat_cents) == (5500, 500)


@pytest.mark.parametrize(
    ("customer", "sent"),
    [
        (CLAIRE, [("mail", "visit_booked", "queued"), ("mail", "visit_reminder", "queued")]),
        (replace(CLAIRE, email="", no_email_reason="none"), [("mail", "visit_booked", "held")]),
    ],
)
def test_who_has_no_mobile_number_gets_a_mail_or_a_letter_with_the_fee_in_it(
    sqlite_ctx: Context, customer: object, sent: list[tuple[str, str, str]]
) -> None:
    view = visited(sqlite_ctx, customer)  # type: ignore[arg-type]
    book_visit(sqlite_ctx, view.id, plan(fee_cents=4200))
    assert messages(sqlite_ctx, view.id) == sent
    said = text_of(sqlite_ctx, "visit_booked")
    assert "mardi 24\u00a0novembre\u00a02026, entre 9\u00a0h et 11\u00a0h" in said
    assert "42,00\u00a0€ TTC, dont TVA 20\u202f%\u00a0: 7,00\u00a0€" in said
    give_up_visit(sqlite_ctx, view.id, booked(sqlite_ctx, view.id).id, VisitState.CANCELLED, "plus besoin")
    assert {state for _, _, state in messages(sqlite_ctx, view.id)[:-1]} <= {"dropped", "held"}
    assert messages(sqlite_ctx, view.id)[-1][1] == "visit_cancelled"
    assert "plus besoin" in text_of(sqlite_ctx, "visit_cancelled")


def test_a_visit_booked_for_the_same_evening_reminds_nobody(sqlite_ctx: Context) -> None:
    view = visited(sqlite_ctx)
    book_visit(sqlite_ctx, view.id, plan(NOON + timedelta(hours=4)))
    assert [kind for _, kind, _ in messages(sqlite_ctx, view.id)] == ["visit_booked", "visit_fee"]


def test_a_visit_that_was_not_done_stays_on_top_until_it_is_made_good(ctx: Context) -> None:
    view = visited(ctx)
    book_visit(ctx, view.id, plan())
    clock(ctx).time = TOMORROW + timedelta(hours=3)
    assert raise_promises(ctx) == 1
    give_up_visit(ctx, view.id, booked(ctx, view.id).id, VisitState.NOT_DONE, "personne", severe_weather=True)
    found = sheet(ctx, view.id)
    assert (found.booked, found.failed) == (None, "personne")
    (open_one,) = look_at_next(ctx).promises
    assert urgency(open_one, ctx.clock.now()) is Urgency.MISSED
    book_visit(ctx, view.id, plan(TOMORROW + 2 * DAY))
    assert [one.end for one in look_at_promises(ctx, view.id)] == [PromiseEnd.KEPT, PromiseEnd.MOVED, None]
    clock(ctx).time = TOMORROW + 2 * DAY
    give_up_visit(ctx, view.id, booked(ctx, view.id).id, VisitState.NOT_DONE, "encore personne")
    give_up_visit(ctx, view.id, 0, VisitState.CANCELLED, "le client renonce")
    assert all(one.ended_at is not None for one in look_at_promises(ctx, view.id))
    with pytest.raises(Refusal, match="visit_over"):
        give_up_visit(ctx, view.id, 0, VisitState.CANCELLED, "le client renonce")
    clock(ctx).move(days=2)  # the 72 hours of the second one are over
    rows = {one.commitment.id: one.count for one in report_commitments(ctx, "2026-11", "2026-11").rows}
    assert rows["visit-soon"] == Count(1, 1)  # the weather kept the first one away, the second was asked for then
    clock(ctx).move(seconds=1)
    assert make_billing_batch(ctx, ctx.clock.now()).total_cents == 0


def closed_on(ctx: Context, day: datetime) -> Context:
    """Return the context of a site that has made a day a non-working one since."""
    return replace(ctx, settings=replace(ctx.settings, extra_holidays=(day.date(),)))


def test_a_day_that_became_a_holiday_after_booking_is_told_in_the_form_and_in_today(ctx: Context) -> None:
    view, other = visited(ctx), visited(ctx)
    book_visit(ctx, view.id, plan())
    book_visit(ctx, other.id, plan(TOMORROW + DAY))
    assert not sheet(ctx, view.id).day_off
    assert list_today(ctx).doubtful == ()
    closed = closed_on(ctx, TOMORROW)
    assert (sheet(closed, view.id).day_off, sheet(closed, other.id).day_off) == (True, False)
    (told_one,) = list_today(closed).doubtful
    assert (told_one.kind, told_one.number, told_one.at) == (PromiseKind.VISIT, view.number, TOMORROW)
    move_visit(ctx, view.id, booked(ctx, view.id).id, plan(TOMORROW + DAY), WHY)
    assert list_today(closed).doubtful == ()


def test_the_holiday_is_that_of_the_customers_wall(sqlite_ctx: Context) -> None:
    there = replace(MOBILE, territory=Territory.GUYANE, postcode="97300")
    view = visited(sqlite_ctx, there)
    evening = TOMORROW + timedelta(hours=15)  # Wednesday has begun in Paris
    book_visit(sqlite_ctx, view.id, plan(evening, 5000, Territory.GUYANE, hours=1))
    assert [one.number for one in list_today(closed_on(sqlite_ctx, TOMORROW)).doubtful] == [view.number]
    assert list_today(closed_on(sqlite_ctx, TOMORROW + DAY)).doubtful == ()


def test_agents_and_supervisors_are_told_of_their_own_teams_doubtful_visits(staffed: CallCentre) -> None:
    view = visited(staffed.ctx(NADIA))
    book_visit(staffed.ctx(NADIA), view.id, plan())
    staffed.add("zoe", "Zoé Blanc", Role.SUPERVISOR, "Sud")
    found = {
        login: [one.number for one in list_today(closed_on(staffed.ctx(login), TOMORROW)).doubtful]
        for login in (NADIA, SAM, KARIM, "zoe")
    }
    assert found == {NADIA: [view.number], SAM: [view.number], KARIM: [], "zoe": []}


def test_two_agents_who_book_at_once_book_one_visit(postgresql_ctx: Context) -> None:
    ctx = postgresql_ctx
    view = visited(ctx)

    def book(_: int) -> str:
        try:
            book_visit(ctx, view.id, plan())
        except Refusal as refused:
            return refused.code
        return ""

    with ThreadPoolExecutor(4) as pool:
        ends = sorted(pool.map(book, range(4)))
    assert ends == ["", "visit_there", "visit_there", "visit_there"]
    assert len(messages(ctx, view.id)) == 3
    assert verify_log(ctx).fault is None


def test_a_supervisor_who_corrects_ends_and_makes_the_promise_of_a_visit(staffed: CallCentre) -> None:
    nadia, sam = staffed.ctx(NADIA), staffed.ctx(SAM)
    view = visited(nadia)
    (waits,) = look_at_promises(nadia, view.id)
    assert waits.team_id
    assert look_at_promises(staffed.ctx(KARIM), view.id) == ()
    no = correct_session(sam, view.id, view.version, [Outcome.NOT_SOLVED], HomeVisit.DECLINED, "finalement non")
    correct_session(sam, view.id, no.version, [Outcome.NOT_SOLVED], HomeVisit.ACCEPTED, "finalement oui")
    ended, again = look_at_promises(nadia, view.id)
    assert (ended.end, again.end, again.team_id) == (PromiseEnd.CANCELLED, None, waits.team_id)
    book_visit(nadia, view.id, plan())
    assert look_at_promises(nadia, view.id)[1].end is PromiseEnd.KEPT
    copied = "session_id, team_id, number, customer, phone, subject, made_at, due_at, late_at"
    typed = "INSERT INTO promise (kind, {0}) SELECT '{1}', {0} FROM promise LIMIT 1"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        staffed.connect(SAM).execute(typed.format(copied, "call_back").encode())
    assert verify_log(staffed.own).fault is None


def test_agents_of_the_team_book_and_end_visits_and_sql_gives_them_no_more(staffed: CallCentre) -> None:
    nadia = staffed.ctx(NADIA)
    view = visited(nadia)
    with pytest.raises(Refusal, match="not_found"):
        book_visit(staffed.ctx(KARIM), view.id, plan())
    book_visit(nadia, view.id, plan())
    typed = staffed.connect(NADIA)
    decided = "visit_id, session_id, decided_at, agent, catalogue_version, inputs, result, total_cents, vat_cents"
    for refused in (
        "UPDATE visit SET fee_cents = 1",
        "UPDATE visit SET state = 'booked', ended_at = NULL",
        "DELETE FROM visit",
        f"INSERT INTO visit_decision ({decided}) VALUES (1, {view.id}, 0, 'Nadia Leroy', '', '', '', 6900, 1150)",
        "INSERT INTO billed_visit VALUES (1, 1)",
    ):
        with pytest.raises(psycopg.Error):
            typed.execute(refused.encode())
    clock(nadia).time = TOMORROW
    one = booked(nadia, view.id)
    finish_visit(nadia, view.id, one.id)
    assert typed.execute("UPDATE visit SET reason = 'x' WHERE state = 'done'").rowcount == 0
    assert staffed.connect(KARIM).execute("SELECT count(*) FROM visit").fetchone() == (0,)
    assert verify_decisions(staffed.ctx(POST)).decisions == 2
    assert sheet(staffed.ctx(SAM), view.id).done is not None
    with pytest.raises(psycopg.Error), staffed.connect(SAM).transaction():
        staffed.connect(SAM).execute("UPDATE visit SET fee_cents = 1")
    copied = "session_id, promise_id, state, territory, begins_at, ends_at, fee_cents, ceiling_cents, vat_permille"
    more = "asked_at, accepted_at, booked_at, agent"
    again = f"INSERT INTO visit ({copied}, {more}) SELECT {{}}, {more} FROM visit LIMIT 1"
    for values in (
        copied.replace("state", "'booked'").replace("fee_cents, ceiling_cents", "9900, 9900"),
        copied.replace("state", "'booked'").replace("vat_permille", "0"),
        copied,
    ):
        with pytest.raises(psycopg.Error):
            typed.execute(again.format(values).encode())
    with staffed.own.database.read() as tx:
        assert len(tx.execute(select(visit_table.c.id)).all()) == 1
    with pytest.raises(Refusal, match="visit_was_done"):
        book_visit(staffed.ctx(SAM), view.id, plan(TOMORROW + DAY))
    assert verify_log(staffed.own).fault is None


def through_its_life(ctx: Context, session_id: int) -> None:
    """Book a visit, move it, have it not done, make it good, call that off, and have the last one done."""
    book_visit(ctx, session_id, plan())
    move_visit(ctx, session_id, booked(ctx, session_id).id, plan(TOMORROW + DAY, 5000), WHY, accepted=True)
    clock(ctx).time = TOMORROW + DAY
    give_up_visit(ctx, session_id, booked(ctx, session_id).id, VisitState.NOT_DONE, "personne")
    book_visit(ctx, session_id, plan(TOMORROW + 2 * DAY))
    give_up_visit(ctx, session_id, booked(ctx, session_id).id, VisitState.CANCELLED, "le client préfère vendredi")
    book_visit(ctx, session_id, plan(TOMORROW + 3 * DAY, 4200))
    clock(ctx).time = TOMORROW + 3 * DAY
    finish_visit(ctx, session_id, booked(ctx, session_id).id)


@pytest.mark.parametrize("team", ["Nord", ""])
def test_a_supervisor_of_the_team_or_of_all_sees_to_a_visit_as_an_agent_does(staffed: CallCentre, team: str) -> None:
    view = visited(staffed.ctx(NADIA))
    staffed.add("zoe", "Zoé Blanc", Role.SUPERVISOR, team)
    zoe = staffed.ctx("zoe")
    through_its_life(zoe, view.id)
    done = sheet(zoe, view.id).done
    assert done is not None
    assert (done.agent, done.fee_cents) == ("Zoé Blanc", 4200)
    with staffed.own.database.read() as tx:
        by = {one.payload["by"] for one in history(tx, view.id) if one.kind.startswith("visit_") and one.payload}
    assert by == {"Zoé Blanc"}
    assert [kind for _, kind, state in messages(zoe, view.id) if state == "queued"][-1] == "visit"
    assert verify_decisions(staffed.ctx(POST)).mismatches == ()
    assert verify_log(staffed.own).fault is None


def test_another_teams_supervisor_and_an_auditor_see_to_no_visit(staffed: CallCentre) -> None:
    nadia = staffed.ctx(NADIA)
    view, waiting = visited(nadia), visited(nadia)
    book_visit(nadia, view.id, plan())
    one, before = booked(nadia, view.id), told(staffed.own, view.id)
    staffed.add("zoe", "Zoé Blanc", Role.SUPERVISOR, "Sud")
    for login, code in (("zoe", "promise_not_yours"), (OLGA, "no_rights")):
        ctx = staffed.ctx(login)
        acts: list[Callable[[Context], object]] = [
            lambda ctx: book_visit(ctx, waiting.id, plan()),
            lambda ctx: move_visit(ctx, view.id, one.id, plan(TOMORROW + DAY), WHY),
            lambda ctx: give_up_visit(ctx, view.id, one.id, VisitState.CANCELLED, WHY),
            lambda ctx: give_up_visit(ctx, waiting.id, 0, VisitState.CANCELLED, WHY),
        ]
        for act in acts:
            with pytest.raises((Refusal, DatabaseFault)) as refused:
                act(ctx)
            assert getattr(refused.value, "code", "") == code
        clock(ctx).time = TOMORROW
        with pytest.raises((Refusal, DatabaseFault), match=code):
            finish_visit(ctx, view.id, one.id)
    typed = staffed.connect("zoe")
    assert typed.execute("UPDATE visit SET state = 'cancelled', ended_at = 1").rowcount == 0
    copied = "promise_id, territory, begins_at, ends_at, fee_cents, ceiling_cents, vat_permille, asked_at"
    mine = f"{waiting.id}, 'booked', 'Zoé Blanc', 0, 0, {copied}"
    for statement in (
        f"INSERT INTO visit (session_id, state, agent, accepted_at, booked_at, {copied}) SELECT {mine} FROM visit",
        f"INSERT INTO mail (session_id, kind, key) VALUES ({view.id}, 'visit', 'session:{view.id}:visit')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            typed.execute(statement.encode())
    assert booked(nadia, view.id) == one
    assert told(staffed.own, view.id) == before


def test_on_one_desk_a_supervisor_sees_to_visits_and_an_auditor_to_none(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    view, other = visited(ctx), visited(ctx)
    act_as(ctx.database, Acting("olga", "0000000b", "Olga Roux", Role.AUDITOR))
    with pytest.raises(Refusal, match="no_rights"):
        book_visit(ctx, other.id, plan())
    act_as(ctx.database, Acting("sam", "0000000a", "Sam Petit", Role.SUPERVISOR))
    through_its_life(ctx, view.id)
    act_as(ctx.database, None)
    assert sheet(ctx, view.id).done is not None
    assert messages(ctx, other.id) == []
    assert verify_log(ctx).fault is None
