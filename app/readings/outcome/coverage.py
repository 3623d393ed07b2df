"""Coverage: which contributions are cited, which were read and not used, and which are neither.

For the public once a recommendation is final, and not before: until then it has no row to read. Drafts count for
rapporteurs only. Facilitators' notes are not among them: they are the facilitator's words.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, case, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.accounts.countries import REGION_OF
from app.contributions.models import Publication
from app.database import Database
from app.database.prepared import Prepared
from app.readings.consultation_views import ConsultationView
from app.synthesis.models import Citation, Recommendation, RecommendationVersion, SetAside

DIMENSIONS = ("question", "region", "language", "kind")
CITED, SET_ASIDE, NEITHER = "cited", "set_aside", "neither"
On = AsyncConnection | AsyncSession
_Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one contribution: cited in these recommendations, or read and not used because of this."""

    cited: Sequence[int]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which contributions are asked for; None: all."""

    state: str | None = None
    question: str | None = None
    region: str | None = None
    language: str | None = None
    kind: str | None = None
    after: int = 0  # the number of the last one of the page before


class Covered(NamedTuple):
    """One contribution, and what became of it. A tuple, as there may be a hundred thousand."""

    id: UUID
    number: int
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


class Counted(NamedTuple):
    """How many contributions have all of this in common, and how many of them are asked for."""

    questions: Sequence[str]
    region: str | None
    language: str
    kind: str
    state: str
    all: int
    asked: int


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


async def covered(
    on: On, consultation: UUID, asked: Asked | None = None, limit: int | None = None,
    *, among: Collection[UUID] | None = None, drafts: bool = False,
) -> list[Covered]:  # fmt: skip
    """Contributions of a consultation, by number. `drafts` count as citing, too: for rapporteurs."""
    cited = _cited(consultation, drafts=drafts)
    columns = (Publication.contribution_id, Publication.number, cited.c.numbers, SetAside.reason)
    query = _joined(select(*columns), consultation, cited).where(*_conditions(asked or Asked(), cited))
    if among is not None:
        query = query.where(Publication.contribution_id.in_(among))
    rows = await on.execute(query.order_by(Publication.number).limit(limit))
    return [Covered(id, number, numbers or (), reason) for id, number, numbers, reason in rows]


async def counts(
    on: On, consultation: UUID, asked: Asked | None = None, *, drafts: bool = False
) -> list[Counted]:  # fmt: skip
    """All contributions of a consultation, counted by what they have in common, and those among them that are asked
    for."""
    cited = _cited(consultation, drafts=drafts)
    common = (Publication.questions, Publication.country, Publication.language, Publication.kind,
              _state(cited).label("state"))  # fmt: skip
    among = func.count().filter(*_conditions(asked or Asked(), cited))
    query = _joined(select(*common, func.count(), among), consultation, cited).group_by(*common)
    return [
        Counted(questions, REGION_OF.get(country or ""), *others)
        for questions, country, *others in await on.execute(query)
    ]


def shares(counted: Sequence[Counted], consultation: ConsultationView) -> Mapping[str, Sequence[Share]]:
    """The coverage table: by each of DIMENSIONS, and of all together."""
    questions = [question.full_key for topic in consultation.topics for question in topic.questions]
    by = {dimension: _shares(counted, _KEYS[dimension]) for dimension in DIMENSIONS}
    ordered = {
        dimension: sorted(shares, key=lambda share: (share.key is None, -share.contributions, share.key))
        for dimension, shares in by.items()
    }
    by_question = {share.key: share for share in by["question"]}
    ordered["question"] = [by_question.get(key, Share(key, 0, 0, 0)) for key in questions]
    if None in by_question:
        ordered["question"].append(by_question[None])
    return ordered | {"all": _shares(counted, lambda _each: ("all",))}


async def fate(database: Database, contribution: UUID) -> Fate:
    """What became of a contribution, in one small query: to be asked once the outcome is published, and not before."""
    async with database.asking() as driver:
        row = await _FATE.row(driver, contribution=contribution)
    return Fate(sorted(set(row["cited"])), row["reason"]) if row is not None else Fate((), None)


def _cited(consultation: UUID, *, drafts: bool) -> Any:
    """The numbers of the recommendations that cite each contribution."""
    counts = RecommendationVersion.version == Recommendation.version
    if drafts:
        counts = counts | RecommendationVersion.seq.is_(None)
    number = func.coalesce(Recommendation.number, 0)
    return (
        select(Citation.contribution_id, func.array_agg(aggregate_order_by(number.distinct(), number)).label("numbers"))
        .join(RecommendationVersion, RecommendationVersion.id == Citation.version_id)
        .join(Recommendation, Recommendation.id == RecommendationVersion.recommendation_id)
        .where(Recommendation.consultation_id == consultation, counts)
        .group_by(Citation.contribution_id)
        .subquery("cited")
    )


def _joined(query: _Query, consultation: UUID, cited: Any) -> _Query:
    return (
        query.select_from(Publication)
        .outerjoin(cited, cited.c.contribution_id == Publication.contribution_id)
        .outerjoin(SetAside, SetAside.contribution_id == Publication.contribution_id)
        .where(Publication.consultation_id == consultation, Publication.kind != "note")
    )


def _state(cited: Any) -> ColumnElement[str]:
    is_cited, is_set_aside = cited.c.contribution_id.is_not(None), SetAside.contribution_id.is_not(None)
    return case((is_cited, literal_column(f"'{CITED}'")), (is_set_aside, literal_column(f"'{SET_ASIDE}'")),
                else_=literal_column(f"'{NEITHER}'"))  # fmt: skip


def _conditions(asked: Asked, cited: Any) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Publication.number > asked.after]
    for column, value in (
        (Publication.language, asked.language),
        (Publication.kind, asked.kind),
        (_state(cited), asked.state),
    ):
        if value is not None:
            found.append(column == value)
    if asked.question is not None:
        found.append(Publication.questions.contains([asked.question]))
    if asked.region is not None:
        found.append(Publication.country.in_([code for code, region in REGION_OF.items() if region == asked.region]))
    return found


def _shares(counted: Sequence[Counted], keys: Callable[[Counted], Sequence[str | None]]) -> list[Share]:
    counts: Counter[tuple[str | None, str]] = Counter()
    for each in counted:
        for key in keys(each):
            counts[key, each.state] += each.all
    every = dict.fromkeys(key for key, _state in counts)
    return [Share(key, counts[key, CITED], counts[key, SET_ASIDE], counts[key, NEITHER]) for key in every]


_KEYS: Mapping[str, Callable[[Counted], Sequence[str | None]]] = {
    "question": lambda each: each.questions or (None,),
    "region": lambda each: (each.region,),
    "language": lambda each: (each.language,),
    "kind": lambda each: (each.kind,),
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
