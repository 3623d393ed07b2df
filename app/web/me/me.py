"""`/me`: who one is here, what one has written, and where one is signed in."""

from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, Response

from app import clock, errors
from app.accounts import actions, limits, sessions, vocabulary
from app.accounts.profile import profile_of
from app.accounts.profile_form import ORGANISATION_LIMIT, ProfileForm
from app.accounts.sign_in import own_path
from app.contributions import drafts
from app.language import LANGUAGES, OWN_NAMES
from app.language import gettext as _
from app.notifications.bouncing import switched_off
from app.permissions import Thing
from app.readings import consultations
from app.readings.organisations import names_beginning
from app.web.kit import words
from app.web.kit.contribution_form import Faults, from_draft
from app.web.kit.language import remember
from app.web.kit.visit import PRIVATE, Stopping, Visit, Visiting
from app.web.me.my_contributions import lines
from app.web.me.my_texts import drafted

router = APIRouter()
SHOWN = 10  # of what one has written
_MOST_NAMES = 10
_SUGGESTIONS = {"most": 600, "per_seconds": 900}


@router.get("/me")
async def me(visit: Visiting) -> Response:
    """One's own page."""
    return await _show(visit)


@router.post("/me")
async def change_profile(visit: Visiting) -> Response:
    """Save the profile."""
    form = _profile_form(await visit.form())
    try:
        async with visit.database.writing() as session:
            await actions.change_profile(session, visit.actor, form)
    except errors.Invalid as error:
        return await _show(visit, form=form, faults=error.fields)
    answer = visit.go("/me", done="saved")
    remember(visit.request, answer.headers, form.language)
    return answer


@router.get("/me/organisations")
async def organisations(visit: Visiting, begins: str = "") -> Response:
    """Names of organisations that are public already and begin so, for a script: never who has only registered."""
    await limits.allow(visit.database, "organisations of", str(visit.person), **_SUGGESTIONS)
    async with visit.database.reading() as connection:
        names = await names_beginning(connection, begins[:ORGANISATION_LIMIT], _MOST_NAMES)
    return JSONResponse({"names": names}, headers={"Cache-Control": PRIVATE})


@router.get("/me/welcome")
async def welcome(visit: Visiting, onward: str = "/") -> Response:
    """The first sign-in: a name, and consent to the privacy note."""
    person = visit.person
    if visit.actor.complete:
        return visit.go(own_path(onward))
    async with visit.database.at_once() as connection:
        profile = await profile_of(connection, visit.actor, person)
    return visit.page("me/welcome.html", onward=own_path(onward), faults=Faults(), **_choices(profile.form))


@router.post("/me/welcome")
async def complete(visit: Visiting) -> Response:
    """Complete the profile, and go on to where the visitor was going."""
    sent = await visit.form()
    form, onward = _profile_form(sent), own_path(str(sent.get("onward", "/")))
    try:
        async with visit.database.writing() as session:
            await actions.complete_profile(session, visit.actor, form, consents=sent.get("consent") == "yes")
    except errors.Invalid as error:
        return visit.page("me/welcome.html", status=422, onward=onward, faults=Faults(error.fields), **_choices(form))
    return visit.go(onward)


@router.post("/me/sessions/{id}/end")
async def end_session(visit: Stopping, id: UUID) -> Response:
    """Sign another browser out, or this one."""
    async with visit.database.writing() as session:
        await sessions.end_session(session, visit.actor, id)
    return visit.go("/me#sessions", done="ended")


@router.post("/me/sessions/end-others")
async def end_other_sessions(visit: Stopping) -> Response:
    """Sign out every browser but this one."""
    async with visit.database.writing() as session:
        await sessions.end_all_other_sessions(session, visit.actor)
    return visit.go("/me#sessions", done="ended")


@router.post("/me/drafts/{id}/delete")
async def delete_draft(visit: Visiting, id: UUID) -> Response:
    """Give a draft up."""
    async with visit.database.writing() as session:
        await drafts.drop_draft(session, visit.actor, visit.browser, id)
    return visit.go("/me#drafts", done="dropped")


async def _show(
    visit: Visit,
    *,
    form: ProfileForm | None = None,
    faults: dict[str, str] | None = None,
) -> Response:
    person = visit.person
    async with visit.database.reading() as connection:
        known = {view.slug: view for view in await consultations.consultations(connection)}
    async with visit.database.writing() as session:
        profile = await profile_of(session, visit.actor, person)
        texts, older = await lines(session, visit, known, SHOWN)
        kept = await drafts.drafts_of(session, visit.actor, visit.browser)
        browsers = await sessions.sessions_of(session, visit.actor, person)
        off = await switched_off(session, person)
        by_id = {view.id: view for view in known.values()}
        unsent = [
            drafted(from_draft(draft.id, draft.fields), draft, by_id[draft.consultation_id])
            for draft in kept
            if draft.consultation_id in by_id
        ]
    return visit.page(
        "me/me.html",
        status=422 if faults else 200,
        profile=profile,
        texts=texts,
        older=older,
        drafts=unsent,
        my_zone=ZoneInfo(profile.form.time_zone),
        browsers=browsers,
        off=off,
        may_create=visit.may("consultation.create", Thing()),
        faults=Faults(faults or {}),
        **_choices(form or profile.form),
    )


def _choices(form: ProfileForm) -> dict[str, Any]:
    return {
        "form": form if form.time_zone else replace(form, time_zone="UTC"),
        "kinds": [(kind, _(words.ORGANISATION_KINDS[kind])) for kind in vocabulary.ORGANISATION_KINDS],
        "regions": [(region, _(name)) for region, name in words.REGIONS.items()],
        "zones": [(zone, zone.replace("_", " ")) for zone in sorted(clock.time_zones() - {"Factory", "localtime"})],
        "ui_languages": [(tag, OWN_NAMES[tag]) for tag in LANGUAGES],
    }


def _profile_form(sent: FormData) -> ProfileForm:
    given = {name: str(value) for name, value in sent.items()}
    optional = (
        "organisation",
        "organisation_kind",
        "organisation_country",
        "organisation_region",
        "organisation_website",
    )
    return ProfileForm(
        name=given.get("name", ""),
        language=given.get("language", "en"),
        time_zone=given.get("time_zone", "UTC"),
        capacity=given.get("capacity", "personal"),
        byline=given.get("byline") or None,
        claims_mandate=given.get("capacity") == "organisation" or given.get("claims_mandate") == "yes",
        **{name: given.get(name) or None for name in optional},
    )
