"""`/c/{consultation}/moderate/questions`: which guiding questions texts answer; many at once, or one by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData, QueryParams
from starlette.responses import Response

from app import errors
from app.contributions.classifying import MOST, How, classify
from app.language import gettext as _
from app.permissions import Thing, require
from app.readings import consultations
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.discussion import thread
from app.readings.moderation import by_question
from app.readings.moderation.by_question import ALL, NONE
from app.readings.views import ContributionView
from app.web.discussion.consultation import EXCERPT
from app.web.kit.entries import entry
from app.web.kit.grounds import identifier
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()
PAGE = 50
_FIELDS = MOST + 120
_HOW = ("add", "remove", "set")
ACT = "contribution.classify"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which texts to show: of which topic, with which question, beyond which number."""

    topic: TopicView
    question: str
    after: int

    def query(self, after: int = 0) -> str:
        """The query of an address with these texts."""
        further = {"after": after} if after else {}
        return f"?{urlencode({'topic': self.topic.slug, 'question': self.question} | further)}"


@router.get("/c/{slug}/moderate/questions")
async def page(visit: Visiting, slug: str) -> Response:
    """A page of a topic's texts: those that answer no question, unless others are asked for."""
    consultation, topics = await _desk(visit, slug)
    return await _show(visit, consultation, topics)


@router.post("/c/{slug}/moderate/questions")
async def change(visit: Visiting, slug: str) -> Response:
    """Give the texts chosen these questions, or take these from them."""
    sent, (consultation, topics) = await visit.form(_FIELDS), await _desk(visit, slug)
    chosen = [identifier(value) for value in sent.getlist("item")]
    try:
        count = await _classify(visit, consultation, chosen, sent)
    except (errors.Invalid, errors.Closed) as error:
        return await _show(visit, consultation, topics, sent, error)
    here = _wanted(visit.request.query_params, topics).query()
    return visit.go(f"/c/{slug}/moderate/questions{here}", done="classified" if count else "same")


@router.get("/c/{slug}/{number:number}/questions")
async def ask(visit: Visiting, slug: str, number: int) -> Response:
    """One text, and the questions of its topic."""
    return _show_one(visit, *await _one(visit, slug, number))


@router.post("/c/{slug}/{number:number}/questions")
async def set_of_one(visit: Visiting, slug: str, number: int) -> Response:
    """Say that it answers exactly the questions that are ticked."""
    sent, (consultation, found) = await visit.form(), await _one(visit, slug, number)
    try:
        await _classify(visit, consultation, [found.id], sent, "set")
    except (errors.Invalid, errors.Closed) as error:
        return _show_one(visit, consultation, found, sent, error)
    return visit.go(f"/c/{slug}/{number}", done="classified")


async def _classify(
    visit: Visit, consultation: ConsultationView, chosen: Sequence[UUID], sent: FormData, how: str = ""
) -> int:
    said = how or str(sent.get("how", ""))
    if said not in _HOW:
        raise errors.Malformed(_("This form is broken. Please open it again."))
    questions = [str(key) for key in sent.getlist("questions")]
    if not questions and said != "set":
        raise errors.Invalid({"questions": _("Please choose at least one question.")})
    async with visit.database.writing() as session:
        return await classify(session, visit.actor, consultation.id, chosen, questions, cast(How, said))


async def _desk(visit: Visit, slug: str) -> tuple[ConsultationView, list[TopicView]]:
    """The consultation, and its topics in which the visitor may do this. Raises as `require` where there is none."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    topics = [each for each in consultation.topics if visit.may(ACT, Thing(consultation.id, topic=each.id))]
    if not topics:
        require(visit.actor, ACT, Thing(consultation.id))
    return consultation, topics


async def _one(visit: Visit, slug: str, number: int) -> tuple[ConsultationView, ContributionView]:
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        _signed_in = visit.person  # raises where nobody is, before it is told whether there is such a text
        found, topic = await thread.focus(connection, consultation.id, number)
    require(visit.actor, ACT, Thing(consultation.id, topic=topic))
    if found.status != "published":
        raise errors.NotFound(_("There is no such page."))
    return consultation, found


def _wanted(query: QueryParams, topics: Sequence[TopicView]) -> Wanted:
    """What is none of ours narrows nothing."""
    topic = next((each for each in topics if each.slug == query.get("topic")), topics[0])
    asked, after = query.get("question", NONE), query.get("after", "")
    known = (NONE, ALL, *(each.full_key for each in topic.questions))
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    return Wanted(topic, asked if asked in known else NONE, number)


async def _show(
    visit: Visit, consultation: ConsultationView, topics: Sequence[TopicView], sent: FormData | None = None,
    error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    wanted = _wanted(visit.request.query_params, topics)
    async with visit.database.reading() as connection:
        found = await by_question.texts(connection, wanted.topic.id, wanted.question, wanted.after, PAGE + 1)
    here = found[:PAGE]
    return visit.page(
        "moderation/classify.html",
        consultation=consultation,
        wanted=wanted,
        topics=[(each.slug, each.title) for each in topics],
        choices=[(NONE, _("no question")), (ALL, _("any or none")),
                 *((each.full_key, f"{each.key}. {each.text}") for each in wanted.topic.questions)],
        items=[(entry(each, consultation), each, each.excerpt(EXCERPT)) for each in here],
        next=wanted.query(here[-1].number or 0) if len(found) > PAGE else "",
        **_kept(sent, error),
    )  # fmt: skip


def _show_one(
    visit: Visit, consultation: ConsultationView, found: ContributionView, sent: FormData | None = None,
    error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    return visit.page(
        "moderation/classify_one.html",
        consultation=consultation,
        entry=entry(found, consultation),
        topic=consultation.topic(found.topic),
        **_kept(sent, error) | ({} if sent else {"questions": found.questions}),
    )


def _kept(sent: FormData | None, error: errors.PlenaryError | None) -> dict[str, Any]:
    """What was sent in a form that comes back, and what is wrong with it."""
    return {
        "chosen": [str(value) for value in sent.getlist("item")] if sent else [],
        "questions": [str(value) for value in sent.getlist("questions")] if sent else [],
        "how": str(sent.get("how", "add")) if sent else "add",
        **refusal(error),
    }
