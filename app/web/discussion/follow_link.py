"""The button of a page to follow what it shows."""

from dataclasses import dataclass
from uuid import UUID

from app.notifications.following.listing import follows
from app.readings.followed import Scope
from app.web.kit.visit import Visit


@dataclass(frozen=True, slots=True)
class FollowLink:
    """What a page's button to follow it says: `value` tells which topic or thread."""

    scope: Scope
    value: str
    follows: bool


async def follow_link(visit: Visit, scope: Scope, thing: UUID | None, value: object = "") -> FollowLink | None:
    """The button of a page; None where there is nothing to follow."""
    if thing is None:
        return None
    if visit.actor.person is None:
        return FollowLink(scope, str(value), follows=False)
    async with visit.database.writing() as session:
        return FollowLink(scope, str(value), await follows(session, visit.actor.person, thing))
