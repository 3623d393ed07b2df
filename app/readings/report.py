"""The report as anyone may read it: the rapporteur's words of one version, and all else as it is public now.

So a text that was withdrawn, or a byline that was lowered, is gone from every version that was ever published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock, errors
from app.language import gettext as _
from app.language import meant, speaking
from app.readings import consultations, coverage, recommendations, tiles
from app.readings.consultations import ConsultationView
from app.readings.contributors import Contributors, contributors
from app.readings.coverage import Share
from app.readings.figures import Month, figures
from app.readings.numbers import Numbers, numbers
from app.readings.recommendations import RecommendationView
from app.record import tree
from app.synthesis.report_models import ReportVersion


@dataclass(frozen=True, slots=True)
class ReportText:
    """What rapporteurs wrote in one version. Without a `seq` it is a draft."""

    version: int
    language: str
    title: str
    summary: str
    method: str
    results: Mapping[str, str]  # Markdown, by topic or question
    html: Mapping[str, Any]  # of `summary`, `method`, and of `results` by topic or question
    reason: str
    acknowledged: Sequence[Mapping[str, Any]]
    salt: bytes | None = None
    hash: bytes | None = None
    seq: int | None = None
    as_of: int | None = None
    published: datetime | None = None

    @property
    def interface(self) -> str:
        """The language that headings are in: the report's own where the interface has it, else English."""
        return meant(self.language) or "en"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One public version, for a list of them."""

    version: int
    title: str
    language: str
    reason: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """All parts of a report. `coverage` is None while no recommendation is final, `root` while no tile covers it."""

    text: ReportText
    consultation: ConsultationView  # in the language of the report
    contributors: Contributors
    numbers: Numbers
    months: Sequence[Month]
    recommendations: Sequence[RecommendationView]
    coverage: Mapping[str, Sequence[Share]] | None
    root: str | None


async def is_there(connection: AsyncConnection, consultation: UUID) -> bool:
    """Whether a report is published."""
    query = select(ReportVersion.version).where(ReportVersion.consultation_id == consultation)
    return await connection.scalar(query.where(ReportVersion.seq.is_not(None)).limit(1)) is not None


async def versions(connection: AsyncConnection, consultation: UUID) -> list[VersionLine]:
    """The public versions, newest first."""
    columns: tuple[Any, ...] = tuple(getattr(ReportVersion, name) for name in VersionLine.__slots__)
    query = select(*columns).where(ReportVersion.consultation_id == consultation, ReportVersion.seq.is_not(None))
    return [VersionLine(*row) for row in await connection.execute(query.order_by(ReportVersion.version.desc()))]


async def text_of(connection: AsyncConnection, consultation: UUID, version: int | None = None) -> ReportText:
    """The words of a public version, of the newest where none is named. Raises NotFound."""
    query = select(*_COLUMNS).where(ReportVersion.consultation_id == consultation, ReportVersion.seq.is_not(None))
    if version is not None:
        query = query.where(ReportVersion.version == version)
    row = (await connection.execute(query.order_by(ReportVersion.version.desc()).limit(1))).one_or_none()
    if row is None:
        raise errors.NotFound(
            _("No report is published yet.") if version is None else _("The report has no such version.")
        )
    return ReportText(*row)


async def assembled(connection: AsyncConnection, slug: str, said: ReportText) -> Report:
    """The whole report around these words, as it is now, in their language. Raises NotFound."""
    with speaking(said.interface):
        consultation = await consultations.consultation(connection, slug)
        id, shares = consultation.id, None
        if await coverage.is_public(connection, id):
            shares = coverage.shares(await coverage.covered(connection, id), consultation)
        return Report(
            text=said,
            consultation=consultation,
            contributors=await contributors(connection, id),
            numbers=await numbers(connection, consultation, exact=True),
            months=(await figures(connection, consultation)).months,
            recommendations=await recommendations.recommendations(connection, id),
            coverage=shares,
            root=await root_of(connection, id, said.as_of),
        )


async def root_of(connection: AsyncConnection, consultation: UUID, size: int | None) -> str | None:
    """The root over the first entries of the record; None where the worker has not made all tiles for it yet."""
    if size is None:
        return None
    needed = await tiles.read(connection, consultation, tree.tiles_for((0, size)), size)
    try:
        return tree.range_hash(needed, 0, size).hex()
    except KeyError:
        return None


def as_json(
    said: ReportText, found: Sequence[VersionLine], numbers: Sequence[int], root: str | None, at: tuple[str, str]
) -> dict[str, Any]:
    """A public version as the API gives it; `at` are the service's address and the consultation's slug."""
    base, slug = at
    here = f"{base}/c/{slug}/report?version="
    committed = {"salt": said.salt, "hash": said.hash}
    return {
        "consultation": slug, "version": said.version, "language": said.language, "title": said.title,
        "summary": said.summary, "method": said.method,
        "results": [
            {"key": key, "markdown": body, "html": said.html["results"][key]} for key, body in said.results.items()
        ],
        "reason": said.reason, "acknowledged": list(said.acknowledged), "recommendations": list(numbers),
        "record": {"size": said.as_of, "root": root}, "published": clock.iso(said.published),
        "url": f"{here}{said.version}",
        "versions": [
            {"version": each.version, "language": each.language, "title": each.title, "reason": each.reason,
             "published": clock.iso(each.published), "url": f"{here}{each.version}"}
            for each in found
        ],
        "commitment": {"seq": said.seq} | {name: (value or b"").hex() for name, value in committed.items()},
    }  # fmt: skip


_COLUMNS: tuple[Any, ...] = tuple(getattr(ReportVersion, name) for name in ReportText.__slots__)
