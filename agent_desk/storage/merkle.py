"""The Merkle tree of RFC 6962, section 2.1, grown leaf by leaf; only the roots of its full subtrees are kept."""

import hashlib
from collections.abc import Iterable

HASH_BYTES = 32


class Tree:
    """A growing tree of `size` leaves; `frontier` holds its full subtrees' roots, largest first, 32 bytes each."""

    def __init__(self, size: int = 0, frontier: bytes = b"") -> None:
        if len(frontier) != size.bit_count() * HASH_BYTES:
            raise ValueError(f"{len(frontier)} bytes cannot be the frontier of {size} leaves")
        self.size = size
        self._roots = [frontier[at : at + HASH_BYTES] for at in range(0, len(frontier), HASH_BYTES)]

    @property
    def frontier(self) -> bytes:
        """Return what a tree of this size can be continued from."""
        return b"".join(self._roots)

    def add(self, leaf: bytes) -> None:
        """Append one leaf."""
        root = hashlib.sha256(b"\x00" + leaf).digest()
        # Each trailing one of the old size is a full subtree that the new leaf completes.
        for _ in range((~self.size & (self.size + 1)).bit_length() - 1):
            root = _node(self._roots.pop(), root)
        self._roots.append(root)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append several leaves."""
        for leaf in leaves:
            self.add(leaf)

    def root(self) -> bytes:
        """Return the hash of the whole tree: SHA-256 of nothing for an empty one."""
        if not self._roots:
            return hashlib.sha256().digest()
        *larger, root = self._roots
        for left in reversed(larger):
            root = _node(left, root)
        return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
