"""Today is the cockpit: whatever was promised stands there with its clock, the next thing first, and F9 goes to it."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent_desk.actions.context import Context
from agent_desk.actions.issue_code import issue_code
from agent_desk.actions.look_at_next import look_at_next
from agent_desk.actions.promises import make_promise
from agent_desk.actions.record import take
from agent_desk.actions.step_promise import step_promise
from agent_desk.desktop.questions import QuestionsScreen
from agent_desk.desktop.session.answer_bar import AnswerBar
from agent_desk.desktop.session.call_back_bar import CallBackBar
from agent_desk.desktop.session.complaint_bar import ComplaintBar
from agent_desk.desktop.session.credit_bar import CreditBar
from agent_desk.desktop.session.escalation_bar import EscalationBar
from agent_desk.desktop.session.matters import MatterBar
from agent_desk.rules.promise import PromiseKind
from tests.support.callcentre import KARIM, NADIA, SAM, YVES, CallCentre
from tests.support.desks import DEVICE, NOON, SetClock, agreed, clock, content, drafted
from tests.support.seeing import F9, arrived, bar_of, idle, promise_rows, seen, today
from tests.support.workstation import Workstation, wait_until, workstation

LATER = NOON.replace(year=2035)  # later than any server's clock, by which Today counts
# What was promised, in the order in which it is due, as Today names it; and the form F9 opens for it in its session.
PROMISED: Mapping[PromiseKind, tuple[str, type[MatterBar] | None]] = {
    PromiseKind.CALL_BACK: ("Rappel", CallBackBar),
    PromiseKind.ANSWER: ("Nouvelles promises", AnswerBar),
    PromiseKind.FEASIBILITY: ("Avis de faisabilité", None),  # answered on a screen of its own
    PromiseKind.ESCALATION: ("Demande à une autre équipe", EscalationBar),
    PromiseKind.CREDIT: ("Avoir à approuver", CreditBar),
    PromiseKind.COMPLAINT: ("Réponse à une réclamation", ComplaintBar),
    PromiseKind.VISIT: ("Visite à domicile", None),  # its session was not closed yet
}


def promised(ctx: Context, kind: PromiseKind, hours: int) -> int:
    """Promise something in a session of its own, due some hours after noon, and return the session's id."""
    clock(ctx).time = LATER
    view = drafted(ctx, content(DEVICE, customer=YVES))
    with ctx.database.write() as tx:
        make_promise(take(ctx, tx, view.id), kind, LATER + timedelta(hours=hours), subject=kind.value)
    return view.id


def rows(desk: Workstation) -> list[str]:
    """Return what Today shows as promised, from the top."""
    return [seen(row) for row in promise_rows(desk)]


def keep_first(ctx: Context) -> None:
    (first, *_) = look_at_next(ctx).promises
    step_promise(ctx, first.id, first.version, "promise_kept")


def test_the_next_thing_of_every_kind_stands_first_and_one_key_leads_there(
    qapp: QApplication, tmp_path: Path, staffed: CallCentre
) -> None:
    nadia, karim, watch = staffed.ctx(NADIA), staffed.ctx(KARIM), SetClock(LATER)
    assert PROMISED.keys() == set(PromiseKind)
    ids = {kind: promised(nadia, kind, hours) for hours, kind in enumerate(PROMISED, start=1)}
    theirs = promised(karim, PromiseKind.ANSWER, 20)
    at_work = agreed(nadia, content(DEVICE))
    issue_code(nadia, at_work.id)
    with workstation(qapp, tmp_path / "nadia", watch, database_url=staffed.url(NADIA)) as desk:
        shown = rows(desk)
        assert [name in row for (name, _form), row in zip(PROMISED.values(), shown, strict=True)] == [True] * 7
        assert all("Yves Le Goff" in row for row in shown)
        assert [moment.split(":")[1][:2] for moment in shown] == ["00"] * 7, "each with its clock"
        desk.press(F9)  # a code runs out before anything that was promised
        arrived(desk, at_work.id)
        watch.time = LATER + timedelta(minutes=20)
        for kind, (_name, form) in PROMISED.items():
            today(desk)
            desk.press(Qt.Key.Key_F5)
            idle(desk)
            desk.press(F9)
            if kind is PromiseKind.FEASIBILITY:
                wait_until(lambda: isinstance(desk.window.current, QuestionsScreen), "the questions")
            else:
                arrived(desk, ids[kind])
            if form is not None:
                assert bar_of(desk, form).isVisible()
            keep_first(nadia)
        assert rows(desk) == []
    (last,) = look_at_next(karim).promises
    step_promise(karim, last.id, last.version, "promise_failed")
    promised(nadia, PromiseKind.COMPLAINT, 2)
    with workstation(qapp, tmp_path / "sam", watch, database_url=staffed.url(SAM)) as desk:
        first, second = rows(desk)
        assert "Nouvelles promises manqué" in first, "what went wrong, of any team, before all else"
        assert "Réponse à une réclamation" in second
        desk.press(F9)
        arrived(desk, theirs)
