"""`/attachments/{id}`: a file as it was attached. It is saved, never shown: nothing in it runs on this site."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from app.accounts import limits
from app.bucket.moving import content_of
from app.files import apart
from app.files.headers import headers_for
from app.files.uploads import Upload
from app.readings.discussion import attachments
from app.web.kit import words
from app.web.kit.visit import PRIVATE, PUBLIC, Visit, Visiting

router = APIRouter()
MOST_AT_ONCE = 20  # that a form is read with: what is too many is for the action to refuse, in words


@router.get("/attachments/{id}")
async def attachment(visit: Visiting, id: UUID) -> Response:
    """The file, to whoever may read the text that it goes with."""
    found = await attachments.readable_file(visit.database, visit.actor, id, visit.base)
    headers = {
        **headers_for(found.name),
        "Cache-Control": PUBLIC if found.public else PRIVATE,
        "Vary": "Cookie",
        "ETag": f'"{found.hash}"',
    }
    if found.public and visit.knows(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    content = await content_of(found.content, found.bucket_key)
    return Response(content, headers=headers, media_type=found.type)


async def uploads_in(visit: Visit, sent: FormData) -> tuple[Upload, ...]:
    """The files that were chosen in a form, counted against the person's limit. Raises RateLimited."""
    chosen = chosen_in(sent)
    if chosen:
        await limits.allow_attachments(visit.database, visit.person)
    return await cleaned(chosen)


async def cleaned(chosen: Sequence[UploadFile]) -> tuple[Upload, ...]:
    """Files of a form, of a sender whose limit was counted, as they can be kept or with what is wrong with them."""
    return tuple([await apart.upload(each.filename or "", await each.read()) for each in chosen])


def has_files(sent: FormData) -> bool:
    """Whether files were chosen in a form. A form that comes back cannot hold them."""
    return bool(chosen_in(sent))


def attached(listed: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What a form shows of the files that a text lists."""
    return [{**each, "said": words.file_in_words(each)} for each in listed]


def chosen_in(sent: FormData) -> list[UploadFile]:
    """The files that were chosen in a form."""
    return [each for each in sent.getlist("files") if isinstance(each, UploadFile) and each.filename]
