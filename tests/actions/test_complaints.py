"""A complaint has a clock from its receipt, is acknowledged, given more time, answered, and taken further."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest

from agent_desk.actions.answer_complaint import answer_complaint
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.errors import Refusal
from agent_desk.actions.give_credit import give_credit
from agent_desk.actions.look_at_complaints import look_at_complaints
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.move_complaint import move_complaint
from agent_desk.actions.open_session import open_session
from agent_desk.actions.raise_complaint import raise_complaint
from agent_desk.actions.raise_promises import raise_promises
from agent_desk.actions.record_complaint import record_complaint
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.rules.complaint import Complaint, ComplaintChannel, ComplaintState, Level
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Call, Customer, HomeVisit, Outcome, Segment
from agent_desk.storage.events import history
from agent_desk.storage.mails import read_letter, session_mails
from tests.support.callcentre import KARIM, NADIA, OLGA, SAM, CallCentre
from tests.support.desks import CLAIRE, NOON, clock, content, finished
from tests.support.visits import visit_done, visited

LETTER, WEB, PHONE = ComplaintChannel.LETTER, ComplaintChannel.INTERNET, ComplaintChannel.TELEPHONE
ACCEPTED, REJECTED = ComplaintState.ACCEPTED, ComplaintState.REJECTED
HOUR = timedelta(hours=1)
DAY = 24 * HOUR


def closed(ctx: Context, customer: Customer = CLAIRE) -> SessionView:
    view = finished(ctx, content(customer=customer))
    return close_session(ctx, view.id, view.version)


def kinds(ctx: Context, session_id: int) -> list[str]:
    with ctx.database.read() as tx:
        return [one.kind for one in history(tx, session_id)]


def sent(ctx: Context, session_id: int, kind: str) -> list[tuple[str, str, str]]:
    """Return recipient, text and state of each mail or SMS of that kind."""
    with ctx.database.read() as tx:
        found = [one for one in session_mails(tx, session_id) if one.kind == kind]
        letters = [read_letter(tx, one.id) for one in found]
    return [(one.recipient, one.text, view.state) for one, view in zip(letters, found, strict=True) if one is not None]


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code


def test_a_letter_is_acknowledged_promised_and_answered_on_paper(ctx: Context) -> None:
    view = closed(ctx)
    received = NOON - DAY  # Sunday: it lay in the post
    one = record_complaint(ctx, view.id, LETTER, received, " Le virus est revenu ", (1,))
    assert (one.due_at, one.contested, one.state) == (
        datetime(2026, 11, 27, 23, tzinfo=UTC), (1,), ComplaintState.OPEN,
    )  # fmt: skip
    ((to, text, _),) = sent(ctx, view.id, "complaint_received")
    assert to == CLAIRE.email
    assert "vendredi 27\u00a0novembre\u00a02026" in text
    (promise,) = look_at_next(ctx).promises
    assert (promise.kind, promise.due_at, promise.subject) == (PromiseKind.COMPLAINT, one.due_at, "Le virus est revenu")
    draft = look_at_complaints(ctx, view.id).answers[one.id]
    assert "79,00\u00a0€" in draft
    assert "4.9" in draft
    assert "Livebox" not in draft  # only what is contested
    done = answer_complaint(ctx, one.id, one.version, REJECTED, draft + "\nCordialement", "travail fait")
    assert (done.state, done.reason, done.answered_by) == (REJECTED, "travail fait", "Nadia Leroy")
    ((to, text, state),) = sent(ctx, view.id, "complaint_answer")
    assert (to, state) == ("", "held")
    assert "Cordialement" in text
    assert "22\u00a0novembre\u00a02027" in text  # the mediator, a year after the letter
    (paper,) = ctx.printer.letters  # type: ignore[attr-defined]  # the printer of tests
    assert paper.title == "Notre réponse à votre réclamation"
    at = paper.paragraphs.index("NOUS JOINDRE")  # a heading stands by itself
    assert paper.paragraphs[at + 1].startswith("Par téléphone")
    assert paper.recipient[0] == "Mme Claire Morvan"
    assert any("Cordialement" in part for part in paper.paragraphs)
    assert look_at_next(ctx).promises == ()
    assert kinds(ctx, view.id)[-3:] == ["promise_kept", "complaint_answered", "mail_queued"]
    assert verify_log(ctx).fault is None


def test_who_spoke_with_us_is_not_acknowledged_and_who_has_a_mobile_alone_is_by_sms(ctx: Context) -> None:
    spoken = closed(ctx)
    for channel in (PHONE, ComplaintChannel.CHAT):
        record_complaint(ctx, spoken.id, channel, NOON, "trop cher")
    assert sent(ctx, spoken.id, "complaint_received") == []
    mobile = closed(ctx, replace(CLAIRE, email="", no_email_reason="no_address", callback_number="06 12 34 56 78"))
    record_complaint(ctx, mobile.id, WEB, NOON, "trop cher")
    ((to, text, _),) = sent(ctx, mobile.id, "complaint_received")
    assert to == "+33612345678"
    assert mobile.number in text
    assert len(text) <= 160
    neither = closed(ctx, replace(CLAIRE, email="", no_email_reason="no_address"))
    record_complaint(ctx, neither.id, LETTER, NOON, "trop cher")
    assert sent(ctx, neither.id, "complaint_received") == []
    with ctx.database.read() as tx:
        told = [one.payload for one in history(tx, neither.id) if one.kind == "complaint_received"]
    assert [one["acknowledged"] for one in told if one] == ["none"]


def test_what_cannot_have_been_received_is_refused_and_nothing_is_noted(ctx: Context) -> None:
    view = closed(ctx)
    before, soon = kinds(ctx, view.id), datetime.now(UTC) + timedelta(days=36500)
    for received, code in ((soon, "complaint_future"), (NOON - 800 * DAY, "complaint_old")):
        assert refused(partial(record_complaint, ctx, view.id, LETTER, received, "x")) == code
    assert refused(lambda: record_complaint(ctx, view.id, LETTER, NOON, " \n ")) == "complaint_empty"
    for lines in ((3,), (0,), (1, 1)):
        assert refused(partial(record_complaint, ctx, view.id, PHONE, NOON, "x", lines)) == "complaint_lines"
    assert kinds(ctx, view.id) == before
    fresh = open_session(ctx, Call())  # a letter without a session opens one
    assert record_complaint(ctx, fresh.id, LETTER, NOON, "une lettre").id
    assert look_at_complaints(ctx, fresh.id).answers != {}


def test_more_time_moves_the_promise_and_tells_the_customer(ctx: Context) -> None:
    view = closed(ctx)
    one = record_complaint(ctx, view.id, WEB, NOON, "trop cher")
    later = look_at_complaints(ctx, view.id).now + 5 * DAY
    for due in (later - 6 * DAY, later + 60 * DAY):
        assert refused(partial(move_complaint, ctx, one.id, one.version, due, "x")) == "complaint_due"
    assert refused(lambda: move_complaint(ctx, one.id, one.version, later, " ")) == "complaint_reason"
    moved = move_complaint(ctx, one.id, one.version, later, "le technicien doit répondre")
    (promise,) = look_at_next(ctx).promises
    assert (promise.id, promise.due_at) == (moved.promise_id, later)
    ((_, text, _),) = sent(ctx, view.id, "complaint_moved")
    assert "le technicien doit répondre" in text
    assert refused(lambda: move_complaint(ctx, one.id, one.version, later, "x")) == "complaint_changed"
    assert refused(lambda: answer_complaint(ctx, one.id, one.version, REJECTED, "non", "x")) == "complaint_changed"
    assert refused(lambda: answer_complaint(ctx, 99, 1, REJECTED, "non", "x")) == "complaint_gone"
    assert "promise_moved" in kinds(ctx, view.id)


def test_accepted_is_what_was_credited_or_put_right_since(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    view = closed(ctx)
    give_credit(ctx, view.id, 100, "avant")
    clock(ctx).move(hours=1)
    one = record_complaint(ctx, view.id, PHONE, ctx.clock.now(), "trop cher")
    assert refused(lambda: answer_complaint(ctx, one.id, one.version, ACCEPTED, "oui")) == "complaint_remedy"
    assert refused(lambda: answer_complaint(ctx, one.id, one.version, REJECTED, "non")) == "complaint_reason"
    assert refused(lambda: answer_complaint(ctx, one.id, one.version, ACCEPTED, " ")) == "complaint_answer"
    given = give_credit(ctx, view.id, 1000, "geste")
    done = answer_complaint(ctx, one.id, one.version, ACCEPTED, "Vous avez raison.")
    assert (done.state, done.credit_id, done.correction) == (ACCEPTED, given.id, None)
    ((to, text, _),) = sent(ctx, view.id, "complaint_answer")
    assert to == CLAIRE.email
    assert "10,00\u00a0€" in text
    again = record_complaint(ctx, view.id, PHONE, ctx.clock.now(), "et le reste ?")
    assert refused(lambda: answer_complaint(ctx, again.id, again.version, ACCEPTED, "oui")) == "complaint_remedy"
    outcomes = [Outcome.SOLVED, Outcome.NOT_SOLVED]
    correct_session(ctx, view.id, view.version, outcomes, HomeVisit.NONE, "mal noté")
    done = answer_complaint(ctx, again.id, again.version, ACCEPTED, "Corrigé.")
    assert (done.credit_id, done.correction) == (None, 2)


def test_after_an_answer_the_appeal_service_then_the_mediator_each_with_its_time(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    view = closed(ctx)
    one = record_complaint(ctx, view.id, WEB, NOON, "trop cher")
    assert refused(lambda: raise_complaint(ctx, one.id, one.version, NOON)) == "complaint_changed"  # not answered yet
    for level, days, last in ((Level.APPEAL, 3, datetime(2026, 12, 3, 23, tzinfo=UTC)), (Level.MEDIATOR, 30, None)):
        clock(ctx).move(hours=1)
        one = answer_complaint(ctx, one.id, one.version, REJECTED, "Non.", "travail fait")
        clock(ctx).move(days=days)
        now = ctx.clock.now()
        assert refused(partial(raise_complaint, ctx, one.id, one.version, now + DAY)) == "complaint_future"
        assert refused(partial(raise_complaint, ctx, one.id, one.version, NOON)) == "complaint_old"
        one = raise_complaint(ctx, one.id, one.version, now)
        assert (one.level, one.state) == (level, ComplaintState.OPEN)
        assert last is None or one.due_at == last
        assert look_at_next(ctx).promises[0].due_at == one.due_at
    one = answer_complaint(ctx, one.id, one.version, REJECTED, "Non.", "travail fait")
    assert look_at_complaints(ctx, view.id).following == {one.id: None}
    assert refused(lambda: raise_complaint(ctx, one.id, one.version, ctx.clock.now())) == "complaint_no_level"
    texts = [text for _, text, _ in sent(ctx, view.id, "complaint_answer")]
    assert ["service recours" in text for text in texts] == [True, False, False]
    assert ["médiateur" in text.partition("NOUS JOINDRE")[0] for text in texts] == [True, True, False]


def test_a_professional_is_told_of_the_appeal_service_alone_and_a_named_mediator_is_named(sqlite_ctx: Context) -> None:
    ctx = replace(sqlite_ctx, settings=replace(sqlite_ctx.settings, mediator="Médiateur d’essai, mediateur.example"))
    for customer, named in ((CLAIRE, True), (replace(CLAIRE, segment=Segment.PRO, company="Morvan SARL"), False)):
        view = closed(ctx, customer)
        one = record_complaint(ctx, view.id, PHONE, NOON, "trop cher")
        answer_complaint(ctx, one.id, one.version, REJECTED, "Non.", "travail fait")
        ((_, text, _),) = sent(ctx, view.id, "complaint_answer")
        assert "service recours" in text
        assert ("mediateur.example" in text) == named


def test_an_answer_nobody_gave_in_time_is_missed_once_and_stays(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    view = closed(ctx)
    record_complaint(ctx, view.id, WEB, NOON - 47 * HOUR, "trop cher")
    assert raise_promises(ctx) == 0
    clock(ctx).move(hours=1)
    assert (raise_promises(ctx), raise_promises(ctx)) == (1, 0)
    (promise,) = look_at_next(ctx).promises
    assert (promise.on_top, promise.end) == (True, None)
    (one,) = look_at_complaints(ctx, view.id).complaints
    answer_complaint(ctx, one.id, one.version, REJECTED, "Non.", "travail fait")
    assert look_at_next(ctx).promises == ()


def late(centre: CallCentre) -> Complaint:
    """Return a complaint about a session of Nadia's that has ended."""
    nadia = centre.ctx(NADIA)
    return record_complaint(nadia, closed(nadia).id, LETTER, NOON, "trop cher", (2,))


def test_in_a_call_centre_the_sessions_team_and_supervisors_answer_even_after_closing(staffed: CallCentre) -> None:
    nadia, karim, sam = (staffed.ctx(login) for login in (NADIA, KARIM, SAM))
    one = late(staffed)
    assert refused(lambda: answer_complaint(karim, one.id, one.version, REJECTED, "Non.", "x")) == "complaint_gone"
    moved = move_complaint(sam, one.id, one.version, look_at_complaints(sam, one.session_id).now + DAY, "à vérifier")
    (promise,) = look_at_next(nadia).promises
    assert promise.due_at == moved.due_at
    give_credit(nadia, one.session_id, 1000, "geste")
    done = answer_complaint(nadia, one.id, moved.version, ACCEPTED, "Vous avez raison.")
    raised = raise_complaint(sam, one.id, done.version, look_at_complaints(sam, one.session_id).now)
    assert (raised.level, raised.credit_id) == (Level.APPEAL, None)
    by_sam = answer_complaint(sam, one.id, raised.version, REJECTED, "Non.", "déjà accordé")
    assert by_sam.answered_by == "Sam Petit"
    assert look_at_next(sam).promises == ()
    assert verify_log(staffed.own).fault is None


def test_whoever_types_sql_notes_nothing_from_the_future_nor_in_others_names(staffed: CallCentre) -> None:
    one = late(staffed)
    copy = """
        INSERT INTO complaint (session_id, channel, received_at, text, by_mark, by_name, recorded_at, level, level_at,
            state, due_at, promise_id)
        SELECT session_id, channel, {received}, text, {mark}, by_name, {received}, level, level_at, '{state}', due_at,
            promise_id FROM complaint
    """
    soon, mine = "9000000000000000", "by_mark"
    for login, attempt in (
        (NADIA, copy.format(received=soon, mark=mine, state="open")),
        (NADIA, copy.format(received="received_at", mark="'00000099'", state="open")),
        (NADIA, copy.format(received="received_at", mark=mine, state="rejected")),
        (SAM, copy.format(received="received_at", mark=mine, state="open")),
        (NADIA, "DELETE FROM complaint"),
        (NADIA, "UPDATE complaint SET text = 'rien', received_at = 1"),
        (NADIA, "UPDATE complaint SET state = 'accepted'"),
        (NADIA, "UPDATE complaint SET state = 'rejected', reason = 'x', answered_by = 'Karim Benali'"),
        (OLGA, "UPDATE complaint SET due_at = due_at + 1"),
    ):
        with pytest.raises(psycopg.Error):
            staffed.connect(login).execute(attempt.encode())
    assert staffed.connect(KARIM).execute("UPDATE complaint SET due_at = 1").rowcount == 0
    assert look_at_complaints(staffed.ctx(NADIA), one.session_id).complaints == (one,)


def test_a_bill_contested_after_a_visit_is_answered_with_what_the_visit_cost_too(ctx: Context) -> None:
    view = visited(ctx)
    one = record_complaint(ctx, view.id, PHONE, NOON, "le déplacement est trop cher")
    assert "Visite" not in look_at_complaints(ctx, view.id).answers[one.id]
    visit_done(ctx, view.id, NOON, 6500)
    last = look_at_complaints(ctx, view.id).answers[one.id].splitlines()[-1]
    assert "lundi 23\u00a0novembre" in last
    assert "4.8" in last
    assert "Prix accepté\u00a0: 65,00\u00a0€, plafond 69,00\u00a0€. Facturé\u00a0: 65,00\u00a0€ TTC." in last
