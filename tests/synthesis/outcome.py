"""Recommendations for tests: begun, citing, published by a rapporteur."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.contributions.models import Contribution
from app.database import Database
from app.permissions import Actor
from app.record.models import Entry
from app.synthesis import actions, citing
from app.synthesis.models import Citation, Recommendation, RecommendationVersion
from app.synthesis.wording import Wording
from tests.making import AFTER, Made, make_person

WORDING = Wording(
    topic=AFTER, title="Count the hours", statement="Cities count the hours of associations.", language="en",
    addressee_name="The city of Quezon", addressee_kind="city",
)  # fmt: skip


async def make_rapporteur(database: Database, made: Made) -> Actor:
    """A rapporteur, who holds no other role."""
    return await make_person(database, "Rapporteur R", consultation=made.id, role="rapporteur")


async def begin(database: Database, actor: Actor, made: Made, **words: Any) -> Recommendation:
    """A draft."""
    async with database.writing() as session:
        return await actions.begin(session, actor, made.id, replace(WORDING, **words))


async def cite(database: Database, actor: Actor, id: UUID, text: Contribution, **how: Any) -> Citation:
    """A citation in a draft."""
    async with database.writing() as session:
        return await citing.cite(session, actor, id, text.id, **how)


async def publish(
    database: Database, actor: Actor, id: UUID, stage: str, *, acknowledged: bool = False
) -> RecommendationVersion:
    """The draft, made public."""
    async with database.writing() as session:
        return await actions.publish(session, actor, id, stage, acknowledged=acknowledged)


async def published(database: Database, actor: Actor, made: Made, *texts: Contribution, **words: Any) -> Recommendation:
    """A final recommendation that rests on these texts."""
    begun = await begin(database, actor, made, **words)
    for each in texts:
        await cite(database, actor, begun.id, each)
    await publish(database, actor, begun.id, "final")
    return begun


async def entries(database: Database, kind: str) -> list[dict[str, Any]]:
    """What the entries of this kind carry."""
    async with database.writing() as session:
        query = select(Entry.payload).where(Entry.kind == kind).order_by(Entry.record_id, Entry.seq)
        return list(await session.scalars(query))
