"""The screens around a session, one after the other: what can follow it, what was promised, what is measured of it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget
from sqlalchemy import func, insert, select

from agent_desk.actions.answer_feasibility import answer_feasibility
from agent_desk.actions.answer_question import answer_question
from agent_desk.actions.context import Context
from agent_desk.actions.look_at_questions import look_at_questions
from agent_desk.actions.views import SessionView
from agent_desk.desktop.commitments import CommitmentsScreen
from agent_desk.desktop.settings_screen import SettingsScreen
from agent_desk.reference import commitments
from agent_desk.rules.duties import Duty
from agent_desk.rules.feasibility import Verdict
from agent_desk.rules.people import Role
from agent_desk.rules.session import Feasibility, Line
from agent_desk.storage.acting import Acting, act_as
from agent_desk.storage.asking_tables import team_duty
from agent_desk.storage.tables import person, team
from tests.journeys.main_job import Look
from tests.support.desks import DEVICE, NOON, agreed, content, drafted
from tests.support.seeing import ENTER, idle, opened, today
from tests.support.workstation import Workstation, wait_until

EQUIPMENT = ("Netgear Nighthawk R7000", "TP-Link Archer C7", "Zyxel NBG6604")
NADIA, SAM = (
    Acting("nadia", "0000000a", "Nadia Leroy", Role.AGENT),
    Acting("sam", "0000000b", "Sam Petit", Role.SUPERVISOR),
)
PERSON = {"login": NADIA.login, "name": NADIA.name, "mark": NADIA.mark, "role": NADIA.role, "email": "", "active": True}
TEAMS = {"Nord": Duty.COMMERCIAL, "Sud": Duty.TERMINALS, "Plateformes": Duty.PLATFORMS}


def look_around(desk: Workstation, look: Look, later: Callable[[], None]) -> None:
    """Go from screen to screen and call `look` with each one's name.

    The session on the screen was closed just now; `later` moves the clock to another month.
    """
    editor = desk.session.editor
    assert editor is not None
    closed = editor.view
    _calls(desk, look)
    _questions(desk, look)
    desk.work(_with_teams)
    _matter(desk, desk.work(drafted), "escalation")
    look("escalation")
    for name in ("visit", "complaint", "credit"):
        _matter(desk, closed, name)
        look(name)
    _commitments(desk, look, later)
    _text_messages(desk, look)


def _matter(desk: Workstation, view: SessionView, name: str) -> None:
    opened(desk, view.id)
    desk.session.matters.open(name)
    bar = desk.session.matters._bars[name]
    wait_until(bar.isVisible, name)
    idle(desk)


def _calls(desk: Workstation, look: Look) -> None:
    view = desk.work(lambda ctx: agreed(ctx, content(DEVICE)))
    _matter(desk, view, "call_back")
    look("call-back")
    desk.press(ENTER)
    today(desk)
    desk.window._notice.tell("")  # said for a while
    look("today")
    desk.press(Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
    idle(desk)
    look("agenda")


def _questions(desk: Workstation, look: Look) -> None:
    def ask(ctx: Context) -> None:
        for name in EQUIPMENT:
            view = drafted(ctx, content(Line("network.router", equipment=name)))
            answer_feasibility(ctx, view.id, "lines[0]", Feasibility.ASKED)
        second, third, *_ = look_at_questions(ctx).open
        answer_question(ctx, second.id, Verdict.CONDITIONS, "micrologiciel 1.4 au moins")
        answer_question(ctx, third.id, Verdict.NO, "")

    desk.work(ask)
    desk.window.go("questions")
    idle(desk)
    look("questions")


def _with_teams(ctx: Context) -> None:
    """Let this desk be one of a call centre, as far as its screens can tell."""
    with ctx.database.write() as tx:
        for name, duty in TEAMS.items():
            made = tx.execute(insert(team).values(name=name).returning(team.c.id)).scalar_one()
            tx.execute(insert(team_duty).values(team_id=made, duty=duty))
        first = tx.execute(select(func.min(team.c.id))).scalar_one()
        tx.execute(insert(person).values(PERSON | {"team_id": first, "joined_at": NOON}))
    act_as(ctx.database, NADIA)


def _commitments(desk: Workstation, look: Look, later: Callable[[], None]) -> None:
    act_as(desk.program.desk.context.database, SAM)
    later()
    desk.window.go("pilotage")
    idle(desk)
    desk.press(Qt.Key.Key_F6)
    wait_until(lambda: isinstance(desk.window.current, CommitmentsScreen), "the commitments")
    idle(desk)
    screen = desk.window.current
    assert isinstance(screen, CommitmentsScreen)
    screen.table.selectRow(next(at for at, one in enumerate(commitments()) if one.id == "tariff-told"))
    idle(desk)
    look("commitments")
    screen.reading.control.look()
    idle(desk)
    _scroll_to(screen.reading.control)
    look("control")


def _text_messages(desk: Workstation, look: Look) -> None:
    desk.window.go("settings")
    idle(desk)
    screen = desk.window.current
    assert isinstance(screen, SettingsScreen)
    _scroll_to(screen.ui.sms_told)
    look("settings-sms")


def _scroll_to(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    assert above is not None
    above.ensureWidgetVisible(widget, 0, 200)
