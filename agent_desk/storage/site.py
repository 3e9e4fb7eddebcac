"""Facts of the whole site, by key."""

from collections.abc import Collection

from sqlalchemy import Connection, insert, select, update

from agent_desk.storage.tables import site


def read_site(tx: Connection, keys: Collection[str]) -> dict[str, str]:
    """Return the values of those keys that are there."""
    return {row.key: row.value for row in tx.execute(select(site).where(site.c.key.in_(keys)))}


def write_site(tx: Connection, key: str, value: str) -> None:
    """Set one value."""
    if not tx.execute(update(site).where(site.c.key == key).values(value=value)).rowcount:
        tx.execute(insert(site).values(key=key, value=value))
