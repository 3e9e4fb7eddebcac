"""Professional customers: a contact of their own, acts that are measured, confirmations sent once more as they were."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, insert, select, update

from agent_desk.actions.add_people import NewPerson, add_people
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.errors import Refusal
from agent_desk.actions.list_misses import list_misses
from agent_desk.actions.look_at_pro_contact import look_at_pro_contact
from agent_desk.actions.report_commitments import report_commitments
from agent_desk.actions.send_duplicate import send_duplicate
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.actions.set_pro_contacts import set_pro_contacts
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.ports import DataBegins, Delivery, Letter, Relay, Reply
from agent_desk.rules.people import Role
from agent_desk.rules.pro import NewContact, ProContact
from agent_desk.rules.session import Customer, HomeVisit, Outcome, Segment, Territory
from agent_desk.storage.colleague_tables import handover
from agent_desk.storage.credit_tables import credit
from agent_desk.storage.events import history
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.mails import read_letter, session_mails
from agent_desk.storage.tables import mail, team
from tests.support.callcentre import ADA, KARIM, NADIA, OLGA, SAM, CallCentre
from tests.support.desks import CLAIRE, NOON, clock, content, drafted, finished

PRO = replace(CLAIRE, segment=Segment.PRO, company="Morvan SARL")
NUMBER = "482915307"
DAY = timedelta(days=1)
MONTH = "2026-11"


class Accepting(Relay):
    """A relay that takes everything."""

    def send(self, letter: Letter, data_begins: DataBegins) -> Delivery:
        assert data_begins()
        return Delivery(Reply.ACCEPTED, cause="accepted")


def closed(ctx: Context, customer: Customer = PRO) -> SessionView:
    view = finished(ctx, content(customer=customer))
    return close_session(ctx, view.id, view.version)


def letters(ctx: Context, session_id: int, kind: str) -> list[Letter]:
    with ctx.database.read() as tx:
        found = [read_letter(tx, one.id) for one in session_mails(tx, session_id) if one.kind == kind]
    return [one for one in found if one is not None]


def refused(act: Any, *arguments: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        act(*arguments)
    return refusal.value.code


def test_a_duplicate_is_the_very_same_mail_with_the_very_same_paper(ctx: Context) -> None:
    view = closed(ctx)
    assert send_duplicate(ctx, view.id).kind == "duplicate"
    second = send_duplicate(ctx, view.id)
    (original,) = letters(ctx, view.id, "confirmation")
    first, again = letters(ctx, view.id, "duplicate")
    for one in (first, again):
        assert (one.subject, one.text, one.html, one.recipient) == (
            original.subject, original.text, original.html, original.recipient,
        )  # fmt: skip
        assert [part.content for part in one.attachments] == [part.content for part in original.attachments]
        assert one.attachments == original.attachments
    assert len({original.message_id, first.message_id, again.message_id}) == 3
    with ctx.database.read() as tx:
        told = [one.payload or {} for one in history(tx, view.id) if one.kind == "duplicate_sent"]
    assert [(one["ordinal"], one["kind"]) for one in told] == [(1, "confirmation"), (2, "confirmation")]
    assert told[1]["mail"] == second.id
    assert verify_log(ctx).fault is None


def test_after_a_correction_it_is_the_correction_and_without_any_it_is_refused(sqlite_ctx: Context) -> None:
    view = closed(sqlite_ctx)
    correct_session(sqlite_ctx, view.id, view.version, [Outcome.SOLVED, Outcome.NOT_SOLVED], HomeVisit.NONE, "mal noté")
    send_duplicate(sqlite_ctx, view.id)
    (correction,) = letters(sqlite_ctx, view.id, "correction")
    (duplicate,) = letters(sqlite_ctx, view.id, "duplicate")
    assert (duplicate.subject, duplicate.attachments) == (correction.subject, correction.attachments)
    assert refused(send_duplicate, sqlite_ctx, drafted(sqlite_ctx).id) == "no_confirmation"
    printed = closed(sqlite_ctx, replace(PRO, email="", no_email_reason="no_address"))
    assert send_duplicate(sqlite_ctx, printed.id).state == "held"


def acts(ctx: Context) -> tuple[int, int]:
    """Return how many acts of professionals November counts, and how many took effect in time."""
    (row,) = (one for one in report_commitments(ctx, MONTH, MONTH).rows if one.commitment.id == "pro-next-day")
    return row.count.total, row.count.kept


def test_what_professionals_ask_for_is_measured_against_the_next_day(ctx: Context) -> None:
    closed(ctx, CLAIRE)  # not a professional
    view = closed(ctx)
    clock(ctx).move(hours=2)
    send_outbox(ctx, Accepting())
    assert acts(ctx) == (0, 0)  # what is due tomorrow is no case yet
    island = closed(ctx, replace(PRO, territory=Territory.GUADELOUPE))
    clock(ctx).move(days=1, hours=15)  # the 25th, 5:00 in Paris, and 0:00 there
    send_outbox(ctx, Accepting())
    for _ in range(2):
        assert acts(ctx) == (4, 2)  # two mails of each session
        missed = list_misses(ctx, "pro-next-day", MONTH, MONTH)
        assert [(one.number, one.agent) for one in missed] == [(island.number, "Nadia Leroy")] * 2
        assert list_misses(ctx, "pro-next-day", "2026-12", "2026-12") == ()
        assert {one.at for one in missed} == {ctx.clock.now().replace(day=25, hour=4, minute=0) - timedelta.resolution}
        send_duplicate(ctx, view.id)  # asked today
        clock(ctx).move(minutes=1)
    later = ctx.clock.now() + 9 * DAY
    with ctx.database.write() as tx:  # a reminder meant for another week
        of = select(func.max(mail.c.id)).scalar_subquery()
        tx.execute(update(mail).where(mail.c.id == of).values(not_before=later))
    clock(ctx).move(days=3)
    assert acts(ctx) == (5, 2)
    clock(ctx).move(days=40)
    assert acts(ctx) == (5, 2)


def test_credits_and_hand_overs_are_acts_too(ctx: Context) -> None:
    view = closed(ctx)
    send_outbox(ctx, Accepting())
    with ctx.database.write() as tx:
        (nord,) = tx.execute(insert(team).values(name="Nord").returning(team.c.id)).one()
        for done_at in (NOON + DAY, NOON + 2 * DAY, None):
            gave = {"session_id": view.id, "at": NOON, "customer_number": NUMBER, "amount_cents": 100, "reason": "x"}
            ends = {"state": "granted", "settled_at": done_at}
            tx.execute(insert(credit).values(gave | ends | {"by_mark": "a", "by_name": "A"}))
            words = {"tried": "t", "seen": "s", "promised": "p", "from_mark": "a", "from_name": "A", "to_name": "N"}
            row = {"session_id": view.id, "at": NOON, "to_team_id": nord, "taken_at": done_at}
            tx.execute(insert(handover).values(words | row))
    clock(ctx).move(days=5)
    assert acts(ctx) == (8, 4)


def test_a_contact_is_set_replaced_and_taken_away_on_one_desk(sqlite_ctx: Context) -> None:
    ctx = sqlite_ctx
    add_people(ctx, [NewPerson("lea", "Léa Roy", Role.AGENT, "Pro")])
    assert set_pro_contacts(ctx, [NewContact("482 915 307", "lea", "Pro"), NewContact("731204558", team="Pro")]) == 2
    found = look_at_pro_contact(ctx, "482 915 307")
    assert found is not None
    assert (found.person, found.team, found.customer_number) == ("Léa Roy", "Pro", NUMBER)
    other = look_at_pro_contact(ctx, "731204558")
    assert other == ProContact("731204558", "Pro", found.team_id)
    set_pro_contacts(ctx, [NewContact(NUMBER)])
    assert look_at_pro_contact(ctx, NUMBER) is None
    assert look_at_pro_contact(ctx, "12") is None
    for contact, code in (
        (NewContact("12", "lea", "Pro"), "pro_number"),
        (NewContact(NUMBER, "lea", "Personne"), "team_unknown"),
        (NewContact(NUMBER, "bob", "Pro"), "person_unknown"),
    ):
        assert refused(set_pro_contacts, ctx, [contact]) == code
    assert look_at_pro_contact(ctx, NUMBER) is None


def test_in_a_call_centre_administrators_set_them_and_agents_find_them_by_the_exact_number(staffed: CallCentre) -> None:
    nadia, karim, ada, sam = (staffed.ctx(login) for login in (NADIA, KARIM, ADA, SAM))
    set_pro_contacts(ada, [NewContact(NUMBER, KARIM, "Sud")])
    for ctx in (nadia, karim, sam):
        found = look_at_pro_contact(ctx, NUMBER)
        assert found is not None
        assert (found.person, found.team) == ("Karim Benali", "Sud")
    for ctx in (nadia, sam):
        with pytest.raises(DatabaseFault, match="no_rights"):
            set_pro_contacts(ctx, [NewContact(NUMBER)])
    for login, attempt in (
        (NADIA, "SELECT * FROM pro_contact"),
        (SAM, "DELETE FROM pro_contact"),
        (ADA, "UPDATE pro_contact SET person_id = NULL"),
        (OLGA, "SELECT desk_set_pro_contacts(ARRAY['482915307'], ARRAY[''], ARRAY[''])"),
        (ADA, "SELECT desk_set_pro_contacts(ARRAY['x'], ARRAY[''], ARRAY[''])"),
    ):
        with pytest.raises(psycopg.Error):
            staffed.connect(login).execute(attempt.encode())
    view = closed(nadia)
    assert send_duplicate(sam, view.id).kind == "duplicate"
    clock(sam).move(days=5)
    assert acts(sam) == (3, 0)
    assert {one.number for one in list_misses(sam, "pro-next-day", MONTH, MONTH, "Nord")} == {view.number}
    assert verify_log(staffed.own).fault is None
