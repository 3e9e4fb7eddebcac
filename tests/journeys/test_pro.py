"""A professional who calls has a contact of their own, one click away; their confirmation goes out again by one key."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.close_session import close_session
from agent_desk.actions.context import Context
from agent_desk.actions.set_pro_contacts import set_pro_contacts
from agent_desk.actions.views import SessionView
from agent_desk.desktop.journal import JournalScreen
from agent_desk.rules.pro import NewContact
from agent_desk.rules.session import Segment
from agent_desk.storage.mails import session_mails
from tests.support.callcentre import ADA, KARIM, NADIA, CallCentre
from tests.support.desks import CLAIRE, SetClock, content, drafted, finished
from tests.support.seeing import opened
from tests.support.trouble import sentences
from tests.support.workstation import wait_until, workstation

PRO = replace(CLAIRE, segment=Segment.PRO, company="Morvan SARL")
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def duplicates(ctx: Context, session_id: int) -> int:
    with ctx.database.read() as tx:
        return [one.kind for one in session_mails(tx, session_id)].count("duplicate")


def test_a_professionals_contact_is_named_and_the_session_offered_to_them(
    qapp: QApplication, tmp_path: Path, staffed: CallCentre
) -> None:
    set_pro_contacts(staffed.ctx(ADA), [NewContact(PRO.customer_number, KARIM, "Sud")])
    theirs = drafted(staffed.ctx(NADIA), content(customer=PRO))
    others = drafted(staffed.ctx(NADIA))  # the same number, not as a professional
    with workstation(qapp, tmp_path, SetClock(), database_url=staffed.url(NADIA)) as desk:
        opened(desk, others.id)
        assert not desk.session.pro.note.isVisible()
        opened(desk, theirs.id)
        note = desk.session.pro
        wait_until(note.note.isVisible, "who is there for them")
        assert note.note.sentence.text() == "Client Pro. Votre interlocuteur\u00a0: Karim Benali, équipe Sud"
        desk.session.refresh()
        assert note.hand.text() == "Confier à Karim Benali"
        desk.click(note.hand)
        bar = desk.session.handing.bar
        assert bar.isVisible()
        assert bar.to.currentText() == "Karim Benali"


def test_one_key_sends_a_confirmation_again_from_the_session_and_from_the_journal(
    qapp: QApplication, tmp_path: Path
) -> None:
    def made(ctx: Context) -> SessionView:
        view = finished(ctx, content(customer=PRO))
        return close_session(ctx, view.id, view.version)

    with workstation(qapp, tmp_path, SetClock()) as desk:
        view = desk.work(made)
        opened(desk, view.id)
        desk.press(Qt.Key.Key_D, BOTH)
        wait_until(lambda: desk.work(lambda ctx: duplicates(ctx, view.id)) == 1, "the first duplicate")
        wait_until(lambda: "claire.morvan@example.org" in " ".join(sentences(desk.window)), "where it goes")
        assert "Renvoyer la confirmation (duplicata)" in {one.text for one in desk.session.commands()}
        desk.window.go("journal")
        journal = desk.window.screen_named("journal")
        assert isinstance(journal, JournalScreen)
        wait_until(journal.story.duplicate.button.isVisible, "the story of the session")
        desk.click(journal.story.duplicate.button)
        wait_until(lambda: desk.work(lambda ctx: duplicates(ctx, view.id)) == 2, "the second one")
