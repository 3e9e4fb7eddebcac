"""What every action on people has in common: the database sees to rights, and says no by a code of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.storage.refused import RefusedByRights
from agent_desk.storage.rights import is_applied


@contextmanager
def managing(ctx: Context, *, on_server: bool = False) -> Iterator[Connection]:
    """Give a transaction in which people are changed; Refusal `rights_missing`, or the database's own.

    Refusal `only_postgresql` on one desk for what there is on servers only.
    """
    on_one_desk = ctx.database.dialect == "sqlite"
    if on_one_desk and on_server:
        raise Refusal("only_postgresql")
    try:
        with ctx.database.write() as tx:
            if not on_one_desk and not is_applied(tx):
                raise Refusal("rights_missing")
            yield tx
    except RefusedByRights as refused:
        raise Refusal(refused.code) from refused
