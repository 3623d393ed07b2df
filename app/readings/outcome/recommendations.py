"""The outcome as anyone may read it: recommendations, what they cite, how they came to say what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from app import clock, errors
from app.consultations.models import Topic
from app.contributions.models import Publication
from app.language import gettext as _
from app.readings.discussion.differences import difference
from app.readings.organising.grounds import TakenBack
from app.readings.outcome.citations import CitationView, Support, citations, support
from app.readings.views import ContributionView, view
from app.synthesis.models import Recommendation, RecommendationVersion, Response, ResponseFile

_LARGEST = 2**31
_MOST_COMMENTS = 1_000


@dataclass(frozen=True, slots=True)
class FileView:
    """The file of an answer. Withdrawn, its bytes are gone."""

    id: UUID
    name: str
    type: str
    size: int
    hash: bytes
    withdrawn: TakenBack | None

    @property
    def path(self) -> str:
        """Where its bytes are."""
        return f"/answer-files/{self.id}"

    def json(self, base: str) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "url": f"{base}{self.path}", "name": self.name, "type": self.type, "size": self.size,
            "hash": self.hash.hex(), "withdrawn": self.withdrawn.json() if self.withdrawn else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResponseView:
    """What the addressee answered, or what became of it since."""

    id: UUID
    answer: str  # accepted, partly, declined, noted
    words: str
    language: str
    received: date
    document: str | None  # an address on the web
    given_by: str  # organisers, institution
    institution: str | None  # which one, where it answered itself
    salt: bytes
    hash: bytes
    seq: int
    entered: datetime
    file: FileView | None = None

    def json(self, base: str) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "answer": self.answer, "reasons": self.words, "language": self.language,
            "received": self.received.isoformat(), "document": self.document,
            "file": self.file.json(base) if self.file else None, "by": self.given_by,
            "institution": self.institution, "entered": clock.iso(self.entered),
            "commitment": {"seq": self.seq, "salt": self.salt.hex(), "hash": self.hash.hex()},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecommendationView:
    """One recommendation as it is public now."""

    id: UUID
    number: int
    topic: str
    version: int
    stage: str  # open, final
    title: str
    statement: str
    html: str
    language: str
    addressee_name: str
    addressee_kind: str
    salt: bytes
    hash: bytes
    seq: int
    updated: datetime
    published: datetime  # the first version
    cited: Sequence[CitationView] = ()
    responses: Sequence[ResponseView] = ()  # by day, the newest last

    @property
    def support(self) -> Support:
        """Of what it rests on."""
        return support(self.cited, "support")

    @property
    def dissent(self) -> Support:
        """Of what is cited as disagreeing."""
        return support(self.cited, "dissent")

    def json(self, base: str, slug: str) -> dict[str, Any]:
        """As the API gives it."""
        prefix = f"{base}/c/{slug}/"
        return {
            "id": str(self.id), "number": self.number, "url": f"{prefix}recommendations/{self.number}",
            "consultation": slug, "topic": self.topic, "version": self.version, "stage": self.stage,
            "title": self.title, "statement": self.statement, "html": self.html, "language": self.language,
            "addressee": {"name": self.addressee_name, "kind": self.addressee_kind},
            "published": clock.iso(self.published), "updated": clock.iso(self.updated),
            "support": self.support.json(), "dissent": self.dissent.json(),
            "citations": [each.json(prefix) for each in self.cited],
            "responses": [each.json(base) for each in self.responses],
            "commitment": {"seq": self.seq, "salt": self.salt.hex(), "hash": self.hash.hex()}, "seq": self.seq,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionView:
    """One public version, and what it changed in the one before."""

    version: int
    stage: str
    title: str
    statement: str
    html: str
    language: str
    published: datetime
    seq: int
    title_changes: Sequence[tuple[str, str]] = ()
    statement_changes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Commentable:
    """What a comment is on: the number and the title of a recommendation, and whether it takes comments."""

    number: int
    title: str
    language: str
    topic: str
    stage: str

    @property
    def is_open(self) -> bool:
        """Whether it is open for comment."""
        return self.stage == "open"


async def commentable(connection: AsyncConnection, consultation: UUID, number: int) -> Commentable:
    """The recommendation with this number. Raises NotFound."""
    found = await recommendation(connection, consultation, number)
    return Commentable(found.number, found.title, found.language, found.topic, found.stage)


async def comments(connection: AsyncConnection, consultation: UUID, number: int) -> list[ContributionView]:
    """The public comments on a recommendation, oldest first."""
    query = select(Publication.document, Publication.replies, Publication.endorsements).where(
        Publication.consultation_id == consultation, Publication.recommendation == number
    )
    rows = await connection.execute(query.order_by(Publication.number).limit(_MOST_COMMENTS))
    return [view(*row) for row in rows]


async def is_there(connection: AsyncConnection, consultation: UUID) -> bool:
    """Whether any recommendation of a consultation is public."""
    query = select(Recommendation.id).where(
        Recommendation.consultation_id == consultation, Recommendation.number.is_not(None)
    )
    return await connection.scalar(query.limit(1)) is not None


async def recommendations(connection: AsyncConnection, consultation: UUID) -> list[RecommendationView]:
    """All that are public, by number."""
    rows = (await connection.execute(_public(consultation).order_by(Recommendation.number))).all()
    return await _with_citations(connection, rows)


async def recommendation(connection: AsyncConnection, consultation: UUID, number: int) -> RecommendationView:
    """The one with this number. Raises NotFound."""
    rows: Sequence[Any] = ()
    if 0 < number < _LARGEST:
        rows = (await connection.execute(_public(consultation).where(Recommendation.number == number))).all()
    found = await _with_citations(connection, rows)
    if not found:
        raise errors.NotFound(_("There is no such recommendation."))
    return found[0]


async def versions(connection: AsyncConnection, id: UUID) -> list[VersionView]:
    """The public versions of a recommendation, newest first, each with what it changed."""
    columns: tuple[Any, ...] = (
        _V.version, _V.stage, _V.title, _V.statement, _V.html, _V.language, _V.published, _V.seq,
    )  # fmt: skip
    query = select(*columns).where(_V.recommendation_id == id, _V.seq.is_not(None)).order_by(_V.version)
    made: list[VersionView] = []
    for row in (await connection.execute(query)).all():
        changes: tuple[Any, ...] = ()
        if made:
            before = made[-1]
            changes = difference(before.title, row.title), difference(before.statement, row.statement)
        made.append(VersionView(*row, *changes))
    return made[::-1]


_V = RecommendationVersion
_FIRST = aliased(RecommendationVersion)
_PUBLISHED = (
    select(func.min(_FIRST.published)).where(_FIRST.recommendation_id == Recommendation.id).scalar_subquery()
)  # fmt: skip


def _public(consultation: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            _V.id.label("version_id"), Recommendation.id, Recommendation.number, Topic.slug.label("topic"), _V.version,
            _V.stage, _V.title, _V.statement, _V.html, _V.language, _V.addressee_name, _V.addressee_kind, _V.salt,
            _V.hash, _V.seq, _V.published.label("updated"), _PUBLISHED.label("first"),
        )
        .join(_V, (_V.recommendation_id == Recommendation.id) & (_V.version == Recommendation.version))
        .join(Topic, Topic.id == Recommendation.topic_id)
        .where(Recommendation.consultation_id == consultation, Recommendation.number.is_not(None))
    )  # fmt: skip


async def _with_citations(connection: AsyncConnection, rows: Sequence[Any]) -> list[RecommendationView]:
    cited = await citations(connection, [row.version_id for row in rows])
    answered = await _responses(connection, [row.id for row in rows])
    return [RecommendationView(*(*row[1:], cited[row.version_id], answered[row.id])) for row in rows]


async def _responses(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[ResponseView]]:
    found: dict[UUID, list[ResponseView]] = {id: [] for id in ids}
    columns: tuple[Any, ...] = (
        Response.id, Response.answer, Response.words, Response.language, Response.received, Response.document,
        Response.given_by, Response.institution, Response.salt, Response.hash, Response.seq, Response.created,
    )  # fmt: skip
    query = select(Response.recommendation_id, *columns, *_FILE).where(Response.recommendation_id.in_(ids))
    query = query.outerjoin(ResponseFile, ResponseFile.response_id == Response.id)
    for row in await connection.execute(query.order_by(Response.received, Response.seq)) if ids else ():
        values: Sequence[Any] = tuple(row)
        answer, file = values[1 : -len(_FILE)], values[-len(_FILE) :]
        found[row.recommendation_id].append(ResponseView(*(*answer, _file(file))))
    return found


_FILE: tuple[Any, ...] = (
    ResponseFile.id, ResponseFile.name, ResponseFile.type, ResponseFile.size, ResponseFile.hash,
    ResponseFile.withdrawn, ResponseFile.reason, ResponseFile.seq, ResponseFile.salt, ResponseFile.reason_hash,
)  # fmt: skip


def _file(columns: Sequence[Any]) -> FileView | None:
    its, ground = columns[:5], columns[5:]
    if its[0] is None:
        return None
    return FileView(*(*its, TakenBack(*ground) if ground[0] else None))
