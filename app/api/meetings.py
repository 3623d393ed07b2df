"""Meetings and what was said there: listed, reported, transcribed; and their sources asked."""

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.idempotency import Answer
from app.api import auth, bodies, meeting_requests, meeting_schemas, queries, reading, shown, writing
from app.api.choosing import Choosing
from app.api.openapi import PREFIX, WRITING, Id, Slug, described
from app.api.schemas import Contribution
from app.language import gettext as _
from app.meetings import actions, sources
from app.readings.meetings import meetings as readings
from app.readings.meetings import planned
from app.readings.moderation import sources as questions

router = APIRouter(tags=["Meetings"])
_MAY_CLOSE = (*WRITING, "closed")


class MeetingsQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = meeting_schemas.Meeting


class PlannedQuery(Choosing, queries.Paging):
    """How much of the list, and which fields."""

    shape = meeting_schemas.PlannedMeeting


class MeetingQuery(Choosing, queries.Nothing):
    """Which fields of a meeting."""

    shape = meeting_schemas.WholeMeeting


@router.get(
    "/consultations/{slug}/meetings",
    **described(meeting_schemas.MeetingPage, "Newest first.", query=MeetingsQuery, headers={"Link": "The next page."}),
)
async def list_meetings(request: Request, slug: Slug) -> Response:
    """The meetings of a consultation. Each counts once, with its attendance and its number of contributions."""
    asked = bodies.query(request, MeetingsQuery)
    await auth.caller(request)
    base, version = reading.base_of(request), await reading.latest(request, bodies.slug(slug))
    async with request.app.state.database.reading() as connection:
        found = await readings.meetings(connection, version.consultation)
    part, following = reading.part(found, asked, f"{version.consultation}:meetings")
    items = reading.texts(each.json(base, slug) for each in part)
    return await reading.page(request, asked, items, following, reading.tag_of(request, version))


@router.get(
    "/consultations/{slug}/meetings/planned",
    **described(
        meeting_schemas.PlannedMeetingPage, "By time.", query=PlannedQuery, headers={"Link": "The next page."}
    ),
)  # fmt: skip
async def list_planned_meetings(request: Request, slug: Slug) -> Response:
    """The meetings that were announced, those that are over or cancelled too. Who comes is never public."""
    asked = bodies.query(request, PlannedQuery)
    await auth.caller(request)
    base, version = reading.base_of(request), await reading.latest(request, bodies.slug(slug))
    async with request.app.state.database.reading() as connection:
        found = await planned.planned_meetings(connection, version.consultation)
    part, following = reading.part(found, asked, f"{version.consultation}:planned meetings")
    items = reading.texts(each.json(base, slug) for each in part)
    return await reading.page(request, asked, items, following, reading.tag_of(request, version))


@router.get("/consultations/{slug}/meetings/{id}", **described(meeting_schemas.WholeMeeting, query=MeetingQuery))
async def read_meeting(request: Request, slug: Slug, id: Id) -> Response:
    """One meeting with its public contributions."""
    asked = bodies.query(request, MeetingQuery)
    await auth.caller(request)
    meeting, base = _meeting(id), reading.base_of(request)
    version = await reading.latest(request, bodies.slug(slug))
    async with request.app.state.database.reading() as connection:
        found = await readings.meeting(connection, version.consultation, meeting)
        texts = await readings.texts_of(connection, meeting, f"{base}/c/{slug}/")
    head = orjson.dumps(found.json(base, slug))[:-1]
    content = asked.of_one(texts.joined(head + b',"items":[', b",", b"]}"))
    return await reading.answer(request, content, reading.tag_of(request, version))


@router.post(
    "/consultations/{slug}/meetings",
    **described(
        meeting_schemas.ReportedMeeting, "It was taken.", status=201, body=meeting_requests.NewMeeting,
        errors=_MAY_CLOSE, key="needed", headers={"Location": "Address of the meeting, once it is public."},
    ),
)  # fmt: skip
async def report_meeting(request: Request, slug: Slug) -> Response:
    """Report a meeting. With the scope `moderate` of a moderator its points are public at once; with `write`, of
    somebody who speaks for an organisation, they wait."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, meeting_requests.NewMeeting, raw).report()
    consultation = (await reading.latest(request, bodies.slug(slug))).consultation

    async def work(session: AsyncSession) -> Answer:
        made = await actions.report(session, actor, consultation, given)
        return Answer(201, f"{PREFIX}/consultations/{slug}/meetings/{made.id}", made.id)

    done = await writing.done(request, actor, raw, work)
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        meeting, points = await readings.reported(session, actor, consultation, done.subject)
    content = orjson.dumps(readings.as_reported(meeting, points, reading.base_of(request), slug))
    headers = {"location": f"{reading.base_of(request)}{done.location}"}
    return await reading.answer(request, content, status=done.status, headers=headers)


@router.post(
    "/consultations/{slug}/transcriptions",
    **described(
        Contribution, "It is public.", status=201, body=meeting_requests.NewTranscription, errors=(*_MAY_CLOSE, "gone"),
        key="needed", headers={"Location": "Address of the new contribution.", "ETag": 'Its `"R-S"`.'},
    ),
)  # fmt: skip
async def transcribe(request: Request, slug: Slug) -> Response:
    """Enter one text that came on paper, at a meeting or from another process. Needs the scope `moderate`."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, meeting_requests.NewTranscription, raw).transcription()
    consultation = (await reading.latest(request, bodies.slug(slug))).consultation

    async def work(session: AsyncSession) -> Answer:
        made = await actions.transcribe(session, actor, consultation, given)
        return Answer(201, f"{PREFIX}/contributions/{made.id}", made.id)

    return await shown.after_writing(request, actor, await writing.done(request, actor, raw, work))


@router.post(
    "/contributions/{id}/sources",
    **described(
        meeting_schemas.AskedSource, "The mail is on its way.", status=201, body=meeting_requests.NewSource,
        errors=WRITING, key="needed", headers={"Location": "Address of the contribution."},
    ),
)  # fmt: skip
async def ask_source(request: Request, id: Id) -> Response:
    """Ask whoever said it whether a transcription is right. Needs the scope `moderate`."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    contribution, raw = bodies.identifier(id), await bodies.raw_body(request)
    given = bodies.body(request, meeting_requests.NewSource, raw)

    async def work(session: AsyncSession) -> Answer:
        asked = await sources.ask(session, actor, contribution, given.email, given.language)
        return Answer(201, f"{PREFIX}/contributions/{contribution}", asked.id)

    done = await writing.done(request, actor, raw, work)
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        content = orjson.dumps(await questions.just_asked(session, done.subject))
    headers = {"location": f"{reading.base_of(request)}{done.location}"}
    return await reading.answer(request, content, status=done.status, headers=headers)


def _meeting(value: str) -> UUID:
    try:
        return bodies.identifier(value)
    except errors.NotFound:
        raise errors.NotFound(_("There is no such meeting.")) from None
