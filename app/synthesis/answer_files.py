"""The file of an answer: checked, cleaned and kept as attachments are; taken out of the public for good.

An answer never changes, and its file may still have to go: somebody's address stands in it, say. Then its bytes are
destroyed, and hash and reason stay. What can be taken, contributions' attachments say too.
"""

import hashlib
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.bucket import moving
from app.consultations.organising import enter, ground
from app.database import Database
from app.files.kinds import REASONS, Refused
from app.files.uploads import Upload, name_of, neutral_name
from app.language import gettext as _
from app.permissions import Actor
from app.synthesis.finding import locked
from app.synthesis.models import Response, ResponseFile


def kept(upload: Upload, faults: dict[str, str], *, bare: bool) -> ResponseFile | None:
    """A row for a file, for an answer that is still to be named; None where `faults` gets why it cannot be taken."""
    try:
        clean = upload.cleaned(withheld=bare)
        name = name_of(upload.name, clean.type)
    except Refused as refused:
        faults["files"] = _("“%(name)s”: %(why)s", name=upload.name[:100], why=_(REASONS[refused.reason]))
        return None
    return ResponseFile(
        id=clock.new_id(), name=name, type=clean.type, size=len(clean.content), content=clean.content,
        hash=hashlib.sha256(clean.content).digest(), added=clock.now(),
    )  # fmt: skip


async def withdraw(session: AsyncSession, actor: Actor, id: UUID, reason: str) -> ResponseFile:
    """Take a file out of the public: its bytes are destroyed. Done twice, it is done once.

    Appends `response.file_withdrawn`. Raises NotFound, Unauthenticated, Forbidden, Invalid for the reason.
    """
    about = select(Response.recommendation_id).join(ResponseFile, ResponseFile.response_id == Response.id)
    where = await session.scalar(about.where(ResponseFile.id == id))
    if where is None:
        raise errors.NotFound(_("There is no such file."))
    recommendation = await locked(session, actor, "response.enter", where)
    file, why = await session.get_one(ResponseFile, id, populate_existing=True), ground(reason)
    if file.withdrawn is not None:
        return file
    file.content = file.bucket_key = None
    file.name, file.withdrawn = neutral_name(file.type), clock.now()
    file.reason, file.salt, file.reason_hash = why.reason, why.salt, why.hash
    file.seq = await enter(
        session, actor, recommendation.consultation_id, "response.file_withdrawn", file.response_id,
        recommendation=recommendation.id, number=recommendation.number, hash=why.hash,
    )  # fmt: skip
    await session.flush()
    return file


async def move_out(database: Database) -> bool:
    """Bring some files into the bucket, if one is set; see `bucket/moving.py`."""
    return await moving.move_out(database, ResponseFile)
