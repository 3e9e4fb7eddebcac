"""The log: rows appended in the transaction of what they tell, one chain of hashes per session, chain 0 for the site.

A row's hash covers its place, its facts, the hash before it and a MAC of its payload; the payload itself, with the key
of that MAC, stands in a table of its own and can be erased without breaking the chain.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, insert, select, text, type_coerce, update

from agent_desk.storage.acting import acting
from agent_desk.storage.canonical import canonical, plain
from agent_desk.storage.facts import Fact, note
from agent_desk.storage.ready import Ready
from agent_desk.storage.tables import chain, event, payload
from agent_desk.storage.types import microseconds, moment

SITE_CHAIN = 0
DOMAIN = b"agent-desk/event/v1\n"
GENESIS = bytes(32)
KEY_BYTES = 16
LARGEST_PAYLOAD = 64 * 1024
ACTORS = frozenset({"agent", "customer", "system"})  # and the mark of whoever signed in

_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ACTOR = re.compile(rf"{'|'.join(sorted(ACTORS))}|[0-9a-z]{{8,16}}")

_HEAD = Ready(select(chain.c.seq, chain.c.hash).where(chain.c.chain == bindparam("of")).with_for_update())
_INSERT_HEAD = text(
    "INSERT INTO chain (chain, seq, hash, in_checkpoint) VALUES (:of, 0, :hash, 0) ON CONFLICT (chain) DO NOTHING"
)
_MOVE_HEAD = Ready(
    update(chain).where(chain.c.chain == bindparam("of")).values(seq=bindparam("to"), hash=bindparam("head"))
)
_AT_ITS_PLACE = Ready(
    select(event.c.seq).where(
        event.c.chain == bindparam("of"), event.c.seq == bindparam("at"), event.c.hash == bindparam("hash")
    )
)
_ADD_EVENT = Ready(insert(event))
_ADD_PAYLOAD = Ready(insert(payload))
# Rows for `row_fault`, with their moments as microseconds.
EVENTS = (
    select(
        event.c.chain,
        event.c.seq,
        event.c.kind,
        type_coerce(event.c.at, BigInteger).label("at"),
        event.c.actor,
        event.c.payload_mac,
        event.c.hash,
        payload.c.key,
        payload.c.body,
    )
    .outerjoin(payload, (payload.c.chain == event.c.chain) & (payload.c.seq == event.c.seq))
    .order_by(event.c.chain, event.c.seq)
)
_HISTORY = EVENTS.where(event.c.chain == bindparam("of"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to append; names of persons belong into `payload` only, which can be erased."""

    kind: str
    payload: Mapping[str, Any]
    actor: str = "agent"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as read; `payload` is None once erased, `intact` False where row or payload do not fit their hashes."""

    seq: int
    kind: str
    at: datetime
    actor: str
    payload: dict[str, Any] | None
    intact: bool


def append(tx: Connection, chain: int, kind: str, payload: Mapping[str, Any], *, at: datetime, actor: str) -> int:
    """Append one event and return its number in the chain, from 1; ValueError where kind, actor or payload are unfit."""
    return append_many(tx, chain, (Entry(kind, payload, actor),), at=at)


def append_many(tx: Connection, chain: int, entries: Sequence[Entry], *, at: datetime) -> int:
    """Append events of one moment and return the last one's number; other writers of the chain wait until `tx` ends.

    Who signed in stands for "agent".
    """
    entries = _signed(tx, entries)
    bodies = [_checked(entry) for entry in entries]
    seq, head = _locked_head(tx, chain)
    rows, payloads = _linked(chain, entries, bodies, at, seq, head)
    if rows:
        _ADD_EVENT.run(tx, *rows)
        _ADD_PAYLOAD.run(tx, *payloads)
        seq, head = rows[-1]["seq"], rows[-1]["hash"]
        _MOVE_HEAD.run(tx, {"of": chain, "to": seq, "head": head})
        note(tx, Fact(partial(_stands, chain, seq, head)))
    return seq


def note_last(tx: Connection, chain: int) -> None:
    """Let this transaction be known by the last event of a chain, which a function of the database has appended in it."""
    seq, head = _locked_head(tx, chain)
    note(tx, Fact(partial(_stands, chain, seq, head)))


def _stands(chain: int, seq: int, digest: bytes, tx: Connection) -> bool:
    """Tell whether this very event stands at its place: the key of its payload makes its hash unlike any other."""
    _locked_head(tx, chain)
    return _AT_ITS_PLACE.first(tx, {"of": chain, "at": seq, "hash": digest}) is not None


def linked(
    chain: int, entries: Sequence[Entry], at: datetime, seq: int, head: bytes
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of events and payloads that follow event `seq` with the hash `head`."""
    return _linked(chain, entries, [_checked(entry) for entry in entries], at, seq, head)


def _linked(
    chain: int, entries: Sequence[Entry], bodies: Sequence[bytes], at: datetime, seq: int, head: bytes
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    micros = microseconds(at)
    rows, payloads = [], []
    for entry, body in zip(entries, bodies, strict=True):
        seq += 1
        key = secrets.token_bytes(KEY_BYTES)
        mac = payload_mac(key, body)
        row = {"chain": chain, "seq": seq, "kind": entry.kind, "at": at, "actor": entry.actor, "payload_mac": mac}
        head = event_hash(chain, seq, entry.kind, micros, entry.actor, mac, head)
        rows.append(row | {"hash": head})
        payloads.append({"chain": chain, "seq": seq, "key": key, "body": body.decode()})
    return rows, payloads


def _signed(tx: Connection, entries: Sequence[Entry]) -> Sequence[Entry]:
    who = acting(tx)
    if who is None:
        return entries
    return [replace(entry, actor=who.mark) if entry.actor == "agent" else entry for entry in entries]


def history(tx: Connection, chain: int) -> tuple[Recorded, ...]:
    """Return the events of one chain, oldest first, each checked against the one before."""
    read = []
    head = GENESIS
    for row in tx.execute(_HISTORY, {"of": chain}):
        intact = row_fault(row, head) == ""
        body = json.loads(row.body) if row.body is not None else None
        read.append(Recorded(row.seq, row.kind, moment(row.at), row.actor, body, intact))
        head = row.hash
    return tuple(read)


def chain_end(tx: Connection, of: int) -> int:
    """Return the number of the last event the chain counts, 0 without any."""
    return tx.execute(select(chain.c.seq).where(chain.c.chain == of)).scalar_one_or_none() or 0


def chain_head(tx: Connection, of: int) -> bytes:
    """Return the hash of the chain's last event."""
    return bytes(tx.execute(select(chain.c.hash).where(chain.c.chain == of)).scalar_one_or_none() or GENESIS)


def erase(tx: Connection, chain: int) -> int:
    """Erase the payloads of one chain with their keys and return how many; what they said cannot be guessed back."""
    return tx.execute(delete(payload).where(payload.c.chain == chain)).rowcount


def row_fault(row: Any, head: bytes) -> str:
    """Return what is wrong with an event row that follows the hash `head`: a key of wording `log_faults`, or ""."""
    if event_hash(row.chain, row.seq, row.kind, row.at, row.actor, row.payload_mac, head) != row.hash:
        return "hash_mismatch"
    if row.key is not None and payload_mac(row.key, row.body.encode()) != row.payload_mac:
        return "payload_changed"
    return ""


def event_hash(chain: int, seq: int, kind: str, at: int, actor: str, payload_mac: bytes, prev: bytes) -> bytes:
    """Return SHA-256 over the domain and the row as canonical JSON (RFC 8785); `at` is in microseconds since 1970."""
    facts = {
        "actor": actor,
        "at": at,
        "chain": chain,
        "kind": kind,
        "payload_mac": payload_mac.hex(),
        "prev": prev.hex(),
        "seq": seq,
    }
    return hashlib.sha256(DOMAIN + plain(facts).encode()).digest()


def payload_mac(key: bytes, body: bytes) -> bytes:
    """Return HMAC-SHA256 of a canonical payload under the key of that one record."""
    return hmac.digest(key, body, "sha256")


def _checked(entry: Entry) -> bytes:
    if not _KIND.fullmatch(entry.kind) or not _ACTOR.fullmatch(entry.actor):
        raise ValueError(f"no event is {entry.kind!r} by {entry.actor!r}")
    body = canonical(dict(entry.payload)).encode()
    if len(body) > LARGEST_PAYLOAD:
        raise ValueError(f"the payload of {entry.kind} has {len(body)} bytes")
    return body


def _locked_head(tx: Connection, of: int) -> tuple[int, bytes]:
    """Return number and hash of the chain's last event, kept from others until the transaction ends."""
    found = _HEAD.first(tx, {"of": of})
    if found is None:
        tx.execute(_INSERT_HEAD, {"of": of, "hash": GENESIS})
        found = _HEAD.all(tx, {"of": of})[0]
    return found.seq, found.hash
