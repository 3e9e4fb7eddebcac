"""The session ends once, whole, and as the customer was told."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import rfc8785
from sqlalchemy import func, select

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.decisions import fingerprint, recompute
from agent_desk.actions.errors import Refusal
from agent_desk.actions.load_session import load_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.set_protection import set_protection
from agent_desk.actions.views import SessionView
from agent_desk.actions.withdraw_consent import withdraw_consent
from agent_desk.ports import CaseFile, LetterPaper, Receipt
from agent_desk.rules.billing import Rule
from agent_desk.rules.gates import Gate
from agent_desk.rules.session import ConsentKind, HomeVisit, Outcome, State
from agent_desk.storage.tables import attachment, decision, event, mail, session_line
from tests.support.desks import (
    CLAIRE,
    NOON,
    PlainPrinter,
    begun,
    clock,
    consent,
    content,
    drafted,
    finished,
    type_in,
)
from tests.support.dying import run_and_kill


def rows(ctx: Context) -> dict[str, int]:
    """Return how many rows there are of everything a closing writes."""
    tables = (decision, mail, attachment, event)
    with ctx.database.read() as tx:
        return {one.name: tx.execute(select(func.count()).select_from(one)).scalar_one() for one in tables}


def refusal(ctx: Context, view: SessionView, **more: int) -> Refusal:
    with pytest.raises(Refusal) as refused:
        close_session(ctx, view.id, view.version, **more)
    return refused.value


def test_closing_decides_bills_and_confirms(ctx: Context) -> None:
    view = finished(ctx)
    clock(ctx).move(minutes=20)
    closed = close_session(ctx, view.id, view.version)
    assert (closed.state, closed.version, closed.ended_at) == (
        State.CLOSED,
        view.version + 1,
        NOON + timedelta(minutes=20),
    )
    assert closed.decision is not None
    assert (closed.decision.total_cents, closed.decision.vat_cents) == (10_800, 1_800)
    assert [line.rule for line in closed.decision.lines] == [Rule.VIRUS_REMOVAL_ALWAYS_BILLED, Rule.SOLVED]
    offer, confirmation = closed.mails
    assert (offer.kind, confirmation.kind, confirmation.state) == ("offer", "confirmation", "queued")
    assert confirmation.recipient == CLAIRE.email
    assert closed == load_session(ctx, view.id)


def test_its_story_ends_with_decision_mail_and_closing(ctx: Context) -> None:
    view = finished(ctx)
    close_session(ctx, view.id, view.version)
    *_, decided, queued, ended = read_timeline(ctx, view.id).events
    assert (decided.kind, queued.kind, ended.kind) == ("decision_made", "mail_queued", "session_closed")
    with ctx.database.read() as tx:
        kept = tx.execute(select(decision)).one()
    assert decided.payload == {
        "by": "Nadia Leroy",
        "total_cents": 10_800,
        "articles": ["4.9", "5"],
        "sha256": fingerprint(kept.inputs, kept.result),
    }
    assert ended.payload == {"by": "Nadia Leroy", "confirmation": "email"}


def test_each_line_keeps_its_amount_and_rule(ctx: Context) -> None:
    view = finished(ctx, outcome=Outcome.NOT_SOLVED)
    close_session(ctx, view.id, view.version)
    with ctx.database.read() as tx:
        lines = tx.execute(select(session_line).order_by(session_line.c.position)).all()
    assert [(line.unit_price_cents, line.amount_cents, line.rule) for line in lines] == [
        (7900, 7900, "virus_removal_always_billed"),
        (2900, 0, "failed_session_not_billed"),
    ]


def test_a_home_visit_shows_in_lists_and_bounds_its_travel(ctx: Context) -> None:
    view = finished(ctx, outcome=Outcome.NOT_SOLVED)
    visit = replace(view.content.closing, home_visit=HomeVisit.ACCEPTED)
    closed = close_session(ctx, view.id, type_in(ctx, view, replace(view.content, closing=visit)).version)
    assert closed.decision is not None
    assert (closed.decision.total_cents, closed.decision.travel_ceiling_cents) == (7900, 6900)


def test_the_decision_keeps_everything_it_was_given_as_canonical_json(ctx: Context) -> None:
    view = finished(ctx)
    closed = close_session(ctx, view.id, view.version)
    with ctx.database.read() as tx:
        kept = tx.execute(select(decision)).one()
    for text in (kept.inputs, kept.result):
        assert text.encode() == rfc8785.dumps(json.loads(text))
    assert recompute(kept.inputs) == closed.decision
    assert (kept.ordinal, kept.agent, kept.catalogue_version) == (
        1,
        "Nadia Leroy",
        ctx.reference.history[-1].version,
    )


def test_the_document_goes_with_the_mail_and_its_hash(ctx: Context) -> None:
    view = finished(ctx)
    close_session(ctx, view.id, view.version)
    with ctx.database.read() as tx:
        document = tx.execute(select(attachment)).one()
        sent = tx.execute(select(mail).where(mail.c.kind == "confirmation")).one()
    assert document.mail_id == sent.id
    assert bytes(document.content).startswith(b"%PDF")
    assert (sent.key, sent.receipt_requested) == (f"session:{view.id}:confirmation", True)


def test_a_second_click_changes_nothing(ctx: Context) -> None:
    view = finished(ctx)
    closed = close_session(ctx, view.id, view.version)
    before = rows(ctx)
    assert refusal(ctx, view).code == "already_closed"
    assert refusal(ctx, closed).code == "already_closed"
    assert rows(ctx) == before
    assert load_session(ctx, view.id) == closed


def test_two_windows_at_the_same_moment_close_once(ctx: Context) -> None:
    view = finished(ctx)
    start = threading.Barrier(2)
    outcomes: Counter[str] = Counter()

    def click() -> None:
        start.wait()
        try:
            outcomes[close_session(ctx, view.id, view.version).state] += 1
        except Refusal as refused:
            outcomes[refused.code] += 1

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes[State.CLOSED] == 1
    assert sum(outcomes[code] for code in ("already_closed", "changed_elsewhere")) == 1
    assert rows(ctx) | {"event": 0} == {"decision": 1, "mail": 2, "attachment": 1, "event": 0}
    assert Counter(one.kind for one in read_timeline(ctx, view.id).events)["session_closed"] == 1


@dataclass(slots=True)
class Meanwhile:
    """A printer during whose work something happens."""

    happens: Callable[[], object]

    def receipt(self, receipt: Receipt) -> bytes:
        self.happens()
        return PlainPrinter().receipt(receipt)

    def letter(self, letter: LetterPaper) -> bytes:
        return PlainPrinter().letter(letter)

    def case_file(self, case: CaseFile) -> bytes:
        return PlainPrinter().case_file(case)


def test_closed_elsewhere_while_the_document_is_drawn_closes_once(ctx: Context) -> None:
    view = finished(ctx)
    slow = replace(ctx, printer=Meanwhile(lambda: close_session(ctx, view.id, view.version)))
    assert refusal(slow, view).code == "already_closed"
    assert rows(ctx)["decision"] == 1


def test_a_consent_withdrawn_while_the_document_is_drawn_blocks(ctx: Context) -> None:
    view = finished(ctx)
    slow = replace(ctx, printer=Meanwhile(lambda: withdraw_consent(ctx, view.id, ConsentKind.PRICE)))
    found = refusal(slow, view)
    assert [blocker.code for blocker in found.blockers] == [Gate.PRICE]
    assert rows(ctx)["decision"] == 0


def test_an_outcome_changed_while_the_document_is_drawn_is_decided_on(ctx: Context) -> None:
    view = finished(ctx)
    lines = tuple(replace(line, outcome=Outcome.INTERRUPTED) for line in view.content.lines)

    def change_once() -> None:
        if load_session(ctx, view.id).revision == view.revision:
            type_in(ctx, view, replace(view.content, lines=lines))

    closed = close_session(replace(ctx, printer=Meanwhile(change_once)), view.id, view.version)
    assert closed.decision is not None
    assert closed.decision.total_cents == 7900


def test_a_session_that_never_rests_is_left_to_the_other_window(ctx: Context) -> None:
    view = finished(ctx)
    latest = [view]

    def type_more() -> None:
        latest[0] = type_in(ctx, latest[0], replace(latest[0].content, notes=latest[0].content.notes + "x"))

    assert refusal(replace(ctx, printer=Meanwhile(type_more)), view).code == "changed_elsewhere"
    assert rows(ctx)["decision"] == 0


def test_a_preview_that_is_no_longer_true_is_not_closed(ctx: Context) -> None:
    view = finished(ctx)
    newer = type_in(ctx, view, replace(view.content, notes="other window"))
    assert refusal(ctx, view, revision=view.revision).code == "changed_elsewhere"
    assert close_session(ctx, view.id, view.version, revision=newer.revision).state is State.CLOSED


def test_an_outdated_window_is_refused(ctx: Context) -> None:
    view = finished(ctx)
    assert refusal(ctx, replace(view, version=view.version - 1)).code == "changed_elsewhere"


def test_what_misses_is_named_and_nothing_is_written(ctx: Context) -> None:
    view = begun(ctx)
    set_protection(ctx, view.id, off=True)
    before = rows(ctx)
    found = refusal(ctx, view)
    assert found.code == "blocked"
    assert [(blocker.code, blocker.field) for blocker in found.blockers] == [
        (Gate.OUTCOME, "lines[0].outcome"),
        (Gate.OUTCOME, "lines[1].outcome"),
        (Gate.PROTECTION, "closing.protection_on_at"),
    ]
    assert rows(ctx) == before
    assert load_session(ctx, view.id).state is State.IN_PROGRESS


def test_a_session_that_has_not_begun_is_not_closed(ctx: Context) -> None:
    assert refusal(ctx, drafted(ctx)).code == "wrong_state"


def test_services_changed_without_a_new_yes_block(ctx: Context) -> None:
    view = finished(ctx)
    view = type_in(ctx, view, replace(view.content, lines=view.content.lines[:1]))
    assert [blocker.code for blocker in refusal(ctx, view).blockers] == [Gate.PRICE_CHANGED]
    view = consent(ctx, view, ConsentKind.PRICE)
    closed = close_session(ctx, view.id, view.version)
    assert closed.decision is not None
    assert closed.decision.total_cents == 7900


@pytest.mark.parametrize("way", ["letter", "sms"])
def test_without_an_address_the_confirmation_is_held_to_be_printed(ctx: Context, way: str) -> None:
    mobile = "0692 12 34 56"
    offline = content(customer=replace(CLAIRE, email="", no_email_reason="no_address", callback_number=mobile))
    view = finished(ctx, replace(offline, closing=replace(offline.closing, confirmation=way)))
    closed = close_session(ctx, view.id, view.version)
    confirmation, *others = closed.mails[1:]  # after the offer
    texts = [] if way == "letter" else [("sms", "confirmation", "queued", "+262692123456")]
    assert [(one.channel, one.kind, one.state, one.recipient) for one in others] == texts
    assert (confirmation.kind, confirmation.state, confirmation.recipient) == ("confirmation", "held", "")
    (ended,) = [event for event in read_timeline(ctx, view.id).events if event.kind == "session_closed"]
    assert ended.payload is not None
    assert ended.payload["confirmation"] == way


def test_a_broken_mailbox_is_confirmed_by_letter_though_it_has_an_address(ctx: Context) -> None:
    broken = content(customer=replace(CLAIRE, no_email_reason="mailbox_broken"))
    view = finished(ctx, replace(broken, closing=replace(broken.closing, confirmation="letter")))
    assert close_session(ctx, view.id, view.version).mails[-1].state == "held"


CLOSER = """
import sys, threading
from agent_desk.storage import outbox
from agent_desk.actions import close_session as action
from agent_desk.storage.database import Database
from tests.support.desks import context

def stop(*_, **__):
    print("now")
    threading.Event().wait()

setattr(action, sys.argv[3], stop)
database = Database.open(sys.argv[1])
action.close_session(context(database), int(sys.argv[2]), int(sys.argv[4]))
"""


@pytest.mark.parametrize("moment", ["render_confirmation", "keep_decision", "add_mail", "shown_state", "session_view"])
def test_killed_at_any_moment_it_is_closed_wholly_or_not_at_all(ctx: Context, database_url: str, moment: str) -> None:
    view = finished(ctx)
    before = rows(ctx)
    run_and_kill(CLOSER, database_url, str(view.id), moment, str(view.version))
    after = load_session(ctx, view.id)
    if moment == "session_view":
        assert after.state is State.CLOSED
        assert rows(ctx) == {
            "decision": 1,
            "mail": before["mail"] + 1,
            "attachment": 1,
            "event": before["event"] + 3,
        }
    else:
        assert after == view
        assert rows(ctx) == before
        assert close_session(ctx, view.id, view.version).state is State.CLOSED
    assert all(one.chain_ok for one in read_timeline(ctx, view.id).events)
