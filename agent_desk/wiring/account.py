"""Who signs in at this workstation, to a server or to an account of one desk, and what the keyring keeps of it."""

import hmac
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace

from agent_desk import late
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.ports import Account, Secrets
from agent_desk.settings import Settings
from agent_desk.storage.accounts import has_accounts
from agent_desk.storage.acting import Acting
from agent_desk.storage.addresses import safe, shown
from agent_desk.storage.database import Database
from agent_desk.storage.faults import UNREACHABLE, DatabaseFault
from agent_desk.wiring.context import LateSecrets, in_the_name_of, open_context

NAME = "database-account"
# What a server says to somebody who has not signed in, or not rightly.
ASKING = frozenset({"password_missing", "password_refused", "database_missing", "not_let_in"})
# What a desk with accounts of its own says then.
ASKING_HERE = frozenset({"account_missing", "account_refused", "account_expired"})


def takes_account(settings: Settings) -> bool:
    """Tell whether the database is on a server and its address leaves open who signs in."""
    try:
        url = safe(settings.database_url)
    except DatabaseFault:
        return False
    return url.get_backend_name() == "postgresql" and url.username is None


def asks(error: BaseException, settings: Settings) -> bool:
    """Tell whether this is what is said to somebody who has yet to sign in, or did so wrongly."""
    code = getattr(error, "code", "")
    return code in ASKING_HERE or (code in ASKING and takes_account(settings))


def open_signed_in(
    settings: Settings, painting_thread: int, first_look: Callable[[Context], None], asked: Account | None
) -> Context:
    """Open the database as who just typed login and password, else as the keyring knows; DatabaseFault, Refusal.

    What was typed is kept as the person wishes once it has opened the database.
    """
    if settings.database_url.startswith("sqlite"):
        return open_context(settings, painting_thread, first_look, enter=lambda ctx: _enter(ctx, asked))
    if not takes_account(settings):
        return open_context(settings, painting_thread, first_look)
    account = asked or known_account(settings, LateSecrets())
    ctx = open_context(settings, painting_thread, first_look, account if account.password else None)
    if asked is not None:
        keep_account(settings, ctx.secrets, asked)
    return ctx


def _enter(ctx: Context, asked: Account | None) -> Context:
    """Sign in to an account of this desk, where it has any; Refusal `account_missing`, or as `sign_in` refuses."""
    with ctx.database.read() as tx:
        if not has_accounts(tx):
            return ctx
    account = asked or known_account(ctx.settings, ctx.secrets)
    if not account.password:
        raise Refusal("account_missing")
    who: Acting = late.sign_in(ctx, account.login, account.password)
    if asked is not None:
        keep_account(ctx.settings, ctx.secrets, asked)
    return in_the_name_of(ctx, who)


def known_account(settings: Settings, keyring: Secrets) -> Account:
    """Return who signed in to this very database last, with the password where it was kept; an empty login for nobody."""
    try:
        kept = json.loads(keyring.get(NAME) or "{}")
        # A password goes to no other server than the one it was typed for.
        if kept.pop("place", "") == _place(settings):
            return Account(**kept)
    except (ValueError, TypeError, AttributeError):
        pass
    return Account("")


def keep_account(settings: Settings, keyring: Secrets, account: Account) -> None:
    """Keep the login, and the password where the person wishes."""
    kept = Account(account.login, account.password if account.keep else "", account.keep)
    keyring.set(NAME, json.dumps(asdict(kept) | {"place": _place(settings)}))


def known_login(settings: Settings) -> str:
    """Return the login last used here, "" where none is known."""
    return known_account(settings, LateSecrets()).login


def may_lock(ctx: Context) -> bool:
    """Tell whether somebody signed in with a password, which then unlocks; one a server never asked for would lock nothing."""
    return bool(ctx.person) and (ctx.database.dialect == "sqlite" or takes_account(ctx.settings))


def unlock(ctx: Context, password: str) -> None:
    """Return where this is the password of whoever signed in; Refusal, DatabaseFault. A wrong one is an event.

    A server that is away cannot be asked: then it is compared with the one that opened it.
    """
    if ctx.database.dialect == "sqlite":
        late.sign_in(ctx, ctx.person, password)
        return
    opened = ctx.database.engine.url
    try:
        Database.open(opened.set(password=password).render_as_string(hide_password=False)).close()
    except DatabaseFault as fault:
        if fault.code == UNREACHABLE and hmac.compare_digest(password.encode(), str(opened.password).encode()):
            return
        if fault.code == "password_refused":
            with suppress(Exception):  # told as far as it can be
                late.tell_refused(ctx, 1, ctx.clock.now())
        raise


def change_password(ctx: Context, old: str, new: str) -> None:
    """Replace one's own password, in the keyring too where it is kept; Refusal."""
    late.change_password(ctx, old, new)
    kept = known_account(ctx.settings, ctx.secrets)
    if kept.password and kept.login == ctx.person:
        keep_account(ctx.settings, ctx.secrets, replace(kept, password=new))


def forget_password(ctx: Context) -> None:
    """Keep no password any more: somebody else is to sign in."""
    keep_account(ctx.settings, ctx.secrets, Account(ctx.person))


def _place(settings: Settings) -> str:
    return shown(safe(settings.database_url))
