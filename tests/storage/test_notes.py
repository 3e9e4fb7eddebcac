"""Checkpoints as text, as C2SP describes them."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from agent_desk.storage import notes
from agent_desk.storage.notes import Checkpoint, is_signed_by, key_id, verifier_key

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SAID = Checkpoint("agent-desk/log/0123", 5, bytes(32), bytes(range(32)), datetime(2026, 11, 23, 9, 30, tzinfo=UTC))


def test_a_signed_note_is_the_checkpoint_an_empty_line_and_the_signature() -> None:
    body, _, signature = notes.write(SAID, KEY).partition("\n\n")
    assert body.split("\n") == [
        "agent-desk/log/0123",
        "5",
        base64.b64encode(bytes(32)).decode(),
        f"previous {base64.b64encode(bytes(range(32))).decode()}",
        "time 2026-11-23T09:30:00.000000Z",
    ]
    dash, name, encoded = signature.rstrip("\n").split(" ")
    raw = base64.b64decode(encoded)
    assert (dash, name, len(raw)) == ("\u2014", "agent-desk/log/0123", 4 + 64)
    KEY.public_key().verify(raw[4:], f"{body}\n".encode())


def test_the_key_id_is_hashed_from_name_algorithm_and_key() -> None:
    public = KEY.public_key().public_bytes_raw()
    assert key_id("name", KEY.public_key()) == hashlib.sha256(b"name\n\x01" + public).digest()[:4]


def test_a_published_verifier_key_is_written_the_same() -> None:
    # The key of Go's checksum database, as its users have it.
    known = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    public = notes._public_key(known.split("+", 2)[2])
    assert public is not None
    assert verifier_key("sum.golang.org", public) == known


def test_without_a_key_the_note_says_unsigned() -> None:
    note = notes.write(SAID, None)
    assert note.endswith("Z\nunsigned\n\n")
    assert notes.read(note) == SAID


def test_what_was_written_is_read() -> None:
    said = notes.read(notes.write(SAID, KEY))
    assert replace(said, signature=b"") == SAID
    assert said.signature[:4] == key_id(SAID.origin, KEY.public_key())


@pytest.mark.parametrize("key", [KEY, None])
@pytest.mark.parametrize(
    ("part", "other"),
    [
        (r"\n5\n", "\n05\n"),
        (r"\n5\n", "\nfive\n"),
        (r"previous ", "before "),
        (r"time .*", "time yesterday"),
        (r"time .*Z", "time 2026-11-23T09:30:00"),
        (r"\n\n", "\n"),
        (r"=\n", "\n"),
        (r"\n\Z", ""),
        (r"\Z", "\n"),
        (r"\A", "\n"),
        (r"\Z", "— somebody AAAAAAAA\n"),
    ],
)
def test_a_note_written_otherwise_is_not_read(key: Ed25519PrivateKey | None, part: str, other: str) -> None:
    note = notes.write(SAID, key)
    changed = re.sub(part, lambda _: other, note, count=1)
    assert changed != note
    with pytest.raises(ValueError):  # noqa: PT011 - which part stumbles over it is all the same
        notes.read(changed)


@given(st.text())
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        notes.read(text)


def test_a_note_without_its_signature_is_not_taken_for_an_unsigned_one() -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        notes.read(notes.write(SAID, KEY).partition("—")[0])


@pytest.mark.parametrize(
    ("keys", "signed"),
    [
        ([verifier_key(SAID.origin, KEY.public_key())], True),
        (["nonsense", "", "a+b+c", verifier_key(SAID.origin, KEY.public_key())], True),
        ([verifier_key("another", KEY.public_key())], False),
        ([verifier_key(SAID.origin, Ed25519PrivateKey.generate().public_key())], False),
        ([], False),
    ],
)
def test_a_signature_counts_for_a_known_key_only(keys: list[str], signed: bool) -> None:
    note = notes.write(SAID, KEY)
    assert is_signed_by(note, notes.read(note), keys) is signed


def test_a_changed_note_is_not_signed() -> None:
    note = notes.write(SAID, KEY).replace("\n5\n", "\n6\n")
    assert not is_signed_by(note, notes.read(note), [verifier_key(SAID.origin, KEY.public_key())])
