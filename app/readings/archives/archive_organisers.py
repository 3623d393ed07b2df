"""What an archive holds of the organisers: a list of their documents, and their notices.

The documents' bytes are not in it: papers may be others', who were not asked. Their hashes are, as in the record.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from app.readings.archives.packing import Packer
from app.readings.consultation_views import ConsultationView
from app.readings.organising import documents, notices

DOCUMENTS, NOTICES = "documents.jsonl", "notices.jsonl"
Files = Mapping[str, bytes]


async def files(connection: AsyncConnection, consultation: ConsultationView, base: str) -> Files:
    """The files by name; those without a line are left out."""
    papers = await documents.documents(connection, consultation)
    news = await notices.notices(connection, consultation)
    found = {
        DOCUMENTS: _lines(each.json(base, consultation.slug) for each in papers),
        NOTICES: _lines(each.json(base, consultation.slug) for each in news),
    }
    return {name: content for name, content in found.items() if content}


def pack(packer: Packer, found: Files) -> None:
    """Put them into the archive."""
    for name, content in found.items():
        packer.put(name, content)


def _lines(items: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in items)
