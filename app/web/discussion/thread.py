"""`/c/{consultation}/{number}`: a contribution in its thread, for ever."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import RedirectResponse, Response

from app import errors
from app.language import gettext as _
from app.permissions import Thing
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import endorsements, private, revisions, thread
from app.readings.discussion.thread import ThreadPage
from app.readings.moderation.appeals import Standing, standings
from app.readings.outcome import coverage, drafts_of_outcome
from app.web.discussion.follow_link import follow_link
from app.web.discussion.own import own_entry, waiting_entries
from app.web.discussion.reply_form import reply_fields
from app.web.discussion.translated import translations_on
from app.web.kit.entries import entry, gap_in_words, question_texts
from app.web.kit.outcome_words import REASONS
from app.web.kit.setting import set_thread
from app.web.kit.visit import PRIVATE, Visit, Visiting, version_of

router = APIRouter()


@router.get("/c/{slug}/{which:digits}/history")
async def history(visit: Visiting, slug: str, which: str, before: int | None = Query(None, ge=1, lt=2**15)) -> Response:
    """The public revisions of a contribution, newest first, and what each changed; `before` continues them."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        focus, _topic = await thread.focus(connection, consultation.id, numbered(which))
        found, earlier = await revisions.newest(connection, focus.id, visit.base, before)
    mine = await own_text(visit, focus.id)
    return visit.public(
        "discussion/history.html",
        version_of(consultation),
        consultation=consultation,
        focus=focus,
        revisions=found,
        earlier=earlier,
        mine=mine is not None and mine.mine,
    )


@router.get("/c/{slug}/{which:digits}")
async def contribution(
    visit: Visiting, slug: str, which: str, after: int | None = Query(None, ge=1),
    wanted: str | None = Query(None, alias="in", max_length=35), replies: Literal["direct"] | None = None,
) -> Response:  # fmt: skip
    """A contribution with what it answers and what is beneath it, a hundred at a time; `in` asks for a translation,
    `replies` for the direct replies alone."""
    consultation, page = await thread.page(visit.database, slug, numbered(which), after, replies == "direct")
    if page.focus.status == "merged":
        return await _survivor(visit, slug, page)
    mine = await own_text(visit, page.focus.id)
    is_author = mine is not None and mine.mine
    its = await translations_on(visit, consultation, page.topic_id, page.focus, wanted, is_author=is_author)
    context = await _context(visit, consultation, page, its.shown) | {
        "translations": its,
        "mine": own_entry(mine, consultation) if mine and (mine.mine or page.focus.status != "published") else None,
        "is_author": is_author,
        "own": mine,
        "standing": await standing_of(visit, mine),
        "support": await _support(visit, page.focus.id),
        "waiting": await _waiting(visit, consultation, page),
        "direct": replies == "direct",
        "follow": await follow_link(visit, "thread", page.focus.thread, page.root.number),
        "fate": await coverage.fate(visit.database, page.focus.id) if page.has_outcome else None,
        "reasons": REASONS,
        "cites": await _drafts(visit, consultation),
    }
    if page.focus.status != "published":
        gap = gap_in_words(page.focus, consultation)
        return visit.page("discussion/gone.html", status=410, gap=gap, **context | {"reply_fields": None})
    return visit.public("discussion/thread.html", version_of(consultation), **context)


def numbered(which: str) -> int:
    """The number in an address. Raises NotFound for what is none."""
    if not which.isdigit() or not which.isascii() or not 0 < int(which[:12]) < 2**31 or len(which) > 12:
        raise errors.NotFound(_("There is no such contribution."))
    return int(which)


async def _context(
    visit: Visit, consultation: ConsultationView, page: ThreadPage, translation: Mapping[str, Any] | None
) -> dict[str, Any]:
    topic = consultation.topic_by_id(page.topic_id)
    moderates = visit.may("contribution.decide", Thing(consultation.id, topic=topic.id))
    takes_replies = topic.phase == "open" and not page.locked
    focus = entry(page.focus.into(translation), consultation)
    focus.css += " lead"
    focus.titled = page.focus.number != page.root.number  # a root's title is the page's heading
    parent = entry(page.parent, consultation) if page.parent else None
    return {
        "consultation": consultation,
        "topic": topic,
        "page": page,
        "root": page.root,
        "headed": focus.view if page.focus.number == page.root.number else page.root,
        "focus": focus,
        "parent": parent,
        "takes_endorsements": topic.phase == "open",
        "beneath": bool(page.beneath.numbers),
        "nested": max(page.beneath.depths, default=0) > page.focus.depth + 1,
        "ready": set_thread(
            page.beneath,
            consultation,
            page.focus,
            reply=takes_replies,
            moderates=moderates,
        ),
        "moderates_here": moderates,
        "classifies": page.focus.status == "published"
        and bool(topic.questions)
        and visit.may("contribution.classify", Thing(consultation.id, topic=topic.id)),
        "asks": question_texts(page.focus.questions, consultation),
        "reply_fields": await reply_fields(visit, consultation, topic) if takes_replies else None,
    }


async def _survivor(visit: Visit, slug: str, page: ThreadPage) -> Response:
    """What was merged lives on under another number; this one leads there for good."""
    async with visit.database.reading() as connection:
        number = await thread.survivor(connection, page.focus.id)
    return RedirectResponse(f"/c/{slug}/{number}", 308, {"Cache-Control": PRIVATE})


async def own_text(visit: Visit, id: UUID) -> private.Own | None:
    """The text as its author or a moderator sees it; None for anybody else."""
    if visit.actor.person is None:
        return None
    async with visit.database.writing() as session:
        return await private.own(session, visit.actor, id, visit.base)


async def _support(visit: Visit, id: UUID) -> endorsements.Standing:
    if visit.actor.person is None:
        return endorsements.STRANGER
    async with visit.database.writing() as session:
        return await endorsements.standing(session, visit.actor.person, id)


async def _drafts(visit: Visit, consultation: ConsultationView) -> list[Any] | None:
    """The drafts of recommendations that a rapporteur may cite it in; None for anybody else."""
    if not visit.may("outcome.read", Thing(consultation.id)):
        return None
    async with visit.database.writing() as session:
        return [*await drafts_of_outcome.citable(session, visit.actor, consultation.id)]


async def standing_of(visit: Visit, own: private.Own | None) -> Standing | None:
    """How an author stands to what was decided on their text."""
    if own is None or not own.mine:
        return None
    async with visit.database.writing() as session:
        id = UUID(own.fields["id"])
        return (await standings(session, [id])).get(id)


async def _waiting(visit: Visit, consultation: ConsultationView, page: ThreadPage) -> list[Any]:
    if visit.actor.person is None or page.root.thread is None:
        return []
    async with visit.database.writing() as session:
        found = await private.waiting_in(session, visit.actor.person, visit.base, thread=page.root.thread)
    return waiting_entries([own for own in found if own.fields["number"] is None], consultation)
