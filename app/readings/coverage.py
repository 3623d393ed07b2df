"""Coverage: which contributions are cited, which were read and not used, and which are neither.

For the public once a recommendation is final, and not before: until then it has no row to read. Drafts count for
rapporteurs only. Facilitators' notes are not among them: they are the facilitator's words.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.accounts.countries import REGION_OF
from app.contributions.models import Publication
from app.database import Database
from app.database.prepared import Prepared
from app.readings.consultations import ConsultationView
from app.synthesis.models import Citation, Recommendation, RecommendationVersion, SetAside

DIMENSIONS = ("question", "region", "language", "kind")
CITED, SET_ASIDE, NEITHER = "cited", "set_aside", "neither"
On = AsyncConnection | AsyncSession
_Alike = tuple[tuple[str, ...], str | None, str, str, str]  # questions, region, language, kind, state


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one contribution: cited in these recommendations, or read and not used because of this."""

    cited: Sequence[int]
    reason: str | None


class Covered(NamedTuple):
    """One contribution, and what became of it. A tuple, as there may be a hundred thousand."""

    id: UUID
    number: int
    questions: Sequence[str]
    region: str | None
    language: str
    kind: str
    cited: Sequence[int]  # the numbers of the recommendations; 0 for a draft without one
    reason: str | None

    @property
    def state(self) -> str:
        """`cited`, `set_aside` or `neither`."""
        return CITED if self.cited else SET_ASIDE if self.reason else NEITHER

    def json(self, prefix: str) -> dict[str, Any]:
        """As the API gives it; `prefix` is the address up to the number."""
        return {
            "contribution": str(self.id), "number": self.number, "url": f"{prefix}{self.number}", "state": self.state,
            "recommendations": list(self.cited), "reason": None if self.cited else self.reason,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """Of the contributions that have this in common, how many are cited, set aside, and neither."""

    key: str | None
    cited: int
    set_aside: int
    neither: int

    @property
    def contributions(self) -> int:
        """All of them."""
        return self.cited + self.set_aside + self.neither


async def is_public(connection: On, consultation: UUID) -> bool:
    """Whether the outcome is published: a recommendation is final."""
    query = select(Recommendation.id).where(
        Recommendation.consultation_id == consultation, Recommendation.stage == "final"
    )
    return await connection.scalar(query.limit(1)) is not None


async def covered(on: On, consultation: UUID, *, drafts: bool = False) -> list[Covered]:
    """All contributions of a consultation, by number. `drafts` count as citing, too: for rapporteurs."""
    cited = await _cited(on, consultation, drafts=drafts)
    marked = select(SetAside.contribution_id, SetAside.reason).where(SetAside.consultation_id == consultation)
    reasons = {row.contribution_id: row.reason for row in await on.execute(marked)}
    columns = (Publication.contribution_id, Publication.number, Publication.questions, Publication.country,
               Publication.language, Publication.kind)  # fmt: skip
    query = select(*columns).where(Publication.consultation_id == consultation, Publication.kind != "note")
    return [
        Covered(id, number, questions, REGION_OF.get(country or ""), language, kind, cited.get(id, ()), reasons.get(id))
        for id, number, questions, country, language, kind in await on.execute(query.order_by(Publication.number))
    ]


def shares(found: Sequence[Covered], consultation: ConsultationView) -> Mapping[str, Sequence[Share]]:
    """The coverage table: by each of DIMENSIONS, and of all together."""
    questions = [question.full_key for topic in consultation.topics for question in topic.questions]
    alike = Counter((tuple(each.questions), each.region, each.language, each.kind, each.state) for each in found)
    counted = {dimension: _counted(alike, _KEYS[dimension]) for dimension in DIMENSIONS}
    ordered = {
        dimension: sorted(shares, key=lambda share: (share.key is None, -share.contributions, share.key))
        for dimension, shares in counted.items()
    }
    by_question = {share.key: share for share in counted["question"]}
    ordered["question"] = [by_question.get(key, Share(key, 0, 0, 0)) for key in questions]
    if None in by_question:
        ordered["question"].append(by_question[None])
    return ordered | {"all": _counted(alike, lambda _each: ("all",))}


async def fate(database: Database, contribution: UUID) -> Fate:
    """What became of a contribution, in one small query: to be asked once the outcome is published, and not before."""
    async with database.asking() as driver:
        row = await _FATE.row(driver, contribution=contribution)
    return Fate(sorted(set(row["cited"])), row["reason"]) if row is not None else Fate((), None)


async def _cited(on: On, consultation: UUID, *, drafts: bool) -> dict[UUID, tuple[int, ...]]:
    """The numbers of the recommendations that cite each contribution."""
    counts = RecommendationVersion.version == Recommendation.version
    if drafts:
        counts = counts | RecommendationVersion.seq.is_(None)
    query = (
        select(Citation.contribution_id, func.coalesce(Recommendation.number, 0).label("number"))
        .join(RecommendationVersion, RecommendationVersion.id == Citation.version_id)
        .join(Recommendation, Recommendation.id == RecommendationVersion.recommendation_id)
        .where(Recommendation.consultation_id == consultation, counts)
        .distinct()
    )
    found: dict[UUID, tuple[int, ...]] = {}
    for id, number in (await on.execute(query.order_by("number"))).all():
        found[id] = (*found.get(id, ()), number)
    return found


def _counted(alike: Mapping[_Alike, int], keys: Callable[[_Alike], Sequence[str | None]]) -> list[Share]:
    counts: Counter[tuple[str | None, str]] = Counter()
    for each, many in alike.items():
        for key in keys(each):
            counts[key, each[-1]] += many
    every = dict.fromkeys(key for key, _state in counts)
    return [Share(key, counts[key, CITED], counts[key, SET_ASIDE], counts[key, NEITHER]) for key in every]


_KEYS: Mapping[str, Callable[[_Alike], Sequence[str | None]]] = {
    "question": lambda each: each[0] or (None,),
    "region": lambda each: (each[1],),
    "language": lambda each: (each[2],),
    "kind": lambda each: (each[3],),
}
_CONTRIBUTION = bindparam("contribution", type_=Uuid())
_FATE = Prepared(
    select(
        func.array(
            select(Recommendation.number)
            .join(
                RecommendationVersion,
                (RecommendationVersion.recommendation_id == Recommendation.id)
                & (RecommendationVersion.version == Recommendation.version),
            )
            .join(Citation, Citation.version_id == RecommendationVersion.id)
            .where(Citation.contribution_id == _CONTRIBUTION)
            .scalar_subquery()
        ).label("cited"),
        select(SetAside.reason).where(SetAside.contribution_id == _CONTRIBUTION).scalar_subquery().label("reason"),
    )
)
