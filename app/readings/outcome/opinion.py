"""Opinion at a glance: what the positions on recommendations say together, which is all that anyone reads of them.

One's own position is for oneself alone, on a write session.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, errors
from app.consultations.models import Consultation
from app.language import gettext as _
from app.synthesis.models import Recommendation, RecommendationVersion
from app.synthesis.position_models import OpinionMap, Position
from app.synthesis.positions import WORDS
from app.synthesis.summing import FEWEST, too_few


class Named(NamedTuple):
    """A recommendation, as a list names it."""

    number: int
    title: str
    language: str


class Own(NamedTuple):
    """Somebody's own position: agree, disagree or pass, and the version of the recommendation that they read."""

    value: str
    version: int


@dataclass(frozen=True, slots=True)
class OpinionView:
    """The latest map; while no map was made, what is said of nobody."""

    found: Mapping[str, Any]  # as `summing.py` has it
    made: datetime | None = None
    salt: bytes = b""
    hash: bytes = b""
    seq: int | None = None

    @property
    def state(self) -> str:
        """`few`: too few people; `totals`: no groups can be told apart; `unavailable`: no map on this server; or
        `groups`."""
        return str(self.found["state"])

    @property
    def needed(self) -> int:
        """How many more people must take positions, at most, before anything is shown."""
        return max(0, FEWEST - int(self.found["people"]))

    @property
    def totals(self) -> dict[int, Mapping[str, int]]:
        """What everybody says of each recommendation, by its number."""
        return {each["recommendation"]: each for each in self.found["totals"]}

    def json(self, base: str, slug: str) -> dict[str, Any]:
        """As the API gives it."""
        commitment = {"seq": self.seq, "salt": self.salt.hex(), "hash": self.hash.hex()} if self.seq else None
        return {
            "consultation": slug, "url": f"{base}/c/{slug}/opinion", "updated": clock.iso(self.made),
            "needed": self.needed, **self.found, "commitment": commitment,
        }  # fmt: skip


def asks(details: Mapping[str, Any]) -> bool:
    """Whether the consultation with these details asks for positions."""
    return bool(details.get("opinion"))


async def require_asked(connection: AsyncConnection, consultation: UUID) -> None:
    """Raises NotFound where a consultation asks for no positions: there is nothing to be had of them."""
    details = await connection.scalar(select(Consultation.details).where(Consultation.id == consultation))
    if not asks(details or {}):
        raise errors.NotFound(_("There is no such page."))


async def opinion(connection: AsyncConnection, consultation: UUID) -> OpinionView:
    """The latest map of a consultation. Raises NotFound where it asks for no positions."""
    await require_asked(connection, consultation)
    columns = (OpinionMap.found, OpinionMap.made, OpinionMap.salt, OpinionMap.hash, OpinionMap.seq)
    row = (
        await connection.execute(select(*columns).where(OpinionMap.consultation_id == consultation))
    ).one_or_none()  # fmt: skip
    return OpinionView(*row) if row else OpinionView(too_few(0))


async def named(connection: AsyncConnection, consultation: UUID) -> dict[int, Named]:
    """The public recommendations of a consultation by number."""
    version = RecommendationVersion
    public = (version.recommendation_id == Recommendation.id) & (version.version == Recommendation.version)
    query: Any = (
        select(Recommendation.number, version.title, version.language)
        .join(version, public)
        .where(Recommendation.consultation_id == consultation, Recommendation.number.is_not(None))
        .order_by(Recommendation.number)
    )
    return {number: Named(number, title, language) for number, title, language in await connection.execute(query)}


async def own(session: AsyncSession, person: UUID, recommendation: UUID) -> Own | None:
    """What this person thinks of a recommendation; None where they have not said."""
    its = select(Position.value, Position.version).where(Position.recommendation_id == recommendation)
    row = (await session.execute(its.where(Position.person_id == person))).one_or_none()
    return Own(WORDS[row.value], row.version) if row else None
