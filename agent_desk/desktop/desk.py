"""What every screen holds: the workers, the settings, the words, and the news that something changed."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from agent_desk import late
from agent_desk.desktop.background import Background
from agent_desk.desktop.denials import done_by_right
from agent_desk.desktop.hearing import Hearing
from agent_desk.desktop.link import Away, Link, is_away
from agent_desk.desktop.theme import Theme
from agent_desk.settings import Settings
from agent_desk.wording import Wording, load_wording

if TYPE_CHECKING:
    from agent_desk.actions.commitment_views import CommitmentReport
    from agent_desk.actions.context import Context
    from agent_desk.actions.late_typing import LateTyping
    from agent_desk.actions.views import TodayView
    from agent_desk.ports import Clock, Delivery
    from agent_desk.reference import Reference
    from agent_desk.rules.journal import JournalFilter


PATIENCE_SECONDS = 1.0

Done = Callable[[Any], None]
Failed = Callable[[BaseException], None]


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing found about a database: `ok`, `note` or `bad`, and the key of its sentence with what fills it."""

    state: str
    key: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Site:
    """What wiring does for the screens, as functions: they import neither storage nor adapters."""

    save_settings: Callable[[Settings], None]  # in a worker; OSError, InvalidSettings
    try_relay: Callable[["Context", Settings, str], "Delivery"]  # in a worker; "": with the password that is kept
    keep_password: Callable[["Context", str], bool]  # in a worker; False: until the program ends
    try_sms: Callable[["Context", Settings, str], "Delivery"]  # in a worker; as `try_relay`, and sends nothing
    keep_sms_password: Callable[["Context", str], bool]  # in a worker; False: until the program ends
    log_keys: Callable[["Context"], tuple[str, ...]]  # in a worker; public keys of the checkpoints
    write_mail: Callable[["Context", int, Path | None], Path]  # in a worker; without a path, into the data folder
    write_paper: Callable[["Context", int], Path]  # in a worker; what is printed as a letter
    export_journal: Callable[  # in a worker; how many sessions were written, told now and then too; Refusal
        ["Context", "JournalFilter", Path, str, Callable[[int], None]], int
    ]
    export_case: Callable[["Context", int, Path, str], None]  # in a worker; one session as PDF; Refusal
    export_commitments: Callable[  # in a worker; a PDF, CSV or XLSX by its ending; Refusal
        ["Context", "CommitmentReport", Path, str], None
    ]
    open_gateway: Callable[["Context"], str]  # in a worker; starts the page's server, returns its address; OSError
    try_page: Callable[["Context", Settings], str]  # in a worker; a key of the wording table `page_answers`
    keep_turn_secret: Callable[["Context", str], bool]  # in a worker; False: until the program ends
    load_view: Callable[[], Any]  # the class that shows a screen; ImportError, RuntimeError where none can be shown
    keep_typing: Callable[["Context", "LateTyping"], bool]  # in a worker; False: not kept beyond the program; OSError
    kept_typing: Callable[["Context", int], "LateTyping | None"]  # in a worker; what is kept of a session
    drop_typing: Callable[["Context", int], None]  # in a worker
    listen: (
        Callable[  # in a worker; what ends it, or None where nothing is told; the first is given channel and payload
            ["Context", Callable[[str, str], None], Callable[[], None]], Callable[[], None] | None
        ]
    )
    save_kept: Callable[["Context"], "Kept"]  # in a worker; saves what was kept and nobody has to choose about
    site_keys: Callable[[], frozenset[str]]  # settings the site has set, which cannot be changed here
    try_database: Callable[[Settings], tuple[Looked, ...]]  # in a worker; how the database at these addresses is
    may_lock: Callable[["Context"], bool]  # whether there is a password that unlocks
    unlock: Callable[["Context", str], None]  # in a worker; Refusal, DatabaseFault where it is not the password
    change_password: Callable[["Context", str, str], None]  # in a worker; the old one, the new one; Refusal
    protect: Callable[["Context", str, str], None]  # in a worker; login and password of a desk's first account; Refusal
    sentence: Callable[[BaseException, Wording], str]
    data_folder: Path


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of typing kept before a start: saved sessions by number, and those where somebody must choose by id."""

    saved: tuple[str, ...]
    differing: tuple[int, ...]


class Desk(QObject):
    """One agent's desk; screens ask it to run actions and are told what changed."""

    becameReady = Signal()  # the context is built
    firstLook = Signal(object)  # a TodayView, read before the keyring is asked; `reference` may be read
    _looked = Signal(object, object)
    sessionChanged = Signal(int)
    settingsChanged = Signal()
    themeChanged = Signal()
    mailsChanged = Signal()
    promisesChanged = Signal()  # made, kept or moved at this desk, or told by another
    promiseRequested = Signal(object)  # show what a Promise is about
    helpChanged = Signal()  # somebody asks for help, or no longer
    catalogueChanged = Signal()  # what is sold or read aloud, from some day on
    failed = Signal(str)  # one sentence for the agent
    told = Signal(str)  # good news, one sentence
    openRequested = Signal(int)  # show this session
    newRequested = Signal(object)  # start a session; a Customer already known, or None
    screenRequested = Signal(str)  # "today", "session", "catalogue", "journal", "pilotage", "help", "settings"
    listRequested = Signal(object, str)  # show the sessions of a JournalFilter, under this title
    databaseRequested = Signal()  # try again to open it, with the settings as they are now
    serviceRequested = Signal(str)  # show this service in the catalogue

    def __init__(self, site: Site, *, settings: Settings, themes: dict[str, Theme], theme: str, clock: "Clock") -> None:
        super().__init__()
        self.site = site
        self.settings = settings
        self._wording: Wording | None = None
        self.themes = themes
        self.theme = themes[theme]
        self.clock = clock  # this machine's, until there is a database that may know better
        self.background = Background(self)
        self.background.unclaimed.connect(self.report)
        self.link = Link(self)
        self.hearing = Hearing(self)
        self._context: Context | None = None
        self._reference: Reference | None = None
        self._shown = Event()
        self._looked.connect(self._show_first_look, Qt.ConnectionType.QueuedConnection)
        self._waiting: list[Callable[[], None]] = []

    @property
    def language(self) -> str:
        """The agent's language, "fr" or "en"."""
        return self.settings.language

    @property
    def locked_keys(self) -> frozenset[str]:
        """Return the settings that are not this workstation's to change: the site's, and the name of who signed in."""
        named = {"agent_name"} if self._context is not None and self._context.person else set()
        return self.site.site_keys() | named

    @property
    def serves_page(self) -> bool:
        """Tell whether customers have a page, here or at the site; without one there is guidance by telephone."""
        return self.settings.gateway_mode != "off"

    @property
    def ready(self) -> bool:
        """Tell whether the context is built."""
        return self._context is not None

    @property
    def wording(self) -> Wording:
        """The words of rules, states and errors in the agent's language; read after the first paint, which needs none."""
        if self._wording is None or self._wording.language != self.language:
            self._wording = load_wording(self.language)
        return self._wording

    @wording.setter
    def wording(self, wording: Wording) -> None:
        self._wording = wording

    @property
    def context(self) -> "Context":
        """The context, for wiring and for light reads; only after `becameReady`."""
        if self._context is None:
            raise RuntimeError("the context is not built yet")
        return self._context

    @property
    def reference(self) -> "Reference":
        """Catalogue, platforms, VAT; only after `firstLook` or `becameReady`."""
        return self._reference if self._reference is not None else self.context.reference

    def start(
        self,
        build: "Callable[[Callable[[Context, TodayView], None]], Context]",
        failed: Callable[[BaseException], None],
        settled: Callable[[], None],
    ) -> None:
        """Build the context in a worker; jobs asked for meanwhile wait for it. May be called again after a failure.

        `build` is given a function that shows Today as soon as the database can be read.
        """

        def done(context: "Context") -> None:
            self._context, self._reference, self.clock = context, context.reference, context.clock
            if context.person:
                self.settings = replace(self.settings, agent_name=context.settings.agent_name)
                self.settingsChanged.emit()
            self.becameReady.emit()
            waiting, self._waiting = self._waiting, []
            for ask in waiting:
                ask()
            settled()

        def show(context: "Context", view: "TodayView") -> None:
            """Show Today and let it be painted before the worker goes on: both want the interpreter."""
            self._shown.clear()
            self._looked.emit(context, view)
            self._shown.wait(PATIENCE_SECONDS)

        self.background.run(lambda: build(show), done, failed, owner=self)

    def _show_first_look(self, context: "Context", view: "TodayView") -> None:
        self._reference, self.clock = context.reference, context.clock
        self.firstLook.emit(view)
        QTimer.singleShot(0, self._shown.set)

    def look_at_catalogue(self) -> None:
        """Learn what was approved since; asked now and then, so a desk need not be started anew for a price."""
        if self.ready and not self.link.is_lost:
            self.run(lambda ctx: late.look_at_catalogue(ctx), self._take_reference, lambda _error: None, owner=self)  # noqa: PLW0108 (loaded in the worker)

    def _take_reference(self, reference: "Reference") -> None:
        if reference is not self._reference:
            self._reference = reference
            self.catalogueChanged.emit()

    def replace_context(self, context: "Context") -> None:
        """Put a context with other settings in place of the present one."""
        self._context = context

    def run(
        self,
        job: "Callable[[Context], Any]",
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        owner: QObject | None = None,
        queue: Hashable = None,
        away: bool = False,
    ) -> None:
        """Run `job(context)` in a worker, `done` or `failed` in the GUI thread; same `queue`: one after the other.

        Without `failed` the error becomes one sentence in `Desk.failed`, even when the owner is gone. While the
        database is away only what can do without it is run (`away`); all else fails with Away.
        """
        if not away:
            done, failed = self._listening(done, failed)
        ask = partial(self.background.run, lambda: done_by_right(self.context, job), done, failed, owner, queue)
        if self.link.is_lost and not away:
            QTimer.singleShot(0, owner or self, partial(failed or self.report, Away()))
        elif self.ready:
            ask()
        else:
            self._waiting.append(ask)

    def _listening(self, done: Done | None, failed: Failed | None) -> tuple[Done, Failed | None]:
        """Let the link hear what becomes of work with the database."""

        def heard(value: Any) -> None:
            self.link.hear()
            if done is not None:
                done(value)

        def unheard(error: BaseException) -> None:
            if is_away(error):
                self.link.suspect()
            if failed is not None:
                failed(error)

        return heard, None if failed is None else unheard

    def change_settings(self, settings: Settings, done: Callable[[], None] | None = None) -> None:
        """Use `settings` from now on and write them in a worker; InvalidSettings and OSError end in `failed`."""
        settings = replace(settings, **{key: getattr(self.settings, key) for key in self.locked_keys})
        self.settings = settings
        if self.ready:
            self.replace_context(replace(self.context, settings=settings))
        self.settingsChanged.emit()
        self.background.run(
            lambda: self.site.save_settings(settings),
            lambda _nothing: done() if done is not None else None,
            owner=self,
            queue="settings",
        )

    def report(self, error: BaseException) -> None:
        """Tell the agent about `error` in one sentence."""
        if is_away(error) and not isinstance(error, Away):
            self.link.suspect()
        self.failed.emit(self.sentence(error))

    def sentence(self, error: BaseException) -> str:
        """Return what happened, what was kept and what to do."""
        return self.site.sentence(error, self.wording)

    def colour(self, token: str) -> str:
        """Return a colour of the theme in force, "#RRGGBB"."""
        return self.theme.colours[token]
