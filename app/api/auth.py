"""Who asks: the key in `Authorization: Bearer KEY`. Cookies mean nothing here, so no page can write for its reader."""

from fastapi import Request

from app import errors
from app.accounts.actors import actor_of_key
from app.database import admission
from app.language import gettext as _
from app.permissions import ANYONE, Actor


async def caller(request: Request) -> Actor:
    """The actor behind the key; ANYONE where there is none. Raises Unauthenticated for a key that is not in use."""
    given = request.headers.get("authorization")
    if given is None:
        return ANYONE
    scheme, _space, secret = given.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise errors.Unauthenticated(_("Send the key as Authorization: Bearer KEY."))
    async with request.app.state.database.recognising() as driver:
        actor = await actor_of_key(driver, secret.strip())
    if actor is None:
        raise errors.Unauthenticated(_("There is no such key, or it has expired or was revoked."))
    admission.admit(actor.admitted)
    return actor


async def key_holder(request: Request) -> Actor:
    """The actor behind the key. Raises Unauthenticated where there is none."""
    actor = await caller(request)
    if actor.person is None:
        raise errors.Unauthenticated(_("This needs a key: send it as Authorization: Bearer KEY."))
    return actor
