"""What goes with an export: what it holds, as of when, under which terms, and the SHA-256 of its bytes."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app import clock, errors
from app.database import Database
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.consultations import consultation
from app.readings.exporting.export import chunks
from app.readings.exporting.exports import FORMATS
from app.readings.json_texts import Lines
from app.record.models import Entry

_TRIES = 3


@dataclass(slots=True)
class Counted:
    """Chunks on their way into a file, and how many contributions they were."""

    chunks: AsyncIterator[Lines]
    contributions: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    async def __aiter__(self) -> AsyncIterator[Lines]:
        async for texts in self.chunks:
            self.contributions += len(texts)
            yield texts


def terms(source: ConsultationView, contributions: int, time: str | None, sha256: str) -> dict[str, Any]:
    """The fields of a manifest."""
    return {
        "consultation": source.slug, "title": source.title, "record_size": source.size, "contributions": contributions,
        "licence": source.details.get("licence"), "time": time, "sha256": sha256,
    }  # fmt: skip


async def manifest(database: Database, slug: str, base: str, ending: str) -> dict[str, Any]:
    """The manifest of an export as it is now: the export is made, and only its digest is kept.

    `time` is that of the record's last entry. Raises NotFound, and Unavailable where the record does not stand still
    for as long as it takes.
    """
    for _try in range(_TRIES):
        source, time = await _as_of(database, slug)
        counted = Counted(chunks(database, source.id, f"{base}/c/{slug}/"))
        async for piece in FORMATS[ending].written(counted):
            counted.digest.update(piece)
        if (await _as_of(database, slug))[0].size == source.size:
            made = terms(source, counted.contributions, time, counted.digest.hexdigest())
            return {"file": f"{slug}.{ending}", **made}
    raise errors.Unavailable(_("So much is being published that the export changes meanwhile. Please try again."))


async def _as_of(database: Database, slug: str) -> tuple[ConsultationView, str | None]:
    async with database.reading() as connection:
        source = await consultation(connection, slug)
        last = select(Entry.time).where(Entry.record_id == source.id, Entry.seq == source.size)
        return source, clock.iso(await connection.scalar(last))
