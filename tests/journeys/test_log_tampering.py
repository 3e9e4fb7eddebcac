"""Whoever changes the log is found out: by the chain, by the signed checkpoint, or by the copy kept outside."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, delete, insert, select, text, update

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.make_checkpoint import make_checkpoint
from agent_desk.actions.verify_log import verify_log
from agent_desk.actions.views import LogFault
from agent_desk.storage.database import Database
from agent_desk.storage.events import append, erase
from agent_desk.storage.notes import verifier_key
from agent_desk.storage.tables import chain, checkpoint, checkpoint_leaf, event, payload, site
from tests.support.desks import MemorySecrets, clock, context
from tests.support.forgery import rehash, rewrite_checkpoints, rewrite_leaves, unguarded

KINDS = ("session_opened", "session_qualified", "code_issued", "code_redeemed", "work_begun")


def tell(ctx: Context, chain_number: int, *kinds: str) -> None:
    for kind in kinds:
        clock(ctx).move(seconds=1)
        with ctx.database.write() as tx:
            append(tx, chain_number, kind, {"by": "Nadia", "chain": chain_number}, at=ctx.clock.now(), actor="agent")


@pytest.fixture
def told(database: Database) -> Context:
    """Two checkpoints over chains 1 to 3; then chain 4 and the end of chain 1 under none."""
    ctx = context(database)
    for number in (1, 2):
        tell(ctx, number, *KINDS)
    make_checkpoint(ctx)
    tell(ctx, 2, "decision_made")
    tell(ctx, 3, *KINDS)
    make_checkpoint(ctx)
    tell(ctx, 1, "session_closed", "mail_queued")
    tell(ctx, 4, *KINDS)
    return ctx


def test_an_untouched_log_verifies(told: Context) -> None:
    report = verify_log(told)
    assert (report.events, report.chains, report.checkpoints, report.uncovered) == (23, 4, 2, 7)
    assert (report.fault, report.signed, len(report.keys)) == (None, True, 1)


def test_an_empty_log_verifies_and_proves_nothing(database: Database) -> None:
    report = verify_log(context(database))
    assert (report.events, report.checkpoints, report.signed, report.fault) == (0, 0, False, None)


def test_erased_payloads_leave_the_log_whole(told: Context) -> None:
    with told.database.write() as tx:
        erase(tx, 2)
    assert verify_log(told).fault is None


def flipped(raw: bytes) -> bytes:
    return bytes([raw[0] ^ 1]) + raw[1:]


def at(number: int, seq: int) -> Any:
    return (event.c.chain == number) & (event.c.seq == seq)


def flip(column: str) -> Callable[[Connection], object]:
    def change(tx: Connection) -> None:
        old = tx.execute(select(event.c[column]).where(at(2, 3))).scalar_one()
        tx.execute(update(event).where(at(2, 3)).values({column: flipped(old)}))

    return change


def say(**values: object) -> Callable[[Connection], object]:
    return lambda tx: tx.execute(update(event).where(at(2, 3)).values(**values))


def change_payload(tx: Connection) -> None:
    here = (payload.c.chain == 2) & (payload.c.seq == 3)
    tx.execute(update(payload).where(here).values(body='{"by":"Karim","chain":2}'))


def change_payload_key(tx: Connection) -> None:
    tx.execute(update(payload).where((payload.c.chain == 2) & (payload.c.seq == 3)).values(key=bytes(16)))


def remove(number: int, seq: int) -> Callable[[Connection], object]:
    return lambda tx: tx.execute(delete(event).where(at(number, seq)))


def swap(tx: Connection) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        tx.execute(update(event).where(at(2, old)).values(seq=new))


def duplicate(tx: Connection) -> None:
    """Put row 3 in once more, as the row after it, and move the rest up."""
    row = tx.execute(select(event).where(at(2, 3))).one()._asdict()
    for seq in (6, 5, 4):
        tx.execute(update(event).where(at(2, seq)).values(seq=seq + 1))
    tx.execute(insert(event), row | {"seq": 4})
    tx.execute(update(chain).where(chain.c.chain == 2).values(seq=7))


def duplicate_at_the_end(tx: Connection) -> None:
    row = tx.execute(select(event).where(at(2, 6))).one()._asdict()
    tx.execute(insert(event), row | {"seq": 7})
    tx.execute(update(chain).where(chain.c.chain == 2).values(seq=7))


def move_to_another_chain(tx: Connection) -> None:
    tx.execute(update(event).where(event.c.chain == 4).values(chain=5))
    tx.execute(update(chain).where(chain.c.chain == 4).values(chain=5))


def forget_chain(tx: Connection) -> None:
    tx.execute(delete(event).where(event.c.chain == 4))


def forget_head(tx: Connection) -> None:
    tx.execute(delete(chain).where(chain.c.chain == 4))


def change_head(tx: Connection) -> None:
    tx.execute(update(chain).where(chain.c.chain == 4).values(hash=bytes(32)))


BY_THE_CHAIN = {
    "flip a byte of the payload's MAC": (flip("payload_mac"), LogFault("hash_mismatch", 2, 3)),
    "flip a byte of the hash": (flip("hash"), LogFault("hash_mismatch", 2, 3)),
    "change the kind": (say(kind="code_burned"), LogFault("hash_mismatch", 2, 3)),
    "change the actor": (say(actor="customer"), LogFault("hash_mismatch", 2, 3)),
    "change the payload": (change_payload, LogFault("payload_changed", 2, 3)),
    "change the payload's key": (change_payload_key, LogFault("payload_changed", 2, 3)),
    "delete from the middle": (remove(2, 3), LogFault("gap", 2, 3)),
    "delete the first": (remove(2, 1), LogFault("gap", 2, 1)),
    "delete the last": (remove(4, 5), LogFault("tail_cut", 4, 5)),
    "swap": (swap, LogFault("hash_mismatch", 2, 3)),
    "duplicate": (duplicate, LogFault("duplicate", 2, 4)),
    "duplicate at the end": (duplicate_at_the_end, LogFault("duplicate", 2, 7)),
    "move to another chain": (move_to_another_chain, LogFault("hash_mismatch", 5, 1)),
    "delete a whole chain": (forget_chain, LogFault("chain_missing", 4, 1)),
    "delete a head": (forget_head, LogFault("head_mismatch", 4, 5)),
    "change a head": (change_head, LogFault("head_mismatch", 4, 5)),
}


@pytest.mark.parametrize("change", BY_THE_CHAIN)
def test_the_chain_finds(told: Context, change: str) -> None:
    tamper, fault = BY_THE_CHAIN[change]
    with unguarded(told.database) as tx:
        tamper(tx)
    assert verify_log(told).fault == fault


def cut_tail(tx: Connection) -> None:
    """Take the last two covered events of chain 2 off so that the chain itself is in order."""
    tx.execute(delete(event).where(event.c.chain == 2, event.c.seq > 4))
    rehash(tx)


def cut_chain(tx: Connection) -> None:
    tx.execute(delete(event).where(event.c.chain == 3))
    tx.execute(delete(chain).where(chain.c.chain == 3))


def new_history(tx: Connection) -> None:
    say(kind="code_burned")(tx)
    rehash(tx)


def new_history_with_leaves(tx: Connection) -> None:
    new_history(tx)
    rewrite_leaves(tx)


def new_history_with_frontiers(tx: Connection) -> None:
    new_history_with_leaves(tx)
    notes = {row.id: row.note for row in tx.execute(select(checkpoint))}
    rewrite_checkpoints(tx, None)
    for number, note in notes.items():
        tx.execute(update(checkpoint).where(checkpoint.c.id == number).values(note=note))


def new_history_under_old_signatures(tx: Connection) -> None:
    new_history_with_leaves(tx)
    rewrite_checkpoints(tx, None, keep_signatures=True)


def new_history_signed_by_a_stranger(tx: Connection) -> None:
    new_history_with_leaves(tx)
    rewrite_checkpoints(tx, Ed25519PrivateKey.generate())


def cut_tail_with_leaves(tx: Connection) -> None:
    cut_tail(tx)
    rewrite_leaves(tx)


def cut_tail_under_old_signatures(tx: Connection) -> None:
    cut_tail_with_leaves(tx)
    rewrite_checkpoints(tx, None, keep_signatures=True)


def remove_first_checkpoint(tx: Connection) -> None:
    tx.execute(delete(checkpoint).where(checkpoint.c.id == 1))


def remove_last_checkpoint(tx: Connection) -> None:
    tx.execute(delete(checkpoint).where(checkpoint.c.id == 2))


def strip_signature(tx: Connection) -> None:
    note = tx.execute(select(checkpoint.c.note).where(checkpoint.c.id == 2)).scalar_one()
    tx.execute(update(checkpoint).where(checkpoint.c.id == 2).values(note=note.partition("—")[0]))


def claim_coverage(tx: Connection) -> None:
    """Keep chain 4 out of the next checkpoints."""
    tx.execute(text("UPDATE chain SET in_checkpoint = seq WHERE chain = 4"))


def remove_a_leaf(tx: Connection) -> None:
    tx.execute(delete(checkpoint_leaf).where(checkpoint_leaf.c.position == 1))


def renumber_leaves(tx: Connection) -> None:
    for position in (3, 2):
        here = checkpoint_leaf.c.position == position
        tx.execute(update(checkpoint_leaf).where(here).values(position=position + 10))


def change_time(tx: Connection) -> None:
    tx.execute(text("UPDATE checkpoint SET at = at - 1000000 WHERE id = 2"))


def change_size(tx: Connection) -> None:
    tx.execute(text("UPDATE checkpoint SET size = size + 1 WHERE id = 2"))


def change_origin(tx: Connection) -> None:
    tx.execute(update(site).where(site.c.key == "origin").values(value="agent-desk/log/other"))


def change_frontier(tx: Connection) -> None:
    tx.execute(update(checkpoint).where(checkpoint.c.id == 2).values(frontier=bytes(32)))


BY_THE_CHECKPOINT = {
    "re-hash everything": (new_history, LogFault("checkpoint_mismatch", 2, 5, 1)),
    "re-hash everything, leaves too": (new_history_with_leaves, LogFault("checkpoint_mismatch", 0, 0, 1)),
    "re-hash everything, roots too": (new_history_under_old_signatures, LogFault("checkpoint_signature", 0, 0, 1)),
    "re-hash everything, other key": (new_history_signed_by_a_stranger, LogFault("checkpoint_signature", 0, 0, 1)),
    "cut a covered tail": (cut_tail, LogFault("tail_cut", 2, 5, 1)),
    "cut a covered tail, leaves too": (cut_tail_with_leaves, LogFault("checkpoint_mismatch", 0, 0, 1)),
    "cut a covered tail, roots too": (cut_tail_under_old_signatures, LogFault("checkpoint_signature", 0, 0, 1)),
    "cut a covered chain": (cut_chain, LogFault("chain_missing", 3, 5, 2)),
    "remove the first checkpoint": (remove_first_checkpoint, LogFault("checkpoint_link", 0, 0, 2)),
    "remove the last checkpoint": (remove_last_checkpoint, LogFault("checkpoint_link", 2, 6)),
    "strip a signature": (strip_signature, LogFault("checkpoint_signature", 0, 0, 2)),
    "re-hash everything, frontiers too": (new_history_with_frontiers, LogFault("checkpoint_mismatch", 0, 0, 1)),
    "renumber the leaves": (renumber_leaves, LogFault("checkpoint_mismatch", 0, 0, 2)),
    "change a checkpoint's time": (change_time, LogFault("checkpoint_mismatch", 0, 0, 2)),
    "change a checkpoint's size": (change_size, LogFault("checkpoint_mismatch", 0, 0, 2)),
    "change the origin": (change_origin, LogFault("checkpoint_link", 0, 0, 1)),
    "remove a leaf": (remove_a_leaf, LogFault("checkpoint_mismatch", 0, 0, 1)),
    "change the stored frontier": (change_frontier, LogFault("checkpoint_mismatch", 0, 0, 2)),
    "claim a chain is covered": (claim_coverage, LogFault("head_mismatch", 4, 5)),
}


@pytest.mark.parametrize("change", BY_THE_CHECKPOINT)
def test_the_signed_checkpoint_finds(told: Context, change: str) -> None:
    tamper, fault = BY_THE_CHECKPOINT[change]
    with unguarded(told.database) as tx:
        tamper(tx)
    assert verify_log(told).fault == fault


def take_everything_back(ctx: Context) -> None:
    """Undo all that was told since the first checkpoint, as putting the file of that time back would."""
    with unguarded(ctx.database) as tx:
        tx.execute(delete(checkpoint).where(checkpoint.c.id > 1))
        tx.execute(delete(checkpoint_leaf).where(checkpoint_leaf.c.position > 1))
        tx.execute(delete(event).where((event.c.chain > 2) | (event.c.seq > 5)))
        tx.execute(delete(payload).where((payload.c.chain > 2) | (payload.c.seq > 5)))
        tx.execute(delete(chain).where(chain.c.chain > 2))
        tx.execute(update(chain).values(in_checkpoint=5))
        rehash(tx)


@pytest.fixture
def outside(told: Context, tmp_path: Path) -> Path:
    """The latest checkpoint as a person keeps it."""
    path = tmp_path / "outside.txt"
    path.write_text(make_checkpoint(told), encoding="utf-8", newline="\n")
    return path


def test_an_untouched_log_continues_from_the_copy_kept_outside(told: Context, outside: Path) -> None:
    tell(told, 5, *KINDS)
    make_checkpoint(told)
    assert verify_log(told, outside).fault is None


def test_an_older_state_put_back_is_found_with_the_copy_kept_outside_only(told: Context, outside: Path) -> None:
    take_everything_back(told)
    assert verify_log(told).fault is None
    assert verify_log(told, outside).fault == LogFault("older_than_reference", 0, 0)


def test_an_older_state_put_back_and_continued_is_found_too(told: Context, outside: Path) -> None:
    take_everything_back(told)
    for number in range(3, 12):
        tell(told, number, *KINDS)
    make_checkpoint(told)
    assert verify_log(told).fault is None
    assert verify_log(told, outside).fault == LogFault("checkpoint_mismatch", 0, 0)


def test_last_weeks_file_put_back_is_found_with_the_copy_kept_outside(sqlite_url: str, tmp_path: Path) -> None:
    ctx = context(Database.open(sqlite_url))
    tell(ctx, 1, *KINDS)
    make_checkpoint(ctx)
    ctx.database.close()
    assert ctx.database.file is not None
    last_week = ctx.database.file.read_bytes()
    ctx = replace(ctx, database=Database.open(sqlite_url))
    tell(ctx, 2, *KINDS)
    outside = tmp_path / "outside.txt"
    outside.write_text(make_checkpoint(ctx), encoding="utf-8", newline="\n")
    ctx.database.close()
    Path(sqlite_url.removeprefix("sqlite:///")).write_bytes(last_week)
    ctx = replace(ctx, database=Database.open(sqlite_url))
    assert verify_log(ctx).fault is None
    assert verify_log(ctx, outside).fault == LogFault("older_than_reference", 0, 0)
    ctx.database.close()


def test_a_new_history_signed_by_a_key_slipped_in_is_found_with_the_copy_kept_outside(
    told: Context, outside: Path
) -> None:
    stranger = Ed25519PrivateKey.generate()
    with unguarded(told.database) as tx:
        new_history_with_leaves(tx)
        rewrite_checkpoints(tx, stranger)
        origin = tx.execute(select(site.c.value).where(site.c.key == "origin")).scalar_one()
        slipped_in = verifier_key(origin, stranger.public_key())
        tx.execute(update(site).where(site.c.key == "public_key").values(value=slipped_in))
    report = verify_log(told)
    assert (report.fault, report.keys) == (None, (slipped_in,))
    assert verify_log(told, outside).fault == LogFault("checkpoint_mismatch", 0, 0, 3)


def test_a_new_history_without_signatures_says_so(told: Context) -> None:
    with unguarded(told.database) as tx:
        new_history_with_leaves(tx)
        rewrite_checkpoints(tx, None)
    report = verify_log(told)
    assert (report.fault, report.signed) == (None, False)


def test_without_a_usable_keyring_checkpoints_hold_the_log_together_unsigned(database: Database) -> None:
    ctx = context(database, secrets=MemorySecrets(usable=False))
    tell(ctx, 1, *KINDS)
    assert make_checkpoint(ctx).endswith("\nunsigned\n\n")
    report = verify_log(ctx)
    assert (report.fault, report.signed, report.checkpoints) == (None, False, 1)
    with unguarded(database) as tx:
        tx.execute(delete(event).where(event.c.seq > 3))
        rehash(tx)
    assert verify_log(ctx).fault == LogFault("tail_cut", 1, 5, 1)


@pytest.mark.parametrize("kept", ["", "My shopping list\n", "a\n1\n\nb"])
def test_a_file_without_a_checkpoint_is_refused(told: Context, tmp_path: Path, kept: str) -> None:
    path = tmp_path / "outside.txt"
    path.write_text(kept)
    with pytest.raises(Refusal) as refused:
        verify_log(told, path)
    assert refused.value.code == "file_not_read"


def test_a_missing_file_is_refused(told: Context, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        verify_log(told, tmp_path / "nowhere.txt")
    assert refused.value.code == "file_not_read"
