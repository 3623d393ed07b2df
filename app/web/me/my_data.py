"""`/me/data`: download what is held about oneself, erase the account."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response, StreamingResponse

from app import clock, errors
from app.accounts import actions as accounts
from app.accounts import team
from app.accounts.held import held_about
from app.consultations import organising
from app.contributions import depositing, drafts
from app.language import gettext as _
from app.language import listed, quoted
from app.mailed import forgetting as mailed
from app.moderation import erasing
from app.notifications import deliveries, preferences
from app.notifications.following import listing as following
from app.notifications.webhooks import listing as webhooks
from app.outreach import addressees
from app.outreach import forgetting as outreach
from app.readings.discussion import endorsements, private
from app.readings.held import coding_held, done_held, outcome_held
from app.readings.meetings import registrations
from app.readings.moderation import appeals, flags, translations
from app.readings.organising import invitations
from app.readings.organising import team as roles
from app.web.kit import cookies
from app.web.kit.visit import PRIVATE, Visit, Visiting

router = APIRouter()
CHUNK = 20  # texts that are in memory at once
_Read = Callable[[AsyncSession, Visit, UUID, UUID | None], Awaitable[list[dict[str, Any]]]]


@router.get("/me/data")
async def data(visit: Visiting) -> Response:
    """What one can do about one's data."""
    return visit.page("me/data.html", person=visit.person, fault="", message="", texts="")


@router.get("/me/data/download")
async def download(visit: Visiting) -> Response:
    """Everything that is held about oneself, as one JSON file."""
    person = visit.person
    async with visit.database.writing() as session:
        held = await held_about(session, visit.actor, person)
        held["webhooks"] = await webhooks.held_about(session, person)
        held["mail"] = await preferences.held_about(session, person)
    name = f"plenary-{clock.now():%Y-%m-%d}.json"
    return StreamingResponse(
        whole_file(visit, person, held),
        media_type="application/json",
        headers={"Cache-Control": PRIVATE, "Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/me/data/erase")
async def erase_account(visit: Visiting) -> Response:
    """Erase the account and, as chosen, the texts with it or only the names on them."""
    sent, person = await visit.form(), visit.person
    texts = sent.get("texts")
    if texts not in ("erase", "keep") or sent.get("sure") != "yes":
        fault = _("Please choose what happens to your texts, and tick that you are sure.")
        return visit.page("me/data.html", status=422, person=person, fault=fault, message="", texts=texts)
    try:
        await _take_leave(visit, person, texts)
    except errors.Conflict as error:
        why = await _why_not(visit, error)
        return visit.page("me/data.html", status=409, person=person, fault="", message=why, texts=texts)
    response = visit.go("/")
    cookies.forget(visit.request, response, cookies.SESSION)
    return response


async def _why_not(visit: Visit, error: errors.Conflict) -> str:
    """Where somebody is the only organiser, what has to be done first names each consultation."""
    async with visit.database.writing() as session:
        titles = await roles.alone_in(session, visit.actor)
    if not titles:
        return error.message
    these = listed([quoted(title) for title in titles])
    return _("Nobody but you organises %(consultations)s. Appoint another organiser there first.", consultations=these)


async def _take_leave(visit: Visit, person: UUID, texts: object) -> None:
    async with visit.database.writing() as session:
        await team.require_not_last(session, person)  # locks organisers before texts
        take_leave = erasing.erase_all_by if texts == "erase" else erasing.keep_all_anonymous
        await take_leave(session, visit.actor, person)
        await accounts.erase_account(session, visit.actor, person)


async def whole_file(visit: Visit, person: UUID, held: dict[str, Any]) -> AsyncIterator[bytes]:
    """The file, a few texts at a time: constant memory, and no connection held while a client is slow."""
    yield orjson.dumps(held, option=orjson.OPT_INDENT_2).removesuffix(b"\n}")
    for name, read in (
        ("contributions", _texts),
        ("deposits", _of(depositing.given_by)),
        ("translations", _of(translations.made_by)),
        ("drafts", _drafts),
        ("flags", _of(flags.raised_by)),
        ("appeals", _of(appeals.made_by)),
        ("endorsements", _of(endorsements.given_by)),
        ("messages", _of(deliveries.held_about)),
        ("letters", _letters),
        ("refused_letters", _of(invitations.refused_by)),
        ("followed", _of(following.held_about)),
        ("recommendations", _of(outcome_held.written_by)),
        ("reports", _of(outcome_held.reports_by)),
        ("report_translations", _of(outcome_held.report_translations_by)),
        ("summaries", _of(outcome_held.summaries_by)),
        ("set_aside", _of(outcome_held.marked_by)),
        ("answers_entered", _of(outcome_held.entered_by)),
        ("outcome_sent", _of(outcome_held.sent_by)),
        ("contributors_told", _of(outcome_held.told_by)),
        ("positions", _of(outcome_held.positions_of)),
        ("codings", _of(coding_held.coded_by)),
        ("memos", _of(coding_held.noted_by)),
        ("gists", _of(coding_held.summed_up_by)),
        ("texts_read", _of(coding_held.read_by)),
        ("held_files", _of(coding_held.files_of)),
        ("registrations", _of(registrations.held_about)),
        ("invitations", _of(outreach.held_about)),
        ("addressed", _of(addressees.held_about)),
        ("mails", _of(mailed.held_about)),
        ("organised", _of(organising.acts_of)),
        *((name, _of(done_held.done(name))) for name in done_held.DONE),
    ):
        yield f',\n"{name}": ['.encode()
        last, between = None, b"\n"
        while True:
            async with visit.database.writing() as session:
                items = await read(session, visit, person, last)
            for item in items:
                yield between + orjson.dumps(item)
                between = b",\n"
            if len(items) < CHUNK:
                break
            last = UUID(items[-1]["id"])
        yield b"\n]"
    yield b"\n}\n"


def _of(read: Callable[[AsyncSession, UUID, UUID | None, int], Awaitable[list[dict[str, Any]]]]) -> _Read:
    """A reading that needs the person alone."""

    async def of_person(session: AsyncSession, _visit: Visit, person: UUID, last: UUID | None) -> list[dict[str, Any]]:
        return await read(session, person, last, CHUNK)

    return of_person


async def _texts(session: AsyncSession, visit: Visit, person: UUID, last: UUID | None) -> list[dict[str, Any]]:
    return [own.fields for own in await private.mine(session, person, visit.base, CHUNK, last)]


async def _drafts(session: AsyncSession, visit: Visit, _person: UUID, last: UUID | None) -> list[dict[str, Any]]:
    found = await drafts.drafts_after(session, visit.actor, last, CHUNK)
    return [{**draft.fields, "id": str(draft.id), "updated": clock.iso(draft.updated)} for draft in found]


async def _letters(session: AsyncSession, _visit: Visit, person: UUID, last: UUID | None) -> list[dict[str, Any]]:
    return [letter.json() for letter in await invitations.received_by(session, person, last, CHUNK)]
