"""Share sheets: a consultation, a topic or a contribution in a few plain words, to be pasted into messaging apps.

Each is there in every language of the consultation that pages have. No word of a contribution but its title is in them:
what is sent around cannot be taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from app import dates, errors, text
from app.language import OWN_NAMES, meant, speaking
from app.language import gettext as _
from app.readings import consultations
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.discussion import thread
from app.readings.views import ContributionView
from app.web.discussion.thread import numbered
from app.web.kit.visit import Visit, Visiting, version_of

router = APIRouter()
_Words = list[str]  # paragraphs; empty ones are left out


@dataclass(frozen=True, slots=True)
class Sheet:
    """What to paste, in one language."""

    language: str
    name: str
    direction: str
    words: str


@router.get("/c/{slug}/share")
async def of_consultation(visit: Visiting, slug: str) -> Response:
    """The consultation."""
    seen = await _in_its_languages(visit, slug)
    return _page(visit, seen, f"/c/{slug}", seen[visit.language].title, _of_consultation)


@router.get("/c/{slug}/topics/{topic_slug}/share")
async def of_topic(visit: Visiting, slug: str, topic_slug: str) -> Response:
    """One topic."""
    seen = await _in_its_languages(visit, slug)
    title = seen[visit.language].topic(topic_slug).title
    path = f"/c/{slug}/topics/{topic_slug}"
    return _page(visit, seen, path, title, lambda view: _of_topic(view, view.topic(topic_slug)))


@router.get("/c/{slug}/{which}/share")
async def of_contribution(visit: Visiting, slug: str, which: str) -> Response:
    """A contribution, while it is public."""
    number = numbered(which)
    seen = await _in_its_languages(visit, slug)
    async with visit.database.reading() as connection:
        focus, topic = await thread.focus(connection, seen[visit.language].id, number)
    if focus.status != "published":
        raise errors.NotFound(_("There is no such contribution."))
    title = focus.title or _("Contribution %(n)s", n=number)
    path = f"/c/{slug}/{number}"
    return _page(visit, seen, path, title, lambda view: _of_contribution(view, view.topic_by_id(topic), focus))


async def _in_its_languages(visit: Visit, slug: str) -> dict[str, ConsultationView]:
    """The consultation in the language of the page, and then in those of its own that pages have."""
    async with visit.database.reading() as connection:
        seen = {visit.language: await consultations.consultation(connection, slug)}
        for language in filter(None, map(meant, seen[visit.language].languages)):
            with speaking(language):
                seen[language] = await consultations.consultation(connection, slug)
    return seen


def _page(
    visit: Visit, seen: dict[str, ConsultationView], path: str, title: str, said: Callable[[ConsultationView], _Words]
) -> Response:
    sheets = []
    for language, view in seen.items():
        with speaking(language):
            words = "\n\n".join([*filter(None, said(view)), f"{visit.base}{path}"])
        sheets.append(Sheet(language, OWN_NAMES[language], text.direction(language), words))
    consultation = seen[visit.language]
    return visit.public(
        "discussion/share.html",
        version_of(consultation),
        consultation=consultation,
        shared=title,
        path=path,
        sheets=sheets,
        restricted=not consultation.is_public,
    )


def _of_consultation(view: ConsultationView) -> _Words:
    return [view.title, view.summary, _dates(view.phase, view.opens, view.closes, view)]


def _of_topic(view: ConsultationView, topic: TopicView) -> _Words:
    said = _("A topic of the consultation “%(title)s”: read what others say, and write.", title=view.title)
    return [topic.title, said, _dates(topic.phase, topic.opens, topic.closes, view)]


def _of_contribution(view: ConsultationView, topic: TopicView, focus: ContributionView) -> _Words:
    title = focus.title or _("Contribution %(n)s", n=focus.number)
    said = _("A contribution to the topic “%(topic)s”: read it, and answer.", topic=topic.title)
    return [title, said, _dates(topic.phase, topic.opens, topic.closes, view)]


def _dates(phase: str, opens: datetime | None, closes: datetime | None, view: ConsultationView) -> str:
    """Until when one can write, with the zone; empty where no date says it."""
    if phase == "announced" and opens:
        return _("Opens on %(moment)s.", moment=dates.moment(opens, view.zone))
    if phase == "open" and closes:
        return _("Open until %(moment)s.", moment=dates.moment(closes, view.zone))
    if phase == "open":
        return _("Open, without a closing date.")
    if phase not in ("announced", "open") and closes:
        return _("Closed on %(moment)s. Everything can still be read.", moment=dates.moment(closes, view.zone))
    return ""
