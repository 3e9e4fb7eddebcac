"""Checking the log: every row against the one before, every checkpoint against its leaves, every leaf against its row.

Rows are streamed, so that memory does not grow with the log. Kinds of fault are keys of the wording table `log_faults`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, CursorResult, Row, Select, func, or_, select

from agent_desk.storage import notes
from agent_desk.storage.checkpoints import leaf_bytes, public_keys
from agent_desk.storage.events import EVENTS, GENESIS, row_fault
from agent_desk.storage.merkle import Tree
from agent_desk.storage.site import read_site
from agent_desk.storage.tables import chain, checkpoint, checkpoint_leaf, event

ROWS_AT_ONCE = 2000

_LEAVES = select(checkpoint_leaf).order_by(checkpoint_leaf.c.position)
_CHECKPOINTS = select(checkpoint).order_by(checkpoint.c.id)
_EVENTS = EVENTS.outerjoin(chain, chain.c.chain == event.c.chain).add_columns(
    chain.c.seq.label("head_seq"), chain.c.hash.label("head_hash")
)
_EMPTY_CHAIN = (
    select(chain.c.chain)
    .where(chain.c.seq > 0, ~select(event.c.seq).where(event.c.chain == chain.c.chain).exists())
    .order_by(chain.c.chain)
    .limit(1)
)
_BAD_LEAF = (
    select(checkpoint_leaf, event.c.hash.label("found"))
    .outerjoin(event, (event.c.chain == checkpoint_leaf.c.chain) & (event.c.seq == checkpoint_leaf.c.seq))
    .where(or_(event.c.hash.is_(None), event.c.hash != checkpoint_leaf.c.hash))
    .order_by(checkpoint_leaf.c.position)
    .limit(1)
)
_FALSELY_COVERED = (
    select(chain.c.chain, chain.c.in_checkpoint)
    .outerjoin(
        checkpoint_leaf,
        (checkpoint_leaf.c.chain == chain.c.chain) & (checkpoint_leaf.c.seq == chain.c.in_checkpoint),
    )
    .where(chain.c.in_checkpoint > 0, checkpoint_leaf.c.position.is_(None))
    .order_by(chain.c.chain)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first bad row; where a checkpoint is at fault rather than an event, `chain` and `seq` are 0."""

    kind: str
    chain: int = 0
    seq: int = 0
    checkpoint: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked; `signed` tells whether the latest checkpoint carries a valid signature."""

    events: int = 0
    chains: int = 0
    checkpoints: int = 0
    signed: bool = False
    fault: Fault | None = None


def check_log(
    tx: Connection, references: Iterable[str] = (), seen: Callable[[int], None] = lambda _events: None
) -> Checked:
    """Check the whole log, and that it continues from the notes kept outside; stops at the first bad row.

    `seen(events)` is called after each chain and each checkpoint; what it raises ends the check.
    """
    chains = _check_chains(tx, seen)
    if chains.fault:
        return chains
    found = _check_checkpoints(tx, references, lambda: seen(chains.events))
    fault = found.fault or _check_leaves(tx)
    return Checked(chains.events, chains.chains, found.checkpoints, found.signed, fault)


def _check_chains(tx: Connection, seen: Callable[[int], None]) -> Checked:
    events = chains = 0
    with _stream(tx, _EVENTS) as rows:
        for _, links in groupby(rows, key=attrgetter("chain")):
            count, fault = _check_chain(links)
            events += count
            chains += 1
            seen(events)
            if fault:
                return Checked(events, chains, fault=fault)
    empty = tx.execute(_EMPTY_CHAIN).scalar_one_or_none()
    return Checked(events, chains, fault=None if empty is None else Fault("chain_missing", empty, 1))


def _check_chain(rows: Iterable[Row[Any]]) -> tuple[int, Fault | None]:
    """Return how many rows of one chain were read, and what is wrong with the first bad one."""
    count, head, last = 0, GENESIS, None
    for row in rows:
        if row.seq != count + 1:
            return count, Fault("gap" if row.seq > count + 1 else "duplicate", row.chain, count + 1)
        kind = row_fault(row, head)
        if kind == "hash_mismatch" and last is not None and row.payload_mac == last.payload_mac:
            kind = "duplicate"
        if kind:
            return count, Fault(kind, row.chain, row.seq)
        count, head, last = row.seq, row.hash, row
    if last is None or (last.head_seq, last.head_hash) == (count, head):
        return count, None
    cut = last.head_seq is not None and last.head_seq > count
    return count, Fault("tail_cut", last.chain, count + 1) if cut else Fault("head_mismatch", last.chain, count)


def _check_checkpoints(tx: Connection, references: Iterable[str], seen: Callable[[], None]) -> Checked:
    kept = {notes.read(note).size: note for note in references}
    site = read_site(tx, ["origin"]).get("origin", ""), public_keys(tx)
    tree, before, signed, count = Tree(), notes.NO_PREVIOUS, False, 0
    with _stream(tx, _CHECKPOINTS) as rows, _stream(tx, _LEAVES) as leaves:
        for count, row in enumerate(rows, start=1):
            seen()
            said = _read(row.note)
            kind = _note_fault(row, said, before, *site) or _tree_fault(row, said, tree, leaves)
            if not kind and kept.pop(row.size, row.note) != row.note:
                kind = "checkpoint_mismatch"
            if kind:
                return Checked(checkpoints=count - 1, fault=Fault(kind, checkpoint=row.id))
            before, signed = notes.note_hash(row.note), said is not None and bool(said.signature)
        left = leaves.first()
    return Checked(checkpoints=count, signed=signed, fault=_end_fault(left, kept, tree.size))


def _note_fault(row: Row[Any], said: notes.Checkpoint | None, before: bytes, origin: str, keys: Collection[str]) -> str:
    if said is None or (said.signature and not notes.is_signed_by(row.note, said, keys)):
        return "checkpoint_signature"
    return "" if (said.previous, said.origin) == (before, origin) else "checkpoint_link"


def _tree_fault(row: Row[Any], said: notes.Checkpoint | None, tree: Tree, leaves: Iterable[Row[Any]]) -> str:
    """Let the tree grow to the checkpoint's size and compare; the row's own columns must say what its note says."""
    for leaf in islice(leaves, max(row.size - tree.size, 0)):
        if leaf.position != tree.size:
            return "checkpoint_mismatch"
        tree.add(leaf_bytes(leaf))
    grown = (tree.size, tree.root(), tree.frontier, row.at)
    same = said is not None and grown == (said.size, said.root, row.frontier, said.at) and row.size == said.size
    return "" if same else "checkpoint_mismatch"


def _end_fault(leaf: Row[Any] | None, kept: Mapping[int, str], size: int) -> Fault | None:
    """Return what is wrong after the last checkpoint: a leaf too many, or a note kept outside that is not ours."""
    if leaf is not None:
        return Fault("checkpoint_link", leaf.chain, leaf.seq)
    if not kept:
        return None
    return Fault("older_than_reference" if max(kept) > size else "checkpoint_mismatch")


def _check_leaves(tx: Connection) -> Fault | None:
    bad = tx.execute(_BAD_LEAF).first()
    if bad is None:
        false = tx.execute(_FALSELY_COVERED).first()
        return Fault("head_mismatch", false.chain, false.in_checkpoint) if false else None
    covering = select(func.min(checkpoint.c.id)).where(checkpoint.c.size > bad.position)
    kind = "checkpoint_mismatch"
    if bad.found is None:
        left = tx.execute(select(func.max(event.c.seq)).where(event.c.chain == bad.chain)).scalar_one()
        kind = "chain_missing" if left is None else "tail_cut"
    return Fault(kind, bad.chain, bad.seq, tx.execute(covering).scalar_one())


def _read(note: str) -> notes.Checkpoint | None:
    try:
        return notes.read(note)
    except ValueError:
        return None


def _stream(tx: Connection, query: Select[Any]) -> CursorResult[Any]:
    return tx.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
