"""A closed session is decided again beside what was decided: once for each correction, by whoever may."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.errors import Refusal
from agent_desk.actions.explain_decision import explain_decision
from agent_desk.actions.make_billing_batch import make_billing_batch
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import JournalFilter, SessionView
from agent_desk.console.reports import show_explanation
from agent_desk.rules.correction import corrected
from agent_desk.rules.session import HomeVisit, Outcome, State
from agent_desk.storage.site_tables import billing_batch
from agent_desk.storage.tables import attachment, decision, mail
from agent_desk.wording import load_wording
from tests.support.callcentre import ADA, KARIM, NADIA, OLGA, SAM, CallCentre
from tests.support.desks import DEVICE, NOON, PlainPrinter, agreed, clock, content, finished

SOLVED, NOT_SOLVED = Outcome.SOLVED, Outcome.NOT_SOLVED
NONE, ACCEPTED = HomeVisit.NONE, HomeVisit.ACCEPTED
WHY = "Le client a rappelé : l’imprimante\n ne marchait pas."


def closed(ctx: Context) -> SessionView:
    """Return a closed session of two services, both solved: 108 €."""
    view = finished(ctx)
    return close_session(ctx, view.id, view.version)


def correct(ctx: Context, view: SessionView, *outcomes: Outcome, visit: HomeVisit = NONE) -> SessionView:
    return correct_session(ctx, view.id, view.version, outcomes, visit, WHY)


def ordinals(ctx: Context) -> list[tuple[int, int]]:
    with ctx.database.read() as tx:
        rows = tx.execute(select(decision.c.ordinal, decision.c.total_cents).order_by(decision.c.ordinal))
        return [(row.ordinal, row.total_cents) for row in rows]


def test_a_correction_is_a_new_decision_and_the_old_one_stays(ctx: Context) -> None:
    view = closed(ctx)
    clock(ctx).move(days=2)
    after = correct(ctx, view, SOLVED, NOT_SOLVED)
    assert (after.state, after.version) == (State.CLOSED, view.version + 1)
    assert after.ended_at == view.ended_at
    assert after.decision is not None
    assert after.decision.total_cents == 7900
    assert ordinals(ctx) == [(1, 10_800), (2, 7900)]
    (row,) = search_journal(ctx, JournalFilter(billed_from=7900, waived_from=2900)).rows
    assert (row.outcome, row.total_cents) == ("not_solved", 7900)
    again = correct(ctx, after, SOLVED, SOLVED)
    assert ordinals(ctx) == [(1, 10_800), (2, 7900), (3, 10_800)]
    assert [one.kind for one in again.mails] == ["offer", "confirmation", "correction", "correction"]


def test_the_story_tells_who_corrected_what_why_and_all_of_it_verifies(ctx: Context) -> None:
    view = closed(ctx)
    boss = replace(ctx, settings=replace(ctx.settings, agent_name="Sam Petit"))
    correct(boss, view, SOLVED, NOT_SOLVED)
    story = read_timeline(ctx, view.id)
    told, decided = [event.payload for event in story.events[-3:-1]]
    assert told is not None
    assert decided is not None
    assert told | {"by": "Sam Petit", "before_cents": 10_800, "total_cents": 7900} == told
    assert told["reason"] == "Le client a rappelé : l’imprimante ne marchait pas."
    first = next(event.payload for event in story.events if event.kind == "decision_made")
    assert first is not None
    assert (decided["ordinal"], decided["corrects"]) == (2, first["sha256"])
    assert all(proof.holds for proof in story.proofs)
    assert verify_decisions(ctx).mismatches == ()
    assert verify_decisions(ctx).decisions == 2
    assert verify_log(ctx).fault is None
    explained = explain_decision(ctx, view.number)
    assert (explained.total_cents, [one.total_cents for one in explained.before]) == (7900, [10_800])


def test_the_command_line_explains_the_decision_in_force_and_the_one_it_replaced(sqlite_ctx: Context) -> None:
    view = closed(sqlite_ctx)
    correct(sqlite_ctx, view, SOLVED, NOT_SOLVED)
    words = load_wording("fr")
    said = show_explanation(explain_decision(sqlite_ctx, view.number), words)
    place = said.lines.index(words.text("explain.replaced"))
    assert any("79,00" in line for line in said.lines[:place])
    assert not any("108,00" in line for line in said.lines[:place])
    assert any("108,00" in line for line in said.lines[place:])
    told = json.loads(json.dumps(said.value))
    assert (told["total_cents"], told["before"][0]["total_cents"], said.status) == (7900, 10_800, 0)


def test_the_customer_is_told_both_amounts_with_the_paper_anew(ctx: Context) -> None:
    correct(ctx, closed(ctx), SOLVED, NOT_SOLVED)
    with ctx.database.read() as tx:
        row = tx.execute(select(mail).where(mail.c.kind == "correction")).one()
    assert row.recipient == "claire.morvan@example.org"
    assert "79,00" in row.subject
    assert "108,00" in row.text
    assert "108,00" in row.html
    assert "Non réglé" in row.text


def test_the_paper_of_a_correction_says_so_in_title_and_name(ctx: Context) -> None:
    correct(ctx, closed(ctx), SOLVED, NOT_SOLVED)
    assert isinstance(ctx.printer, PlainPrinter)
    assert [one.title for one in ctx.printer.drawn] == [
        "Confirmation de votre assistance",
        "Confirmation rectifiée de votre assistance",
    ]
    with ctx.database.read() as tx:
        names = tx.execute(select(attachment.c.name).order_by(attachment.c.mail_id)).scalars().all()
    assert names == ["Confirmation S-2026-000001.pdf", "Confirmation rectifiée S-2026-000001.pdf"]


def test_a_visit_accepted_after_all_waives_what_was_not_solved(ctx: Context) -> None:
    after = correct(ctx, closed(ctx), SOLVED, NOT_SOLVED, visit=ACCEPTED)
    assert after.decision is not None
    assert after.decision.travel_ceiling_cents is not None
    assert search_journal(ctx, JournalFilter(outcome="home_visit")).rows[0].id == after.id


def test_the_bill_takes_the_correction_as_lines_of_its_own(ctx: Context) -> None:
    view = closed(ctx)
    clock(ctx).move(minutes=1)
    make_billing_batch(ctx, NOON + timedelta(days=1))
    correct(ctx, view, SOLVED, NOT_SOLVED)
    made = make_billing_batch(ctx, NOON + timedelta(days=1))
    assert made.total_cents == -2900
    with ctx.database.read() as tx:
        assert sum(tx.execute(select(billing_batch.c.total_cents)).scalars()) == 7900


@pytest.mark.parametrize(
    ("outcomes", "visit", "why", "code"),
    [
        ((SOLVED, SOLVED), NONE, WHY, "nothing_to_correct"),
        ((SOLVED,), NONE, WHY, "nothing_to_correct"),
        ((SOLVED, NOT_SOLVED), NONE, " \n", "reason_missing"),
        ((SOLVED, SOLVED), ACCEPTED, WHY, "correction_unsound"),
    ],
)
def test_what_is_no_correction_changes_nothing(
    ctx: Context, outcomes: tuple[Outcome, ...], visit: HomeVisit, why: str, code: str
) -> None:
    view = closed(ctx)
    with pytest.raises(Refusal, match=code):
        correct_session(ctx, view.id, view.version, outcomes, visit, why)
    assert ordinals(ctx) == [(1, 10_800)]


def test_only_what_is_closed_is_corrected(ctx: Context) -> None:
    for view in (finished(ctx), agreed(ctx)):
        with pytest.raises(Refusal, match="wrong_state"):
            correct(ctx, view, SOLVED, NOT_SOLVED)


def test_a_second_click_changes_nothing(ctx: Context) -> None:
    view = closed(ctx)
    correct(ctx, view, SOLVED, NOT_SOLVED)
    with pytest.raises(Refusal, match="changed_elsewhere"):
        correct(ctx, view, NOT_SOLVED, NOT_SOLVED)
    assert ordinals(ctx) == [(1, 10_800), (2, 7900)]


def test_of_two_windows_at_once_one_corrects(ctx: Context) -> None:
    view = closed(ctx)

    def click(_window: int) -> bool:
        try:
            correct(ctx, view, SOLVED, NOT_SOLVED)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(2) as windows:
        assert sorted(windows.map(click, range(2))) == [False, True]
    assert len(ordinals(ctx)) == 2


def test_in_a_call_centre_a_supervisor_corrects_and_nobody_else(staffed: CallCentre) -> None:
    view = closed(staffed.ctx(NADIA))
    for login in (NADIA, KARIM, ADA, OLGA):
        with pytest.raises(Refusal, match="correction_not_allowed"):
            correct(staffed.ctx(login), view, SOLVED, NOT_SOLVED)
    after = correct(staffed.ctx(SAM), view, SOLVED, NOT_SOLVED)
    assert after.mails[-1].state == "queued"
    assert ordinals(staffed.own) == [(1, 10_800), (2, 7900)]
    assert verify_decisions(staffed.own).mismatches == ()
    assert verify_log(staffed.own).fault is None


FORGED_MAIL = (
    "INSERT INTO mail (key, session_id, kind, state, sender, recipient, subject, text, html, message_id, envid,"
    " attachments_sha256, receipt_requested, created_at, state_at) VALUES ('session:{closed}:offer', {closed}, 'offer',"
    " 'queued', '', '', '', '', '', '', '', '', false, 0, 0)"
)
FORGED_DECISION = (
    "INSERT INTO decision (session_id, ordinal, decided_at, agent, catalogue_version, inputs, result, total_cents,"
    " vat_cents) VALUES ({closed}, 2, 0, 'Sam Petit', '', '', '', 1, 0)"
)
RAW = (
    "UPDATE session SET total_cents = 0 WHERE id = {closed}",
    "UPDATE session SET state = 'cancelled' WHERE id = {closed}",
    "UPDATE session_line SET amount_cents = 1 WHERE session_id = {closed}",
    "UPDATE session_line SET unit_price_cents = 1 WHERE session_id = {closed}",
    "UPDATE decision SET total_cents = 0",
    "DELETE FROM decision",
    FORGED_MAIL,
    FORGED_DECISION,
)


@pytest.mark.parametrize("typed", RAW)
def test_with_psql_a_supervisor_forges_no_price_state_decision_or_mail(staffed: CallCentre, typed: str) -> None:
    view = closed(staffed.ctx(NADIA))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        staffed.connect(SAM).execute(typed.format(closed=view.id).encode())


@pytest.mark.parametrize(
    ("amounts", "total", "version"),
    [([1, 0], 1, 4), ([7900, 0], 1, 4), ([7900, 0], 7900, 3), ([7900, 0], 7900, 4)],
    ids=["a price of its own", "another sum", "an old version", "nothing in the log"],
)
def test_with_psql_a_correction_needs_its_prices_its_version_and_its_event(
    staffed: CallCentre, amounts: list[int], total: int, version: int
) -> None:
    view = closed(staffed.ctx(NADIA))
    assert view.version == 4
    typed = "SELECT desk_correct(%s, %s, '', '', %s::integer[], ARRAY['solved', 'solved'], 0, '', '', '', %s, 0)"
    with pytest.raises(psycopg.Error, match=r"no correction|changed_elsewhere"):
        staffed.connect(SAM).execute(typed, (view.id, version, amounts, total))
    assert ordinals(staffed.own) == [(1, 10_800)]


def test_with_psql_a_supervisor_reaches_no_open_session(staffed: CallCentre) -> None:
    view = agreed(staffed.ctx(NADIA))
    typed = f"UPDATE session SET outcome = 'solved' WHERE id = {view.id}"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        staffed.connect(SAM).execute(typed.encode())


def test_a_correction_keeps_everything_but_outcomes_and_visit() -> None:
    before = content(replace(DEVICE, outcome=SOLVED))
    before = replace(before, closing=replace(before.closing, home_visit=ACCEPTED, visit_at=NOON))
    after = corrected(before, [NOT_SOLVED], NONE)
    assert after.closing.visit_at is None
    assert corrected(after, [SOLVED], NONE) == replace(before, closing=after.closing)
    assert corrected(before, [SOLVED], ACCEPTED) == before
    with pytest.raises(ValueError, match="zip"):
        corrected(before, [], NONE)
