"""Everything about one session goes onto paper: whole, in the reader's words, told in its log; or nothing at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import BinaryIO

import psycopg
import pytest
from sqlalchemy import update

from agent_desk.actions.book_visit import book_visit
from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.correct_session import correct_session
from agent_desk.actions.errors import Refusal
from agent_desk.actions.export_case import export_case, session_called
from agent_desk.actions.finish_visit import finish_visit
from agent_desk.actions.move_visit import move_visit
from agent_desk.actions.read_timeline import read_timeline
from agent_desk.actions.review_session import choose_review, review_session
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import SessionView
from agent_desk.ports import CaseFile, CaseRow
from agent_desk.rules.review import Mark, ReviewStep
from agent_desk.rules.session import HomeVisit, Outcome
from agent_desk.storage.tables import event
from agent_desk.wording import load_wording
from tests.support.callcentre import ADA, KARIM, NADIA, OLGA, SAM, CallCentre
from tests.support.desks import NOON, PlainPrinter, clock, drafted, finished
from tests.support.visits import TOMORROW, booked, plan, visited

WHY = "Le client a rappelé"


@contextmanager
def paper() -> Iterator[BinaryIO]:
    """Give a file in memory."""
    yield BytesIO()


class Full(BytesIO):
    """A file on a full disk."""

    def write(self, _content: object) -> int:
        raise OSError("no space left")


def closed(ctx: Context) -> SessionView:
    view = finished(ctx)
    return close_session(ctx, view.id, view.version)


def drawn(ctx: Context, view: SessionView, language: str = "fr") -> CaseFile:
    """Return what goes onto paper."""
    export_case(ctx, view.id, paper, language)
    assert isinstance(ctx.printer, PlainPrinter)
    return ctx.printer.cases[-1]


def section(case: CaseFile, name: str) -> tuple[CaseRow, ...]:
    heading = load_wording(case.language).text(f"case_file.sections.{name}")
    return dict(case.sections)[heading]


def kinds(ctx: Context, view: SessionView) -> list[str]:
    return [one.kind for one in read_timeline(ctx, view.id).events]


def test_a_case_file_holds_who_what_when_why_and_what_was_checked(ctx: Context) -> None:
    view = closed(ctx)
    case = drawn(ctx, view)
    facts = dict(case.facts)
    assert (case.title, case.number) == ("Dossier de la session S-2026-000001", "S-2026-000001")
    assert (facts["Client"], facts["Montant TTC"]) == ("Mme Claire Morvan", "108,00\u00a0€")
    assert {"Identifiant", "Adresse"} <= {row.label for row in section(case, "customer")}
    assert [row.label for row in section(case, "request")][:2] == ["Réglé", "Réglé"]
    assert "23\u00a0nov.\u00a02026, 12:00:00" in {row.label for row in section(case, "times")}
    (decision,) = section(case, "decisions")
    assert "art. 4.9" in " ".join(decision.details)
    assert decision.mark == "", "there is but one"
    assert [row.text for row in section(case, "consents")][:1] == ["Garantie du fabricant\u00a0: Oui"]
    assert len(section(case, "mails")) == 2
    assert {row.mark for row in section(case, "proofs")} == {"tenu", ""}


def test_each_event_is_on_paper_as_on_the_screen_and_the_last_hash_with_them(ctx: Context) -> None:
    view = closed(ctx)
    story = read_timeline(ctx, view.id)
    case = drawn(ctx, view)
    events = section(case, "events")
    assert [int(row.label.split(" · ")[0]) for row in events] == [one.seq for one in story.events]
    assert {row.mark for row in events} == {"vérifié"}
    assert "Session close" in {row.text for row in events}
    with ctx.database.read() as tx:
        head = tx.execute(event.select().where(event.c.chain == view.id, event.c.seq == len(events))).one().hash
    assert "".join(section(case, "proofs")[-1].details).replace(" ", "") == bytes(head).hex()


def test_a_corrected_session_shows_both_decisions(ctx: Context) -> None:
    view = closed(ctx)
    clock(ctx).move(days=1)
    correct_session(ctx, view.id, view.version, [Outcome.SOLVED, Outcome.NOT_SOLVED], HomeVisit.NONE, WHY)
    first, second = section(drawn(ctx, view, "en"), "decisions")
    assert (first.text, first.mark) == ("Decision 1: €108.00", "replaced")
    assert (second.text, second.mark) == ("Decision 2: €79.00", "in force")


def test_a_visit_is_on_paper_from_its_booking_to_its_decision_with_what_was_sent(ctx: Context) -> None:
    view = visited(ctx)
    book_visit(ctx, view.id, plan())
    clock(ctx).move(minutes=5)
    again = plan(TOMORROW + timedelta(days=1), 4550, severe_weather=True)
    move_visit(ctx, view.id, booked(ctx, view.id).id, again, "neige annoncée", accepted=True)
    clock(ctx).time = TOMORROW + timedelta(days=1, minutes=30)
    assert "Visite TTC" not in dict(drawn(ctx, view).facts)
    finish_visit(ctx, view.id, booked(ctx, view.id).id)
    case = drawn(ctx, view)
    assert dict(case.facts)["Visite TTC"] == "45,50\u00a0€"
    moved, done = section(case, "visits")
    assert (moved.mark, done.mark) == ("Déplacée", "Faite")
    assert moved.text == "mardi 24\u00a0novembre\u00a02026, entre 9\u00a0h et 11\u00a0h\u00a0: 69,00\u00a0€"
    assert moved.details == (
        "Demandée le 23\u00a0nov.\u00a02026, 12:00:00",
        "Prix accepté le 23\u00a0nov.\u00a02026, 12:00:00",
        "Plafond 69,00\u00a0€ (Métropole), TVA 20\u202f%",
        "par Nadia Leroy",
        "Intempéries",
        "Déplacée, 23\u00a0nov.\u00a02026, 12:05:00",
        "neige annoncée",
    )
    assert "Prix accepté le 23\u00a0nov.\u00a02026, 12:05:00" in done.details
    of_session, of_visit = section(case, "decisions")
    assert (of_session.text, of_visit.text) == (
        "Décision 1\u00a0: 0,00\u00a0€",
        "Visite à domicile\u00a0: 45,50\u00a0€",
    )
    assert "plafond 69,00\u00a0€ (Métropole)" in of_visit.details[1]
    sent = {row.text: row.details for row in section(case, "mails")}
    assert "45,50\u00a0€ TTC" in sent["Visite déplacée (SMS)"][0].replace(" €", "\u00a0€")
    assert any(text.startswith("Confirmation de visite\u00a0: Votre visite à domicile") for text in sent)


def test_what_was_said_in_a_review_is_on_paper_as_far_as_its_reader_may_see_it(ctx: Context) -> None:
    view = closed(ctx)
    sam = replace(ctx, settings=replace(ctx.settings, agent_name="Sam Petit"))
    choose_review(sam, view.id)
    review_session(sam, view.id, 1, view.version, ReviewStep.MARK, Mark.TO_IMPROVE, "Redire le prix.")
    (row,) = section(drawn(sam, view), "reviews")
    assert (row.text, row.details) == ("Relecture\u00a0: À améliorer", ("Redire le prix.", "par Sam Petit"))


def test_a_session_just_opened_has_a_case_file_too(ctx: Context) -> None:
    case = drawn(ctx, drafted(ctx))
    assert "Montant TTC" not in dict(case.facts)
    headings = [heading for heading, _rows in case.sections]
    assert "Décisions de facturation" not in headings
    assert headings[-1] == "Événements"


def test_a_changed_event_is_named_on_paper(sqlite_ctx: Context) -> None:
    view = closed(sqlite_ctx)
    with sqlite_ctx.database.write() as tx:
        tx.exec_driver_sql("DROP TRIGGER event_no_update")
        tx.execute(update(event).where(event.c.chain == view.id, event.c.seq == 3).values(kind="code_issued"))
    case = drawn(sqlite_ctx, view)
    assert [row.mark for row in section(case, "events")][2] == "rompu"
    assert section(case, "proofs")[0].mark == "en défaut"


def test_taking_it_out_is_an_event_of_the_session_and_not_a_second_reading(ctx: Context) -> None:
    view = closed(ctx)
    before = kinds(ctx, view)
    drawn(ctx, view)
    story = read_timeline(ctx, view.id)
    assert [one.kind for one in story.events] == [*before, "file_exported"]
    assert story.events[-1].payload == {"by": "Nadia Leroy", "form": "pdf"}
    assert story.events[-1].at == NOON
    assert verify_log(ctx).fault is None


def test_a_full_disk_leaves_no_event(ctx: Context) -> None:
    view = closed(ctx)

    @contextmanager
    def full() -> Iterator[BinaryIO]:
        yield Full()

    with pytest.raises(OSError, match="no space"):
        export_case(ctx, view.id, full)
    assert "file_exported" not in kinds(ctx, view)


def test_a_number_finds_its_session_and_an_unknown_one_is_refused(ctx: Context) -> None:
    view = drafted(ctx)
    assert session_called(ctx, " s-2026-000001 ") == view.id
    with pytest.raises(Refusal, match="not_found"):
        session_called(ctx, "S-2026-999999")
    with pytest.raises(Refusal, match="not_found"):
        export_case(ctx, 99, paper)


def test_in_a_call_centre_supervisors_and_auditors_take_it_out_and_nobody_else(staffed: CallCentre) -> None:
    view = closed(staffed.ctx(NADIA))
    for login, name in ((SAM, "Sam Petit"), (OLGA, "Olga Roux")):
        ctx = staffed.ctx(login)
        assert read_timeline(ctx, view.id).may_export
        assert dict(drawn(ctx, view).facts)["Équipe"] == "Nord"
        told = read_timeline(staffed.own, view.id).events[-1]
        assert (told.kind, told.payload) == ("file_exported", {"by": name, "form": "pdf"})
    for login in (NADIA, KARIM, ADA):
        with pytest.raises(Refusal, match="export_not_allowed"):
            export_case(staffed.ctx(login), view.id, paper)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            staffed.connect(login).execute("SELECT desk_tell_file_export(%s, 'pdf')", (view.id,))
    assert not read_timeline(staffed.ctx(NADIA), view.id).may_export
    assert verify_log(staffed.own).fault is None


def test_nobody_writes_about_an_export_into_the_chain_of_the_site(staffed: CallCentre) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        staffed.connect(SAM).execute("SELECT desk_tell_file_export(0, 'pdf')")
