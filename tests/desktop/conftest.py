"""Real screens over a real database; the thread that paints may not touch SQL."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from agent_desk.actions.context import Context
from agent_desk.actions.protect_desk import protect_desk
from agent_desk.desktop.desk import Desk, Looked, Site
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.theme import apply_theme, body_font, load_fonts, load_themes
from agent_desk.paths import data_path
from agent_desk.ports import Delivery, Reply
from agent_desk.settings import Settings, load_settings, save_settings
from agent_desk.storage.database import Database
from agent_desk.wiring import account, keeping
from agent_desk.wiring.commitments import export_commitments
from agent_desk.wiring.desktop import SCREENS, TRANSLATIONS, Program
from agent_desk.wiring.hearing import listen
from agent_desk.wiring.sharing import load_view
from agent_desk.wiring.sheets import export_case, export_journal
from agent_desk.wiring.site import sentence
from tests.support.desks import SetClock, context
from tests.support.workstation import set_clock


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """Give the application in our style, font and light colours."""
    qapp.setStyle("Fusion")
    load_fonts()
    qapp.setFont(body_font())
    apply_theme(qapp, load_themes()["light"])
    return qapp


@pytest.fixture(params=["fr"])
def language(request: pytest.FixtureRequest, dressed: QApplication) -> Iterator[str]:
    """Give the agent's language, with its translations installed."""
    translators = []
    for name in TRANSLATIONS:
        translator = QTranslator()
        if translator.load(f"{name}_{request.param}", str(data_path("resources", "translations"))):
            dressed.installTranslator(translator)
            translators.append(translator)
    yield request.param
    for translator in translators:
        dressed.removeTranslator(translator)


class Kept:
    """What screens handed to the site's functions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: list[Settings] = []
        self.passwords: list[str] = []
        self.delivery = Delivery(Reply.ACCEPTED, cause="accepted")
        self.page_answer = "ok"
        self.papers: list[int] = []
        self.site_keys: frozenset[str] = frozenset()
        self.looked: tuple[Looked, ...] = (Looked("ok", "database.reached", {"place": "db.example / desk"}),)
        self.looked_at: list[Settings] = []

    def look(self, settings: Settings) -> tuple[Looked, ...]:
        """Remember the addresses and return what the test wants to be found."""
        self.looked_at.append(settings)
        return self.looked

    def site(self) -> Site:
        """Return a site that remembers."""

        def write(_ctx: Context, mail_id: int, path: Path | None = None) -> Path:
            self.papers.append(mail_id)
            return path or self.folder / "paper"

        def keep_password(_ctx: Context, password: str) -> bool:
            self.passwords.append(password)
            return True

        return Site(
            save_settings=self.settings.append,
            try_relay=lambda _ctx, _settings, _password: self.delivery,
            keep_password=keep_password,
            try_sms=lambda _ctx, _settings, _password: self.delivery,
            keep_sms_password=keep_password,
            log_keys=lambda _ctx: ("desk+1234abcd+key",),
            write_mail=write,
            write_paper=write,
            export_journal=export_journal,
            export_case=export_case,
            export_commitments=export_commitments,
            open_gateway=lambda _ctx: "http://127.0.0.1:1",
            try_page=lambda _ctx, _settings: self.page_answer,
            keep_turn_secret=keep_password,
            load_view=load_view,
            keep_typing=lambda ctx, typing: keeping.keep_typing(ctx, self.folder, typing),
            kept_typing=lambda ctx, session_id: keeping.kept_typing(ctx, self.folder, session_id),
            drop_typing=lambda ctx, session_id: keeping.drop_typing(ctx, self.folder, session_id),
            save_kept=lambda ctx: keeping.save_kept(ctx, self.folder),
            listen=listen,
            site_keys=lambda: self.site_keys,
            try_database=self.look,
            may_lock=lambda ctx: bool(ctx.person),
            unlock=account.unlock,
            change_password=account.change_password,
            protect=protect_desk,
            sentence=sentence,
            data_folder=self.folder,
        )


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Give what the screens handed over."""
    return Kept(tmp_path)


@pytest.fixture
def in_worker() -> Iterator[Callable[..., Any]]:
    """Give a function that calls another one in a thread that may touch SQL."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda function, *arguments, **named: pool.submit(function, *arguments, **named).result(timeout=60)


@pytest.fixture
def desk_ctx(sqlite_database: Database, in_worker: Callable[..., Any]) -> Context:
    """Give the context of the desk; the painting thread is forbidden SQL from here on."""
    ctx: Context = in_worker(context, sqlite_database)
    sqlite_database.forbid_thread(threading.get_ident())
    return ctx


@pytest.fixture
def desk(qtbot: QtBot, language: str, kept: Kept, desk_ctx: Context) -> Iterator[Desk]:
    """Give a desk with its context built."""
    settings = Settings(agent_name="Nadia Leroy", agent_id="abcd1234", language=language, first_start_done=True)
    made = Desk(
        kept.site(),
        settings=settings,
        themes=load_themes(),
        theme="light",
        clock=desk_ctx.clock,
    )
    errors: list[BaseException] = []
    with qtbot.waitSignal(made.becameReady, timeout=20_000):
        made.start(lambda _show: desk_ctx, errors.append, lambda: None)
    yield made
    assert made.background.close(20)


@pytest.fixture
def window(qtbot: QtBot, desk: Desk) -> Iterator[MainWindow]:
    """Give the whole window, shown, with Today in front."""
    made = MainWindow(desk, SCREENS)
    qtbot.addWidget(made)
    made.resize(1360, 850)
    with qtbot.waitSignal(made.painted, timeout=20_000):
        made.show()
    qtbot.waitUntil(lambda: made.current is not None)
    settle(qtbot, desk)
    yield made
    settle(qtbot, desk)


def settle(qtbot: QtBot, desk: Desk) -> None:
    """Wait until every worker's result has arrived."""
    qtbot.waitUntil(lambda: not desk.background.busy, timeout=20_000)


def rest(qtbot: QtBot, program: Program) -> None:
    """Wait until the program has opened its database, or has said why not."""
    qtbot.waitUntil(lambda: program.desk.ready or program.window._alone, timeout=30_000)
    qtbot.waitUntil(lambda: not program.desk.background.busy, timeout=30_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of a desk that answered its first questions."""
    made = tmp_path / "desk"
    save_settings(made, replace(load_settings(made).settings, first_start_done=True, agent_name="Nadia"))
    return made


@pytest.fixture
def start(qtbot: QtBot, dressed: QApplication, folder: Path) -> Iterator[Callable[[], Program]]:
    """Give a function that starts the program on the folder, where it is noon; it is closed at the end."""
    programs: list[Program] = []

    def run() -> Program:
        program = Program(dressed, folder)
        programs.append(program)
        with qtbot.waitSignal(program.window.painted, timeout=20_000):
            program.show()
        rest(qtbot, program)
        if program.desk.ready:
            set_clock(program, SetClock())  # else the work would be refused to whoever tests after nine in the evening
        return program

    yield run
    for program in programs:
        program.window.close()
        assert program.close()
        for translator in program._translators:
            dressed.removeTranslator(translator)
        program.window.deleteLater()
