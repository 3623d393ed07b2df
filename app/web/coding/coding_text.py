"""`/c/{consultation}/synthesis/coding/{number}`: one text, and what a rapporteur puts on it: codes, memos, a gist."""

from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.permissions import Thing
from app.readings.coding import code_book, coding_desk, codings
from app.readings.coding.coding_desk import TextView
from app.readings.consultation_views import ConsultationView
from app.synthesis import coding, gists, memos
from app.synthesis.code_words import GIST_LIMIT, NAME_LIMIT
from app.web.coding import coding_words
from app.web.coding.coding import keeps
from app.web.coding.coding_query import wanted_of
from app.web.discussion.thread import numbered
from app.web.kit.allowed import consultation_to
from app.web.kit.entries import entry
from app.web.kit.grounds import identifier
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent."""

    codes: tuple[str, ...] = ()
    name: str = ""
    passage: str = ""
    memo: str = ""
    about: str = ""  # of a memo: a coding; empty is the text
    gist: str | None = None


@router.get("/c/{slug}/synthesis/coding/{which}")
async def text(visit: Visiting, slug: str, which: str) -> Response:
    """The text, the codes on it, and the form."""
    return await _show(visit, await consultation_to(visit, "outcome.read", slug), numbered(which))


@router.post("/c/{slug}/synthesis/coding/{which}")
async def put(visit: Visiting, slug: str, which: str) -> Response:
    """Put codes on the text or on a passage. What cannot be taken comes back with the reason beside it."""
    form, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    sent, number = _sent(form), numbered(which)
    try:
        async with visit.database.writing() as session:
            found = await _text(session, visit, consultation, number)
            await coding.put(
                session, visit.actor, consultation.id, found.view.id, [identifier(each) for each in sent.codes],
                name=sent.name, passage=sent.passage, revision=_revision(form),
            )  # fmt: skip
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, number, sent, error)
    wanted = wanted_of(visit.request.query_params)
    if form.get("from") == "desk" and keeps(wanted):
        return visit.go(f"/c/{slug}/synthesis/coding{wanted.here}#t{number}", done="coded")
    return visit.go(f"{_home(slug, number)}{wanted.here}", done="coded")


@router.post("/c/{slug}/synthesis/coding/{which}/codings")
async def take_off(visit: Visiting, slug: str, which: str) -> Response:
    """Take one's own code off."""
    form, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    async with visit.database.writing() as session:
        await coding.take_off(session, visit.actor, consultation.id, identifier(form.get("coding")))
    return visit.go(_back(visit, slug, which), done="taken_off")


@router.post("/c/{slug}/synthesis/coding/{which}/memos")
async def note(visit: Visiting, slug: str, which: str) -> Response:
    """Keep a memo about the text or a coding; or take one's own away."""
    form, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    sent, number = _sent(form), numbered(which)
    if "remove" in form:
        async with visit.database.writing() as session:
            await memos.remove(session, visit.actor, consultation.id, identifier(form["remove"]))
        return visit.go(_back(visit, slug, which), done="unnoted")
    try:
        async with visit.database.writing() as session:
            if sent.about:
                await memos.on_coding(session, visit.actor, consultation.id, identifier(sent.about), sent.memo)
            else:
                found = await _text(session, visit, consultation, number)
                await memos.on_text(session, visit.actor, consultation.id, found.view.id, sent.memo)
    except errors.Invalid as error:
        return await _show(visit, consultation, number, sent, error)
    return visit.go(_back(visit, slug, which), done="noted")


@router.post("/c/{slug}/synthesis/coding/{which}/gist")
async def sum_up(visit: Visiting, slug: str, which: str) -> Response:
    """Keep the gist of the text, unless somebody else has worded it meanwhile; or take it away."""
    form, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    sent, number, takes_away = _sent(form), numbered(which), form.get("do") == "remove"
    try:
        async with visit.database.writing() as session:
            found = await _text(session, visit, consultation, number)
            if takes_away:
                await gists.remove(session, visit.actor, consultation.id, found.view.id)
            else:
                await gists.write(
                    session, visit.actor, consultation.id, found.view.id, sent.gist or "", revision=_revision(form),
                    seen=str(form.get("seen", "")),
                )  # fmt: skip
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, number, sent, error)
    back = f"/c/{slug}/synthesis/coding{wanted_of(visit.request.query_params).here}"
    home = f"{back}#f-items" if form.get("from") == "desk" else f"{_back(visit, slug, which)}#gist"
    return visit.go(home, done="not_summed_up" if takes_away else "summed_up")


@router.post("/c/{slug}/synthesis/coding/{which}/read")
async def read(visit: Visiting, slug: str, which: str) -> Response:
    """Mark it as read, and go on to the next that is not; or as to be read again."""
    form, consultation = await visit.form(), await consultation_to(visit, "outcome.read", slug)
    number = numbered(which)
    async with visit.database.writing() as session:
        found = await _text(session, visit, consultation, number)
        if form.get("do") == "again":
            await coding.mark_unread(session, visit.actor, consultation.id, found.view.id)
            return visit.go(_back(visit, slug, which), done="unread")
        revision = _revision(form) or found.view.revision
        await coding.mark_read(session, visit.actor, consultation.id, {found.view.id: revision})
        onward = await coding_desk.next_unread(session, visit.actor, consultation.id, number)
    if form.get("do") == "next" and onward:
        return visit.go(f"{_home(slug, onward)}{wanted_of(visit.request.query_params).here}")
    return visit.go(_back(visit, slug, which), done="read")


async def _text(session: AsyncSession, visit: Visit, consultation: ConsultationView, number: int) -> TextView:
    everybody = wanted_of(visit.request.query_params).everybody
    found = await coding_desk.text(session, visit.actor, consultation.id, number, everybody=everybody)
    if found is None:
        raise errors.NotFound(_("There is no such public text in this consultation."))
    return found


async def _show(
    visit: Visit, consultation: ConsultationView, number: int, sent: Sent | None = None,
    error: errors.PlenaryError | None = None,
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        found = await _text(session, visit, consultation, number)
        codes = await code_book.codes(session, visit.actor, consultation.id, counted=False)
        noted = await codings.memos_on_text(session, visit.actor, found.view.id)
    topic = consultation.topic(found.view.topic)
    return visit.page(
        "coding/coding_text.html",
        **refusal(error),
        consultation=consultation,
        wanted=wanted_of(visit.request.query_params),
        text=found,
        by_coder=[list(theirs) for _coder, theirs in groupby(found.codings, key=lambda each: each.label)],
        entry=entry(found.view, consultation, base_depth=found.view.depth),
        codes=[each for each in codes if not each.retired],
        memos=noted,
        codes_here=visit.may("text.code", Thing(consultation.id, topic=topic.id)),
        sent=sent or Sent(),
        limit=NAME_LIMIT,
        gist_limit=GIST_LIMIT,
        said=coding_words,
    )


def _home(slug: str, number: int) -> str:
    return f"/c/{slug}/synthesis/coding/{number}"


def _back(visit: Visit, slug: str, which: str) -> str:
    return f"{_home(slug, numbered(which))}{wanted_of(visit.request.query_params).here}"


def _sent(form: FormData) -> Sent:
    words = {name: str(form.get(name, "")) for name in ("name", "passage", "memo", "about")}
    gist = str(form["gist"]) if "gist" in form else None
    return Sent(codes=tuple(str(value) for value in form.getlist("code")), gist=gist, **words)


def _revision(form: FormData) -> int | None:
    given = str(form.get("revision", ""))
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else None
