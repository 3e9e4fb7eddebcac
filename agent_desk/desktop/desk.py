"""What every screen holds: the workers, the settings, the words, and the news that something changed."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from agent_desk.desktop.background import Background
from agent_desk.desktop.theme import Theme
from agent_desk.ports import Clock, Relay
from agent_desk.settings import Settings
from agent_desk.wording import Wording

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.reference import Reference


@dataclass(frozen=True, slots=True)
class Site:
    """What wiring does for the screens, as functions: they never import storage or adapters."""

    save_settings: Callable[[Settings], None]  # OSError, InvalidSettings
    load_wording: Callable[[str], Wording]
    relay: Callable[["Context"], Relay]  # in a worker
    test_relay: Callable[["Context", Settings], str]  # in a worker; "" or a key of the wording table `errors`
    sentence: Callable[[BaseException, Wording], str]
    data_folder: str


class Desk(QObject):
    """One agent's desk; screens ask it to run actions and are told what changed."""

    becameReady = Signal()  # the context is built: `reference` may be read
    sessionChanged = Signal(int)
    settingsChanged = Signal()
    themeChanged = Signal()
    mailsChanged = Signal()
    failed = Signal(str)  # one sentence for the agent
    told = Signal(str)  # good news, one sentence
    openRequested = Signal(int)  # show this session
    newRequested = Signal(object)  # start a session; a Customer already known, or None
    screenRequested = Signal(str)  # "today", "session", "catalogue", "journal", "help", "settings"
    serviceRequested = Signal(str)  # show this service in the catalogue

    def __init__(
        self, site: Site, settings: Settings, wording: Wording, themes: dict[str, Theme], theme: str, clock: Clock
    ) -> None:
        super().__init__()
        self.site = site
        self.settings = settings
        self.wording = wording
        self.themes = themes
        self.theme = themes[theme]
        self.clock = clock
        self.background = Background(self)
        self.background.unclaimed.connect(self.report)
        self._context: Future[Context] = Future()

    @property
    def language(self) -> str:
        """The agent's language, "fr" or "en"."""
        return self.settings.language

    @property
    def ready(self) -> bool:
        """Tell whether the context is built."""
        return self._context.done() and self._context.exception() is None

    @property
    def context(self) -> "Context":
        """The context, for wiring and for light reads; only after `becameReady`."""
        return self._context.result(timeout=0)

    @property
    def reference(self) -> "Reference":
        """Catalogue, platforms, VAT; only after `becameReady`."""
        return self.context.reference

    def start(
        self, build: "Callable[[], Context]", failed: Callable[[BaseException], None], settled: Callable[[], None]
    ) -> None:
        """Build the context in a worker; jobs asked for meanwhile wait for it."""

        def job() -> None:
            try:
                self._context.set_result(build())
            except Exception as error:
                self._context.set_exception(error)
                raise

        def done(_nothing: None) -> None:
            self.becameReady.emit()
            settled()

        self.background.run(job, done, failed, owner=self)

    def replace_context(self, context: "Context") -> None:
        """Put a context with other settings in place of the present one."""
        fresh: Future[Context] = Future()
        fresh.set_result(context)
        self._context = fresh

    def run(
        self,
        job: "Callable[[Context], Any]",
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        owner: QObject | None = None,
        queue: Hashable = None,
    ) -> None:
        """Run `job(context)` in a worker, `done` or `failed` in the GUI thread; same `queue`: one after the other.

        Without `failed` the error becomes one sentence in `Desk.failed`, even when the owner is gone.
        """
        self.background.run(lambda: job(self._context.result()), done, failed, owner, queue)

    def report(self, error: BaseException) -> None:
        """Tell the agent about `error` in one sentence."""
        self.failed.emit(self.sentence(error))

    def sentence(self, error: BaseException) -> str:
        """Return what happened, what was kept and what to do."""
        return self.site.sentence(error, self.wording)

    def colour(self, token: str) -> str:
        """Return a colour of the theme in force, "#RRGGBB"."""
        return self.theme.colours[token]
