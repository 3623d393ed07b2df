"""The Merkle tree over a log (RFC 6962, section 2.1), read from tiles of 256 hashes.

Tile n of level l holds the hashes of the subtrees of 256**l entries from number 256 * n on (C2SP tlog-tiles). Whatever
one wants to know of the tree needs a few tiles: which ones, `tiles_for` says.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

HASH = 32  # bytes
WIDTH = 256  # hashes in a full tile
_BITS = 8  # levels of the tree in a tile

Tiles = Mapping[tuple[int, int], bytes]  # by level and index; a partial tile may hold more than is needed
EMPTY = hashlib.sha256(b"").digest()  # the root of no entries


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaves, or over subtrees of one size."""
    if not hashes:
        return EMPTY
    level = list(hashes)
    while len(level) > 1:  # who has no neighbour goes up as it is: the tree that RFC 6962 defines
        pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def split(tile: bytes) -> list[bytes]:
    """The hashes in a tile."""
    return [tile[at : at + HASH] for at in range(0, len(tile), HASH)]


def width(size: int, level: int, index: int) -> int:
    """How many hashes this tile has in a tree of this size, 0 where there is none."""
    return max(0, min(WIDTH, (size >> _BITS * level) - index * WIDTH))


def all_tiles(size: int) -> Iterable[tuple[int, int]]:
    """Every tile of a tree of this size, by level and index."""
    level = 0
    while there := size >> _BITS * level:
        yield from ((level, index) for index in range((there + WIDTH - 1) // WIDTH))
        level += 1


def tiles_for(*ranges: tuple[int, int]) -> set[tuple[int, int]]:
    """The tiles that it takes for `range_hash` of each of these ranges."""
    covered = [each for start, end in ranges for each in _cover(start, end)]
    return {(bits // _BITS, (position << bits % _BITS) // WIDTH) for bits, position in covered}


def range_hash(tiles: Tiles, start: int, end: int) -> bytes:
    """The hash over the entries from `start` on before `end`, a subtree of some tree. Raises KeyError for a missing
    tile."""
    hashes = [_subtree(tiles, bits, position) for bits, position in _cover(start, end)]
    if not hashes:
        return EMPTY
    found = hashes.pop()
    while hashes:
        found = node_hash(hashes.pop(), found)
    return found


def inclusion(index: int, size: int) -> list[tuple[int, int]]:
    """The ranges whose hashes prove that an entry is in a tree: its neighbours from the leaf up to the root."""
    start, end, above = 0, size, []
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if index < middle:
            above.append((middle, end))
            end = middle
        else:
            above.append((start, middle))
            start = middle
    return above[::-1]


def climb(index: int, leaf: bytes, path: Sequence[tuple[tuple[int, int], bytes]]) -> list[bytes]:
    """The hash after each step of an inclusion path; the last is the root."""
    reached, found = leaf, []
    for (start, _end), neighbour in path:
        reached = node_hash(neighbour, reached) if start < index else node_hash(reached, neighbour)
        found.append(reached)
    return found


def _cover(start: int, end: int) -> list[tuple[int, int]]:
    """A range as full subtrees, from left to right: the bits of each one's size, and its number among its like."""
    found = []
    while start < end:
        bits = (end - start).bit_length() - 1
        if start:
            bits = min(bits, (start & -start).bit_length() - 1)
        found.append((bits, start >> bits))
        start += 1 << bits
    return found


def _subtree(tiles: Tiles, bits: int, position: int) -> bytes:
    level, rest = divmod(bits, _BITS)
    first = position << rest
    index, offset = divmod(first, WIDTH)
    tile = tiles[level, index]
    hashes = split(tile[offset * HASH : (offset + (1 << rest)) * HASH])
    if len(hashes) != 1 << rest:
        raise KeyError((level, index))
    return root_of(hashes)
