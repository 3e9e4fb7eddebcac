"""What a desk needs for the screen share, loaded when it is: its own gateway, and the view of the customer's screen."""

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from agent_desk import late
from agent_desk.settings import Settings

if TYPE_CHECKING:
    from agent_desk.actions.context import Context
    from agent_desk.wiring.gateway import RunningGateway

SITE = "site"
UNSEEN = frozenset({"offscreen", "minimal"})  # platforms without a screen


class DeskGateway:
    """At most one running gateway: started at the first code, anew when its settings changed, ended with the program."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: RunningGateway | None = None
        self._started_with: tuple[object, ...] = ()

    def open(self, ctx: "Context") -> str:
        """Return the address this desk's view loads; OSError where the page cannot be served."""
        if ctx.settings.gateway_mode == SITE:
            return ctx.settings.gateway_url.rstrip("/")
        with self._lock:
            wanted = _what_counts(ctx)
            if self._running is not None and wanted != self._started_with:
                self._end()
            if self._running is None:
                self._running = late.load("agent_desk.wiring.gateway:start_gateway")(ctx)
                self._started_with = wanted
            return self._running.url

    def try_page(self, ctx: "Context", settings: Settings) -> str:
        """Return what stands between customers and the page with these settings, as a key of `page_answers`."""
        try:
            self.open(replace(ctx, settings=settings))
        except OSError:
            return "not_started"
        found: str = late.load("agent_desk.gateway.reach:check_public_url")(settings)
        return found

    def close(self) -> None:
        """End it, if it runs."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.close()


def _what_counts(ctx: "Context") -> tuple[object, ...]:
    """Return the settings a gateway was started with; another value of one of them wants another gateway."""
    one: Settings = ctx.settings
    return (
        one.gateway_listen,
        one.public_url,
        one.tls_certificate,
        one.tls_key,
        one.trusted_proxies,
        one.ice_servers,
        one.locator_digits,
        one.support_phone,
        one.company,
        one.language,
    )


def keep_turn_secret(ctx: "Context", secret: str) -> bool:
    """Keep the secret shared with the TURN server; False where it dies with the program."""
    ctx.secrets.set(late.load("agent_desk.wiring.gateway:TURN_SECRET"), secret)
    return ctx.secrets.usable


def load_view() -> type:
    """Return the class that shows a customer's screen, its browser loaded now; RuntimeError where nobody would see it."""
    if QGuiApplication.platformName() in UNSEEN:
        raise RuntimeError("there is no screen to show it on")
    found: type = late.load("agent_desk.desktop.share_view:LiveView")
    return found
