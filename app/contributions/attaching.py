"""Files that go with a text: checked, cleaned, kept, and listed by its revisions.

Attachments belong to a revision, like the text: to add or to remove one makes a new revision, which is published or
waits as any edit does.
"""

import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.bucket import moving
from app.contributions.attachment_models import Attachment
from app.contributions.detaching import forget
from app.contributions.models import Contribution, Revision
from app.contributions.submissions import Submission
from app.database import Database
from app.files import apart
from app.files.kinds import MOST_BYTES, REASONS, Refused
from app.files.uploads import Upload, name_of, neutral_name
from app.language import gettext as _
from app.record import commitments

MOST = 5  # of one text
MOST_OF_A_PERSON = 20 * MOST_BYTES  # in one consultation

Listed = list[dict[str, Any]]  # as in the contribution's JSON


async def listed(
    session: AsyncSession, contribution: Contribution, before: Listed, given: Submission, byline: str
) -> Listed:  # fmt: skip
    """What the next revision lists: what the one before did, without what is taken away, and the new files.

    Raises Invalid where a file cannot be taken or there are too many, and NotFound for one that is not listed.
    """
    if given.detached - {UUID(each["id"]) for each in before}:
        raise errors.NotFound(_("There is no such attachment."))
    after = [each for each in before if UUID(each["id"]) not in given.detached]
    if not given.files:
        return after
    if len(after) + len(given.files) > MOST:
        raise errors.Invalid({"files": _("At most %(most)s files can be attached to a text.", most=MOST)})
    made = [(upload, _kept(contribution, upload, byline)) for upload in given.files]
    await _require_room(session, contribution, sum(row.size for _upload, row in made))
    for upload, row in made:
        if any(each["hash"] == _hex(row) for each in after):
            raise errors.Invalid({"files": _("“%(name)s” is attached already.", name=upload.name[:100])})
        session.add(row)
        after.append(_item(row))
    return after


async def move_out(database: Database) -> bool:
    """Bring some files into the bucket, if one is set; see `bucket/moving.py`."""
    return await moving.move_out(database, Attachment)


def committed(revision: Revision) -> list[bytes] | None:
    """What the record says of a revision's attachments: SHA-256(salt || canonical) of each one's hash; None for none.

    With the text's own salt: when that is destroyed, nobody can tell any more whether a known file was attached.
    """
    if revision.salt is None or not revision.attachments:
        return None
    return [commitments.commitment(revision.salt, {"attachment": each["hash"]}) for each in revision.attachments]


async def lower(session: AsyncSession, contribution: UUID) -> bool:
    """Take from all files of a text what tells who made them, and their names; what cannot be cleaned goes.

    Returns whether there were any.
    """
    kept: dict[str, dict[str, Any]] = {}  # what the revisions list from now on
    rows = (await session.scalars(select(Attachment).where(Attachment.contribution_id == contribution))).all()
    for row in rows:
        if row.hash is None:
            continue
        if row.bare:
            kept[str(row.id)] = _item(row)
            continue
        try:
            clean = await apart.cleaned(await moving.content_of(row.content, row.bucket_key))
        except Refused:
            await forget(session, [row])
            continue
        row.content, row.bucket_key, row.name = clean.content, None, neutral_name(row.type)
        row.tells, row.bare = [], True
        row.size, row.hash = len(clean.content), hashlib.sha256(clean.content).digest()
        kept[str(row.id)] = _item(row)
    for revision in await session.scalars(select(Revision).where(Revision.contribution_id == contribution)):
        if revision.attachments:
            revision.attachments = [kept[each["id"]] for each in revision.attachments if each["id"] in kept]
    await session.flush()
    return bool(rows)


def _kept(contribution: Contribution, upload: Upload, byline: str) -> Attachment:
    """A row for a file that was cleaned as the byline needs it. Raises Invalid with the reason."""
    withheld = byline != "full"
    try:
        clean = upload.cleaned(withheld=withheld)
        name = name_of(upload.name, clean.type)
    except Refused as refused:
        why = _(REASONS[refused.reason])
        raise errors.Invalid({"files": _("“%(name)s”: %(why)s", name=upload.name[:100], why=why)}) from None
    return Attachment(
        id=clock.new_id(), contribution_id=contribution.id, name=neutral_name(clean.type) if withheld else name,
        type=clean.type, size=len(clean.content), hash=hashlib.sha256(clean.content).digest(), content=clean.content,
        tells=list(clean.tells), bare=withheld, created=clock.now(),
    )  # fmt: skip


async def _require_room(session: AsyncSession, contribution: Contribution, more: int) -> None:
    """Raises Invalid where one author's files in this consultation would take more than their share."""
    used = await session.scalar(
        select(func.sum(Attachment.size))
        .join(Contribution, Contribution.id == Attachment.contribution_id)
        .where(Contribution.author_id == contribution.author_id, Attachment.hash.is_not(None))
    )
    if int(used or 0) + more > MOST_OF_A_PERSON:
        room = MOST_OF_A_PERSON // 2**20
        raise errors.Invalid(
            {"files": _("All your files in this consultation may take %(most)s MB. Please remove some.", most=room)}
        )


def _item(row: Attachment) -> dict[str, Any]:
    return {
        "id": str(row.id), "url": f"/attachments/{row.id}", "name": row.name, "type": row.type, "size": row.size,
        "hash": _hex(row),
    }  # fmt: skip


def _hex(row: Attachment) -> str:
    return row.hash.hex() if row.hash else ""
