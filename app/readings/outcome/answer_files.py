"""The files of answers, as they are sent to whoever may read the answer: that is everyone who sees the consultation."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import errors
from app.consultations.models import Consultation
from app.language import gettext as _
from app.readings.organising.documents import ServedFile
from app.synthesis.models import Recommendation, Response, ResponseFile


async def served(connection: AsyncConnection, id: UUID) -> ServedFile:
    """A file. Raises NotFound, and Gone for what was withdrawn."""
    columns = (
        ResponseFile.name, ResponseFile.type, ResponseFile.hash, ResponseFile.content, ResponseFile.bucket_key,
        ResponseFile.withdrawn,
    )  # fmt: skip
    query = select(*columns).join(Response, Response.id == ResponseFile.response_id)
    query = query.join(Recommendation, Recommendation.id == Response.recommendation_id)
    query = query.join(Consultation, Consultation.id == Recommendation.consultation_id)  # not where it is private
    row = (await connection.execute(query.where(ResponseFile.id == id))).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such file."))
    if row.withdrawn is not None:
        raise errors.Gone(_("This file was withdrawn by the organisers. The answer that it came with says why."))
    return ServedFile(row.name, row.type, row.hash.hex(), row.content, row.bucket_key)
