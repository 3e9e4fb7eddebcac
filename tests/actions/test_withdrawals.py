"""A customer withdraws through the link in their mail: declared once, acknowledged and settled once, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from agent_desk.actions import settle_withdrawals as settling
from agent_desk.actions.acknowledge_withdrawals import acknowledge_withdrawals
from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.book_visit import book_visit
from agent_desk.actions.context import Context
from agent_desk.actions.declare_withdrawal import declare_withdrawal
from agent_desk.actions.door import Door, door_of
from agent_desk.actions.errors import Refusal
from agent_desk.actions.give_up_visit import give_up_visit
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_promises import look_at_promises
from agent_desk.actions.look_at_withdrawal import look_at_withdrawal
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.settle_withdrawals import settle_withdrawals
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.event_words import EventWords
from agent_desk.rules.promise import PromiseEnd
from agent_desk.rules.session import ConsentKind, Segment, State
from agent_desk.rules.visit import VisitState
from agent_desk.rules.withdrawal import WithdrawalAnswer
from agent_desk.storage.content import to_json
from agent_desk.storage.events import history
from agent_desk.storage.tables import draft, mail
from agent_desk.wording import load_wording
from tests.support.desks import CLAIRE, NOON, VIRUS, agreed, begun, clock, consent, content
from tests.support.links import reachable
from tests.support.visits import TOMORROW, booked, plan, visited
from tests.support.withdrawals import mails, tokens

pytest_plugins = ["tests.support.desks"]

STATEMENTS = (ConsentKind.BACKUP, ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)


@pytest.fixture
def desk(ctx: Context) -> Context:
    """Give a desk whose customers reach a page."""
    return reachable(ctx)


def kinds(ctx: Context, session_id: int) -> list[str]:
    with ctx.database.read() as tx:
        return [one.kind for one in history(tx, session_id)]


def refused(door: Door, token: str) -> str:
    with pytest.raises(Refusal) as found:
        declare_withdrawal(door, token)
    return found.value.code


def test_before_the_work_it_is_declared_once_and_ends_the_session_with_a_receipt_and_a_decision(desk: Context) -> None:
    view, door = agreed(desk), door_of(desk)
    issue_code(desk, view.id)
    (token,) = tokens(desk)
    for _ in range(3):  # scanners look, and change nothing
        assert look_at_withdrawal(door, token).declared_at is None
    assert "withdrawal_declared" not in kinds(desk, view.id)
    clock(desk).move(minutes=7)
    first = declare_withdrawal(door, token)
    clock(desk).move(hours=1)
    again = declare_withdrawal(door, token)
    assert first == again == look_at_withdrawal(door, token)
    assert (first.answer, f"{first.declared_at:%H:%M}") == (WithdrawalAnswer.ACCEPTED, "12:07")
    assert kinds(desk, view.id).count("withdrawal_declared") == 1
    waiting = load_session(desk, view.id)
    consent(desk, waiting, *STATEMENTS)
    with pytest.raises(Refusal, match="withdrawal_declared"):
        begin_work(desk, view.id, load_session(desk, view.id).version)
    assert (acknowledge_withdrawals(desk), acknowledge_withdrawals(desk)) == (1, 0)
    assert (settle_withdrawals(desk), settle_withdrawals(desk)) == (1, 0)
    after = load_session(desk, view.id)
    assert (after.state, after.decision is not None and after.decision.total_cents) == (State.WITHDRAWN, 0)
    assert after.code is not None
    assert after.code.state == "expired"
    assert mails(desk, view.id) == ["withdrawal_receipt", "withdrawal"]
    with desk.database.read() as tx:
        said = tx.execute(select(mail.c.text).where(mail.c.kind == "withdrawal_receipt")).scalar_one()
    assert "23\u00a0novembre\u00a02026 à 12\u00a0h\u00a007" in said
    assert declare_withdrawal(door, token) == first
    assert verify_log(desk).fault is None
    assert verify_decisions(desk).mismatches == ()


def test_work_that_has_begun_is_interrupted_and_virus_removal_stays_billed(sqlite_ctx: Context) -> None:
    ctx = reachable(sqlite_ctx)
    view = begun(ctx, content(VIRUS))
    (token,) = tokens(ctx)
    declare_withdrawal(door_of(ctx), token)
    settle_withdrawals(ctx)
    after = load_session(ctx, view.id)
    assert after.state is State.WITHDRAWN
    assert after.decision is not None
    assert (after.decision.total_cents, after.decision.lines[0].rule) == (7900, "virus_removal_always_billed")


def test_after_the_work_only_the_visit_to_come_is_stopped(desk: Context) -> None:
    view, door = visited(desk), door_of(desk)
    offer, confirmation = tokens(desk)
    book_visit(desk, view.id, plan())
    assert declare_withdrawal(door, confirmation).answer is WithdrawalAnswer.VISIT
    acknowledge_withdrawals(desk)
    assert settle_withdrawals(desk) == 1
    after = load_session(desk, view.id)
    assert (after.state, after.decision) == (State.CLOSED, view.decision)
    assert [one.end for one in look_at_promises(desk, view.id)] == [PromiseEnd.KEPT, PromiseEnd.CANCELLED]
    with desk.database.read() as tx:
        waiting = tx.execute(select(mail.c.state).where(mail.c.kind == "visit_reminder")).scalars().all()
    assert waiting == ["dropped"]
    assert mails(desk, view.id) == ["withdrawal_receipt", "visit_cancelled", "withdrawal"]
    # The other mail's link says the same, and adds nothing.
    assert declare_withdrawal(door, offer) == declare_withdrawal(door, confirmation)
    assert (acknowledge_withdrawals(desk), settle_withdrawals(desk)) == (0, 0)


def _accepted(desk: Context, session_id: int) -> None:
    """The customer accepted a visit, and nobody has found a day yet."""


def _not_done(desk: Context, session_id: int) -> None:
    """Nobody could work there on the day, and another one is owed."""
    book_visit(desk, session_id, plan())
    clock(desk).time = TOMORROW + timedelta(hours=1)
    give_up_visit(desk, session_id, booked(desk, session_id).id, VisitState.NOT_DONE, "personne sur place")


@pytest.mark.parametrize("owe", [_accepted, _not_done])
def test_a_visit_without_a_day_is_stopped_like_a_booked_one(desk: Context, owe: Callable[[Context, int], None]) -> None:
    view, door = visited(desk), door_of(desk)
    _, confirmation = tokens(desk)
    owe(desk, view.id)
    assert look_at_withdrawal(door, confirmation).answer is WithdrawalAnswer.VISIT
    assert declare_withdrawal(door, confirmation).answer is WithdrawalAnswer.VISIT
    assert (acknowledge_withdrawals(desk), settle_withdrawals(desk)) == (1, 1)
    ends = [one.end for one in look_at_promises(desk, view.id)]
    assert (ends[-1], None in ends) == (PromiseEnd.CANCELLED, False)
    assert (load_session(desk, view.id).state, mails(desk, view.id)) == (
        State.CLOSED,
        ["withdrawal_receipt", "withdrawal"],
    )
    with desk.database.read() as tx:
        about = mail.c.kind.in_(("withdrawal_receipt", "withdrawal"))
        texts = tx.execute(select(mail.c.text).where(about, mail.c.session_id == view.id)).scalars().all()
    assert all("La visite à domicile est arrêtée" in one for one in texts)
    assert verify_log(desk).fault is None


def test_once_nothing_is_owed_any_more_the_right_is_given_up(desk: Context) -> None:
    view, door = visited(desk), door_of(desk)
    offer, confirmation = tokens(desk)
    give_up_visit(desk, view.id, 0, VisitState.CANCELLED, "le client n’en veut plus")
    assert declare_withdrawal(door, offer).answer is WithdrawalAnswer.GIVEN_UP
    assert (mails(desk, view.id), acknowledge_withdrawals(desk), settle_withdrawals(desk)) == ([], 0, 0)
    # Whoever withdrew by telephone, and wanted a visit after all, may withdraw from that one too.
    withdraw_session(desk, view.id, load_session(desk, view.id).version)
    book_visit(desk, view.id, plan())
    assert declare_withdrawal(door, confirmation).answer is WithdrawalAnswer.VISIT
    assert settle_withdrawals(desk) == 1
    assert mails(desk, view.id) == ["withdrawal", "visit_cancelled", "withdrawal"]


def test_the_last_day_counts_in_full_and_the_next_one_does_not(sqlite_ctx: Context) -> None:
    ctx = reachable(sqlite_ctx)
    agreed(ctx)
    (token,) = tokens(ctx)
    clock(ctx).time = NOON + timedelta(days=14, hours=11, minutes=59)  # 7 December, 23:59 in Paris
    assert look_at_withdrawal(door_of(ctx), token).answer is WithdrawalAnswer.ACCEPTED
    clock(ctx).move(minutes=1)
    assert declare_withdrawal(door_of(ctx), token).answer is WithdrawalAnswer.OVER
    assert look_at_withdrawal(door_of(ctx), token, (), 30).answer is WithdrawalAnswer.ACCEPTED
    clock(ctx).move(days=90)
    assert refused(door_of(ctx), token) == "link_gone"
    assert refused(door_of(ctx), token[:-2]) == "link_gone"


def test_professionals_get_no_link_and_whoever_withdrew_by_telephone_nothing_to_stop(sqlite_ctx: Context) -> None:
    ctx = reachable(sqlite_ctx)
    agreed(ctx, content(customer=replace(CLAIRE, segment=Segment.PRO, company="Morvan SARL")))
    assert tokens(ctx) == []
    view = agreed(ctx)
    (token,) = tokens(ctx)
    withdraw_session(ctx, view.id, view.version)
    assert declare_withdrawal(door_of(ctx), token).answer is WithdrawalAnswer.ENDED


def test_two_desks_that_settle_at_once_settle_once(postgresql_ctx: Context) -> None:
    ctx = reachable(postgresql_ctx)
    view = agreed(ctx)
    (token,) = tokens(ctx)
    with ThreadPoolExecutor(4) as pool:
        seen = set(pool.map(lambda _: declare_withdrawal(door_of(ctx), token), range(4)))
        settled = sum(pool.map(lambda _: settle_withdrawals(ctx), range(4)))
        told = list(pool.map(lambda _: acknowledge_withdrawals(ctx), range(4)))
    assert (len(seen), settled) == (1, 1)
    assert max(told) == 1
    assert sorted(mails(ctx, view.id)) == ["withdrawal", "withdrawal_receipt"]
    assert kinds(ctx, view.id).count("withdrawal_declared") == 1
    assert verify_log(ctx).fault is None


def test_a_desk_that_comes_second_to_one_settled_meanwhile_does_nothing(
    desk: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = visited(desk)
    book_visit(desk, view.id, plan())
    declare_withdrawal(door_of(desk), tokens(desk)[-1])
    assert settle_withdrawals(desk) == 1
    before = mails(desk, view.id), kinds(desk, view.id)
    monkeypatch.setattr(settling, "unsettled", lambda _tx: (view.id,))  # as it was when this desk looked
    assert settle_withdrawals(desk) == 0
    assert (mails(desk, view.id), kinds(desk, view.id)) == before


def test_one_that_cannot_be_settled_holds_up_no_other(desk: Context) -> None:
    views = [agreed(desk), agreed(desk)]
    for token in tokens(desk):
        declare_withdrawal(door_of(desk), token)
    with desk.database.write() as tx:
        tx.execute(update(draft).where(draft.c.session_id == views[0].id).values(content="[]"))
    with pytest.raises(ValueError, match="not a JSON object"):
        settle_withdrawals(desk)
    assert load_session(desk, views[1].id).state is State.WITHDRAWN
    with desk.database.write() as tx:
        tx.execute(update(draft).where(draft.c.session_id == views[0].id).values(content=to_json(views[0].content)))
    assert settle_withdrawals(desk) == 1
    assert load_session(desk, views[0].id).state is State.WITHDRAWN


def test_what_fails_before_the_end_leaves_nothing_half_done(desk: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    view = visited(desk)
    declare_withdrawal(door_of(desk), tokens(desk)[-1])
    acknowledge_withdrawals(desk)
    before = kinds(desk, view.id)

    def dies(*_arguments: object) -> None:
        raise KeyError

    with monkeypatch.context() as broken:
        broken.setattr("agent_desk.actions.settle_withdrawals.note_settled", dies)
        with pytest.raises(KeyError):
            settle_withdrawals(desk)
    assert (kinds(desk, view.id), mails(desk, view.id)) == (before, ["withdrawal_receipt"])
    assert settle_withdrawals(desk) == 1
    assert mails(desk, view.id) == ["withdrawal_receipt", "withdrawal"]


def test_nobody_in_particular_did_it_and_the_journal_says_so(desk: Context) -> None:
    view = visited(desk)
    declare_withdrawal(door_of(desk), tokens(desk)[-1])
    settle_withdrawals(desk)
    words = EventWords(load_wording("fr"), desk.reference.history[-1])
    events = read_timeline(desk, view.id).events
    since = next(place for place, one in enumerate(events) if one.kind == "withdrawal_declared")
    shown = [
        (one.actor, words.title(one.kind, one.payload), words.detail(one.kind, one.payload)) for one in events[since:]
    ]
    assert [actor for actor, _, _ in shown] == ["customer", *["system"] * (len(shown) - 1)]
    assert ("system", "Promesse annulée", "Visite à domicile\u00a0: rétractation du client") in shown
