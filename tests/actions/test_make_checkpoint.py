"""Checkpoints cover what has changed, are signed where a keyring is, and stand outside where that is wanted."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select, text

from agent_desk.actions.context import Context
from agent_desk.actions.errors import Refusal
from agent_desk.actions.make_checkpoint import KEY_NAME, make_checkpoint
from agent_desk.actions.verify_log import verify_log
from agent_desk.settings import Settings
from agent_desk.storage import checkpoints, notes
from agent_desk.storage.database import Database
from agent_desk.storage.events import append
from agent_desk.storage.outside import read_notes
from agent_desk.storage.tables import chain, checkpoint, checkpoint_leaf
from tests.support.desks import MemorySecrets, context


def tell(ctx: Context, *chains: int) -> None:
    with ctx.database.write() as tx:
        for number in chains:
            append(tx, number, "code_issued", {}, at=ctx.clock.now(), actor="agent")


def count(ctx: Context) -> tuple[int, int]:
    """Return how many checkpoints and leaves there are."""
    with ctx.database.read() as tx:
        return tuple(  # type: ignore[return-value]  # two selects, two numbers
            tx.execute(select(func.count()).select_from(table)).scalar_one() for table in (checkpoint, checkpoint_leaf)
        )


@pytest.fixture
def ctx(database: Database) -> Context:
    return context(database)


def test_an_empty_log_gets_no_checkpoint(ctx: Context) -> None:
    assert make_checkpoint(ctx) == ""
    assert count(ctx) == (0, 0)


def test_only_changed_chains_become_leaves(ctx: Context) -> None:
    tell(ctx, 1, 2)
    make_checkpoint(ctx)
    tell(ctx, 2, 2, 3)
    make_checkpoint(ctx)
    with ctx.database.read() as tx:
        leaves = select(checkpoint_leaf.c.chain, checkpoint_leaf.c.seq).order_by(checkpoint_leaf.c.position)
        assert [tuple(row) for row in tx.execute(leaves)] == [(1, 1), (2, 1), (2, 3), (3, 1)]
    assert verify_log(ctx).uncovered == 0


def test_without_changes_the_latest_checkpoint_stays_the_latest(ctx: Context) -> None:
    tell(ctx, 1)
    first = make_checkpoint(ctx)
    assert make_checkpoint(ctx) == first
    assert count(ctx) == (1, 1)


def test_each_checkpoint_names_the_one_before(ctx: Context) -> None:
    tell(ctx, 1)
    first = make_checkpoint(ctx)
    tell(ctx, 1)
    second = make_checkpoint(ctx)
    assert notes.read(first).previous == notes.NO_PREVIOUS
    assert notes.read(second).previous == notes.note_hash(first)


def test_very_many_chains_are_covered_in_several_checkpoints(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "_CHANGED", checkpoints._CHANGED.limit(10))
    tell(ctx, *range(1, 26))
    make_checkpoint(ctx)
    assert count(ctx) == (3, 25)
    assert verify_log(ctx).fault is None


def test_the_key_is_made_once_and_kept_in_the_keyring(ctx: Context) -> None:
    tell(ctx, 1)
    make_checkpoint(ctx)
    kept = ctx.secrets.get(KEY_NAME)
    tell(ctx, 1)
    make_checkpoint(ctx)
    assert kept is not None
    assert ctx.secrets.get(KEY_NAME) == kept
    assert len(verify_log(ctx).keys) == 1


def test_a_second_workstation_signs_with_a_key_of_its_own(ctx: Context) -> None:
    tell(ctx, 1)
    make_checkpoint(ctx)
    other = replace(ctx, secrets=MemorySecrets())
    tell(other, 2)
    make_checkpoint(other)
    report = verify_log(ctx)
    assert (report.fault, report.signed, len(report.keys)) == (None, True, 2)


@pytest.mark.parametrize(
    "secrets",
    [MemorySecrets(usable=False), MemorySecrets(kept={KEY_NAME: "?"}), MemorySecrets(kept={KEY_NAME: "AAAA"})],
)
def test_without_a_usable_key_checkpoints_say_unsigned(ctx: Context, secrets: MemorySecrets) -> None:
    ctx = replace(ctx, secrets=secrets)
    tell(ctx, 1)
    assert "\nunsigned\n" in make_checkpoint(ctx)
    report = verify_log(ctx)
    assert (report.fault, report.signed, report.keys) == (None, False, ())


def test_signing_goes_on_once_the_keyring_is_back(ctx: Context) -> None:
    tell(ctx, 1)
    make_checkpoint(replace(ctx, secrets=MemorySecrets(usable=False)))
    tell(ctx, 1)
    make_checkpoint(ctx)
    assert verify_log(ctx).signed


def test_the_private_key_is_not_in_the_database(sqlite_database: Database) -> None:
    ctx = context(sqlite_database)
    tell(ctx, 1)
    make_checkpoint(ctx)
    kept = ctx.secrets.get(KEY_NAME)
    sqlite_database.close()
    assert sqlite_database.file is not None
    assert kept is not None
    assert kept.encode() not in sqlite_database.file.read_bytes()


@pytest.fixture
def outside(ctx: Context, tmp_path: Path) -> tuple[Context, Path]:
    path = tmp_path / "stick" / "outside.txt"
    return replace(ctx, settings=Settings(checkpoint_file=str(path))), path


def test_each_checkpoint_is_kept_outside_too(outside: tuple[Context, Path]) -> None:
    ctx, path = outside
    tell(ctx, 1)
    first = make_checkpoint(ctx)
    make_checkpoint(ctx)
    tell(ctx, 1)
    assert read_notes(path) == (first,)
    assert (first, make_checkpoint(ctx)) == read_notes(path)
    assert verify_log(ctx, path).fault is None


def test_a_checkpoint_that_cannot_be_kept_outside_is_made_all_the_same(outside: tuple[Context, Path]) -> None:
    ctx, path = outside
    path.parent.write_text("in the way")
    tell(ctx, 1)
    with pytest.raises(Refusal) as refused:
        make_checkpoint(ctx)
    assert refused.value.code == "file_not_saved"
    assert count(ctx) == (1, 1)


def test_once_the_place_outside_is_back_the_latest_checkpoint_gets_there(outside: tuple[Context, Path]) -> None:
    ctx, path = outside
    path.parent.write_text("in the way")
    tell(ctx, 1)
    with pytest.raises(Refusal):
        make_checkpoint(ctx)
    path.parent.unlink()
    assert (make_checkpoint(ctx),) == read_notes(path)


def test_a_chain_being_written_is_left_to_the_next_checkpoint(postgresql_url: str) -> None:
    ctx = context(Database.open(postgresql_url, wait=5))
    tell(ctx, 1, 2)
    with ctx.database.write() as tx:
        append(tx, 1, "code_issued", {}, at=ctx.clock.now(), actor="agent")
        worker = threading.Thread(target=make_checkpoint, args=(ctx,))
        worker.start()
        worker.join()
        assert count(ctx) == (1, 1)
    make_checkpoint(ctx)
    assert count(ctx) == (2, 2)
    assert verify_log(ctx).fault is None
    with ctx.database.read() as tx:
        assert tx.execute(select(chain.c.in_checkpoint).where(chain.c.chain == 1)).scalar_one() == 2
    ctx.database.close()


def test_who_comes_second_waits_for_the_checkpoint_under_way(postgresql_url: str) -> None:
    ctx = context(Database.open(postgresql_url, wait=30))
    tell(ctx, 1)
    worker = threading.Thread(target=make_checkpoint, args=(ctx,))
    with ctx.database.write() as tx:
        assert checkpoints.take(tx, ctx.clock.now(), None) is not None
        tell(ctx, 2)
        worker.start()
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        while worker.is_alive() and not tx.execute(waiting).scalar_one():
            tx.execute(text("SELECT pg_stat_clear_snapshot()"))
    worker.join()
    assert count(ctx) == (2, 2)
    assert verify_log(ctx).fault is None
    ctx.database.close()


def test_checkpoints_made_at_the_same_time_follow_each_other(ctx: Context) -> None:
    tell(ctx, *range(1, 20))
    workers = [threading.Thread(target=make_checkpoint, args=(ctx,)) for _ in range(6)]
    for worker in workers:
        worker.start()
    tell(ctx, *range(1, 20))
    for worker in workers:
        worker.join()
    make_checkpoint(ctx)
    report = verify_log(ctx)
    assert (report.fault, report.uncovered) == (None, 0)


def test_two_programs_that_publish_their_first_key_at_once_are_both_known(postgresql_url: str) -> None:
    """A mail that leaves with a link makes its key known, like a checkpoint: on a fresh site both come at once."""
    ctx = context(Database.open(postgresql_url, wait=30))
    keys = [Ed25519PrivateKey.generate() for _ in range(2)]

    def publish() -> None:
        with ctx.database.write() as own:
            checkpoints.publish_key(own, keys[1])

    with ThreadPoolExecutor(1) as pool:
        with ctx.database.write() as tx:
            checkpoints.publish_key(tx, keys[0])
            second = pool.submit(publish)
            waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            while not second.done() and not tx.execute(waiting).scalar_one():
                tx.execute(text("SELECT pg_stat_clear_snapshot()"))
        second.result()
    with ctx.database.read() as tx:
        assert len(checkpoints.public_keys(tx)) == 2
    ctx.database.close()
