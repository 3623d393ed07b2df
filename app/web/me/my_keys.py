"""`/me/keys`: keys with which programs act in one's name."""

from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from app import errors
from app.accounts import actions, keys
from app.language import gettext as _
from app.web.kit import words
from app.web.kit.refused import refusal
from app.web.kit.visit import Stopping, Visit, Visiting

router = APIRouter()
_UTC = ZoneInfo("UTC")


@router.get("/me/keys")
async def listed(visit: Visiting) -> Response:
    """One's keys, and the form that makes one."""
    return await _show(visit)


@router.post("/me/keys")
async def make(visit: Visiting) -> Response:
    """Make a key, and show it this once."""
    sent, person = await visit.form(), visit.person
    name, scopes = str(sent.get("name", "")), [str(scope) for scope in sent.getlist("scopes")]
    try:
        async with visit.database.writing() as session:
            _key, secret = await actions.make_key(session, visit.actor, person, name, scopes, _last_day(sent))
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, sent, error)
    return visit.page("me/key.html", secret=secret, name=name)


@router.post("/me/keys/{id}/revoke")
async def revoke(visit: Stopping, id: UUID) -> Response:
    """End a key for good."""
    async with visit.database.writing() as session:
        await actions.revoke_key(session, visit.actor, id)
    return visit.go("/me/keys", done="revoked")


def _last_day(sent: FormData) -> date | None:
    given = str(sent.get("expires", "")).strip()
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise errors.Invalid({"expires": _("Please write the day as in 2027-12-31.")}) from None


async def _show(visit: Visit, sent: FormData | None = None, error: errors.PlenaryError | None = None) -> Response:
    async with visit.database.at_once() as connection:
        found = await keys.keys_of(connection, visit.actor, visit.person)
    given = sent or FormData()
    return visit.page(
        "me/keys.html",
        **refusal(error),
        keys=found,
        zone=_UTC,
        noon=_noon,
        scopes=[(scope, scope, _(words.SCOPES[scope])) for scope in keys.allowed_scopes(visit.actor)],
        chosen=given.getlist("scopes") if sent else ["read"],
        name=given.get("name", ""),
        expires=given.get("expires") or (keys.today() + keys.LASTS).isoformat(),
    )


def _noon(day: date) -> datetime:
    """A day as a moment, for what shows moments as days."""
    return datetime.combine(day, time(12), UTC)
