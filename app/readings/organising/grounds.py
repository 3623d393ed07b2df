"""Why organisers took something back, as anyone may read it and check it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock


@dataclass(frozen=True, slots=True)
class TakenBack:
    """When, why, and what the entry `seq` of the record commits to."""

    since: datetime
    reason: str | None
    seq: int | None
    salt: bytes | None
    hash: bytes | None

    def json(self) -> dict[str, Any]:
        """As the API gives it. A file that went with its document has no reason of its own."""
        return {
            "since": clock.iso(self.since), "reason": self.reason,
            "commitment": commitment(self.seq, self.salt, self.hash) if self.hash else None,
        }  # fmt: skip


def commitment(seq: int | None, salt: bytes | None, digest: bytes | None) -> dict[str, Any]:
    """What anyone needs to hold a text against the record."""
    return {"seq": seq, "salt": (salt or b"").hex(), "hash": (digest or b"").hex()}
