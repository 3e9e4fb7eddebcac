"""COMMIT is answered by silence: what was written is found and kept, what was not is said, and nothing is done twice."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from agent_desk.actions.act_on_mail import act_on_mail
from agent_desk.actions.agree_session import agree_session
from agent_desk.actions.answer_feasibility import answer_feasibility
from agent_desk.actions.answer_share import answer_share
from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.door import door_of
from agent_desk.actions.enter_code import enter_code
from agent_desk.actions.hand_over_session import hand_over_session
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.list_receivers import list_receivers
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_waiting import look_at_waiting
from agent_desk.actions.note_reports import note_reports
from agent_desk.actions.open_session import open_session
from agent_desk.actions.qualify_session import qualify_session
from agent_desk.actions.record_consent import record_consent
from agent_desk.actions.review_session import choose_review, review_session
from agent_desk.actions.revoke_code import revoke_code
from agent_desk.actions.save_draft import save_draft
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.actions.tick_step import tick_step
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.actions.withdraw_consent import withdraw_consent
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.ports import DataBegins, Delivery, Letter, Reply, Report
from agent_desk.rules.handover import Words
from agent_desk.rules.mail import LEASE, MailAction, ReportKind
from agent_desk.rules.review import Mark, ReviewState, ReviewStep
from agent_desk.rules.session import Answer, Call, Channel, ConsentKind, Feasibility, Line, State
from agent_desk.storage import database as database_module
from agent_desk.storage import events
from agent_desk.storage.acting import act_as, signed_in
from agent_desk.storage.database import Database
from agent_desk.storage.every_table import metadata
from agent_desk.storage.facts import Fact
from agent_desk.storage.faults import DatabaseFault, Unsettled
from agent_desk.storage.review_tables import review_note
from agent_desk.storage.tables import event, mail, session
from tests.support.callcentre import KARIM, NADIA, SAM, CallCentre
from tests.support.desks import (
    DEVICE,
    NOON,
    VIRUS,
    agreed,
    begun,
    clock,
    consent,
    content,
    context,
    drafted,
    finished,
    type_in,
)
from tests.support.lossy import Loss, Proxy, proxy
from tests.support.mails import ACCEPTED, ScriptedRelay
from tests.support.mails import mail as mail_row
from tests.support.shares import FIREFOX, HOME, entered

_consoles = count(1)
STARTING = (ConsentKind.BACKUP, ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)

Prepare = Callable[[Context], Any]
Run = Callable[[Context, Any], object]


def accepted(ctx: Context) -> SessionView:
    return consent(ctx, drafted(ctx), ConsentKind.WARRANTY, ConsentKind.PRICE)


def with_another_service(ctx: Context) -> SessionView:
    view = agreed(ctx, content(VIRUS))
    return type_in(ctx, view, replace(view.content, lines=(VIRUS, DEVICE)))


def with_a_code(ctx: Context) -> tuple[SessionView, str]:
    view = agreed(ctx)
    return view, issue_code(ctx, view.id).digits


def closed(ctx: Context) -> SessionView:
    view = finished(ctx)
    return close_session(ctx, view.id, view.version)


def offered(ctx: Context) -> int:
    """Return the mail of an offer that a person has to decide about."""
    (one,) = agreed(ctx).mails
    return one.id


def sent(ctx: Context) -> Report:
    """Return a report on a mail that was accepted."""
    mail_id = offered(ctx)
    send_outbox(ctx, ScriptedRelay())
    with ctx.database.read() as tx:
        row = tx.execute(select(mail).where(mail.c.id == mail_id)).one()
    return Report(ReportKind.DELIVERED, row.envid, row.message_id, "2.0.0", f"mark-{mail_id}")


ACTS: dict[str, tuple[Prepare, Run]] = {
    "open_session": (lambda _ctx: None, lambda ctx, _: open_session(ctx, Call(started_at=NOON)).state),
    "qualify_session": (drafted, lambda ctx, view: qualify_session(ctx, view.id, view.version).state),
    "answer_feasibility": (
        lambda ctx: drafted(ctx, content(Line("devices.multimedia-wifi", equipment=f"Console {next(_consoles)}"))),
        lambda ctx, view: answer_feasibility(ctx, view.id, "lines[0]", Feasibility.YES).state,
    ),
    "record_consent": (
        drafted,
        lambda ctx, view: record_consent(ctx, view.id, ConsentKind.WARRANTY, Answer.YES, Channel.VOICE).version,
    ),
    "record_consent of a new price": (
        with_another_service,
        lambda ctx, view: record_consent(ctx, view.id, ConsentKind.PRICE, Answer.YES, Channel.VOICE).version,
    ),
    "withdraw_consent": (accepted, lambda ctx, view: withdraw_consent(ctx, view.id, ConsentKind.WARRANTY).version),
    "agree_session": (accepted, lambda ctx, view: agree_session(ctx, view.id, view.version).state),
    "begin_work": (
        lambda ctx: consent(ctx, agreed(ctx), *STARTING),
        lambda ctx, view: begin_work(ctx, view.id, view.version).state,
    ),
    "tick_step": (begun, lambda ctx, view: tick_step(ctx, view.id, "livebox.connect-device/1", True).content.ticks),
    "issue_code": (agreed, lambda ctx, view: len(issue_code(ctx, view.id).digits)),
    "revoke_code": (with_a_code, lambda ctx, given: revoke_code(ctx, given[0].id).code.state),  # type: ignore[union-attr]
    "enter_code": (
        with_a_code,
        lambda ctx, given: enter_code(door_of(ctx), given[1], HOME, FIREFOX).session_id == given[0].id,
    ),
    "answer_share": (
        entered,
        lambda _ctx, visitor: answer_share(visitor.door, visitor.token, visitor.browser, True).state,
    ),
    "close_session": (finished, lambda ctx, view: close_session(ctx, view.id, view.version).state),
    "cancel_session": (drafted, lambda ctx, view: cancel_session(ctx, view.id, view.version, "Rappellera").state),
    "withdraw_session": (begun, lambda ctx, view: withdraw_session(ctx, view.id, view.version).state),
    "withdraw_session after closing": (closed, lambda ctx, view: withdraw_session(ctx, view.id, view.version).state),
    "act_on_mail": (offered, lambda ctx, mail_id: act_on_mail(ctx, mail_id, MailAction.DROP).state),
    "note_reports": (sent, lambda ctx, report: note_reports(ctx, [report]).changed),
    "save_draft": (
        drafted,
        lambda ctx, view: save_draft(ctx, view.id, view.revision, view.content, view.step, "notes").revision,
    ),
}

# Transactions before the last one that only count a try as a failure: doing them again costs the guesser, not us.
COUNTED = {"enter_code": 2}


@pytest.fixture
def direct(postgresql_url: str) -> Iterator[Context]:
    """Give a context on PostgreSQL that loses nothing."""
    database = Database.open(postgresql_url)
    yield context(database)
    database.close()


@pytest.fixture
def door(postgresql_url: str) -> Iterator[Proxy]:
    """Give what stands between a desk and its server."""
    with proxy(postgresql_url) as made:
        yield made


@pytest.fixture
def desk(door: Proxy, postgresql_url: str, direct: Context) -> Iterator[Context]:
    """Give the context of a desk whose way to the server leads through the proxy."""
    database = Database.open(door.url(postgresql_url))
    yield replace(direct, database=database)
    database.close()


def rows(ctx: Context) -> Counter[str]:
    """Return how many rows each table has, and how many events of each kind there are."""
    with ctx.database.read() as tx:
        tables = {
            one.name: tx.execute(select(func.count()).select_from(one)).scalar_one() for one in metadata.sorted_tables
        }
        kinds = Counter(tx.execute(select(event.c.kind)).scalars())
    return Counter(tables) + kinds


def done(direct: Context, act: Callable[[], object]) -> tuple[object, Counter[str]]:
    """Return what `act` returns, and which rows came of it."""
    before = rows(direct)
    answer = act()
    after = rows(direct)
    assert not before - after, "nothing is ever deleted here"
    return answer, after - before


def as_it_should(direct: Context, desk: Context, door: Proxy, name: str) -> tuple[object, Counter[str], int]:
    """Do it once with nothing lost; return its answer, its rows, and how many COMMITs it took."""
    prepare, run = ACTS[name]
    given = prepare(desk)
    door.commits = 0
    answer, made = done(direct, lambda: run(desk, given))
    return answer, made, door.commits


@pytest.mark.parametrize("name", ACTS)
def test_an_action_whose_answer_was_lost_is_found_done_and_not_done_again(
    direct: Context, desk: Context, door: Proxy, name: str
) -> None:
    prepare, run = ACTS[name]
    answer, made, commits = as_it_should(direct, desk, door, name)
    for which in range(1 + COUNTED.get(name, 0), commits + 1):
        given = prepare(desk)
        door.lose(Loss.ANSWER, which)
        assert done(direct, partial(run, desk, given)) == (answer, made)
        assert door.lost == 1
    assert verify_log(direct).fault is None


@pytest.mark.parametrize("name", ACTS)
def test_an_action_whose_commit_never_arrived_is_refused_and_can_be_done_again(
    direct: Context, desk: Context, door: Proxy, name: str
) -> None:
    prepare, run = ACTS[name]
    answer, made, commits = as_it_should(direct, desk, door, name)
    given = prepare(desk)
    before = rows(direct)
    door.lose(Loss.COMMIT, commits)
    with pytest.raises(DatabaseFault) as fault:
        run(desk, given)
    assert (fault.value.code, door.lost) == ("unreachable", 1)
    if commits == 1:
        assert rows(direct) == before
    again = run(desk, given)
    tries = Counter({"code_attempt": 1}) if name in COUNTED else Counter()  # each counts
    assert (again, rows(direct) - before - tries) == (answer, made)
    assert verify_log(direct).fault is None


def test_a_commit_still_on_its_way_is_waited_for(direct: Context, desk: Context, door: Proxy) -> None:
    view = finished(desk)
    door.commits = 0
    door.lose(Loss.DELAY)
    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(close_session, desk, view.id, view.version)
        waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        patience = threading.Event()
        while not _count(direct, waits):
            assert not closing.done(), "to look before the transaction is over would tell nothing"
            patience.wait(0.01)
        door.release.set()
        assert closing.result(20).state is State.CLOSED
    assert load_session(direct, view.id).decision == closing.result().decision


def test_an_answer_lost_with_the_server_is_settled_when_it_comes_back(
    direct: Context, desk: Context, door: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "SETTLE_SECONDS", 0.0)
    done_view, undone_view = finished(desk), finished(desk)
    for view, loss, stands in ((done_view, Loss.ANSWER, True), (undone_view, Loss.COMMIT, False)):
        door.lose(loss)
        door.after_loss = door.cut
        with pytest.raises(Unsettled) as lost:
            close_session(desk, view.id, view.version)
        assert lost.value.code == "unsettled"
        with pytest.raises(DatabaseFault):
            desk.database.stands(lost.value.fact)
        door.mend()
        assert desk.database.stands(lost.value.fact) is stands
        assert (load_session(direct, view.id).state is State.CLOSED) is stands
    with direct.database.read() as tx:
        kinds = tx.execute(select(event.c.kind).where(event.c.kind == "session_closed")).all()
    assert len(kinds) == 1


def test_a_mail_is_handed_over_once_whatever_answer_is_lost(direct: Context, desk: Context, door: Proxy) -> None:
    agreed(desk)
    door.commits = 0
    assert send_outbox(desk, ScriptedRelay()) == 1
    for which in range(1, door.commits + 1):
        (one,) = agreed(desk).mails
        door.lose(Loss.ANSWER, which)
        relay = CountingRelay()
        for _ in range(3):
            with suppress(DatabaseFault):
                send_outbox(desk, relay)
            clock(desk).move(seconds=LEASE.total_seconds() + 1)
        with suppress(DatabaseFault):
            send_outbox(desk, relay)
        assert door.lost == 1
        assert (mail_row(direct, one.id).state, relay.data) in {("accepted", 1), ("uncertain", 0), ("uncertain", 1)}
    assert verify_log(direct).fault is None


class CountingRelay(ScriptedRelay):
    """Counts how often DATA was begun."""

    data = 0

    def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
        if not data_begins():
            return Delivery(Reply.RETRY, cause="claim_lost")
        self.data += 1
        return ACCEPTED


@pytest.mark.parametrize(("loss", "sessions"), [(Loss.ANSWER, 1), (Loss.COMMIT, 0)])
def test_an_agent_under_rights_is_told_whether_a_session_was_opened(
    staffed: CallCentre, loss: Loss, sessions: int
) -> None:
    direct = staffed.ctx(NADIA)
    who = signed_in(direct.database)
    with proxy(staffed.url(NADIA)) as door, closing(Database.open(door.url(staffed.url(NADIA)))) as database:
        act_as(database, who)
        desk = replace(direct, database=database)
        door.lose(loss)
        if loss is Loss.ANSWER:
            assert open_session(desk, Call(started_at=NOON)).state is State.DRAFT
        else:
            with pytest.raises(DatabaseFault) as fault:
                open_session(desk, Call(started_at=NOON))
            assert fault.value.code == "unreachable"
        assert door.lost == 1
    with direct.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(session)).scalar_one() == sessions


@pytest.mark.parametrize(("loss", "notes"), [(Loss.ANSWER, 1), (Loss.COMMIT, 0)])
def test_a_supervisor_under_rights_is_told_whether_a_review_was_noted(
    staffed: CallCentre, loss: Loss, notes: int
) -> None:
    view = finished(staffed.ctx(NADIA))
    view = close_session(staffed.ctx(NADIA), view.id, view.version)
    direct = staffed.ctx(SAM)
    choose_review(direct, view.id)
    with proxy(staffed.url(SAM)) as door, closing(Database.open(door.url(staffed.url(SAM)))) as database:
        act_as(database, signed_in(direct.database))
        desk = replace(direct, database=database)
        mark = partial(review_session, desk, view.id, 1, view.version, ReviewStep.MARK, Mark.GOOD)
        door.lose(loss)
        if loss is Loss.ANSWER:
            assert mark().review.state is ReviewState.SETTLED
        else:
            with pytest.raises(DatabaseFault) as fault:
                mark()
            assert fault.value.code == "unreachable"
        assert door.lost == 1
    with direct.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(review_note)).scalar_one() == notes
    assert verify_log(staffed.own).fault is None


def test_looking_for_what_was_written_writes_nothing(ctx: Context) -> None:
    view = drafted(ctx)
    before = rows(ctx)
    assert not ctx.database.stands(Fact(partial(events._stands, view.id + 1, 1, bytes(32))))
    assert not ctx.database.stands(Fact(partial(events._stands, view.id, 1, bytes(32))))
    assert rows(ctx) == before


def _count(ctx: Context, statement: str) -> int:
    with ctx.database.read() as tx:
        return int(tx.exec_driver_sql(statement).scalar_one())


@pytest.mark.parametrize("loss", [Loss.ANSWER, Loss.COMMIT])
def test_an_agent_is_told_whether_a_session_was_handed_over_to_another_team(staffed: CallCentre, loss: Loss) -> None:
    direct = staffed.ctx(NADIA)
    who, mine = signed_in(direct.database), agreed(direct)
    to = next(one for one in list_receivers(direct) if one.name == "Karim Benali")
    words = Words("a", "b", "c")
    with proxy(staffed.url(NADIA)) as door, closing(Database.open(door.url(staffed.url(NADIA)))) as database:
        act_as(database, who)
        desk = replace(direct, database=database)
        door.lose(loss)
        if loss is Loss.ANSWER:
            assert hand_over_session(desk, mine.id, mine.version, to, words).parked_at is not None
        else:
            with pytest.raises(DatabaseFault) as fault:
                hand_over_session(desk, mine.id, mine.version, to, words)
            assert fault.value.code == "unreachable"
            hand_over_session(desk, mine.id, mine.version, to, words)
        assert door.lost == 1
    waiting = look_at_waiting(staffed.ctx(KARIM)).handed
    assert [one.session_id for one in waiting] == [mine.id]
    assert verify_log(staffed.own).fault is None
