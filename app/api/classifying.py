"""Which guiding questions texts answer, said by moderators and rapporteurs for one text or for many."""

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.openapi import WRITING, Slug, described
from app.api.requests import NewClassification
from app.consultations.floor import consultation_id
from app.contributions.classifying import classify

router = APIRouter(tags=["Contributions"])


@router.post(
    "/consultations/{slug}/contributions/questions",
    **described(
        None, "They answer these questions now.", status=204, body=NewClassification, errors=(*WRITING, "closed"),
        key="needed",
    ),
)  # fmt: skip
async def classify_contributions(request: Request, slug: Slug) -> Response:
    """Say which guiding questions public contributions answer: all of them, or none where one cannot.

    Needs the scope `moderate` and a moderator or rapporteur of their topics. It makes no revision: each has an entry
    `contribution.updated`, and a new `seq`.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    name = bodies.slug(slug)
    raw = await bodies.raw_body(request)
    given = bodies.body(request, NewClassification, raw)

    async def work(session: AsyncSession) -> Answer:
        consultation = await consultation_id(session, name)
        await classify(session, actor, consultation, given.contributions, given.questions, given.how)
        return Answer(204)

    await writing.done(request, actor, raw, work)
    return Response(status_code=204, headers={"cache-control": reading.PRIVATE})
