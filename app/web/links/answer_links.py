"""`/answer/{id}/{token}`: the page that an institution's link opens. It answers there, and comes back to it later."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app import clock, errors
from app.accounts import limits
from app.database import admission
from app.language import LANGUAGES, OWN_NAMES
from app.language import gettext as _
from app.readings.outcome import answer_files
from app.readings.outcome import asked_answers as readings
from app.readings.outcome.asked_answers import Asked
from app.synthesis import answering
from app.synthesis.responding import WORDS_LIMIT, Answer
from app.web.discussion.attachments import MOST_AT_ONCE, has_files
from app.web.kit import outcome_words, served
from app.web.kit.contribution_form import Faults
from app.web.kit.grounds import count_in
from app.web.kit.network import network_of
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.outcome.answer_form import answer_in, words_in

router = APIRouter()
_FROM_A_NETWORK = {"most": 120, "per_seconds": 900}
_FILES_FROM_A_NETWORK = {"most": 30, "per_seconds": 3600}  # each has to be checked
_UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}


@router.get("/answer/{id}/{token}")
async def read(visit: Visiting, id: UUID, token: str) -> Response:
    """What is asked, and what was answered. Opening it changes nothing."""
    return await _page(visit, await _asked(visit, id, token))


@router.post("/answer/{id}/{token}")
async def answer(visit: Visiting, id: UUID, token: str) -> Response:
    """Answer one recommendation, or say what became of it since."""
    sent = await visit.form(files=MOST_AT_ONCE)
    number, again, asked = count_in(sent, "number"), has_files(sent), await _asked(visit, id, token)
    if asked.state != "good":
        return await _page(visit, asked)
    try:
        await _allow(visit, with_file=again)
        given = await answer_in(sent)
        async with visit.database.writing() as session:
            await answering.answer(session, id, token, number, given)
    except (errors.Invalid, errors.Conflict, errors.Closed, errors.RateLimited) as error:
        return await _page(visit, asked, number, words_in(sent), error, again=again)
    except errors.Gone:
        return await _page(visit, await _asked(visit, id, token))
    return visit.go(f"/answer/{id}/{token}#r{number}", done="answered")


@router.get("/answer/{id}/{token}/files/{file}")
async def file(visit: Visiting, id: UUID, token: str, file: UUID) -> Response:
    """A file of one of the answers that the page shows: of a private consultation, too."""
    asked = await _asked(visit, id, token)
    with admission.admitting([asked.consultation_id] if asked.consultation_id else []):
        async with visit.database.reading() as connection:
            shown = await readings.to_answer(connection, asked)
            if not any(each.file and each.file.id == file for one in shown for each in one.responses):
                raise errors.NotFound(_("There is no such file."))
            found = await answer_files.served(connection, file)
    response = await served.sent(visit, found, by_link=True)
    response.headers.update(_UNLISTED)
    return response


async def _allow(visit: Visit, *, with_file: bool) -> None:
    network = network_of(visit.request)
    await limits.allow(visit.database, "answer from", network, **_FROM_A_NETWORK)
    if with_file:
        await limits.allow(visit.database, "files of answers from", network, **_FILES_FROM_A_NETWORK)


async def _asked(visit: Visit, id: UUID, token: str) -> Asked:
    async with visit.database.writing() as session:
        found = await readings.asked(session, id, token)
    if found.state == "unknown":
        raise errors.NotFound(_("There is no such page."))
    return found


async def _page(
    visit: Visit, asked: Asked, number: int = 0, given: Answer | None = None,
    error: errors.PlenaryError | None = None, *, again: bool = False,
) -> Response:  # fmt: skip
    # Who holds the link of a private consultation may read what they are asked about, and nothing else.
    with admission.admitting([asked.consultation_id] if asked.consultation_id else []):
        async with visit.database.reading() as connection:
            found = await readings.to_answer(connection, asked)
    today = clock.now().date().isoformat()
    page = visit.page(
        "links/answer_link.html",
        **refusal(error, 200 if asked.state == "good" else 410),
        consultation=None,
        asked=asked,
        files_at=f"{visit.request.url.path}/files",
        recommendations=found,
        number=number,
        given=given,
        blank=Answer("", "", today, visit.language),
        answers=[(key, _(label), "") for key, label in outcome_words.ANSWERS.items()],
        languages=[(tag, OWN_NAMES[tag]) for tag in LANGUAGES],
        outcome=outcome_words,
        most=WORDS_LIMIT,
        again=again,
        right=Faults(),
    )
    page.headers.update(_UNLISTED)
    return page
