"""Somebody signs in to an account on one desk: counted as failed before the password is looked at, then as it was."""

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.rules.sign_in import locked_until
from agent_desk.storage.accounts import Account, count_failure, find_account, forget_failures, tell_refused
from agent_desk.storage.acting import Acting
from agent_desk.storage.password_hash import matches


def sign_in(ctx: Context, login: str, password: str) -> Acting:
    """Return who this is; Refusal `account_expired` after the right password, else `account_refused`, whatever is wrong.

    An account that waits after too many tries, one that nobody has and a wrong password get one answer after one time.
    """
    found = _count(ctx, login)
    right = matches(password, found.password if found is not None else "")
    now = ctx.clock.now()
    expired = found is not None and found.until is not None and found.until <= now
    with ctx.database.write() as tx:
        if found is not None and right:
            forget_failures(tx, login)
        if found is not None and right and not expired:
            return found.who
        known = found is not None or find_account(tx, login) is not None
        tell_refused(tx, login if known else "", now)
    raise Refusal("account_expired" if right else "account_refused")


def _count(ctx: Context, login: str) -> Account | None:
    """Return the account as it is before this try, and None where none may be tried now."""
    now = ctx.clock.now()
    with ctx.database.write() as tx:
        found = find_account(tx, login)
        if found is None or locked_until(found.failures, found.failed_at, now) is not None:
            return None
        count_failure(tx, login, now)
        return found
