"""The contributions of a consultation: listed, and posted to."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, shown, writing
from app.api.choosing import Choosing
from app.api.openapi import PREFIX, WRITING, Slug, described
from app.api.requests import NewContribution
from app.api.schemas import Contribution, ContributionPage
from app.consultations.floor import consultation_id
from app.contributions import actions
from app.readings.discussion import contributions as readings
from app.readings.discussion import listing
from app.readings.discussion.listing import Filters
from app.synthesis.commenting import comment

router = APIRouter(tags=["Contributions"])
_PLACE = {"Location": "Address of the new contribution.", "ETag": 'Its `"R-S"`.'}


class ListQuery(Choosing, queries.Listing):
    """Filters, order, how much of the list, and which fields."""

    shape = Contribution


@router.get(
    "/consultations/{slug}/contributions",
    **described(ContributionPage, "One page of them.", query=ListQuery, headers={"Link": "The next page."}),
)
async def list_contributions(request: Request, slug: Slug) -> Response:
    """The published contributions of a consultation. Filters may be combined."""
    asked = bodies.query(request, ListQuery)
    await auth.caller(request)
    base, version = reading.base_of(request), await reading.latest(request, bodies.slug(slug))
    if reading.is_known(request, tag := reading.tag_of(request, version)):
        return reading.unchanged(request, tag)
    async with request.app.state.database.fetching() as driver:
        page = await listing.listing(
            driver, version.consultation, f"{base}/c/{slug}/", _filters(asked), asked.sort, asked.limit, asked.cursor
        )
    version = replace(version, size=page.size or version.size)
    return await reading.page(request, asked, page.items, page.next, reading.tag_of(request, version))


@router.post(
    "/consultations/{slug}/contributions",
    **described(
        Contribution, "It was taken. Where it waits for a moderator, `status` is `pending`.", status=201,
        body=NewContribution, errors=(*WRITING, "closed", "gone"), key="needed", headers=_PLACE,
    ),
)  # fmt: skip
async def post_contribution(request: Request, slug: Slug) -> Response:
    """Say something: a root contribution, or a reply where `parent` is given."""
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    raw = await bodies.raw_body(request)
    asked = bodies.body(request, NewContribution, raw)
    given, on = asked.submission(), asked.recommendation
    named, prefix, written = bodies.slug(slug), f"{reading.base_of(request)}/c/{slug}/", None

    async def post(session: AsyncSession) -> Answer:
        nonlocal written
        consultation = await consultation_id(session, named)
        if on is None:
            said = await actions.post(session, actor, consultation, given, channel="api")
        else:
            said = await comment(session, actor, consultation, on, given, channel="api")
        as_everyone_sees_it = said.status == "published" and not given.deposit
        written = readings.as_published(session, said.id, prefix) if as_everyone_sees_it else None
        return Answer(201, f"{PREFIX}/contributions/{said.id}", said.id)

    return await shown.after_writing(request, actor, await writing.done(request, actor, raw, post), written)


def _filters(asked: queries.Listing) -> Filters:
    return Filters(
        topic=asked.topic, thread=asked.thread, parent=asked.parent, kind=asked.kind, language=asked.language,
        country=asked.country.upper() if asked.country else None, organisation_kind=asked.organisation_kind,
        question=asked.question, tag=asked.tag, q=asked.q, place=asked.place,
        updated_since=queries.in_utc(asked.updated_since),
    )  # fmt: skip
