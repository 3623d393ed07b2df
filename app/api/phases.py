"""What organisers do to dates: open now, extend, close early, reopen."""

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.idempotency import Answer
from app.api import auth, bodies, queries, reading, writing
from app.api.openapi import PREFIX, WRITING, Slug, described
from app.api.requests import NewPhaseAct
from app.api.schemas import PhaseAct
from app.consultations.floor import consultation_id
from app.consultations.phasing import change_phase
from app.readings.organising.date_acts import date_act

router = APIRouter(tags=["Consultations"])


@router.post(
    "/consultations/{slug}/phases",
    **described(
        PhaseAct, "It was done, and is public with its reason.", status=201, body=NewPhaseAct, errors=WRITING,
        key="needed", headers={"Location": "Address of the consultation."},
    ),
)  # fmt: skip
async def change_phases(request: Request, slug: Slug) -> Response:
    """Open now, extend, close early or reopen a consultation or one topic; say that the report is out; archive.

    For organisers; needs the scope `moderate`.

    Where the act makes no sense in the present phase (such as to close what is closed), the answer is a conflict.
    """
    actor = await auth.key_holder(request)
    await writing.allow(request, actor)
    bodies.query(request, queries.Nothing)
    slug = bodies.slug(slug)
    raw = await bodies.raw_body(request)
    asked = bodies.body(request, NewPhaseAct, raw).change()

    async def work(session: AsyncSession) -> Answer:
        made = await change_phase(session, actor, await consultation_id(session, slug), asked)
        return Answer(201, f"{PREFIX}/consultations/{slug}", made.id)

    done = await writing.done(request, actor, raw, work)
    assert isinstance(done.subject, UUID)
    async with request.app.state.database.writing() as session:
        shown = await date_act(session, done.subject)
    headers = {"location": f"{reading.base_of(request)}{done.location}"}
    return await reading.answer(request, orjson.dumps(shown), status=done.status, headers=headers)
