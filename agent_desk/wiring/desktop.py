"""The desk: one window, painted first; database, keyring and outbox follow in workers.

Start: lock → settings → words and colours → window → (first paint) → context in a worker → Today → timers.
"""

import gc
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from agent_desk import late
from agent_desk.clock import SystemClock
from agent_desk.desktop.desk import Desk, Kept
from agent_desk.desktop.garbage import Garbage
from agent_desk.desktop.main_window import MainWindow
from agent_desk.desktop.theme import apply_theme, body_font, chosen_name, load_fonts, load_themes
from agent_desk.paths import data_path
from agent_desk.settings import LoadedSettings, Settings, settings_folder
from agent_desk.wiring.only_instance import OnlyInstance
from agent_desk.wiring.sending import Sending
from agent_desk.wiring.sharing import DeskGateway
from agent_desk.wiring.site import KEPT_FOLDER, later, site
from agent_desk.wiring.station import Station

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.actions.views import TodayView
    from agent_desk.desktop.locking import Locking
    from agent_desk.ports import Account

SCREENS = {
    "today": "agent_desk.desktop.today:TodayScreen",
    "session": "agent_desk.desktop.session.screen:SessionScreen",
    "catalogue": "agent_desk.desktop.catalogue:CatalogueScreen",
    "changes": "agent_desk.desktop.changes:ChangesScreen",
    "questions": "agent_desk.desktop.questions:QuestionsScreen",
    "journal": "agent_desk.desktop.journal:JournalScreen",
    "pilotage": "agent_desk.desktop.pilotage:PilotageScreen",
    "commitments": "agent_desk.desktop.commitments:CommitmentsScreen",
    "agenda": "agent_desk.desktop.agenda:AgendaScreen",
    "help": "agent_desk.desktop.help_screen:HelpScreen",
    "settings": "agent_desk.desktop.settings_screen:SettingsScreen",
}
TRANSLATIONS = ("agent_desk", "session")
ANSWER_AFTER_MS = 1500  # to a second start: the network library takes 30 ms to load, too long for the first seconds
SWITCH_SECONDS = 0.0005  # how long a worker keeps the interpreter while the window waits; a tenth of Python's own
CATALOGUE_SECONDS = 60  # a change is approved hours before it takes effect
GRACE_SECONDS = 10.0
UNSAVED = "settings_unsaved"
MOST_NAMED = 5


def main(_arguments: list[str]) -> int:
    """Run the desk until its window closes; return the exit status."""
    gc.disable()  # nothing made while loading is garbage; then `Garbage` takes over
    sys.setswitchinterval(SWITCH_SECONDS)
    app = make_application()
    folder = settings_folder()
    only = OnlyInstance(folder)
    if not only.first:
        only.show_the_other()
        return 0
    program = Program(app, folder)
    QTimer.singleShot(ANSWER_AFTER_MS, program.window, lambda: only.answer(program.window))
    program.show()
    program.desk.becameReady.connect(later("desk_log:watch_crashes"))
    status = app.exec()
    done = program.close()
    if program.again:
        only.begin_anew()
    if not done:
        os._exit(status)  # a mail still on its way is noted as uncertain; waiting for it could take ten minutes
    return status


def make_application() -> QApplication:
    """Return the application in our style and font."""
    QApplication.setStyle("Fusion")  # before there is an application: after, the first style was made for nothing
    app = QApplication([])
    app.setApplicationName("Agent Desk")
    load_fonts()
    app.setFont(body_font())
    app.setCursorFlashTime(0)  # nothing blinks, and an idle desk stays idle
    return app


class Program(QObject):
    """The desk and its window, and what happens around them: start, timers, change of language and colours."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        super().__init__()
        self._app = app
        self._folder = folder
        self._garbage = Garbage(self)
        self._station = Station(folder)
        settings = self._in_force()
        self._themes = load_themes()
        self._translators: list[QTranslator] = []
        name = chosen_name(settings.theme, app)
        self._gateway = DeskGateway()
        self.desk = Desk(
            site(folder, self._gateway, self._station),
            settings=settings,
            themes=self._themes,
            theme=name,
            clock=SystemClock(),
        )
        self._translate()
        apply_theme(app, self._themes[name])
        self.window = MainWindow(self.desk, SCREENS)
        self.window.go("today")
        # Queued: first the window answers the keys that wait, then the workers want the interpreter too.
        self.window.painted.connect(self._after_paint, Qt.ConnectionType.QueuedConnection)
        self.window.leaving.connect(self._leave)
        self.desk.settingsChanged.connect(self._follow_settings)
        self.sending = Sending(self.desk, self)
        self.desk.sessionChanged.connect(lambda _id: self.sending.wake())
        self.desk.databaseRequested.connect(self._try_again)
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self._follow_theme())
        self._checkpoint_timer = self._timer(settings.checkpoint_minutes * 60, self._checkpoint)
        self._catalogue_timer = self._timer(CATALOGUE_SECONDS, self.desk.look_at_catalogue)
        self._end_log: Callable[[], None] | None = None
        self.again = False  # somebody else is to sign in: the program begins anew
        self._locking: Locking | None = None
        self._refused: list[datetime] = []  # sign-ins a server said no to, since it last said yes; by this machine
        self._account: Account | None = None
        self._account_of = ""  # the database it was typed for
        self._tell_settings_fault(self._station.loaded)

    def show(self) -> None:
        """Show the window; everything else follows its first paint."""
        self.window.show()

    def close(self) -> bool:
        """Wait a little for the workers and close the database; False where a mail is still being handed over."""
        done = self.desk.background.close(GRACE_SECONDS)
        self._gateway.close()
        if done and self.desk.ready:
            self.desk.context.database.close()
        if self._end_log is not None:
            self._end_log()
        return done

    def _in_force(self) -> Settings:
        """Return the settings as the site wants them; what is wrong with its file is told instead of a database."""
        self._site_fault: BaseException | None = None
        try:
            return self._station.read_site()
        except ValueError as fault:
            self._site_fault = fault
            return self._station.loaded.settings

    def _try_again(self) -> None:
        """Begin anew with what may have been put right: the site file, the address, the server."""
        self.desk.settings = self._in_force()
        self.desk.settingsChanged.emit()
        self._after_paint()

    def _after_paint(self) -> None:
        if self._site_fault is not None:
            self._no_database(self._site_fault)
            return
        settings, painting = self.desk.settings, threading.get_ident()
        # What was typed for one database is for no other.
        account = self._account if self._account_of == settings.database_url else None

        def build(show: Callable[["Context", "TodayView"], None]) -> "Context":
            try:
                context: Context = late.load("agent_desk.wiring.account:open_signed_in")(
                    settings, painting, partial(_first_look, show), account
                )
            finally:  # Today does not wait for it
                self._begin_log()
            late.end_dead_codes(context)
            if context.person:
                late.tell_signing(context, "signed_in")
                if self._refused:
                    with suppress(Exception):  # a server of the version before takes no such event
                        ago = SystemClock().now() - self._refused[0]
                        late.tell_refused(context, len(self._refused), context.clock.now() - ago)
                    self._refused.clear()
            return context

        self.desk.start(build, self._no_database, self._settled)

    def _settled(self) -> None:
        self._garbage.start()
        self._checkpoint_timer.start()
        self._catalogue_timer.start()
        self.desk.look_at_catalogue()
        self.sending.start()
        self._watch_idle()
        if (self._folder / KEPT_FOLDER).exists():  # else nothing that opens it is loaded
            self.desk.run(self.desk.site.save_kept, self._take_up_kept, owner=self)
        if not self.desk.settings.first_start_done:
            self.window.ask_first_questions()

    def _take_up_kept(self, kept: Kept) -> None:
        """Tell what of the typing kept before this start is saved; where somebody must choose, show the session."""
        if kept.saved:
            self.desk.told.emit(self.desk.wording.text("away.saved", sessions=", ".join(kept.saved[:MOST_NAMED])))
        if kept.differing:
            self.desk.openRequested.emit(kept.differing[0])

    def _begin_log(self) -> None:
        """Write the log file from now on; called in a worker, at each try to open the database."""
        if self._end_log is None:
            self._end_log = late.load("agent_desk.wiring.desk_log:begin")(self._folder, self.desk.settings)

    def _no_database(self, error: BaseException) -> None:
        self._garbage.start()
        settings = self.desk.settings
        if later("account:asks")(error, settings):
            if self._account is not None and getattr(error, "code", "") == "password_refused":
                self._refused.append(SystemClock().now())
            known = partial(later("account:known_login"), settings)
            # To somebody who has not been asked yet nothing has been refused.
            told = self.desk.sentence(error) if self._account is not None else ""
            self.window.ask_account(told, self._sign_in, known)
        else:
            self.window.show_fault(self.desk.sentence(error), self._try_again)

    def _sign_in(self, account: "Account") -> None:
        self._account, self._account_of = account, self.desk.settings.database_url
        self._try_again()

    def _watch_idle(self) -> None:
        """Lock from now on when nobody is there, where a password unlocks."""
        if self._locking is None and self.desk.site.may_lock(self.desk.context):
            load: Callable[..., Locking] = late.load("agent_desk.desktop.locking:Locking")
            self._locking = load(self.desk, self.window)
            self._locking.leaving.connect(self._give_way)

    def _give_way(self) -> None:
        """Let somebody else sign in: nothing of who was here stays in memory, and no password in the keyring."""
        self.again = True
        self.desk.run(later("account:forget_password"), self._close_window, owner=self, away=True)

    def _close_window(self, _nothing: object) -> None:
        self.window.close()

    def _leave(self) -> None:
        self.sending.stop()
        self._checkpoint_timer.stop()
        self._catalogue_timer.stop()
        self._checkpoint()
        if self.desk.ready and self.desk.context.person:
            # The window goes: nobody is left to be told that it could not be written.
            self.desk.run(
                lambda ctx: late.tell_signing(ctx, "signed_out"), failed=lambda _error: None, queue="checkpoint"
            )

    def _checkpoint(self) -> None:
        if self.desk.ready and not self.desk.link.is_lost:
            self.desk.run(lambda ctx: late.make_checkpoint(ctx), queue="checkpoint")  # noqa: PLW0108 (loaded in the worker)

    def _follow_settings(self) -> None:
        self._checkpoint_timer.setInterval(self.desk.settings.checkpoint_minutes * 60_000)
        if self._translated != self.desk.language:
            self._translate()
        self._follow_theme()

    def _follow_theme(self) -> None:
        name = chosen_name(self.desk.settings.theme, self._app)
        if name != self.desk.theme.name:
            self.desk.theme = self._themes[name]
            apply_theme(self._app, self.desk.theme)
            self.desk.themeChanged.emit()

    def _translate(self) -> None:
        """Put Qt's texts and ours in the agent's language; sources are English."""
        language = self._translated = self.desk.language
        QLocale.setDefault(QLocale(language))
        for old in self._translators:
            self._app.removeTranslator(old)
        qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        ours = str(data_path("resources", "translations"))
        files = [(f"qtbase_{language}", qt_folder), *((f"{name}_{language}", ours) for name in TRANSLATIONS)]
        self._translators = []
        for name, place in files:
            translator = QTranslator(self)
            if translator.load(name, place):
                self._app.installTranslator(translator)
                self._translators.append(translator)

    def _tell_settings_fault(self, loaded: LoadedSettings) -> None:
        if not loaded.fault:
            return
        tell = partial(self.window.tell_failure, self.desk.wording.text(f"errors.{loaded.fault}", file=loaded.kept_as))
        if loaded.fault == UNSAVED:  # a folder that takes no file takes no database: the panel says so
            self.desk.becameReady.connect(tell)
        else:
            tell()

    def _timer(self, seconds: int, action: object) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(seconds * 1000)
        timer.timeout.connect(action)
        return timer


def _first_look(show: "Callable[[Context, TodayView], None]", ctx: "Context") -> None:
    """Show Today as soon as the database can be read, where it is for whoever signed in."""
    if "today" not in late.closed_screens(ctx):
        show(ctx, late.list_today(ctx))
