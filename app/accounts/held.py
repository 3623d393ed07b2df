"""What accounts holds about a person, for the person to download."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.keys import keys_of
from app.accounts.models import Challenge, MandateClaim, Membership, RoleOffer, TeamMember
from app.accounts.profile import profile_of
from app.accounts.sessions import sessions_of
from app.permissions import Actor


async def held_about(session: AsyncSession, actor: Actor, person: UUID) -> dict[str, Any]:
    """Profile, roles, mandates, browsers, keys and open sign-ins of a person, as JSON-able values.

    Raises NotFound, Forbidden.
    """
    profile = await profile_of(session, actor, person)
    form = profile.form
    return {
        "id": str(profile.id),
        "email": profile.email,
        "name": form.name,
        "language": form.language,
        "time_zone": form.time_zone,
        "capacity": form.capacity,
        "byline": form.byline,
        "organisation": form.organisation and {
            "id": str(profile.organisation_id),
            "name": form.organisation,
            "kind": form.organisation_kind,
            "country": form.organisation_country,
            "region": form.organisation_region,
            "website": form.organisation_website,
            "mandate": profile.mandate,
        },
        "registered": clock.iso(profile.created),
        "consented": clock.iso(profile.consented),
        "roles": await _roles(session, person),
        "roles_offered": await _offers(session, profile.email),
        "mandates": await _mandates(session, person),
        "sessions": [
            {"device": one.device, "started": clock.iso(one.created), "seen": clock.iso(one.seen),
             "expires": clock.iso(one.expires)}
            for one in await sessions_of(session, actor, person)
        ],
        "keys": [
            {"name": key.name, "begins": key.prefix, "scopes": list(key.scopes), "made": clock.iso(key.created),
             "expires": key.expires and key.expires.isoformat(), "used": key.used and key.used.isoformat()}
            for key in await keys_of(session, actor, person)
        ],
        "sign_ins_asked": await _challenges(session, profile.email),
    }  # fmt: skip


async def _roles(session: AsyncSession, person: UUID) -> list[dict[str, Any]]:
    query = select(Membership, TeamMember).outerjoin(TeamMember, TeamMember.membership_id == Membership.id)
    rows = await session.execute(query.where(Membership.person_id == person).order_by(Membership.id))
    return [
        {"consultation": str(row.consultation_id), "topic": str(row.topic_id) if row.topic_id else None,
         "role": row.role, "since": clock.iso(row.since), "until": clock.iso(row.until),
         "ended": clock.iso(row.ended), "reason": row.reason,
         "listed": {"name": listed.name, "organisation": listed.organisation} if listed else None}
        for row, listed in rows
    ]  # fmt: skip


async def _offers(session: AsyncSession, email: str) -> list[dict[str, Any]]:
    rows = await session.scalars(select(RoleOffer).where(RoleOffer.email == email).order_by(RoleOffer.id))
    return [
        {"consultation": str(row.consultation_id), "topic": str(row.topic_id) if row.topic_id else None,
         "role": row.role, "offered": clock.iso(row.offered), "until": clock.iso(row.expires), "outcome": row.outcome}
        for row in rows
    ]  # fmt: skip


async def _mandates(session: AsyncSession, person: UUID) -> list[dict[str, Any]]:
    rows = await session.scalars(select(MandateClaim).where(MandateClaim.person_id == person).order_by(MandateClaim.id))
    return [
        {"consultation": str(row.consultation_id), "organisation": row.organisation_name, "words": row.words,
         "asked": clock.iso(row.asked), "answered": clock.iso(row.decided), "outcome": row.outcome, "how": row.how,
         "reason": row.reason, "ended": clock.iso(row.ended)}
        for row in rows
    ]  # fmt: skip


async def _challenges(session: AsyncSession, email: str) -> list[dict[str, Any]]:
    columns = (Challenge.created, Challenge.expires, Challenge.used)
    rows = await session.execute(select(*columns).where(Challenge.email == email).order_by(Challenge.id))
    return [
        {"asked": clock.iso(row.created), "expires": clock.iso(row.expires), "used": clock.iso(row.used)}
        for row in rows
    ]
