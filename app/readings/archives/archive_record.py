"""The whole public record as files: bundles of entries, tiles of the tree, and the checkpoint over exactly these.

Every hash is made anew from the entries. What has to be remembered on the way is one hash in 256.
"""

from collections.abc import AsyncIterator
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncConnection

from app.readings.record import tiles as stored
from app.record import notes, tiles, tree
from app.record.notes import Checkpoint
from app.record.tree import WIDTH


async def record_files(
    connection: AsyncConnection, log: UUID, size: int, key: Ed25519PrivateKey
) -> AsyncIterator[tuple[str, bytes]]:
    """Addresses beneath the record, each with what is there; `checkpoint` and `key` come last."""
    needed, kept = tree.tiles_for((0, size)), {}
    full: list[bytes] = []  # hashes of the full tiles of the level below
    for index in range(-(-size // WIDTH)):
        entries = await stored.entries(connection, log, index * WIDTH, tree.width(size, 0, index))
        leaves = [tree.leaf_hash(entry) for entry in entries]
        tile = b"".join(leaves)
        yield tiles.address("entries", index, len(entries)), tiles.bundle(entries)
        yield tiles.address(0, index, len(entries)), tile
        if len(leaves) == WIDTH:
            full.append(tree.root_of(leaves))
        if (0, index) in needed:
            kept[0, index] = tile
    level = 1
    while full:
        parts = [full[first : first + WIDTH] for first in range(0, len(full), WIDTH)]
        for index, hashes in enumerate(parts):
            kept[level, index] = b"".join(hashes)
            yield tiles.address(level, index, len(hashes)), kept[level, index]
        full, level = [tree.root_of(hashes) for hashes in parts if len(hashes) == WIDTH], level + 1
    checkpoint = Checkpoint(notes.origin_of(log), size, tree.range_hash(kept, 0, size))
    yield "checkpoint", notes.signed(checkpoint, key)
    yield "key", f"{notes.verifier_of(checkpoint.origin, key)}\n".encode()
