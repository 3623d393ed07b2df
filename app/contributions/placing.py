"""Where a contribution stands in its thread.

A sort key is the numbers on the way down from the root, four bytes each, so that bytewise order is reading order and a
page of any thread is one index range. Keys are carried for fifty levels (a B-tree refuses long ones, and keys grow with
depth): what is deeper sorts by number beneath its ancestor there, while `parent` and `depth` stay true.
"""

from dataclasses import dataclass
from uuid import UUID

CARRIED_LEVELS = 50
_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A published contribution, as what replies to it needs to know it."""

    id: UUID
    number: int
    topic_id: UUID
    thread_id: UUID
    depth: int
    sort_key: bytes


def sort_key(parent: bytes | None, number: int) -> bytes:
    """The key of contribution `number` under the parent with this key (None: a root)."""
    prefix = (parent or b"")[: _WIDTH * (CARRIED_LEVELS - 1)]
    return prefix + number.to_bytes(_WIDTH, "big")


def parent_number(depth: int, key: bytes) -> int | None:
    """The number of what is replied to; None for a root, and beneath the level down to which keys tell."""
    return int.from_bytes(key[-2 * _WIDTH : -_WIDTH], "big") if 0 < depth < CARRIED_LEVELS else None
