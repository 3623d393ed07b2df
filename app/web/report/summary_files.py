"""The summary and its speaker's version as files, each made once for a size of the record and kept in memory."""

import asyncio
from collections import OrderedDict
from typing import Literal
from uuid import UUID

from app import clock
from app.database import Database
from app.language import speaking
from app.printing.apart import Form, printed
from app.readings.outcome import summary as readings
from app.readings.outcome.summary import SummaryText
from app.web.report.summary_document import speech_document, summary_document

Part = Literal["summary", "speech"]
Key = tuple[UUID, int, int, int, str, Form, Part]
_DOCUMENTS = {"summary": summary_document, "speech": speech_document}
_MOST_KEPT = 8


async def file_of(
    database: Database, slug: str, said: SummaryText, form: Form, part: Part, at: tuple[str, UUID, int, int]
) -> bytes:
    """The file from memory, or made now. `at` are the service's address, the consultation, the size of its record,
    and how often a draft was saved (0 of what is public). Raises NotFound, Unavailable."""
    base, consultation, size, saved = at
    key = (consultation, said.version, size, saved, base, form, part)
    async with _ONE_AT_A_TIME:
        if key not in _KEPT:
            async with database.reading() as connection:
                whole = await readings.assembled(connection, slug, said)
            document = _DOCUMENTS[part](whole, base)
            with speaking(said.interface):
                _KEPT[key] = await printed(document, form, said.published or clock.now())
        _KEPT.move_to_end(key)
        if len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
        return _KEPT[key]


_KEPT: OrderedDict[Key, bytes] = OrderedDict()
_ONE_AT_A_TIME = asyncio.Lock()
