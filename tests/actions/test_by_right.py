"""The whole job where the database sees to rights: agents, gateway and mail worker each sign in as themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from agent_desk.actions.act_on_mail import act_on_mail
from agent_desk.actions.agree_session import agree_session
from agent_desk.actions.answer_feasibility import answer_feasibility
from agent_desk.actions.begin_work import begin_work
from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.choose_words import choose_words
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.create_sample_data import create_sample_data
from agent_desk.actions.door import Door
from agent_desk.actions.end_due_shares import end_due_shares
from agent_desk.actions.errors import Refusal
from agent_desk.actions.explain_decision import explain_decision
from agent_desk.actions.find_customer import find_customer
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.list_today import list_today
from agent_desk.actions.load_session import load_session
from agent_desk.actions.look_at_share import look_at_share
from agent_desk.actions.make_checkpoint import make_checkpoint
from agent_desk.actions.park_session import park_session
from agent_desk.actions.preview_confirmation import preview_confirmation
from agent_desk.actions.qualify_session import qualify_session
from agent_desk.actions.read_file import read_file
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.redeem_viewer import redeem_viewer
from agent_desk.actions.resume_session import resume_session
from agent_desk.actions.revoke_code import revoke_code
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.actions.set_protection import set_protection
from agent_desk.actions.share_views import Happening
from agent_desk.actions.stop_share import stop_share
from agent_desk.actions.tell_signing import tell_signing
from agent_desk.actions.tick_step import tick_step
from agent_desk.actions.verify_decisions import verify_decisions
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import JournalFilter, SessionView
from agent_desk.actions.withdraw_consent import withdraw_consent
from agent_desk.actions.withdraw_session import withdraw_session
from agent_desk.rules.mail import MailAction
from agent_desk.rules.session import ConsentKind, Feasibility, Line, Outcome, State
from agent_desk.rules.share import LOST_AFTER, ShareEnd, ShareState
from agent_desk.storage.events import SITE_CHAIN, history
from agent_desk.storage.faults import DatabaseFault
from tests.support import shares
from tests.support.callcentre import ADA, KARIM, NADIA, OLGA, POST, SAM, YVES, CallCentre
from tests.support.desks import NOON, agreed, begun, clock, consent, content, drafted, finished, type_in
from tests.support.mails import NO, SILENCE, ScriptedRelay

ROUTER = Line("network.router", equipment="Netgear Nighthawk R7000")


@pytest.fixture
def nadia(staffed: CallCentre) -> Context:
    """The desk of an agent who signed in."""
    return staffed.ctx(NADIA)


@pytest.fixture
def door(staffed: CallCentre, monkeypatch: pytest.MonkeyPatch) -> Door:
    """The door of a gateway that signed in; customers of `tests.support.shares` come through it."""
    made = staffed.gateway()
    monkeypatch.setattr(shares, "door_of", lambda ctx: replace(made, clock=ctx.clock))
    return made


def refusal(ctx: Context, session: int) -> str:
    with pytest.raises(Refusal) as refused:
        load_session(ctx, session)
    return refused.value.code


def test_an_agent_does_a_whole_session(staffed: CallCentre, nadia: Context) -> None:
    view = drafted(nadia, content(ROUTER))
    view = qualify_session(nadia, view.id, view.version)
    for answer in (Feasibility.ASKED, Feasibility.YES):
        view = answer_feasibility(nadia, view.id, "lines[0]", answer)
    view = consent(nadia, view, ConsentKind.WARRANTY, ConsentKind.PRICE)
    view = agree_session(nadia, view.id, view.version)
    view = park_session(nadia, view.id)
    view = resume_session(nadia, view.id)
    issue_code(nadia, view.id)
    revoke_code(nadia, view.id)
    view = consent(nadia, view, ConsentKind.SCREEN_SHARING)
    view = withdraw_consent(nadia, view.id, ConsentKind.SCREEN_SHARING)
    view = done(nadia, view)
    assert preview_confirmation(nadia, view.id).subject
    assert list_today(nadia).open[0].id == view.id
    view = close_session(nadia, view.id, view.version)
    assert (view.state, view.decision and view.decision.total_cents) == (State.CLOSED, 4900)
    assert explain_decision(nadia, view.number).reproduced
    story = read_timeline(nadia, view.id)
    assert all(event.chain_ok for event in story.events)
    assert {event.actor for event in story.events} == {"agent"}
    assert drafted(nadia, content(ROUTER)).content.lines[0].feasibility is Feasibility.YES
    with staffed.owner.read() as tx:
        actors = tx.execute(text("SELECT DISTINCT actor FROM event WHERE chain = :of"), {"of": view.id}).scalars().all()
        assert actors == ["00000000"]  # it says who: the mark of a person, whom the database has let in
    assert verify_log(staffed.own).fault is None


def done(ctx: Context, view: SessionView) -> SessionView:
    """Begin the work of an agreed session and do it."""
    view = consent(ctx, view, ConsentKind.BACKUP, ConsentKind.EARLY_START, ConsentKind.EARLY_START_WAIVER)
    view = begin_work(ctx, view.id, view.version)
    view = tick_step(ctx, view.id, "network.router/1", done=True)
    for off in (True, False):
        view = set_protection(ctx, view.id, off)
    lines = tuple(replace(line, outcome=Outcome.SOLVED) for line in view.content.lines)
    return type_in(ctx, view, replace(view.content, lines=lines))


def test_sessions_end_in_every_way_by_an_agents_right(staffed: CallCentre, nadia: Context) -> None:
    view = agreed(nadia)
    assert cancel_session(nadia, view.id, view.version, "le client rappellera").mails[-1].kind == "cancellation"
    view = agreed(nadia)
    assert withdraw_session(nadia, view.id, view.version).state is State.WITHDRAWN
    view = finished(nadia)
    view = close_session(nadia, view.id, view.version)
    answered = withdraw_session(nadia, view.id, view.version)
    assert (answered.state, answered.mails[-1].kind) == (State.CLOSED, "withdrawal")
    rows = {row.id: row.mail_state for row in search_journal(nadia, JournalFilter()).rows}
    assert set(rows.values()) == {"queued"}
    assert verify_log(staffed.own).fault is None
    assert verify_decisions(staffed.own).mismatches == ()


def test_a_mail_worker_sends_what_agents_queued_and_covers_the_log(staffed: CallCentre, nadia: Context) -> None:
    post = staffed.ctx(POST)
    view = finished(nadia)
    view = close_session(nadia, view.id, view.version)
    relay = ScriptedRelay([SILENCE, NO])
    assert send_outbox(post, relay) == 0
    offer, confirmation = load_session(nadia, view.id).mails
    assert [offer.state, confirmation.state] == ["uncertain", "rejected"]
    assert act_on_mail(nadia, offer.id, MailAction.SETTLE_ACCEPTED).state == "accepted"
    assert act_on_mail(nadia, confirmation.id, MailAction.RESEND, "claire@example.org").state == "queued"
    with pytest.raises(Refusal, match="mail_action"):
        act_on_mail(nadia, offer.id, MailAction.DROP)
    assert send_outbox(post, relay) == 1
    assert relay.sent[-1].recipient == "claire@example.org"
    assert search_journal(nadia, JournalFilter()).rows[0].mail_state == "accepted"
    told = [event.kind for event in read_timeline(nadia, view.id).events if event.kind.startswith("mail_")]
    assert told[-4:] == ["mail_settled", "mail_resent", "mail_sending", "mail_accepted"]
    assert make_checkpoint(nadia) == ""  # left to the worker
    assert "agent-desk/log/" in make_checkpoint(post)
    assert verify_decisions(post).decisions == 1
    report = verify_log(staffed.own)
    assert (report.fault, report.signed, report.uncovered) == (None, True, 0)


def test_a_screen_is_shared_through_a_gateway(staffed: CallCentre, nadia: Context, door: Door) -> None:
    visitor = shares.waiting(nadia, begun(nadia))
    share = visitor.view.id
    assert choose_words(nadia, share, shares.place_of_words(visitor)).state is ShareState.ADMITTED
    assert redeem_viewer(replace(door, clock=nadia.clock), shares.seat(visitor)).agent == "Nadia Leroy"
    visitor.note(Happening.STARTED)
    tick_step(nadia, share, "security.virus-removal/1", done=True)
    stopped = stop_share(nadia, share)
    assert (stopped.state, stopped.end_reason) == (ShareState.ENDED, ShareEnd.BY_AGENT)
    wrong = shares.waiting(nadia, visitor.view)
    place = (shares.place_of_words(wrong) + 1) % 3
    assert choose_words(nadia, share, place).end_reason is ShareEnd.WRONG_WORDS
    assert all(event.chain_ok for event in read_timeline(nadia, share).events)
    assert verify_log(staffed.own).fault is None


def test_closing_ends_code_and_share(staffed: CallCentre, nadia: Context, door: Door) -> None:
    view = finished(nadia)
    visitor = shares.live(nadia, view)
    view = load_session(nadia, view.id)
    close_session(nadia, view.id, view.version)
    assert visitor.look().end_reason is ShareEnd.SESSION_ENDED
    assert verify_log(staffed.own).fault is None


def test_a_share_that_is_due_is_ended_by_its_agents_look_or_by_a_gateway(
    staffed: CallCentre, nadia: Context, door: Door
) -> None:
    first, second = shares.live(nadia), shares.live(nadia)
    clock(nadia).move(seconds=LOST_AFTER.total_seconds() + 1)
    ended = look_at_share(nadia, first.view.id)
    assert ended is not None
    assert (ended.state, ended.end_reason) == (ShareState.ENDED, ShareEnd.LOST)
    assert end_due_shares(replace(door, clock=nadia.clock)) == 1  # the other one
    assert shares.seen(second).end_reason is ShareEnd.LOST
    assert verify_log(staffed.own).fault is None


def test_another_teams_session_is_not_there(staffed: CallCentre, nadia: Context) -> None:
    karim = staffed.ctx(KARIM)
    theirs = agreed(karim, content(customer=YVES))
    assert refusal(nadia, theirs.id) == "not_found"
    with pytest.raises(Refusal, match="not_found"):
        close_session(nadia, theirs.id, theirs.version)
    assert search_journal(nadia, JournalFilter("goff")).rows == ()
    assert search_journal(nadia, JournalFilter(theirs.number)).rows == ()
    assert list_today(nadia).open == ()


def test_one_caller_of_another_team_is_found_by_the_exact_number(staffed: CallCentre, nadia: Context) -> None:
    karim = staffed.ctx(KARIM)
    theirs = agreed(karim, content(customer=YVES))
    for asked in ({"customer_number": "731 204 558"}, {"callback_number": "+33 3 53 01 02 03"}):
        found = find_customer(nadia, **asked)
        assert found is not None
        assert (found.content.customer.surname, [row.id for row in found.sessions]) == ("Le Goff", [theirs.id])
    assert find_customer(nadia, "731 204 55") is None
    mine = agreed(nadia, content(customer=YVES))
    found = find_customer(nadia, "731204558")
    assert found is not None
    assert [row.id for row in found.sessions] == [mine.id, theirs.id]
    kinds = [event.kind for event in read_timeline(karim, theirs.id).events]
    assert kinds[-3:] == ["customer_looked_up"] * 3
    assert [event.kind for event in read_timeline(nadia, mine.id).events].count("customer_looked_up") == 0


def test_reading_a_file_that_somebody_else_opened_is_an_event_of_it(staffed: CallCentre, nadia: Context) -> None:
    mine = agreed(nadia)
    read_file(nadia, mine.id)
    read_timeline(nadia, mine.id)
    assert "file_read" not in [event.kind for event in read_timeline(nadia, mine.id).events]
    sam = staffed.ctx(SAM)
    read_file(sam, mine.id)
    read_timeline(sam, mine.id)
    told = [event for event in read_timeline(nadia, mine.id).events if event.kind == "file_read"]
    assert [(event.actor, (event.payload or {})["by"]) for event in told] == [("agent", "Sam Petit")] * 2
    with pytest.raises(Refusal, match="not_found"):
        read_file(staffed.ctx(KARIM), mine.id)
    assert verify_log(staffed.own).fault is None


def test_who_comes_and_goes_is_told_to_the_site(staffed: CallCentre, nadia: Context) -> None:
    for kind in ("signed_in", "signed_out"):
        tell_signing(nadia, kind)
    with staffed.owner.read() as tx:
        told = [(event.kind, event.actor) for event in history(tx, SITE_CHAIN)][-2:]
    assert told == [("signed_in", "00000000"), ("signed_out", "00000000")]
    with pytest.raises(DatabaseFault):
        tell_signing(nadia, "guessing_alarm")


@pytest.mark.parametrize("login", [SAM, OLGA])
def test_who_may_see_all_sees_all_and_changes_nothing(staffed: CallCentre, nadia: Context, login: str) -> None:
    mine, theirs = agreed(nadia), agreed(staffed.ctx(KARIM), content(customer=YVES))
    reader = staffed.ctx(login)
    assert [row.id for row in search_journal(reader, JournalFilter()).rows] == [theirs.id, mine.id]
    assert [row.id for row in list_today(reader).open] == [theirs.id, mine.id]
    assert read_timeline(reader, theirs.id).events
    assert verify_log(reader).fault is None
    with pytest.raises(DatabaseFault):
        cancel_session(reader, mine.id, mine.version, "non")


def test_an_administrator_opens_no_session(staffed: CallCentre, nadia: Context) -> None:
    mine = agreed(nadia)
    with pytest.raises(DatabaseFault):
        load_session(staffed.ctx(ADA), mine.id)


def test_a_session_belongs_to_the_team_its_agent_is_in_when_it_is_opened(staffed: CallCentre, nadia: Context) -> None:
    before = agreed(nadia)
    with staffed.owner.write() as tx:
        tx.execute(text("SELECT desk_change_person('nadia', 'agent', 'Sud')"))
    after = agreed(nadia)
    assert [row.id for row in search_journal(nadia, JournalFilter()).rows] == [after.id]
    assert refusal(nadia, before.id) == "not_found"


WANTED = {
    "everything": JournalFilter(),
    "a frequent word": JournalFilter("imprimante"),
    "a beginning": JournalFilter("ma"),
    "two words": JournalFilter("claire imprim"),
    "a rare word": JournalFilter("quimper"),
    "nothing": JournalFilter("introuvable"),
    "a quote": JournalFilter("d'"),
    "only signs": JournalFilter("'; --"),
    "ten thousand characters": JournalFilter("x" * 10_000),
    "a number": JournalFilter("S-2026-00001"),
    "an outcome": JournalFilter(outcome="solved"),
    "a word and an outcome": JournalFilter("im", outcome="not_solved"),
    "a word and an agent": JournalFilter("im", agent="Nadia Leroy"),
    "a week": JournalFilter(since=NOON - timedelta(days=7)),
    "a word in a week": JournalFilter("im", since=NOON - timedelta(days=14), until=NOON - timedelta(days=7)),
}


def test_the_journal_shows_each_just_what_they_may_see(staffed: CallCentre, nadia: Context) -> None:
    create_sample_data(staffed.own, 400, bulk=True)
    with staffed.owner.write() as tx:
        tx.execute(text("UPDATE session SET team_id = (SELECT id FROM team WHERE name = 'Nord') WHERE id % 3 = 0"))
        mine = set(tx.execute(text("SELECT id FROM session WHERE id % 3 = 0")).scalars())
    for name, wanted in WANTED.items():
        truth = pages(staffed.own, wanted)
        assert pages(staffed.ctx(SAM), wanted) == truth, name
        expected = [number for number in truth[0] if number in mine]
        ids, total, capped = pages(nadia, wanted)
        assert ids == expected, name
        if wanted == JournalFilter():
            assert (total, capped) == (len(expected), False)
        else:
            assert (total, capped) == (min(len(expected), 50), len(expected) > 50), name
    assert len(pages(nadia, WANTED["a frequent word"])[0]) > 3


def pages(ctx: Context, wanted: JournalFilter) -> tuple[list[int], int, bool]:
    """Return all that is found, page by page, and what the first page says of how many there are."""
    first = page = search_journal(ctx, wanted, limit=7)
    ids = [row.id for row in page.rows]
    while page.next_key is not None:
        page = search_journal(ctx, wanted, after=page.next_key, limit=7)
        ids += [row.id for row in page.rows]
    return ids, first.total, first.capped
