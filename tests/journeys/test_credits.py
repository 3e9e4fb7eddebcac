"""A credit above an agent's limit goes from one desk to a supervisor's, by keyboard, and to the customer."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from agent_desk.actions.look_at_credits import look_at_credits
from agent_desk.desktop.session.credit_bar import CreditBar
from agent_desk.desktop.today import TodayScreen
from agent_desk.desktop.widgets import Elided
from agent_desk.rules.credit import CreditState
from agent_desk.storage.mails import session_mails
from tests.support.callcentre import NADIA, SAM, CallCentre
from tests.support.desks import SetClock, drafted
from tests.support.seeing import matter, opened
from tests.support.workstation import Workstation, wait_until, workstation

ENTER = Qt.Key.Key_Return
SPACE = Qt.Key.Key_Space


def credit_bar(desk: Workstation) -> CreditBar:
    bar = desk.window.findChild(CreditBar)
    assert bar is not None
    return bar


def shown(bar: CreditBar) -> str:
    found = [one for one in bar.findChildren(QLabel) if one.isVisible()]
    return " ".join(one.whole() if isinstance(one, Elided) else one.text() for one in found)


def credits_of(desk: Workstation, number: int) -> CreditBar:
    """Open a session and its credits by the menu of what follows."""
    opened(desk, number)
    bar = matter(desk, "credit", CreditBar)
    wait_until(bar.sums.text, "the sums")
    return bar


def test_what_an_agent_may_not_grant_alone_is_found_in_today_and_approved(
    qapp: QApplication, tmp_path: Path, staffed: CallCentre
) -> None:
    clock, view = SetClock(), drafted(staffed.ctx(NADIA))
    with workstation(qapp, tmp_path / "nadia", clock, database_url=staffed.url(NADIA)) as desk:
        bar = credits_of(desk, view.id)
        assert "Ce mois-ci\u00a0: 0,00\u00a0€ pour ce client" in bar.sums.text()
        assert "15,00\u00a0€ par session" in bar.verdict.text()
        for typed in ("-5", "0", "99999", "abc"):
            bar.amount.clear()
            desk.type(typed)
            assert bar.amount.property("fault") is True
            assert not bar.confirm.isEnabled()
        bar.amount.clear()
        desk.type("30")
        assert bar.verdict.text().startswith("Au-delà de votre limite de 15,00\u00a0€")
        desk.press(ENTER)
        desk.type("Rappel promis, jamais fait")
        desk.press(ENTER)
        assert (QApplication.focusWidget(), bar.confirm.text()) == (bar.confirm, "Proposer")
        desk.press(SPACE)
        wait_until(lambda: "en attente d’une seconde personne" in shown(bar), "the credit proposed")
        assert bar.findChild(QPushButton, "approve_credit_1") is None
        assert "30,00\u00a0€ déjà donnés" in bar.verdict.text()
        desk.press(Qt.Key.Key_Escape)
        assert not bar.isVisible()
    with workstation(qapp, tmp_path / "sam", clock, database_url=staffed.url(SAM)) as desk:
        today = desk.window.screen_named("today")
        assert isinstance(today, TodayScreen)
        wait_until(today.promised.isVisible, "the promise in Today")
        assert "Avoir à approuver" in " ".join(one.text() for one in today.promised.findChildren(QLabel))
        today.setFocus()
        desk.press(Qt.Key.Key_F9)
        wait_until(lambda: desk.window.findChild(QPushButton, "approve_credit_1") is not None, "the credit to approve")
        bar = credit_bar(desk)
        wait_until(lambda: "Rappel promis, jamais fait" in shown(bar), "what was proposed")
        bar.findChild(QPushButton, "approve_credit_1").setFocus()  # type: ignore[union-attr]  # seen above
        desk.press(SPACE)
        wait_until(lambda: "accordé" in shown(bar), "the credit granted")
        wait_until(lambda: bar.findChild(QPushButton, "approve_credit_1") is None, "nothing left to decide")
    (given,) = look_at_credits(staffed.own, view.id).credits
    assert (given.state, given.by, given.approved_by) == (CreditState.GRANTED, "Nadia Leroy", "Sam Petit")
    with staffed.owner.read() as tx:
        assert [one.kind for one in session_mails(tx, view.id)] == ["credit"]


def test_alone_at_a_desk_one_grants_what_an_agent_may_and_no_more(qapp: QApplication, tmp_path: Path) -> None:
    with workstation(qapp, tmp_path, SetClock(), language="en") as desk:
        view = desk.work(drafted)
        bar = credits_of(desk, view.id)
        desk.type("16")
        assert not bar.confirm.isEnabled()
        assert "nobody signs in" in bar.verdict.text()
        bar.amount.setText("15,00")
        bar.reason.setText("Three calls cut off")
        desk.click(bar.confirm)
        wait_until(lambda: "granted" in shown(bar), "the credit granted")
        assert "€15.00 for this customer, €15.00 by you" in bar.sums.text()
        assert "Goodwill credit…" in {one.text for one in desk.session.commands()}
