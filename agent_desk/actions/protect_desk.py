"""A desk that asked nobody who they are asks from now on: its one person gets an account."""

import secrets

from agent_desk.actions.add_people import MARK_BYTES
from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.people import managing
from agent_desk.rules.people import Role, is_login, is_name, is_password
from agent_desk.storage import people
from agent_desk.storage.accounts import has_accounts
from agent_desk.storage.people import PersonRecord, read_person


def protect_desk(ctx: Context, login: str, password: str) -> None:
    """Give the one person of this desk an account, an administrator's, so that from now on it asks who is there.

    Refusal `login_unfit`, `person_unfit` without a name in the settings, `password_unfit`, `not_administrator` where
    there are accounts already.
    """
    name = ctx.settings.agent_name
    if not is_login(login):
        raise Refusal("login_unfit")
    if not is_name(name):
        raise Refusal("person_unfit")
    if not is_password(password):
        raise Refusal("password_unfit")
    with managing(ctx) as tx:
        if has_accounts(tx):
            raise Refusal("not_administrator")
        known = read_person(tx, login)
        if known is None or not known.active:
            mark = secrets.token_hex(MARK_BYTES)
            people.add_person(tx, PersonRecord(login, name, "", Role.ADMINISTRATOR, "", mark))
        people.set_password(tx, login, password, None)
