"""The gateway inside the program, over the desk's own database."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from agent_desk.actions.door import Door, door_of
from agent_desk.adapters.notices import Notices
from agent_desk.gateway.assembly import Listen, assemble
from agent_desk.gateway.facts import Facts, facts_of
from agent_desk.gateway.pages import load_pages
from agent_desk.gateway.post import CHANNELS
from agent_desk.gateway.server import Listener, Serving, bind, certificate
from agent_desk.paths import data_path
from agent_desk.settings import Settings
from agent_desk.storage.addresses import listening
from agent_desk.storage.database import Database

if TYPE_CHECKING:
    from agent_desk.actions.context import Context

TURN_SECRET = "turn-secret"  # noqa: S105 (its name in the keyring)
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """A gateway at work; `url` is where this desk's view reaches it, always plain and on this machine."""

    serving: Serving
    url: str
    port: int
    language: str

    def viewer_url(self, token: str) -> str:
        """Return the address of the agent's view; what stands after # is sent to nobody."""
        return f"{self.url}/viewer#token={quote(token, safe='')}&language={self.language}"

    def close(self) -> None:
        """End within a second."""
        self.serving.close()


def start_gateway(ctx: "Context") -> RunningGateway:
    """Serve the customer's page where the settings say; OSError where the port is taken or a file cannot be used."""
    settings = ctx.settings
    return serve(door_of(ctx), settings, facts_of(settings, ctx.secrets.get(TURN_SECRET) or ""))


def serve(door: Door, settings: Settings, facts: Facts) -> RunningGateway:
    """Serve `door` to customers; OSError."""
    pages = load_pages(data_path("resources", "gateway"), facts)
    listeners = _listeners(settings)
    serving = Serving(lambda: assemble(door, facts, pages, _listen(door, settings, serving)), listeners)
    try:
        serving.start()
    except BaseException:
        for listener in listeners:
            listener.socket.close()
        raise
    return RunningGateway(serving, f"http://{LOOPBACK}:{listeners[-1].port}", listeners[0].port, settings.language)


def _listeners(settings: Settings) -> list[Listener]:
    """Return where customers come, and last where this machine does; both are one where the page is plain and local."""
    host, _, port = settings.gateway_listen.rpartition(":")
    tls = None
    if settings.tls_certificate:
        chain = Path(settings.tls_certificate)
        tls = certificate(chain, Path(settings.tls_key) if settings.tls_key else chain)
    found = [Listener(bind(host.strip("[]"), int(port)), tls)]
    if tls is not None or host != LOOPBACK:
        try:
            found.append(Listener(bind(LOOPBACK, 0)))
        except BaseException:
            found[0].socket.close()
            raise
    return found


def direct_address(database: Database, settings: Settings) -> str | None:
    """Return where PostgreSQL can be listened to, past any pooler; None on SQLite."""
    if database.dialect == "sqlite":
        return None
    return listening(database.engine.url.render_as_string(hide_password=False), settings.signal_database_url)


def _listen(door: Door, settings: Settings, serving: Serving) -> Listen | None:
    """Return how to hear of what other gateways and desks write; None on SQLite, which tells nobody."""
    address = direct_address(door.database, settings)
    if address is None:
        return None
    notices = Notices(address, CHANNELS)

    def listen(on_notice: Callable[[str, str], None], on_back: Callable[[], None]) -> Callable[[], None]:
        notices.start(partial(serving.call_soon, on_notice), partial(serving.call_soon, on_back))
        return notices.close

    return listen
