"""Professional customers: a contact of their own, acts that are measured, confirmations sent once more as they were."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from agent_desk.actions.add_people import NewPerson, add_people
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.errors import Refusal
from agent_desk.actions.look_at_pro_acts import look_at_pro_acts
from agent_desk.actions.look_at_pro_contact import look_at_pro_contact
from agent_desk.actions.send_duplicate import send_duplicate
from agent_desk.actions.send_outbox import send_outbox
from agent_desk.actions.set_pro_contacts import set_pro_contacts
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.ports import DataBegins, Delivery, Letter, Relay, Reply
from agent_desk.rules.people import Role
from agent_desk.rules.pro import NewContact, ProContact
from agent_desk.rules.session import Customer, HomeVisit, Outcome, Segment
from agent_desk.storage.events import history
from agent_desk.storage.faults import DatabaseFault
from agent_desk.storage.mails import read_letter, session_mails
from tests.support.callcentre import ADA, KARIM, NADIA, OLGA, SAM, CallCentre
from tests.support.desks import CLAIRE, NOON, clock, content, drafted, finished

PRO = replace(CLAIRE, segment=Segment.PRO, company="Morvan SARL")
NUMBER = "482915307"
DAY = timedelta(days=1)


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


def test_what_professionals_ask_for_is_measured_against_the_next_day(ctx: Context) -> None:
    closed(ctx, CLAIRE)  # not a professional
    view = closed(ctx)
    since, until = NOON - DAY, NOON + 30 * DAY
    found = look_at_pro_acts(ctx, since, until)
    if ctx.database.dialect == "sqlite":  # a server goes by its own clock, for which all that is long ago
        assert (found.total, found.open) == (0, 2)
    clock(ctx).move(hours=2)
    send_outbox(ctx, Accepting())
    found = look_at_pro_acts(ctx, since, until)
    assert (found.total, found.kept, found.open, found.missed) == (2, 2, 0, ())
    send_duplicate(ctx, view.id)
    clock(ctx).move(days=2)
    send_outbox(ctx, Accepting())
    found = look_at_pro_acts(ctx, since, until)
    assert (found.total, found.kept) == (3, 2)
    (late,) = found.missed
    assert (late.number, late.agent, late.act.request) == (view.number, "Nadia Leroy", "mail_queued")
    assert look_at_pro_acts(ctx, until, until + DAY).total == 0


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
    assert look_at_pro_acts(sam, NOON - DAY, NOON + DAY).total + look_at_pro_acts(sam, NOON - DAY, NOON + DAY).open == 3
    assert verify_log(staffed.own).fault is None
