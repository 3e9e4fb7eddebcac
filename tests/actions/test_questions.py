"""Whether something can be worked on is decided by those who decide, within four hours, and kept for the next customer."""

from datetime import timedelta

import psycopg
import pytest

from agent_desk.actions.answer_feasibility import answer_feasibility
from agent_desk.actions.answer_question import answer_question
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.look_at_questions import look_at_questions
from agent_desk.actions.qualify_session import qualify_session
from agent_desk.actions.set_duties import set_duties
from agent_desk.actions.take_in_answers import take_in_answers
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.rules.clocks import FEASIBILITY_ANSWER
from agent_desk.rules.duties import Duty
from agent_desk.rules.feasibility import CONDITIONS_MAX, Verdict
from agent_desk.rules.promise import PromiseKind
from agent_desk.rules.session import Feasibility, Line, State
from agent_desk.storage.events import history
from agent_desk.storage.faults import DatabaseFault
from tests.support.callcentre import ADA, KARIM, NADIA, SAM, CallCentre
from tests.support.desks import clock, content, drafted, type_in

ROUTER = Line("network.router", equipment="Netgear Nighthawk R7000")
FORGED = """
    INSERT INTO feasibility (session_id, number, subject, name, key, service, asked_by, asked_mark, asked_at, due_at,
        verdict, answered_by, answered_at)
    SELECT session_id, number, subject, name, key, service, asked_by, asked_mark, 0, 0, 'yes', 'Nadia Leroy', 0
    FROM feasibility WHERE id = {}
"""
ASKED, YES = Feasibility.ASKED, Feasibility.YES


def with_router(ctx: Context) -> SessionView:
    view = drafted(ctx, content(ROUTER))
    return qualify_session(ctx, view.id, view.version)


def kinds(ctx: Context, session_id: int) -> list[str]:
    with ctx.database.read() as tx:
        return [one.kind for one in history(tx, session_id)]


@pytest.fixture
def deciding(staffed: CallCentre) -> CallCentre:
    """Give a call centre where the team of the south decides on feasibility."""
    set_duties(staffed.ctx(ADA), "Sud", [Duty.FEASIBILITY])
    return staffed


def test_on_a_desk_of_its_own_a_question_is_a_clock_of_four_hours_until_its_answer_is_noted(ctx: Context) -> None:
    view = with_router(ctx)
    assert answer_feasibility(ctx, view.id, "lines[0]", ASKED).state is State.FEASIBILITY
    (one,) = look_at_next(ctx).promises
    assert (one.kind, one.subject) == (PromiseKind.FEASIBILITY, ROUTER.equipment)
    assert one.due_at == ctx.clock.now() + FEASIBILITY_ANSWER
    after = answer_feasibility(ctx, view.id, "lines[0]", YES, "avec la dernière version du micrologiciel")
    assert (after.state, look_at_next(ctx).promises) == (State.QUALIFIED, ())
    (answer,) = look_at_questions(ctx, "nighthawk netgear").answers
    assert (answer.verdict, answer.conditions) == (Verdict.CONDITIONS, "avec la dernière version du micrologiciel")
    assert kinds(ctx, view.id)[-4:] == ["promise_made", "feasibility_asked", "promise_kept", "feasibility_answered"]
    assert verify_log(ctx).fault is None


def test_the_next_customer_with_the_same_equipment_need_not_ask(ctx: Context) -> None:
    first = with_router(ctx)
    answer_feasibility(ctx, first.id, "lines[0]", Feasibility.NO)
    clock(ctx).move(days=40)
    second = drafted(ctx)
    saved = type_in(ctx, second, content(Line("network.router", equipment="NETGEAR nighthawk-r7000")))
    assert load_session(ctx, saved.id).content.lines[0].feasibility is Feasibility.NO
    answer_feasibility(ctx, second.id, "lines[0]", YES)
    assert [one.verdict for one in look_at_questions(ctx, "r7000").answers] == [Verdict.YES, Verdict.NO]


def test_a_question_taken_back_is_nobodys_to_answer(ctx: Context) -> None:
    view = with_router(ctx)
    answer_feasibility(ctx, view.id, "lines[0]", ASKED)
    answer_feasibility(ctx, view.id, "lines[0]", Feasibility.NOT_ASKED)
    found = look_at_questions(ctx)
    assert (found.open, found.answers, look_at_next(ctx).promises) == ((), (), ())


def test_where_a_team_decides_nobody_answers_in_its_place_and_the_asker_is_told(deciding: CallCentre) -> None:
    nadia, karim = deciding.ctx(NADIA), deciding.ctx(KARIM)
    view = with_router(nadia)
    with pytest.raises(Refusal, match="feasibility_is_theirs"):
        answer_feasibility(nadia, view.id, "lines[0]", YES)
    answer_feasibility(nadia, view.id, "lines[0]", ASKED)
    assert look_at_next(nadia).promises == ()
    (asked,) = look_at_questions(karim).open
    assert (asked.number, asked.name, asked.asked_by) == (view.number, ROUTER.equipment, "Nadia Leroy")
    (clock_of_karim,) = look_at_next(karim).promises
    assert clock_of_karim.kind is PromiseKind.FEASIBILITY
    answer_question(karim, asked.id, Verdict.CONDITIONS, "  micrologiciel   à jour ")
    assert look_at_next(karim).promises == ()
    (news,) = look_at_next(nadia).promises
    assert (news.kind, news.subject, news.person) == (PromiseKind.ANSWER, ROUTER.equipment, "Nadia Leroy")
    assert [one.conditions for one in take_in_answers(nadia, view.id)] == ["micrologiciel à jour"]
    after = load_session(nadia, view.id)
    assert (after.state, after.content.lines[0].feasibility) == (State.QUALIFIED, YES)
    assert (look_at_next(nadia).promises, take_in_answers(nadia, view.id)) == ((), ())
    assert kinds(nadia, view.id)[-3:] == ["promise_kept", "feasibility_answered", "promise_kept"]
    assert verify_log(deciding.ctx(SAM)).fault is None


def test_a_second_answer_is_refused_and_so_is_one_without_its_condition(deciding: CallCentre) -> None:
    nadia, karim = deciding.ctx(NADIA), deciding.ctx(KARIM)
    view = with_router(nadia)
    answer_feasibility(nadia, view.id, "lines[0]", ASKED)
    (asked,) = look_at_questions(karim).open
    for verdict, said, code in (
        (Verdict.CONDITIONS, " ", "conditions_missing"),
        (Verdict.CONDITIONS, "x" * (CONDITIONS_MAX + 1), "conditions_too_long"),
    ):
        with pytest.raises(Refusal, match=code):
            answer_question(karim, asked.id, verdict, said)
    with pytest.raises(Refusal, match="question_not_yours"):
        answer_question(nadia, asked.id, Verdict.YES)
    answer_question(karim, asked.id, Verdict.NO)
    with pytest.raises(Refusal, match="question_answered"):
        answer_question(karim, asked.id, Verdict.YES)


def test_an_answer_about_what_the_customer_no_longer_has_changes_nothing(deciding: CallCentre) -> None:
    nadia, karim = deciding.ctx(NADIA), deciding.ctx(KARIM)
    view = with_router(nadia)
    answer_feasibility(nadia, view.id, "lines[0]", ASKED)
    type_in(nadia, load_session(nadia, view.id), content(Line("network.router", equipment="TP-Link Archer")))
    answer_question(karim, look_at_questions(karim).open[0].id, Verdict.YES)
    assert [one.name for one in take_in_answers(nadia, view.id)] == [ROUTER.equipment]
    assert load_session(nadia, view.id).content.lines[0].feasibility is Feasibility.NOT_ASKED
    assert look_at_next(nadia).promises == ()


def test_an_answer_for_a_session_given_up_meanwhile_still_serves_the_next(deciding: CallCentre) -> None:
    nadia, karim = deciding.ctx(NADIA), deciding.ctx(KARIM)
    view = with_router(nadia)
    after = answer_feasibility(nadia, view.id, "lines[0]", ASKED)
    cancel_session(nadia, view.id, after.version, "ne veut plus")
    answer_question(karim, look_at_questions(karim).open[0].id, Verdict.YES)
    assert look_at_next(nadia).promises == ()
    assert [one.verdict for one in look_at_questions(nadia, "nighthawk").answers] == [Verdict.YES]


def test_nobody_answers_by_typing_sql(deciding: CallCentre) -> None:
    nadia = deciding.ctx(NADIA)
    view = with_router(nadia)
    answer_feasibility(nadia, view.id, "lines[0]", ASKED)
    of = look_at_questions(deciding.ctx(KARIM)).open[0].id
    for login, attempt in (
        (NADIA, f"UPDATE feasibility SET verdict = 'yes' WHERE id = {of}"),
        (NADIA, f"SELECT desk_answer_question({of}, 'yes', '', true)"),
        (NADIA, FORGED.format(of)),
        (KARIM, f"SELECT desk_answer_question({of}, 'perhaps', '', false)"),
        (KARIM, f"DELETE FROM feasibility WHERE id = {of}"),
        (KARIM, "SELECT desk_set_duties('Nord', 'feasibility')"),
    ):
        with pytest.raises(psycopg.Error):
            deciding.connect(login).execute(attempt)
    assert look_at_questions(deciding.ctx(KARIM)).open[0].verdict is None


def test_the_clock_of_an_answer_is_that_of_the_question(deciding: CallCentre) -> None:
    nadia, karim = deciding.ctx(NADIA), deciding.ctx(KARIM)
    view = with_router(nadia)
    answer_feasibility(nadia, view.id, "lines[0]", ASKED)
    (asked,) = look_at_questions(karim).open
    assert asked.due_at - asked.asked_at == timedelta(hours=4)


def test_an_unknown_team_or_duty_is_named(staffed: CallCentre) -> None:
    ada = staffed.ctx(ADA)
    with pytest.raises(Refusal, match="duty_unknown"):
        set_duties(ada, "Sud", ["coffee"])
    with pytest.raises(Refusal, match="team_unknown"):
        set_duties(ada, "Ouest", [Duty.FEASIBILITY])
    with pytest.raises(DatabaseFault, match="no_rights"):
        set_duties(staffed.ctx(NADIA), "Sud", [Duty.FEASIBILITY])
