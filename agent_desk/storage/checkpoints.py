"""Checkpoints: the heads of all chains that changed become leaves of one growing tree, whose root is signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, bindparam, func, insert, select, update

from agent_desk.storage import notes
from agent_desk.storage.canonical import plain
from agent_desk.storage.merkle import Tree
from agent_desk.storage.site import read_site, write_site
from agent_desk.storage.tables import chain, checkpoint, checkpoint_leaf, site

# So that a first checkpoint over very many sessions does not keep the others from writing.
LEAVES_AT_ONCE = 10_000

_CHANGED = (
    select(chain.c.chain, chain.c.seq, chain.c.hash)
    .where(chain.c.seq > chain.c.in_checkpoint)
    .order_by(chain.c.chain)
    .limit(LEAVES_AT_ONCE)
    .with_for_update(skip_locked=True)  # who is writing now is in the next one: nobody waits
)
_COVER = update(chain).where(chain.c.chain == bindparam("of")).values(in_checkpoint=bindparam("to"))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far checkpoints reach: events no checkpoint covers yet, and the public keys that may sign."""

    uncovered: int
    keys: tuple[str, ...]


def take(tx: Connection, at: datetime, key: Ed25519PrivateKey | None) -> str | None:
    """Cover what has changed with one checkpoint and return its note, unsigned without a key; None: nothing changed.

    At most LEAVES_AT_ONCE chains are covered, so ask again until None.
    """
    origin = _origin(tx)
    changed = tx.execute(_CHANGED).all()
    if not changed:
        return None
    last = tx.execute(select(checkpoint).order_by(checkpoint.c.id.desc()).limit(1)).first()
    tree = Tree(last.size, last.frontier) if last else Tree()
    leaves = [_leaf(position, row) for position, row in enumerate(changed, start=tree.size)]
    tree.extend(leaf_bytes(row) for row in changed)
    previous = notes.note_hash(last.note) if last else notes.NO_PREVIOUS
    note = notes.write(notes.Checkpoint(origin, tree.size, tree.root(), previous, at), key)
    if key is not None:
        _publish(tx, notes.verifier_key(origin, key.public_key()))
    tx.execute(insert(checkpoint_leaf), leaves)
    tx.execute(_COVER, [{"of": row.chain, "to": row.seq} for row in changed])
    tx.execute(insert(checkpoint).values(at=at, size=tree.size, frontier=tree.frontier, note=note))
    return note


def last_note(tx: Connection) -> str:
    """Return the latest checkpoint's note; "" before the first."""
    return tx.execute(select(checkpoint.c.note).order_by(checkpoint.c.id.desc()).limit(1)).scalar_one_or_none() or ""


def last_at(tx: Connection) -> datetime | None:
    """Return when the latest checkpoint was made, None before the first."""
    return tx.execute(select(checkpoint.c.at).order_by(checkpoint.c.id.desc()).limit(1)).scalar_one_or_none()


def coverage(tx: Connection) -> Coverage:
    """Return what is not covered yet, and who may sign."""
    return Coverage(uncovered(tx), public_keys(tx))


def uncovered(tx: Connection) -> int:
    """Return how many events stand under no checkpoint yet."""
    behind = select(func.coalesce(func.sum(chain.c.seq - chain.c.in_checkpoint), 0))
    return int(tx.execute(behind.where(chain.c.seq > chain.c.in_checkpoint)).scalar_one())


def public_keys(tx: Connection) -> tuple[str, ...]:
    """Return the keys that have signed checkpoints of this site, as C2SP verifier keys, oldest first."""
    return tuple(read_site(tx, ["public_key"]).get("public_key", "").split())


def leaf_bytes(row: Any) -> bytes:
    """Return the leaf for a row with `chain`, `seq` and `hash`: canonical JSON, so that anyone can rebuild the tree."""
    return plain({"chain": row.chain, "hash": bytes(row.hash).hex(), "seq": row.seq}).encode()


def publish_key(tx: Connection, key: Ed25519PrivateKey) -> None:
    """Make a key that signs known to the site, before its first checkpoint where need be."""
    origin = read_site(tx, ["origin"])["origin"]
    _publish(tx, notes.verifier_key(origin, key.public_key()))


def _leaf(position: int, row: Any) -> dict[str, object]:
    return {"position": position, "chain": row.chain, "seq": row.seq, "hash": row.hash}


def _publish(tx: Connection, key: str) -> None:
    if key in public_keys(tx):
        return
    _origin(tx)  # whoever publishes one at the same time comes before or after
    known = public_keys(tx)
    if key not in known:
        write_site(tx, "public_key", "\n".join((*known, key)))


def _origin(tx: Connection) -> str:
    """Return the site's origin, whose row is locked from now on."""
    return str(tx.execute(select(site.c.value).where(site.c.key == "origin").with_for_update()).scalar_one())
