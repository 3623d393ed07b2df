"""To which institutions the outcome was sent, and when, as anyone may read it: never under which address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock
from app.synthesis.sending_models import Sending

_MOST = 5_000


@dataclass(frozen=True, slots=True)
class SentView:
    """A version that was sent to an institution."""

    id: UUID
    what: str  # report, summary
    version: int
    institution: str
    kind: str
    sent: datetime
    salt: bytes
    hash: bytes
    seq: int

    def json(self, base: str, slug: str) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "what": self.what, "version": self.version,
            "url": f"{base}/c/{slug}/{self.what}?version={self.version}",
            "institution": {"name": self.institution, "kind": self.kind}, "sent": clock.iso(self.sent),
            "commitment": {"seq": self.seq, "salt": self.salt.hex(), "hash": self.hash.hex()},
        }  # fmt: skip


async def sent(connection: AsyncConnection, consultation: UUID) -> list[SentView]:
    """All that was sent of a consultation's outcome, oldest first."""
    columns: tuple[Any, ...] = tuple(getattr(Sending, name) for name in SentView.__slots__)
    query = select(*columns).where(Sending.consultation_id == consultation).order_by(Sending.seq).limit(_MOST)
    return [SentView(*row) for row in await connection.execute(query)]
