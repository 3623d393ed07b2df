"""The files that go with a contribution: listed, added, removed. The bytes are at each one's `url`."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app import errors
from app.accounts import limits
from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, shown, writing
from app.api.attachment_schemas import ListedAttachment, ListedAttachmentPage, Named
from app.api.choosing import Choosing
from app.api.openapi import READING, WRITING, Id, described
from app.api.schemas import Contribution
from app.bucket.moving import content_of
from app.contributions import actions
from app.files import apart
from app.files.headers import headers_for
from app.files.kinds import MOST_BYTES, NAMES
from app.language import gettext as _
from app.permissions import Actor
from app.readings.discussion import attachments, contributions, private

router = APIRouter(prefix="/contributions/{id}/attachments", tags=["Attachments"])
_ROOM = 64 * 1024  # for what surrounds a file in a form
_WAITS = {202: {"description": "The edit waits for a moderator; the public revision stays.", "model": Contribution}}
_EDITING = (*WRITING, "closed", "gone", "precondition-failed")


class Listing(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = ListedAttachment


@router.get("", **described(ListedAttachmentPage, "In the order in which they were added.", query=Listing,
                            errors=(*WRITING, "gone")))  # fmt: skip
async def list_attachments(request: Request, id: Id) -> Response:
    """The files of a contribution as the caller may see it. Its author also reads what each tells besides its text."""
    asked = bodies.query(request, Listing)
    actor, contribution = await auth.caller(request), bodies.identifier(id)
    async with request.app.state.database.writing() as session:
        own = await private.own(session, actor, contribution, "") if actor.person else None
        if own is not None and own.mine:
            items = await attachments.attachments_of(session, contribution, own.fields["attachments"])
        elif own is not None:
            items = [{**each, "tells": None} for each in own.fields["attachments"]]
    if own is None:
        async with request.app.state.database.reading() as connection:
            document, _revision = await contributions.by_id(connection, contribution, reading.base_of(request))
        items = [{**each, "tells": None} for each in orjson.loads(document)["attachments"]]
    part, cursor = reading.part(items, asked, f"{contribution}:attachments")
    private_to_them = {"cache-control": reading.PRIVATE}
    return await reading.page(request, asked, reading.texts(part), cursor, headers=private_to_them)


_ATTACHING = described(
    Contribution, "As it is now; the new file is the last.", status=201, query=Named, key="needed", errors=_EDITING,
    also=_WAITS,
)  # fmt: skip
_BINARY = {"type": "string", "format": "binary"}
_ATTACHING["openapi_extra"]["requestBody"] = {
    "required": True,
    "content": {
        "application/octet-stream": {"schema": _BINARY},
        "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}},
    },
}


@router.post("", **_ATTACHING)
async def attach(request: Request, id: Id) -> Response:
    """Attach a file: as the body itself, with its `name`, or as the field `file` of a form (multipart/form-data).

    What it is, its content tells. PDF, DOCX, ODT, PNG or JPEG, at most 10 MB; five for a contribution. It makes a new
    revision, as every edit.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    await limits.allow_attachments(request.app.state.database, actor.person)
    asked, contribution = bodies.query(request, Named), bodies.identifier(id)
    name, content = await _sent(request, await bodies.raw_body(request, MOST_BYTES + _ROOM))
    upload = await apart.upload(asked.name or name, content)
    same = name.encode() + b"/" + content  # and not the form around it, which is another each time that it is sent
    return await _edited(request, actor, contribution, same, {"files": (upload,)}, 201)


_BYTES = described(None, "The file, to be saved and not shown.", errors=(*READING, "gone"))
_BYTES["responses"][200]["content"] = {media_type: {"schema": _BINARY} for media_type in NAMES}


@router.get("/{attachment}", **_BYTES)
async def read_attachment(request: Request, id: Id, attachment: Id) -> Response:
    """The bytes of a file. What is public is also at its `url`, without a key."""
    bodies.query(request, queries.Nothing)
    actor, contribution, file = await auth.caller(request), bodies.identifier(id), bodies.identifier(attachment)
    found = await attachments.readable_file(request.app.state.database, actor, file, reading.base_of(request))
    if found.contribution != contribution:
        raise errors.NotFound(_("There is no such attachment."))
    headers = {**headers_for(found.name), "Cache-Control": reading.PRIVATE, "ETag": f'"{found.hash}"'}
    if reading.is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    content = await content_of(found.content, found.bucket_key)
    return Response(content, media_type=found.type, headers=headers)


@router.delete(
    "/{attachment}",
    **described(Contribution, "As it is now.", key="needed", errors=_EDITING, also=_WAITS),
)
async def detach(request: Request, id: Id, attachment: Id) -> Response:
    """Take a file away. It makes a new revision; when that is public, the file is destroyed."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution, gone = bodies.identifier(id), bodies.identifier(attachment)
    return await _edited(request, actor, contribution, b"", {"detached": frozenset((gone,))}, 200)


async def _edited(
    request: Request, actor: Actor, contribution: UUID, raw: bytes, changes: dict[str, Any], status: int
) -> Response:  # fmt: skip
    return await shown.after_writing(
        request, actor, await writing.done(request, actor, raw, _edit(actor, contribution, changes, status))
    )


def _edit(
    actor: Actor, contribution: UUID, changes: dict[str, Any], status: int
) -> Callable[[AsyncSession], Awaitable[Answer]]:  # fmt: skip
    async def edit(session: AsyncSession) -> Answer:
        own = await private.own(session, replace(actor, scopes=None), contribution, "")
        edited = await actions.edit(session, actor, contribution, own.latest if own else 0, changes)
        waits = edited.waits_since is not None and edited.number is not None
        return Answer(202 if waits else status, None, contribution)

    return edit


async def _sent(request: Request, raw: bytes) -> tuple[str, bytes]:
    """The file in a body, and the name that a form gives it. Raises Malformed for a form without one."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return "", raw
    try:
        form = await MultiPartParser(Headers(raw=request.headers.raw), _whole(raw), max_files=1, max_fields=0).parse()
    except (MultiPartException, KeyError, ValueError):
        raise errors.Malformed(_("Send one file, as the field `file` of the form, and nothing else.")) from None
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise errors.Malformed(_("Send one file, as the field `file` of the form, and nothing else."))
    try:
        return file.filename or "", await file.read()
    finally:
        await form.close()


async def _whole(raw: bytes) -> AsyncGenerator[bytes, None]:
    yield raw
