"""Builds what actions need: database, keyring, catalogue, printer. Heavy: loaded in a worker after the first paint."""

import secrets as random
from dataclasses import replace

from agent_desk import __version__, late
from agent_desk.actions.context import Context
from agent_desk.adapters.clock import SystemClock
from agent_desk.adapters.secrets import KeyringSecrets
from agent_desk.adapters.smtp import PASSWORD_NAME, RelayAddress, SmtpRelay, check
from agent_desk.paths import data_path
from agent_desk.ports import Delivery, Printer, Receipt, Relay, Secrets
from agent_desk.reference import load_reference
from agent_desk.settings import Settings
from agent_desk.storage.checkpoints import public_keys
from agent_desk.storage.database import Database
from agent_desk.storage.schema import needs_upgrade

CODE_KEY = "code-key"
CODE_KEY_BYTES = 32
TRIAL_SECONDS = 8.0


class LatePrinter(Printer):
    """Loads the PDF library at the first document."""

    def receipt(self, receipt: Receipt) -> bytes:
        """Return the confirmation as PDF."""
        printer: Printer = late.load("agent_desk.adapters.pdf:PdfPrinter")()
        return printer.receipt(receipt)


def open_context(settings: Settings, painting_thread: int | None = None) -> Context:
    """Open the database, upgraded where needed, and everything beside it; DatabaseFault.

    SQL in `painting_thread` raises from then on.
    """
    database = Database.open(settings.database_url)
    try:
        if painting_thread is not None:
            database.forbid_thread(painting_thread)
        if needs_upgrade(database, __version__):
            late.load("agent_desk.storage.upgrade:upgrade")(database)
        keyring = KeyringSecrets()
        return Context(
            database=database,
            clock=SystemClock(),
            secrets=keyring,
            reference=load_reference(data_path("db", "seed")),
            printer=LatePrinter(),
            settings=settings,
            code_key=code_key(keyring),
        )
    except BaseException:
        database.close()
        raise


def code_key(keyring: Secrets) -> bytes:
    """Return the key that seals one-time codes, made at first use; it dies with the program without a keyring."""
    kept = keyring.get(CODE_KEY)
    if kept is None:
        kept = random.token_hex(CODE_KEY_BYTES)
        keyring.set(CODE_KEY, kept)
    return bytes.fromhex(kept)


def relay_of(ctx: Context) -> Relay | None:
    """Return the relay the settings name; None while mails are to wait."""
    if ctx.settings.relay_state != "configured" or not ctx.settings.relay_host:
        return None
    return SmtpRelay(_address(ctx.settings), ctx.secrets)


def try_relay(ctx: Context, settings: Settings, password: str) -> Delivery:
    """Connect to the relay these settings name and sign in; an empty password means the one that is kept."""
    kept = password or ctx.secrets.get(PASSWORD_NAME) or ""
    return check(replace(_address(settings), connect_seconds=TRIAL_SECONDS), kept)


def keep_password(ctx: Context, password: str) -> bool:
    """Keep the relay's password; False where it dies with the program."""
    ctx.secrets.set(PASSWORD_NAME, password)
    return ctx.secrets.usable


def log_keys(ctx: Context) -> tuple[str, ...]:
    """Return the public keys that sign checkpoints here, as C2SP verifier keys."""
    with ctx.database.read() as tx:
        return public_keys(tx)


def _address(settings: Settings) -> RelayAddress:
    return RelayAddress(settings.relay_host, settings.relay_port, settings.relay_security, settings.relay_user)
