"""Supervisors review closed sessions: drawn by rules, marked, answered, settled, each step in the session's own log."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, delete, select, update

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.draw_reviews import draw_reviews
from agent_desk.actions.errors import Refusal
from agent_desk.actions.list_today import list_today
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.review_session import choose_review, review_session
from agent_desk.actions.sample_rules import add_sample_rule, list_sample_rules, switch_sample_rule
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import JournalFilter, ReviewView, SessionView
from agent_desk.rules.people import Role
from agent_desk.rules.review import ANSWER_DAYS, TEXT_MAX, WAITING, Mark, ReviewState, ReviewStep, SampleRule, is_drawn
from agent_desk.rules.session import HomeVisit, Outcome
from agent_desk.storage.acting import Acting, act_as
from agent_desk.storage.events import SITE_CHAIN, append, history
from agent_desk.storage.refused import REFUSED
from agent_desk.storage.review_tables import review, review_note, review_rule
from agent_desk.storage.reviews import note_hash, review_key, take_step
from agent_desk.storage.tables import session, site
from tests.support.callcentre import ADA, KARIM, NADIA, OLGA, SAM, CallCentre
from tests.support.desks import clock, drafted, finished

GOOD, TO_IMPROVE, FAULT = Mark.GOOD, Mark.TO_IMPROVE, Mark.FAULT
SAID = "Le prix n’a pas été redit avant l’accord."
INES = "ines"


def closed(ctx: Context) -> SessionView:
    view = finished(ctx)
    return close_session(ctx, view.id, view.version)


def named(ctx: Context, name: str) -> Context:
    """Return the same desk under another name, as where nobody signs in."""
    return replace(ctx, settings=replace(ctx.settings, agent_name=name))


def boss(ctx: Context) -> Context:
    return named(ctx, "Sam Petit")


def only(ctx: Context, *rules: SampleRule) -> None:
    """Let these be all the rules there are, made now."""
    with ctx.database.write() as tx:
        tx.execute(delete(review_rule))
    for rule in rules:
        add_sample_rule(ctx, rule)


def due(ctx: Context) -> list[int]:
    rows = search_journal(ctx, JournalFilter(review="due"), limit=500).rows
    return [row.id for row in rows]


def act(
    ctx: Context, found: ReviewView, step: ReviewStep, mark: Mark | None = None, text: str = "", seen: int | None = None
) -> ReviewView:
    """Take a step as somebody does who sees the session as it is."""
    shown = read_timeline(ctx, found.review.session_id).session.version if seen is None else seen
    return review_session(ctx, found.review.session_id, found.review.version, shown, step, mark, text)


def review_kinds(ctx: Context, session_id: int) -> list[str]:
    return [one.kind for one in read_timeline(ctx, session_id).events if one.kind.startswith("review_")]


def test_three_rules_are_offered_and_draw_without_anybodys_doing(ctx: Context) -> None:
    rules, _teams = list_sample_rules(ctx)
    assert [(one.share_permille, one.waived_from, one.uncertain, one.active) for one in rules] == [
        (50, None, False, True),
        (1000, 4900, False, True),
        (1000, None, True, True),
    ]
    view = finished(ctx, outcome=Outcome.NOT_SOLVED)
    close_session(ctx, view.id, view.version)  # 29 € waived, no uncertain mail
    plain = closed(ctx)
    with ctx.database.write() as tx:
        append(tx, plain.id, "mail_uncertain", {"kind": "offer"}, at=ctx.clock.now(), actor="system")
    draw_reviews(ctx)
    with ctx.database.read() as tx:
        key = review_key(tx)
    by_lot = {one for one in (view.id, plain.id) if is_drawn(key, one, 50)}
    assert set(due(ctx)) == {plain.id} | by_lot


def test_the_draw_takes_its_share_of_what_has_ended_and_always_the_same(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    create_sample_data(ctx, 400, bulk=True)
    with ctx.database.write() as tx:
        tx.execute(update(site).where(site.c.key == "review_key").values(value="00" * 32))
        tx.execute(update(session).values(ended_at=ctx.clock.now() - timedelta(hours=1)))
        ended = list(tx.execute(select(session.c.id).where(session.c.state == "closed")).scalars())
    only(ctx, SampleRule(share_permille=100))
    draw_reviews(ctx)
    wanted = sorted((one for one in ended if is_drawn(bytes(32), one, 100)), reverse=True)
    assert 15 < len(wanted) < 70
    assert due(ctx) == wanted
    clock(ctx).move(hours=1)
    draw_reviews(ctx)
    assert due(ctx) == wanted
    assert search_journal(ctx, JournalFilter()).to_review == len(wanted)
    add_sample_rule(ctx, SampleRule(share_permille=200))
    draw_reviews(ctx)
    assert set(due(ctx)) > set(wanted)


def test_what_is_committed_late_or_becomes_uncertain_days_later_is_drawn_by_the_next_look(ctx: Context) -> None:
    only(ctx, SampleRule(uncertain=True))
    view = closed(ctx)
    draw_reviews(ctx)
    assert due(ctx) == []
    clock(ctx).move(days=2)
    with ctx.database.write() as tx:
        append(tx, view.id, "mail_uncertain", {"kind": "confirmation"}, at=ctx.clock.now(), actor="system")
    draw_reviews(ctx)
    assert due(ctx) == [view.id]


@pytest.mark.parametrize(
    ("rule", "drawn"),
    [
        (SampleRule(waived_from=10_800), False),
        (SampleRule(waived_from=0), True),
        (SampleRule(outcome="solved"), True),
        (SampleRule(outcome="not_solved"), False),
        (SampleRule(service="security.virus-removal"), True),
        (SampleRule(service="mobile.setup"), False),
        (SampleRule(uncertain=True), False),
        (SampleRule(active=True, share_permille=1000), True),
    ],
)
def test_a_rule_draws_what_answers_to_all_its_conditions(ctx: Context, rule: SampleRule, drawn: bool) -> None:
    view = closed(ctx)
    drafted(ctx)
    only(ctx, rule)
    draw_reviews(ctx)
    assert due(ctx) == ([view.id] if drawn else [])


def test_a_rule_that_is_switched_off_draws_nothing_more_and_keeps_what_it_has_drawn(ctx: Context) -> None:
    only(ctx, SampleRule(name="  tout\n relire "))
    first = closed(ctx)
    draw_reviews(ctx)
    (rule,) = list_sample_rules(ctx)[0]
    assert rule.name == "tout relire"
    switch_sample_rule(ctx, rule.id, False)
    switch_sample_rule(ctx, rule.id, False)
    clock(ctx).move(hours=1)
    second = closed(ctx)
    draw_reviews(ctx)
    assert due(ctx) == [first.id]
    switch_sample_rule(ctx, rule.id, True)
    draw_reviews(ctx)
    assert due(ctx) == [second.id, first.id]
    with ctx.database.read() as tx:
        told = [(one.kind, one.payload) for one in history(tx, SITE_CHAIN)]
    assert [kind for kind, _payload in told] == ["review_rule_added", *["review_rule_switched"] * 2]
    assert told[0][1] is not None
    assert (told[0][1]["by"], told[0][1]["name"], told[0][1]["share_permille"]) == ("Nadia Leroy", "tout relire", 1000)
    shown = read_timeline(ctx, first.id).review
    assert shown is not None
    assert shown.rule is not None
    assert shown.rule.name == "tout relire"


@pytest.mark.parametrize(
    "rule", [SampleRule(share_permille=0), SampleRule(share_permille=1001), SampleRule(waived_from=-1)]
)
def test_a_rule_that_makes_no_sense_is_refused(ctx: Context, rule: SampleRule) -> None:
    with pytest.raises(Refusal, match="review_rule_share"):
        add_sample_rule(ctx, rule)


def test_rules_are_not_added_without_end(sqlite_ctx: Context) -> None:
    for _ in range(47):
        add_sample_rule(sqlite_ctx, SampleRule())
    with pytest.raises(Refusal, match="review_rules_many"):
        add_sample_rule(sqlite_ctx, SampleRule())


def test_a_good_session_is_marked_in_one_step(ctx: Context) -> None:
    view = closed(ctx)
    found = act(boss(ctx), choose_review(boss(ctx), view.id), ReviewStep.MARK, GOOD)
    assert (found.review.state, found.review.mark) == (ReviewState.SETTLED, GOOD)
    assert (found.review.reviewer, found.review.agent, found.rule) == ("Sam Petit", "Nadia Leroy", None)
    assert found.steps == frozenset()
    assert review_kinds(ctx, view.id) == ["review_marked"]
    assert [row.id for row in search_journal(ctx, JournalFilter(review="settled")).rows] == [view.id]
    assert verify_log(ctx).fault is None


def test_a_fault_goes_to_the_agent_is_answered_and_settled_by_a_second_person(ctx: Context) -> None:
    view = closed(ctx)
    sam, ines = boss(ctx), named(ctx, "Inès Faure")
    found = act(sam, choose_review(sam, view.id), ReviewStep.RETURN, FAULT, SAID)
    (waiting,) = list_today(ctx).returned
    assert (waiting.session_id, waiting.number, waiting.customer) == (view.id, view.number, "Claire Morvan")
    assert waiting.until == ctx.clock.now() + timedelta(days=ANSWER_DAYS)
    assert list_today(sam).returned == ()
    mine = read_timeline(ctx, view.id).review
    assert mine is not None
    assert mine.steps == {ReviewStep.ANSWER}
    assert [note.body for note in mine.notes] == [SAID]
    found = act(ctx, mine, ReviewStep.ANSWER, text="J’ai compris,\n je le redirai.")
    assert list_today(ctx).returned == ()
    again = read_timeline(sam, view.id).review
    assert again is not None
    assert again.steps == frozenset(), "who called it a fault is not the one who settles it"
    assert [row.id for row in search_journal(sam, JournalFilter(review=WAITING)).rows] == [view.id]
    assert search_journal(sam, JournalFilter()).to_review == 1, "a second look waits"
    found = act(ines, found, ReviewStep.SETTLE, TO_IMPROVE, "Une remarque suffit.")
    assert search_journal(sam, JournalFilter()).to_review == 0
    assert (found.review.state, found.review.mark, found.review.reviewer) == (
        ReviewState.SETTLED,
        TO_IMPROVE,
        "Sam Petit",
    )
    assert [(note.author, note.body) for note in found.notes] == [
        ("Sam Petit", SAID),
        ("Nadia Leroy", "J’ai compris, je le redirai."),
        ("Inès Faure", "Une remarque suffit."),
    ]
    assert review_kinds(ctx, view.id) == ["review_returned", "review_answered", "review_settled"]
    assert verify_log(ctx).fault is None


def test_without_an_answer_a_review_is_settled_after_its_days(ctx: Context) -> None:
    view = closed(ctx)
    found = act(boss(ctx), choose_review(boss(ctx), view.id), ReviewStep.RETURN, TO_IMPROVE, SAID)
    with pytest.raises(Refusal, match="review_waits"):
        act(boss(ctx), found, ReviewStep.SETTLE, TO_IMPROVE, SAID)
    assert search_journal(boss(ctx), JournalFilter()).to_review == 0
    clock(ctx).move(days=ANSWER_DAYS)
    page = search_journal(boss(ctx), JournalFilter(review=WAITING))
    assert ([row.id for row in page.rows], page.to_review, page.total) == ([view.id], 1, 1)
    assert act(boss(ctx), found, ReviewStep.SETTLE, TO_IMPROVE, SAID).review.state is ReviewState.SETTLED


def test_the_log_holds_a_hash_of_what_was_said_and_no_word_of_it(ctx: Context) -> None:
    view = closed(ctx)
    act(boss(ctx), choose_review(boss(ctx), view.id), ReviewStep.MARK, TO_IMPROVE, SAID)
    told = read_timeline(ctx, view.id).events[-1].payload
    with ctx.database.write() as tx:
        note = tx.execute(select(review_note)).one()
        assert told == {"by": "Sam Petit", "sha256": note_hash(bytes(note.salt), "mark", "to_improve", SAID)}
        tx.execute(delete(review_note))  # erased, as payloads may be
    story = read_timeline(ctx, view.id)
    assert story.review is not None
    assert story.review.notes == ()
    assert all(proof.holds for proof in story.proofs)
    assert verify_log(ctx).fault is None


@pytest.mark.parametrize(
    ("step", "mark", "text", "why"),
    [
        (ReviewStep.MARK, TO_IMPROVE, " \n ", "review_words"),
        (ReviewStep.MARK, TO_IMPROVE, "x" * 10_000, "review_long"),
        (ReviewStep.RETURN, FAULT, "", "review_words"),
        (ReviewStep.MARK, FAULT, SAID, "review_fault_returns"),
        (ReviewStep.ANSWER, None, SAID, "review_done"),
        (ReviewStep.SETTLE, GOOD, SAID, "review_done"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    ctx: Context, step: ReviewStep, mark: Mark | None, text: str, why: str
) -> None:
    view = closed(ctx)
    found = choose_review(boss(ctx), view.id)
    with pytest.raises(Refusal, match=why):
        act(boss(ctx), found, step, mark, text)
    assert review_kinds(ctx, view.id) == []
    assert act(boss(ctx), found, ReviewStep.MARK, TO_IMPROVE, "x" * TEXT_MAX).review.version == 2


def test_nobody_reviews_their_own_session(ctx: Context) -> None:
    view = closed(ctx)
    found = choose_review(ctx, view.id)
    assert found.steps == frozenset()
    with pytest.raises(Refusal, match="review_own"):
        act(ctx, found, ReviewStep.MARK, GOOD)


def test_where_one_person_works_alone_nothing_is_offered(ctx: Context) -> None:
    view = closed(ctx)
    assert search_journal(ctx, JournalFilter()).to_review is None
    assert not read_timeline(ctx, view.id).may_choose_review
    assert search_journal(boss(ctx), JournalFilter()).to_review == 0
    assert read_timeline(boss(ctx), view.id).may_choose_review


def test_of_two_supervisors_at_once_the_second_is_told(ctx: Context) -> None:
    view = closed(ctx)
    found = choose_review(boss(ctx), view.id)
    act(boss(ctx), found, ReviewStep.MARK, GOOD)
    with pytest.raises(Refusal, match="review_changed"):
        act(named(ctx, "Inès Faure"), found, ReviewStep.RETURN, FAULT, SAID)
    assert review_kinds(ctx, view.id) == ["review_marked"]


def test_a_step_that_comes_between_is_not_written_over(sqlite_ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = sqlite_ctx
    found = choose_review(boss(ctx), closed(ctx).id)

    def overtaken(tx: Connection, *rest: Any, **more: Any) -> None:
        tx.execute(update(review).values(version=5))
        take_step(tx, *rest, **more)

    monkeypatch.setattr("agent_desk.actions.review_session.take_step", overtaken)
    with pytest.raises(Refusal, match="review_changed"):
        act(boss(ctx), found, ReviewStep.MARK, GOOD)


def test_a_session_corrected_meanwhile_is_read_again_first(ctx: Context) -> None:
    view = closed(ctx)
    found = choose_review(boss(ctx), view.id)
    correct_session(boss(ctx), view.id, view.version, [Outcome.SOLVED, Outcome.NOT_SOLVED], HomeVisit.NONE, "revu")
    with pytest.raises(Refusal, match="review_corrected"):
        act(boss(ctx), found, ReviewStep.MARK, GOOD, seen=view.version)
    assert act(boss(ctx), found, ReviewStep.MARK, GOOD).review.state is ReviewState.SETTLED


def test_only_closed_sessions_are_reviewed(ctx: Context) -> None:
    view = drafted(ctx)
    with pytest.raises(Refusal, match="review_not_yours"):
        choose_review(boss(ctx), view.id)
    with pytest.raises(Refusal, match="review_not_yours"):
        review_session(boss(ctx), view.id, 1, view.version, ReviewStep.MARK, GOOD)


def signed_in_as(ctx: Context, name: str, role: Role) -> Context:
    """Return the desk as somebody with an account on it uses it."""
    act_as(ctx.database, Acting(name.lower(), name.lower().ljust(8, "0"), name, role))
    return named(ctx, name)


def test_on_a_desk_with_accounts_the_program_keeps_what_was_said_to_whom_it_is_for(sqlite_ctx: Context) -> None:
    view = closed(signed_in_as(sqlite_ctx, "nadia", Role.AGENT))
    sam = signed_in_as(sqlite_ctx, "sam", Role.SUPERVISOR)
    found = act(sam, choose_review(sam, view.id), ReviewStep.RETURN, FAULT, SAID)
    lea = signed_in_as(sqlite_ctx, "lea", Role.AGENT)
    assert read_timeline(lea, view.id).review is None
    assert list_today(lea).returned == ()
    assert search_journal(lea, JournalFilter()).to_review is None
    with pytest.raises(Refusal, match="review_not_yours"):
        act(lea, found, ReviewStep.ANSWER, text="Compris.")
    with pytest.raises(Refusal, match="review_not_allowed"):
        act(lea, found, ReviewStep.SETTLE, GOOD)
    nadia = signed_in_as(sqlite_ctx, "nadia", Role.AGENT)
    assert [one.session_id for one in list_today(nadia).returned] == [view.id]
    assert act(nadia, found, ReviewStep.ANSWER, text="Compris.").review.state is ReviewState.ANSWERED


# In a call centre the database itself sees to all that.


@pytest.fixture
def two(staffed: CallCentre) -> CallCentre:
    """Give a call centre with a supervisor of the team Nord, and one of all."""
    staffed.add(INES, "Inès Faure", Role.SUPERVISOR, "Nord")
    return staffed


def theirs(centre: CallCentre, login: str) -> SessionView:
    return closed(centre.ctx(login))


def test_supervisors_draw_for_all_teams_and_see_those_they_look_after(two: CallCentre) -> None:
    nord, sud = theirs(two, NADIA), theirs(two, KARIM)
    only(two.own, SampleRule())
    draw_reviews(two.ctx(INES))
    assert due(two.ctx(INES)) == [nord.id]
    assert due(two.ctx(SAM)) == [sud.id, nord.id]
    assert search_journal(two.ctx(SAM), JournalFilter()).to_review == 2
    assert search_journal(two.ctx(INES), JournalFilter()).to_review == 1
    assert search_journal(two.ctx(NADIA), JournalFilter()).to_review is None
    assert read_timeline(two.ctx(INES), sud.id).review is None
    assert read_timeline(two.ctx(NADIA), nord.id).review is None, "nothing is theirs to answer yet"


def test_a_review_goes_its_way_with_everybody_under_their_own_name(two: CallCentre) -> None:
    view = theirs(two, NADIA)
    nadia, sam, ines = (two.ctx(login) for login in (NADIA, SAM, INES))
    found = act(sam, choose_review(sam, view.id), ReviewStep.RETURN, FAULT, SAID)
    assert [one.session_id for one in list_today(nadia).returned] == [view.id]
    assert list_today(two.ctx(KARIM)).returned == ()
    assert [row.id for row in search_journal(nadia, JournalFilter(text="morvan", review="returned")).rows] == [view.id]
    assert search_journal(nadia, JournalFilter(text="morvan", review="due")).rows == ()
    found = act(nadia, found, ReviewStep.ANSWER, text="Compris.")
    with pytest.raises(Refusal, match="review_second_person"):
        act(sam, found, ReviewStep.SETTLE, FAULT, SAID)
    found = act(ines, found, ReviewStep.SETTLE, FAULT, "Je confirme.")
    assert (found.review.state, found.review.mark) == (ReviewState.SETTLED, FAULT)
    told = [one for one in read_timeline(two.own, view.id).events if one.kind.startswith("review_")]
    assert [one.payload["by"] for one in told if one.payload] == ["Sam Petit", "Nadia Leroy", "Inès Faure"]
    seen = read_timeline(two.ctx(OLGA), view.id).review
    assert seen is not None
    assert (len(seen.notes), seen.steps) == (3, frozenset())
    assert verify_log(two.own).fault is None


def test_who_does_not_review_is_refused_by_the_program_too(two: CallCentre) -> None:
    view = theirs(two, NADIA)
    for login in (NADIA, OLGA, ADA):
        for deed in (
            lambda ctx: choose_review(ctx, view.id),
            draw_reviews,
            list_sample_rules,
            lambda ctx: review_session(ctx, view.id, 1, view.version, ReviewStep.MARK, GOOD),
        ):
            with pytest.raises(Refusal, match="review_not_allowed"):
                deed(two.ctx(login))


def test_the_rules_of_one_team_are_its_supervisors_to_make(two: CallCentre) -> None:
    ines = two.ctx(INES)
    add_sample_rule(ines, SampleRule(team="Nord", share_permille=500, name="Nord, un sur deux"))
    with pytest.raises(Refusal, match="review_rule_team"):
        add_sample_rule(ines, SampleRule())
    rules = {rule.name: rule for rule in list_sample_rules(ines)[0]}
    switch_sample_rule(ines, rules["Nord, un sur deux"].id, False)
    with pytest.raises(Refusal, match="review_rule_team"):
        switch_sample_rule(ines, rules[""].id, False)
    switch_sample_rule(two.ctx(SAM), rules[""].id, False)
    with two.owner.read() as tx:
        kinds = [one.kind for one in history(tx, SITE_CHAIN) if one.kind.startswith("review_")]
    assert kinds == ["review_rule_added", "review_rule_switched", "review_rule_switched"]
    assert verify_log(two.own).fault is None


def check_of_review(ctx: Context, of: int) -> list[bool]:
    return [proof.holds for proof in read_timeline(ctx, of).proofs if proof.kind == "review"]


def test_what_was_said_is_compared_with_what_the_log_kept_of_it(ctx: Context) -> None:
    of = closed(ctx).id
    found = choose_review(boss(ctx), of)
    assert check_of_review(ctx, of) == [], "nothing was said yet"
    found = act(boss(ctx), found, ReviewStep.RETURN, FAULT, SAID)
    act(ctx, found, ReviewStep.ANSWER, None, "Compris.")
    assert check_of_review(ctx, of) == [True]
    first = (review_note.c.session_id == of) & (review_note.c.ordinal == 1)
    for changed in ({"body": "Rien à redire."}, {"mark": GOOD}):
        with ctx.database.write() as tx:
            kept = tx.execute(select(*(review_note.c[name] for name in changed)).where(first)).one()
            tx.execute(update(review_note).where(first).values(changed))
        assert check_of_review(ctx, of) == [False]
        with ctx.database.write() as tx:
            tx.execute(update(review_note).where(first).values(kept._asdict()))
    assert check_of_review(ctx, of) == [True]
    with ctx.database.write() as tx:
        tx.execute(delete(review_note).where(first))  # erased: what stands can still be compared
    assert check_of_review(ctx, of) == [True]
    with ctx.database.write() as tx:
        tx.execute(update(review_note).values(ordinal=3))
    assert check_of_review(ctx, of) == [False], "said in a step nobody took"


STEP = "SELECT desk_review({of}, 1, {seen}, '{step}', '{mark}', '{body}', decode(repeat('ab', 16), 'hex'), 1)"


def typed(centre: CallCentre, login: str, statement: str) -> int:
    """Return how many rows somebody with psql gets or changes, 0 where it is refused; nothing remains of it."""
    connection = centre.connect(login)
    try:
        with connection.transaction(force_rollback=True):
            return max(connection.execute(statement.encode()).rowcount, 0)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException):
        return 0
    except psycopg.DatabaseError as error:
        if error.sqlstate != REFUSED:
            raise
        return 0


def step(view: SessionView, name: str, mark: str = "", body: str = "dit") -> str:
    return STEP.format(of=view.id, seen=view.version, step=name, mark=mark, body=body)


def test_with_psql_only_who_looks_after_the_team_takes_a_step(two: CallCentre) -> None:
    nord, sud = theirs(two, NADIA), theirs(two, KARIM)
    for view in (nord, sud):
        choose_review(two.ctx(SAM), view.id)
    assert typed(two, SAM, step(sud, "mark", "good")) == 1
    assert typed(two, INES, step(nord, "mark", "good")) == 1
    assert typed(two, INES, step(sud, "mark", "good")) == 0, "another team's"
    for login in (NADIA, KARIM, OLGA, ADA):
        for view in (nord, sud):
            assert typed(two, login, step(view, "mark", "good")) == 0
            assert typed(two, login, step(view, "answer")) == 0, "nothing was returned"


@pytest.mark.parametrize(
    "wrong",
    [
        ("mark", "fault", "dit"),
        ("mark", "", "dit"),
        ("mark", "to_improve", ""),
        ("mark", "perfect", "dit"),
        ("settle", "good", "dit"),
        ("answer", "", "dit"),
        ("erase", "good", "dit"),
        ("mark", "good", "x" * (TEXT_MAX + 1)),
    ],
)
def test_with_psql_a_supervisor_cannot_leave_the_way_of_a_review(two: CallCentre, wrong: tuple[str, str, str]) -> None:
    view = theirs(two, NADIA)
    choose_review(two.ctx(SAM), view.id)
    assert typed(two, SAM, step(view, *wrong)) == 0
    assert typed(two, SAM, step(view, "mark", "to_improve")) == 1
    assert typed(two, SAM, step(replace(view, version=view.version + 1), "mark", "good")) == 0, "another version"


def test_with_psql_an_agent_answers_what_is_theirs_and_reads_nothing_else(two: CallCentre) -> None:
    view = theirs(two, NADIA)
    two.add("lea", "Léa Simon", Role.AGENT, "Nord")
    sam = two.ctx(SAM)
    found = choose_review(sam, view.id)
    for login in (NADIA, "lea", KARIM):
        assert typed(two, login, "SELECT * FROM review") == 0
    act(sam, found, ReviewStep.RETURN, FAULT, SAID)
    answer = step(view, "answer").replace(", 1, ", ", 2, ", 1)
    assert typed(two, NADIA, "SELECT * FROM review") == 1
    assert typed(two, NADIA, "SELECT * FROM review_note") == 1
    assert typed(two, NADIA, answer) == 1
    for login in ("lea", KARIM, SAM, INES, OLGA, ADA):
        assert typed(two, login, answer) == 0
    for login in ("lea", KARIM, ADA):
        assert typed(two, login, "SELECT * FROM review_note") == 0
    for login in (SAM, INES, OLGA):
        assert typed(two, login, "SELECT * FROM review_note") == 1
    for statement in (
        "UPDATE review SET mark = 'good'",
        "UPDATE review_note SET body = 'rien'",
        "DELETE FROM review",
        "DELETE FROM review_note",
        "UPDATE review_rule SET active = false",
        f"INSERT INTO review (session_id, state, agent, agent_mark) VALUES ({view.id}, 'due', '', '')",
        "UPDATE site SET value = 'x' WHERE key = 'review_key'",
        f"SELECT desk_add_review(ARRAY[{view.id}], NULL)",
    ):
        for login in (NADIA, SAM, INES, OLGA, ADA):
            assert typed(two, login, statement) == 0, (login, statement)


def test_with_psql_the_key_of_the_draw_is_hidden_from_agents(two: CallCentre) -> None:
    for login, count in ((NADIA, 0), (ADA, 0), (SAM, 1), (INES, 1), (OLGA, 1)):
        assert typed(two, login, "SELECT value FROM site WHERE key = 'review_key'") == count


def test_with_psql_nobody_settles_before_the_agent_had_their_days(two: CallCentre) -> None:
    view = theirs(two, NADIA)
    sam = two.ctx(SAM)
    act(sam, choose_review(sam, view.id), ReviewStep.RETURN, FAULT, SAID)
    settle = step(view, "settle", "fault").replace(", 1, ", ", 2, ", 1)
    with two.owner.write() as tx:
        tx.exec_driver_sql("UPDATE review SET returned_at = extract(epoch FROM clock_timestamp()) * 1000000")
    assert typed(two, INES, settle) == 0
    with two.owner.write() as tx:
        tx.exec_driver_sql(f"UPDATE review SET returned_at = returned_at - {ANSWER_DAYS} * 86400000000")
    assert typed(two, INES, settle) == 1
    assert typed(two, SAM, settle) == 0, "who called it a fault"
