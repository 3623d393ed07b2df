"""Offering a role in one topic: accounts know the people, and consultations the topics."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts import offers
from app.consultations.floor import floor_of
from app.language import gettext as _
from app.permissions import Actor, Thing, require


async def offer_role(
    session: AsyncSession, actor: Actor, consultation: UUID, email: str, role: str, topic: str | None = None,
    language: str | None = None,
) -> UUID:  # fmt: skip
    """As `offers.offer`, for the topic with this slug; without one for the whole consultation. Returns the offer's id.

    Raises what that does, and Invalid where there is no such topic.
    """
    require(actor, "role.grant", Thing(consultation))
    limited = None
    if topic:
        try:
            limited = (await floor_of(session, consultation=consultation, slug=topic)).topic
        except errors.NotFound:
            raise errors.Invalid({"topic": _("There is no such topic in this consultation.")}) from None
    return (await offers.offer(session, actor, consultation, email, role, limited, language)).id
