"""Today, the Journal, one session's story, and callers who are known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Executable, delete, update

from agent_desk.actions.cancel_session import cancel_session
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.find_customer import find_customer
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.list_today import list_today
from agent_desk.actions.listing import phone_key, shown_name
from agent_desk.actions.open_session import open_session
from agent_desk.actions.park_session import park_session
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.record_consent import record_consent
from agent_desk.actions.search_journal import search_journal
from agent_desk.actions.set_protection import set_protection
from agent_desk.actions.views import JournalFilter, JournalPage
from agent_desk.rules.session import (
    Answer,
    Call,
    Channel,
    ConsentKind,
    Content,
    Customer,
    Line,
    Outcome,
    Segment,
    State,
)
from agent_desk.storage.events import append, erase
from agent_desk.storage.tables import chain, decision, event
from agent_desk.storage.tables import consent as consent_table
from tests.support.desks import CLAIRE, NOON, agreed, begun, clock, consent, content, drafted, finished

KARIM = replace(
    CLAIRE,
    title="m",
    first_name="Karim",
    surname="Benali",
    customer_number="111222333",
    callback_number="+33 1 99 00 11 22",
    city="Rennes",
)


def journal(ctx: Context, **wanted: object) -> JournalPage:
    return search_journal(ctx, JournalFilter(**wanted))  # type: ignore[arg-type]  # the test names fields of the filter


def numbers(page: JournalPage) -> list[int]:
    return [row.id for row in page.rows]


def due(ctx: Context) -> list[tuple[str, datetime]]:
    return [(item.kind, item.at) for item in list_today(ctx).due]


def test_today_shows_what_is_open_and_what_is_put_aside_newest_first(ctx: Context) -> None:
    first, second, third = drafted(ctx), agreed(ctx), begun(ctx)
    park_session(ctx, second.id)
    gone = drafted(ctx)
    cancel_session(ctx, gone.id, gone.version, "Rappellera")
    today = list_today(ctx)
    assert [row.id for row in today.open] == [third.id, first.id]
    assert [row.id for row in today.parked] == [second.id]
    row = today.open[0]
    assert (row.state, row.customer, row.services) == (
        State.IN_PROGRESS,
        "Claire Morvan",
        ("security.virus-removal", "livebox.connect-device"),
    )


def test_today_counts_what_was_closed_and_billed_since_midnight(ctx: Context) -> None:
    old = finished(ctx)
    close_session(ctx, old.id, old.version)
    clock(ctx).move(days=2)
    for view in (finished(ctx), finished(ctx, outcome=Outcome.NOT_SOLVED)):
        close_session(ctx, view.id, view.version)
    today = list_today(ctx)
    assert (today.closed_today, today.billed_today_cents) == (2, 10_800 + 7_900)


def test_an_empty_desk_has_an_empty_today(ctx: Context) -> None:
    today = list_today(ctx)
    assert (today.open, today.parked, today.due, today.stuck) == ((), (), (), ())
    assert (today.closed_today, today.billed_today_cents) == (0, 0)


def test_today_shows_the_mails_somebody_must_look_at(ctx: Context) -> None:
    agreed(ctx, content(customer=replace(CLAIRE, email="", no_email_reason="no_address")))
    agreed(ctx)
    assert [(mail.kind, mail.state) for mail in list_today(ctx).stuck] == [("offer", "held")]


def test_protection_switched_off_is_due_at_once(ctx: Context) -> None:
    view = begun(ctx)
    set_protection(ctx, view.id, off=True)
    assert due(ctx) == [("protection", NOON)]
    set_protection(ctx, view.id, off=False)
    assert due(ctx) == []


def test_a_live_code_is_due_until_it_lapses(ctx: Context) -> None:
    view = begun(ctx)
    issue_code(ctx, view.id)
    assert due(ctx) == [("code", NOON + timedelta(minutes=10))]
    clock(ctx).move(minutes=11)
    assert due(ctx) == []


def test_work_late_in_the_customers_evening_is_due_by_nine(ctx: Context) -> None:
    begun(ctx)
    assert due(ctx) == []
    clock(ctx).time = datetime(2026, 11, 23, 19, 31, tzinfo=UTC)
    assert due(ctx) == [("after_hours", datetime(2026, 11, 23, 20, 0, tzinfo=UTC))]


def test_what_waits_for_the_end_of_the_withdrawal_period_is_listed_with_its_end(ctx: Context) -> None:
    agreed(ctx)
    agreed(ctx, content(customer=replace(CLAIRE, segment=Segment.PRO, company="SARL Kerzu")))
    assert due(ctx) == [("withdrawal", datetime(2026, 12, 7, 23, 0, tzinfo=UTC))]


def test_the_most_urgent_comes_first(ctx: Context) -> None:
    view = agreed(ctx)
    issue_code(ctx, view.id)
    begun_at_last = begun(ctx)
    set_protection(ctx, begun_at_last.id, off=True)
    assert [kind for kind, _ in due(ctx)] == ["protection", "code", "withdrawal"]


def test_the_journal_goes_newest_first_page_by_page_and_repeats_none(ctx: Context) -> None:
    ids = [open_session(ctx, Call()).id for _ in range(7)]
    seen, after = [], None
    while True:
        page = search_journal(ctx, JournalFilter(), after, 3)
        seen += numbers(page)
        assert (page.total, page.capped, page.sessions) == (7, False, 7)
        if page.next_key is None:
            break
        after = page.next_key
    assert seen == ids[::-1]


def test_a_full_last_page_has_no_next(ctx: Context) -> None:
    for _ in range(3):
        open_session(ctx, Call())
    assert search_journal(ctx, JournalFilter(), None, 3).next_key is None


def test_a_page_is_never_empty_nor_endless(ctx: Context) -> None:
    open_session(ctx, Call())
    assert len(search_journal(ctx, JournalFilter(), None, 0).rows) == 1
    assert len(search_journal(ctx, JournalFilter(), None, 10**9).rows) == 1


def test_words_numbers_and_both_find_sessions(ctx: Context) -> None:
    claire, karim = drafted(ctx), drafted(ctx, content(Line("tv.advanced-use"), customer=KARIM))
    assert numbers(journal(ctx, text="benali rennes")) == [karim.id]
    assert numbers(journal(ctx, text="482 915 307")) == [claire.id]
    assert numbers(journal(ctx, text="01 99 00")) == [karim.id]
    assert numbers(journal(ctx, text="benali quimper")) == []
    assert numbers(journal(ctx, text="…")) == []


def test_a_session_number_or_its_beginning_finds_the_session(ctx: Context) -> None:
    ids = [drafted(ctx).id for _ in range(3)]
    number = f"S-2026-{ids[1]:06d}"
    for typed in (
        number,
        number.lower(),
        f" {number} ",
        number.replace("-", " "),
        number.replace("-", ""),
        f"{ids[1]:06d}",
    ):
        assert numbers(journal(ctx, text=typed)) == [ids[1]], typed
    assert numbers(journal(ctx, text="S-2026")) == numbers(journal(ctx, text="s-2026-0")) == ids[::-1]
    assert numbers(journal(ctx, text="S-2025-")) == []


def test_more_than_fifty_matches_are_not_counted_further(sqlite_ctx: Context) -> None:
    for _ in range(52):
        drafted(sqlite_ctx)
    page = journal(sqlite_ctx, text="morvan")
    assert (page.total, page.capped, len(page.rows), page.sessions) == (50, True, 50, 52)


@pytest.mark.parametrize("limit", [3, 50, 60])
def test_a_page_of_any_size_tells_the_same_count(sqlite_ctx: Context, limit: int) -> None:
    ids = [drafted(sqlite_ctx).id for _ in range(55)]
    wanted = JournalFilter(text="morvan")
    first = search_journal(sqlite_ctx, wanted, None, limit)
    second = search_journal(sqlite_ctx, wanted, ids[10], limit)
    assert {(page.total, page.capped) for page in (first, second)} == {(50, True)}
    few = search_journal(sqlite_ctx, JournalFilter(text=f"morvan {ids[4]:06d}"), None, limit)
    assert (few.total, few.capped) == (1, False)


def test_filters_by_day_outcome_and_agent(ctx: Context) -> None:
    early = finished(ctx)
    close_session(ctx, early.id, early.version)
    clock(ctx).move(days=5)
    other = replace(ctx, settings=replace(ctx.settings, agent_name="Karim Haddad"))
    late = drafted(other)
    cancel_session(ctx, late.id, late.version, "Rappellera")
    clock(ctx).move(days=5)
    last = drafted(ctx)
    day = timedelta(days=1)
    assert numbers(journal(ctx, since=NOON, until=NOON + day)) == [early.id]
    assert numbers(journal(ctx, since=NOON + day)) == [last.id, late.id]
    assert numbers(journal(ctx, until=NOON + 6 * day)) == [late.id, early.id]
    assert numbers(journal(ctx, since=NOON - 2 * day, until=NOON)) == []
    assert numbers(journal(ctx, since=NOON + 20 * day)) == []
    assert numbers(journal(ctx, outcome="cancelled")) == [late.id]
    assert numbers(journal(ctx, outcome="solved", text="morvan")) == [early.id]
    assert numbers(journal(ctx, agent="Karim Haddad")) == [late.id]
    assert journal(ctx, agent="Karim Haddad").total == 1


def test_a_day_is_found_although_a_clock_was_wrong_for_an_hour(ctx: Context) -> None:
    clock(ctx).move(hours=1)
    ahead = open_session(ctx, Call())
    clock(ctx).move(hours=-1)
    behind = open_session(ctx, Call())
    assert numbers(journal(ctx, since=NOON, until=NOON + timedelta(minutes=30))) == [behind.id]
    assert numbers(journal(ctx, since=NOON + timedelta(minutes=30))) == [ahead.id]


def test_the_story_of_a_session_is_whole_and_checked(ctx: Context) -> None:
    view = finished(ctx)
    closed = close_session(ctx, view.id, view.version)
    story = read_timeline(ctx, view.id)
    assert story.session == closed
    assert [one.seq for one in story.events] == list(range(1, len(story.events) + 1))
    assert all(one.chain_ok and one.payload is not None for one in story.events)
    assert [one.kind for one in story.events] == [
        "session_opened",
        "consent_recorded",
        "consent_recorded",
        "session_qualified",
        "session_agreed",
        "mail_queued",
        "consent_recorded",
        "consent_recorded",
        "consent_recorded",
        "work_begun",
        "decision_made",
        "mail_queued",
        "session_closed",
    ]


def test_an_erased_story_still_verifies(ctx: Context) -> None:
    view = drafted(ctx)
    with ctx.database.write() as tx:
        erase(tx, view.id)
    (opened,) = read_timeline(ctx, view.id).events
    assert (opened.payload, opened.chain_ok) == (None, True)


def test_the_story_of_no_session_is_refused(ctx: Context) -> None:
    with pytest.raises(Refusal) as refused:
        read_timeline(ctx, 9)
    assert refused.value.code == "not_found"


def test_the_log_cannot_be_rewritten(ctx: Context) -> None:
    drafted(ctx)
    with pytest.raises(Exception, match=r"(?i)append|refus|chang|log"), ctx.database.write() as tx:
        tx.execute(update(event).values(kind="nothing_happened"))


@pytest.mark.parametrize(
    "given",
    [
        {"customer_number": "482 915 307"},
        {"customer_number": "482915307"},
        {"callback_number": "0261911234"},
        {"callback_number": "+33 2 61 91 12 34"},
        {"callback_number": "0033261911234"},
    ],
)
def test_a_caller_is_known_by_either_number_however_it_is_typed(sqlite_ctx: Context, given: dict[str, str]) -> None:
    drafted(sqlite_ctx, content(customer=KARIM))
    view = drafted(sqlite_ctx)
    known = find_customer(sqlite_ctx, **given)
    assert known is not None
    assert known.content.customer == CLAIRE
    assert [row.id for row in known.sessions] == [view.id]


def test_a_known_caller_comes_with_the_last_sessions_and_the_identity_that_was_finished(ctx: Context) -> None:
    done = finished(ctx)
    close_session(ctx, done.id, done.version)
    later = [drafted(ctx, content(customer=replace(CLAIRE, city="Ques"))).id for _ in range(7)]
    known = find_customer(ctx, customer_number=CLAIRE.customer_number)
    assert known is not None
    assert [row.id for row in known.sessions] == later[:0:-1]
    assert known.content.customer.city == "Ques"
    recent = finished(ctx)
    close_session(ctx, recent.id, recent.version)
    drafted(ctx, content(customer=replace(CLAIRE, city="Ques")))
    known = find_customer(ctx, customer_number=CLAIRE.customer_number)
    assert known is not None
    assert known.content.customer.city == "Quimper"


@pytest.mark.parametrize(
    "given", [{}, {"customer_number": ""}, {"customer_number": "999999999"}, {"callback_number": "---"}]
)
def test_a_stranger_is_nobody(sqlite_ctx: Context, given: dict[str, str]) -> None:
    drafted(sqlite_ctx)
    drafted(sqlite_ctx, Content(customer=Customer(customer_number="999999999")))
    assert find_customer(sqlite_ctx, **given) is None


def test_lists_name_the_company_or_the_person() -> None:
    assert shown_name(CLAIRE) == "Claire Morvan"
    assert shown_name(replace(CLAIRE, company="SARL Kerzu")) == "SARL Kerzu"
    assert shown_name(Customer(surname="Blin")) == "Blin"
    assert shown_name(Customer()) == ""


def test_telephone_numbers_have_one_form() -> None:
    assert phone_key("02 61 91-12.34") == phone_key("+33 2 61 91 12 34") == phone_key("0033261911234") == "0261911234"
    assert phone_key("+32 2 555 12 12") == "+3225551212"


def test_consents_of_the_page_and_of_the_voice_stand_in_the_story_as_such(ctx: Context) -> None:
    view = consent(ctx, agreed(ctx), ConsentKind.BACKUP)
    record_consent(ctx, view.id, ConsentKind.SCREEN_SHARING, Answer.YES, Channel.PAGE)
    told = [(one.actor, one.payload and one.payload["channel"]) for one in read_timeline(ctx, view.id).events[-2:]]
    assert told == [("agent", "voice"), ("customer", "page")]


def proofs(ctx: Context, session_id: int) -> dict[str, bool]:
    return {proof.kind: proof.holds for proof in read_timeline(ctx, session_id).proofs}


def test_a_session_is_checked_as_far_as_it_has_come(ctx: Context) -> None:
    assert proofs(ctx, drafted(ctx).id) == {"chain": True}
    view = begun(ctx)
    issue_code(ctx, view.id)
    assert proofs(ctx, view.id) == {"chain": True, "code": True}
    view = finished(ctx)
    close_session(ctx, view.id, view.version)
    assert proofs(ctx, view.id) == {"chain": True, "consents": True, "decision": True}


def test_nothing_is_charged_without_consents_so_none_are_checked(ctx: Context) -> None:
    view = finished(ctx, content(Line("livebox.connect-device")), Outcome.NOT_SOLVED)
    closed = close_session(ctx, view.id, view.version)
    assert closed.decision is not None
    assert closed.decision.total_cents == 0
    assert proofs(ctx, view.id) == {"chain": True, "decision": True}


@pytest.mark.parametrize(
    ("forged", "failing"),
    [
        (update(consent_table).where(consent_table.c.kind == "price").values(at=NOON + timedelta(days=1)), "consents"),
        (delete(consent_table).where(consent_table.c.kind == "warranty"), "consents"),
        (update(decision).values(total_cents=1), "decision"),
        (update(chain).values(seq=chain.c.seq + 1), "chain"),
    ],
)
def test_a_check_fails_alone_where_something_was_forged(ctx: Context, forged: Executable, failing: str) -> None:
    view = finished(ctx)
    close_session(ctx, view.id, view.version)
    with ctx.database.write() as tx:
        tx.execute(forged)
    assert [kind for kind, holds in proofs(ctx, view.id).items() if not holds] == [failing]


def test_a_code_used_twice_or_never_issued_is_told(ctx: Context) -> None:
    view = begun(ctx)
    issue_code(ctx, view.id)
    for used in (True, False):
        with ctx.database.write() as tx:
            append(tx, view.id, "code_redeemed", {}, at=NOON, actor="customer")
        assert proofs(ctx, view.id) == {"chain": True, "code": used}
