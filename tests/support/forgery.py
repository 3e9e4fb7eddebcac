"""What somebody with write access to the database can do to the log, from a flipped byte to a whole new history."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, bindparam, delete, insert, select, text, update

from agent_desk.storage import notes
from agent_desk.storage.checkpoints import leaf_bytes
from agent_desk.storage.database import Database
from agent_desk.storage.events import GENESIS, event_hash
from agent_desk.storage.merkle import Tree
from agent_desk.storage.tables import chain, checkpoint, checkpoint_leaf, event
from agent_desk.storage.types import microseconds

LOG = ("event", "checkpoint", "checkpoint_leaf")


@contextmanager
def unguarded(database: Database) -> Iterator[Connection]:
    """Give a transaction without the triggers that protect the log; a forger leaves no trace of that."""
    with database.write() as tx:
        if database.dialect == "postgresql":
            _switch_triggers(tx, "DISABLE")
            yield tx
            _switch_triggers(tx, "ENABLE")
            return
        triggers = tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        guards = [row for row in triggers if row.name.startswith(LOG)]
        for guard in guards:
            tx.execute(text(f"DROP TRIGGER {guard.name}"))
        yield tx
        for guard in guards:
            tx.exec_driver_sql(guard.sql)


def _switch_triggers(tx: Connection, how: str) -> None:
    for table in LOG:
        tx.execute(text(f"ALTER TABLE {table} {how} TRIGGER USER"))


def rehash(tx: Connection) -> None:
    """Give every event the hash its present contents ask for, and every chain its new head."""
    heads: dict[int, bytes] = {}
    seqs: dict[int, int] = {}
    for row in tx.execute(select(event).order_by(event.c.chain, event.c.seq)).all():
        prev = heads.get(row.chain, GENESIS)
        facts = (row.chain, row.seq, row.kind, microseconds(row.at), row.actor, row.payload_mac, prev)
        heads[row.chain], seqs[row.chain] = event_hash(*facts), row.seq
        here = (event.c.chain == row.chain) & (event.c.seq == row.seq)
        tx.execute(update(event).where(here).values(hash=heads[row.chain]))
    for of, head in heads.items():
        tx.execute(update(chain).where(chain.c.chain == of).values(seq=seqs[of], hash=head))


def rewrite_leaves(tx: Connection) -> None:
    """Make every leaf say what its event says now; leaves without event go."""
    tx.execute(
        delete(checkpoint_leaf).where(
            ~select(event.c.seq)
            .where(event.c.chain == checkpoint_leaf.c.chain, event.c.seq == checkpoint_leaf.c.seq)
            .exists()
        )
    )
    now = select(event.c.hash).where(event.c.chain == checkpoint_leaf.c.chain, event.c.seq == checkpoint_leaf.c.seq)
    tx.execute(update(checkpoint_leaf).values(hash=now.scalar_subquery()))
    for position, old in enumerate(tx.execute(select(checkpoint_leaf.c.position).order_by("position")).scalars().all()):
        tx.execute(
            update(checkpoint_leaf)
            .where(checkpoint_leaf.c.position == bindparam("old"))
            .values(position=position)
            .execution_options(synchronize_session=False),
            {"old": old},
        )


def rewrite_checkpoints(tx: Connection, key: Ed25519PrivateKey | None, *, keep_signatures: bool = False) -> None:
    """Recompute every checkpoint from the present leaves: signed with `key`, unsigned, or under the old signatures."""
    leaves = tx.execute(select(checkpoint_leaf).order_by(checkpoint_leaf.c.position)).all()
    tree, previous = Tree(), notes.NO_PREVIOUS
    rows = tx.execute(select(checkpoint).order_by(checkpoint.c.id)).all()
    tx.execute(delete(checkpoint))
    for row in rows:
        tree.extend(leaf_bytes(leaf) for leaf in leaves[tree.size : row.size])
        said = replace(notes.read(row.note), size=tree.size, root=tree.root(), previous=previous)
        note = notes._text(said) if keep_signatures else notes.write(replace(said, signature=b""), key)
        previous = notes.note_hash(note)
        new = {"id": row.id, "at": row.at, "size": tree.size, "frontier": tree.frontier, "note": note}
        tx.execute(insert(checkpoint), new)
