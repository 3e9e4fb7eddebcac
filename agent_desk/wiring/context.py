"""Builds what actions need: database, keyring, catalogue, printer. Heavy: loaded in a worker after the first paint."""

import secrets as random
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent_desk import __version__, late
from agent_desk.actions.context import Context
from agent_desk.paths import data_path
from agent_desk.ports import Account, CaseFile, Delivery, LetterPaper, Printer, Receipt, Relay, Secrets
from agent_desk.reference import load_reference
from agent_desk.settings import Settings
from agent_desk.storage.acting import Acting, act_as
from agent_desk.storage.addresses import with_account
from agent_desk.storage.database import Database
from agent_desk.storage.schema import check_may_upgrade, needs_upgrade

if TYPE_CHECKING:
    from agent_desk.adapters.kannel import SmsAddress
    from agent_desk.adapters.smtp import RelayAddress

CODE_KEY = "code-key"
CODE_KEY_BYTES = 32
TRIAL_SECONDS = 8.0


class LatePrinter(Printer):
    """Loads the PDF library at the first document."""

    def receipt(self, receipt: Receipt) -> bytes:
        """Return the confirmation as PDF."""
        return self._printer.receipt(receipt)

    def letter(self, letter: LetterPaper) -> bytes:
        """Return a letter as PDF."""
        return self._printer.letter(letter)

    def case_file(self, case: CaseFile) -> bytes:
        """Return everything about one session as PDF."""
        return self._printer.case_file(case)

    @property
    def _printer(self) -> Printer:
        made: Printer = late.load("agent_desk.adapters.pdf:PdfPrinter")()
        return made


class LateSecrets(Secrets):
    """Loads the keyring library at the first question: it takes longer than the database."""

    def __init__(self) -> None:
        self._loaded: Secrets | None = None

    @property
    def usable(self) -> bool:
        """Tell whether secrets outlive the program."""
        return self._keyring.usable

    def get(self, name: str) -> str | None:
        """Return the secret called `name`, or None."""
        return self._keyring.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep `value` under `name`."""
        self._keyring.set(name, value)

    def delete(self, name: str) -> None:
        """Forget `name`."""
        self._keyring.delete(name)

    @property
    def _keyring(self) -> Secrets:
        if self._loaded is None:
            self._loaded = late.load("agent_desk.adapters.secrets:KeyringSecrets")()
        return self._loaded


def open_context(
    settings: Settings,
    painting_thread: int | None = None,
    first_look: Callable[[Context], None] | None = None,
    account: Account | None = None,
    enter: Callable[[Context], Context] = lambda ctx: ctx,
) -> Context:
    """Open the database, upgraded where needed, and everything beside it; DatabaseFault.

    SQL in `painting_thread` raises from then on. `first_look` may read the database before the keyring is asked. `account`
    signs in where the address names nobody; on one desk `enter` does, before anything is shown, or raises.
    """
    address, copy = settings.database_url, settings.report_database_url
    if account is not None:
        address, copy = (with_account(one, account.login, account.password) for one in (address, copy))
    database = Database.open(address)
    try:
        if copy and database.dialect == "postgresql":
            database.follow(late.load("agent_desk.storage.replica:Replica")(copy))
        if painting_thread is not None:
            database.forbid_thread(painting_thread)
        if needs_upgrade(database, __version__):
            check_may_upgrade(database)
            late.load("agent_desk.storage.upgrade:upgrade")(database)
        context = enter(as_signed_in(bare_context(database, settings)))
        if first_look is not None:
            first_look(context)
        return replace(context, code_key=code_key(context.secrets))
    except BaseException:
        database.close()
        raise


def bare_context(database: Database, settings: Settings, **others: Any) -> Context:
    """Return a context over an open database, without a door key; `others` replace its fields."""
    made = Context(
        database=database,
        clock=database.clock,
        secrets=LateSecrets(),
        reference=load_reference(data_path("db", "seed")),
        printer=LatePrinter(),
        settings=settings,
        code_key=b"",
    )
    return replace(made, **others)


def as_signed_in(ctx: Context) -> Context:
    """Act as whoever signed in, under their own name, where the database knows them; DatabaseFault `no_rights`."""
    if ctx.database.dialect == "sqlite":
        return ctx
    with ctx.database.read() as tx:
        who: Acting | None = late.load("agent_desk.storage.people:who_am_i")(tx)
    return ctx if who is None else in_the_name_of(ctx, who)


def in_the_name_of(ctx: Context, who: Acting) -> Context:
    """Do everything from now on in the name of who signed in."""
    act_as(ctx.database, who)
    return replace(ctx, settings=replace(ctx.settings, agent_name=who.name), person=who.login)


def code_key(keyring: Secrets) -> bytes:
    """Return this desk's private door key, made at first use; it dies with the program without a keyring."""
    kept = keyring.get(CODE_KEY)
    if kept is None:
        kept = random.token_hex(CODE_KEY_BYTES)
        keyring.set(CODE_KEY, kept)
    return bytes.fromhex(kept)


def relay_of(ctx: Context) -> Relay | None:
    """Return the relay the settings name; None while mails are to wait."""
    if ctx.settings.relay_state != "configured" or not ctx.settings.relay_host:
        return None
    relay: Relay = _smtp("SmtpRelay")(_address(ctx.settings), ctx.secrets)
    return relay


def try_relay(ctx: Context, settings: Settings, password: str) -> Delivery:
    """Connect to the relay these settings name and sign in; an empty password means the one that is kept."""
    kept = password or ctx.secrets.get(_smtp("PASSWORD_NAME")) or ""
    delivery: Delivery = _smtp("check")(replace(_address(settings), connect_seconds=TRIAL_SECONDS), kept)
    return delivery


def keep_password(ctx: Context, password: str) -> bool:
    """Keep the relay's password; False where it dies with the program."""
    ctx.secrets.set(_smtp("PASSWORD_NAME"), password)
    return ctx.secrets.usable


def sms_gateway_of(ctx: Context) -> Relay | None:
    """Return the SMS gateway the settings name, None where SMS are to wait; DatabaseFault.

    It is asked for reports where customers reach a gateway of ours, for it reaches that too.
    """
    settings = ctx.settings
    if not settings.sms_gateway_url:
        return None
    address = _sms_address(settings)
    if settings.public_url and settings.gateway_mode != "off":
        with ctx.database.write() as tx:
            key: bytes = late.load("agent_desk.storage.sms_reports:make_sms_key")(tx)
        address = replace(address, report_url=settings.public_url.rstrip("/"), report_key=key)
    gateway: Relay = _kannel("KannelGateway")(address, ctx.secrets)
    return gateway


def try_sms_gateway(ctx: Context, settings: Settings, password: str) -> Delivery:
    """Ask the SMS gateway these settings name to sign in, without an SMS; an empty password means the one that is kept."""
    kept = password or ctx.secrets.get(_kannel("PASSWORD_NAME")) or ""
    address = replace(_sms_address(settings), connect_seconds=TRIAL_SECONDS, answer_seconds=TRIAL_SECONDS)
    delivery: Delivery = _kannel("check")(address, kept)
    return delivery


def keep_sms_password(ctx: Context, password: str) -> bool:
    """Keep the SMS gateway's password; False where it dies with the program."""
    ctx.secrets.set(_kannel("PASSWORD_NAME"), password)
    return ctx.secrets.usable


def log_keys(ctx: Context) -> tuple[str, ...]:
    """Return the public keys that sign checkpoints here, as C2SP verifier keys."""
    with ctx.database.read() as tx:
        keys: tuple[str, ...] = late.load("agent_desk.storage.checkpoints:public_keys")(tx)
        return keys


def _address(settings: Settings) -> "RelayAddress":
    address: RelayAddress = _smtp("RelayAddress")(
        settings.relay_host, settings.relay_port, settings.relay_security, settings.relay_user
    )
    return address


def _sms_address(settings: Settings) -> "SmsAddress":
    address: SmsAddress = _kannel("SmsAddress")(settings.sms_gateway_url, settings.sms_user)
    return address


def _kannel(name: str) -> Any:
    return late.load(f"agent_desk.adapters.kannel:{name}")


def _smtp(name: str) -> Any:
    """Return something of the mail adapter; TLS and mail libraries are not needed to fill the first screen."""
    return late.load(f"agent_desk.adapters.smtp:{name}")
