"""What an archive holds of the answers to recommendations: as the API gives them, each with its recommendation.

Of their files only addresses and hashes are in it, as of all documents. What the recommendations cite is not: whose
texts these are did not all agree.
"""

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from app.readings.consultation_views import ConsultationView
from app.readings.outcome.recommendations import recommendations

ANSWERS = "answers.jsonl"
_OF_ITS = ("id", "number", "url", "topic", "version", "stage", "title", "statement", "language", "addressee",
           "published", "updated", "responses", "commitment")  # fmt: skip


async def files(connection: AsyncConnection, consultation: ConsultationView, base: str) -> dict[str, bytes]:
    """The file by its name; none where nothing was answered."""
    found = [each for each in await recommendations(connection, consultation.id) if each.responses]
    given = [each.json(base, consultation.slug) for each in found]
    lines = [
        orjson.dumps({name: each[name] for name in _OF_ITS}, option=orjson.OPT_APPEND_NEWLINE) for each in given
    ]  # fmt: skip
    return {ANSWERS: b"".join(lines)} if lines else {}
