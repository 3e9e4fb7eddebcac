"""Who signs in to a call centre's database at this workstation, and what the keyring keeps of it.

Loaded for an address of a server only.
"""

import json
from collections.abc import Callable
from dataclasses import asdict

from agent_desk.actions.context import Context
from agent_desk.ports import Account, Secrets
from agent_desk.settings import Settings
from agent_desk.storage.addresses import safe, shown
from agent_desk.storage.faults import DatabaseFault
from agent_desk.wiring.context import LateSecrets, open_context

NAME = "database-account"
# What a server says to somebody who has not signed in, or not rightly.
ASKING = frozenset({"password_missing", "password_refused", "database_missing", "not_let_in"})


def takes_account(settings: Settings) -> bool:
    """Tell whether the database is on a server and its address leaves open who signs in."""
    try:
        url = safe(settings.database_url)
    except DatabaseFault:
        return False
    return url.get_backend_name() == "postgresql" and url.username is None


def asks(error: BaseException, settings: Settings) -> bool:
    """Tell whether this is what a server says to somebody who has yet to sign in, or did so wrongly."""
    return getattr(error, "code", "") in ASKING and takes_account(settings)


def open_signed_in(
    settings: Settings, painting_thread: int, first_look: Callable[[Context], None], asked: Account | None
) -> Context:
    """Open the database as who just typed login and password, else as the keyring knows; DatabaseFault.

    What was typed is kept as the person wishes once it has opened the database.
    """
    if not takes_account(settings):
        return open_context(settings, painting_thread, first_look)
    account = asked or known_account(settings, LateSecrets())
    ctx = open_context(settings, painting_thread, first_look, account if account.password else None)
    if asked is not None:
        keep_account(settings, ctx.secrets, asked)
    return ctx


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


def _place(settings: Settings) -> str:
    return shown(safe(settings.database_url))
