"""That a contribution's text is in the record: the commitment, the entry and its inclusion proof, all recomputed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors
from app.contributions.models import Contribution, Publication
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.readings import json_texts
from app.readings.discussion import contributions
from app.readings.record import tiles
from app.record import commitments, tree
from app.record.notes import Checkpoint

_NOT_YET = N_("The record takes a few seconds to cover what is new. Please try again.")


@dataclass(frozen=True, slots=True)
class Step:
    """One step from the leaf to the root: the neighbour, on which side it is, and the hash over both."""

    first: int  # the entries that the neighbour covers, by their numbers
    last: int
    left: bool
    neighbour: str
    hash: str


@dataclass(frozen=True, slots=True)
class Proof:
    """All it takes to check one contribution. What is recomputed here is what anyone can recompute."""

    number: int
    title: str | None
    content: str  # canonical
    salt: str
    hash: str
    fits: bool  # the hash of content and salt is the one that the entry holds
    seq: int
    entry: str
    leaf: str
    steps: Sequence[Step]
    root: str
    proven: bool  # the last step gives the checkpoint's root


async def proof(
    connection: AsyncConnection, consultation: UUID, number: int, checkpoint: Checkpoint, base: str
) -> Proof:
    """The proof for what is public of a contribution now. Raises NotFound, Gone, Moved, and Unavailable where its entry
    is so new that no checkpoint covers it yet."""
    query = select(*json_texts.COLUMNS).where(Publication.consultation_id == consultation, Publication.number == number)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        which = (Contribution.consultation_id == consultation) & (Contribution.number == number)
        raise await contributions.absence(connection, which, base)
    item: dict[str, Any] = orjson.loads(b"".join(json_texts.texts([row], "").pieces[0]))
    seq = int(item["commitment"]["seq"])
    if seq > checkpoint.size:
        raise errors.Unavailable(_(_NOT_YET))
    try:
        return await _proven(connection, consultation, item, seq, checkpoint)
    except KeyError:  # a replica that lags behind the one that gave the checkpoint
        raise errors.Unavailable(_(_NOT_YET)) from None


async def _proven(
    connection: AsyncConnection, consultation: UUID, item: dict[str, Any], seq: int, checkpoint: Checkpoint
) -> Proof:
    (entry,) = await tiles.entries(connection, consultation, seq - 1, 1)
    ranges = tree.inclusion(seq - 1, checkpoint.size)
    read = await tiles.read(connection, consultation, tree.tiles_for(*ranges), checkpoint.size)
    path = [(each, tree.range_hash(read, *each)) for each in ranges]
    leaf = tree.leaf_hash(entry)
    climbed = tree.climb(seq - 1, leaf, path)
    steps = [
        Step(start + 1, end, start < seq - 1, neighbour.hex(), reached.hex())
        for ((start, end), neighbour), reached in zip(path, climbed, strict=True)
    ]
    root = climbed[-1] if climbed else leaf
    content = {name: item[name] for name in ("title", "body", "language")}
    salt = bytes.fromhex(item["commitment"]["salt"])
    computed = commitments.commitment(salt, content).hex()
    return Proof(
        item["number"], item["title"], commitments.canonical(content).decode(), salt.hex(), computed,
        computed == orjson.loads(entry).get("hash"), seq, entry.decode(), leaf.hex(), steps, root.hex(),
        root == checkpoint.root,
    )  # fmt: skip
