"""`/c/{consultation}/synthesis/coding`: the two-pane desk: texts on one side, the code book on the other."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.permissions import Thing
from app.readings.coding import code_book, coding_desk
from app.readings.coding.coding_desk import TextView
from app.readings.consultation_views import ConsultationView
from app.synthesis import coding
from app.synthesis.code_words import GIST_LIMIT
from app.web.coding import coding_words
from app.web.coding.coding_query import Wanted, choices, wanted_of
from app.web.kit.allowed import consultation_to
from app.web.kit.entries import Entry, entry
from app.web.kit.faults import status_of
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
PAGE = 20


@router.get("/c/{slug}/synthesis/coding")
async def desk(visit: Visiting, slug: str) -> Response:
    """A page of texts with the codes on them, the code book, and how far each topic is."""
    return await _show(visit, await consultation_to(visit, "outcome.read", slug))


@router.post("/c/{slug}/synthesis/coding/read")
async def read(visit: Visiting, slug: str) -> Response:
    """Mark a text, or all texts of a page, as read."""
    sent, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    wanted, further = wanted_of(visit.request.query_params), str(sent.get("further", ""))
    try:
        async with visit.database.writing() as session:
            await coding.mark_read(session, visit.actor, consultation.id, _read(sent))
    except errors.Invalid as error:
        return await _show(visit, consultation, error)
    onward = wanted.query(after=further) if further.isascii() and further.isdigit() else wanted.here
    return visit.go(f"/c/{slug}/synthesis/coding{onward}", done="read")


def _read(sent: FormData) -> dict[UUID, int]:
    """The revisions that were read, from `id:number` for each text."""
    try:
        pairs = [str(value).split(":") for value in sent.getlist("item")]
        return {UUID(id): int(number[:6]) for id, number in pairs}
    except ValueError:
        raise errors.Malformed(_("This form is broken. Please open it again.")) from None


async def _show(visit: Visit, consultation: ConsultationView, error: errors.PlenaryError | None = None) -> Response:
    wanted = wanted_of(visit.request.query_params)
    async with visit.database.writing() as session:
        codes = await code_book.codes(session, visit.actor, consultation.id)
        found, more = await coding_desk.texts(
            session, visit.actor, consultation.id, wanted.asked(consultation), PAGE
        )  # fmt: skip
        progress = await coding_desk.progress(session, visit.actor, consultation.id)
        languages = await coding_desk.languages(session, consultation.id)
    in_use = [each for each in codes if not each.retired]
    return visit.page(
        "coding/coding.html",
        status=status_of(error) if error else 200,
        consultation=consultation,
        wanted=wanted,
        texts=_items(visit, consultation, found),
        further=found[-1].view.number if more else 0,
        next=wanted.query(after=found[-1].view.number) if more else "",
        codes=in_use,
        progress=[(topic, progress[topic.id]) for topic in consultation.topics if topic.id in progress],
        choices=choices(consultation, codes, languages),
        said=coding_words,
        gist_limit=GIST_LIMIT,
        message="; ".join(error.fields.values())
        if isinstance(error, errors.Invalid)
        else error.message
        if error
        else "",
    )


def _items(
    visit: Visit, consultation: ConsultationView, found: Sequence[TextView]
) -> list[tuple[TextView, Entry, bool]]:
    topics = {topic.slug: topic.id for topic in consultation.topics}
    return [
        (each, entry(each.view, consultation, base_depth=each.view.depth),
         visit.may("text.code", Thing(consultation.id, topic=topics.get(each.view.topic))))
        for each in found
    ]  # fmt: skip


def keeps(wanted: Wanted) -> bool:
    """Whether a text that one has just coded is still on this page of the desk."""
    return wanted.given.keys().isdisjoint(("state", "code", "also"))
