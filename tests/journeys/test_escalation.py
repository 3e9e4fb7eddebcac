"""A case is sent to the wrong team, comes back, and goes to the level that takes no calls; its whole path is on one line."""

from contextlib import AbstractContextManager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from agent_desk.actions.set_duties import set_duties
from agent_desk.desktop.journal import JournalScreen
from agent_desk.desktop.session.escalation_bar import EscalationBar
from agent_desk.rules.duties import Duty
from agent_desk.rules.people import Role
from agent_desk.storage.mails import read_letter, session_mails
from tests.support.callcentre import ADA, KARIM, NADIA, SAM, CallCentre
from tests.support.desks import SetClock, drafted
from tests.support.seeing import F9, arrived, bar_of, matter, opened, promise_rows, put_away, seen, shows, today
from tests.support.workstation import Workstation, wait_until, workstation

LEA = "lea"
SPACE = Qt.Key.Key_Space


def sends(desk: Workstation, duty: str, contact: str) -> None:
    """Send the session on the screen to the team of that duty, naming who calls the customer."""
    bar = matter(desk, "escalation", EscalationBar)
    places = [bar.to.itemText(place) for place in range(bar.to.count())]
    for _ in range(next(place for place, text in enumerate(places) if duty in text)):
        desk.press(Qt.Key.Key_Down)
    bar.contact.selectAll()
    bar.contact.setFocus()
    desk.type(contact)
    bar.fields["tried"].setFocus()
    desk.type("Redemarrage, autre cable")
    assert f"{contact} vous rappelle au plus tard le mercredi 25 novembre 2026, 18 h." in seen(bar)
    assert "Le client le lit aussi, par courriel à claire.morvan@example.org." in seen(bar)
    bar.send.setFocus()
    desk.press(SPACE)
    put_away(desk)


def test_returned_by_the_wrong_team_it_reaches_level_three_and_its_sender_keeps_the_promise(
    qapp: QApplication, tmp_path: Path, staffed: CallCentre
) -> None:
    staffed.add(LEA, "Lea Roy", Role.AGENT, "Plateformes")
    for team, duty in (("Nord", Duty.COMMERCIAL), ("Sud", Duty.TERMINALS), ("Plateformes", Duty.PLATFORMS)):
        set_duties(staffed.ctx(ADA), team, [duty])
    watch = SetClock()
    view = drafted(staffed.ctx(NADIA))

    def at(login: str) -> AbstractContextManager[Workstation]:
        return workstation(qapp, tmp_path / login, watch, database_url=staffed.url(login))

    with at(NADIA) as desk:
        opened(desk, view.id)
        sends(desk, "Sud", "Karim Benali")
    with at(KARIM) as desk:
        today(desk)
        shows(desk, "de Nadia Leroy")
        assert "Demande à une autre équipe" in seen(desk.window)
        assert "Essayé : Redemarrage, autre cable" in seen(desk.window)
        desk.press(F9)
        arrived(desk, view.id)
        bar = bar_of(desk, EscalationBar)
        assert "Nord → Sud" in seen(bar)
        bar.said.setFocus()
        desk.type("ligne coupee, pas la box")
        bar.give_back.setFocus()
        desk.press(SPACE)
        put_away(desk)
    with at(NADIA) as desk:
        today(desk)
        shows(desk, "Nouvelles promises")
        opened(desk, view.id)
        assert "ligne coupee, pas la box" in seen(desk.window)
        sends(desk, "Plateformes", "Nadia Leroy")
        (row,) = promise_rows(desk)
        assert "Nouvelles promises" in seen(row), "level three takes no calls: one promise, the sender's own"
        shows(desk, "Nouvelles promises")
    with at(LEA) as desk:
        today(desk)
        desk.press(F9)
        arrived(desk, view.id)
        bar = bar_of(desk, EscalationBar)
        assert "Nord → Sud → Nord → Plateformes" in seen(bar)
        bar.said.setFocus()
        desk.type("Compte retabli")
        bar.answer.setFocus()
        desk.press(SPACE)
        put_away(desk)
    with at(NADIA) as desk:
        today(desk)
        shows(desk, "Compte retabli")
        (row,) = promise_rows(desk)
        row.told.setFocus()
        desk.press(SPACE)
        wait_until(lambda: "Nouvelles promises" not in seen(desk.window), "the promise kept")
    with at(SAM) as desk:
        desk.press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
        journal = desk.window.screen_named("journal")
        assert isinstance(journal, JournalScreen)
        line = journal.story.findChild(QLabel, "case_path")
        assert line is not None
        wait_until(lambda: line.text() == "Nord → Sud → Nord → Plateformes → Nord", "the path on one line")
        assert line.isVisible()
    with staffed.owner.read() as tx:
        written = [read_letter(tx, one.id) for one in session_mails(tx, view.id)]
    told = [" ".join(one.text.split()) for one in written if one is not None]
    assert len(told) == 3, "once for each change"
    assert all(name in text for name, text in zip(("Karim Benali", "Cette équipe", "Nadia Leroy"), told, strict=True))
    assert all("vous appelle au plus tard le mercredi 25 novembre 2026, 18 h." in text for text in told)
