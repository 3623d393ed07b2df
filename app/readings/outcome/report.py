"""The report as anyone may read it: the rapporteur's words of one version, and all else as it is public now.

So a text that was withdrawn, or a byline that was lowered, is gone from every version that was ever published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock, errors
from app.language import gettext as _
from app.language import meant, speaking
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.contributors import Contributors, contributors
from app.readings.numbers import Numbers, numbers
from app.readings.outcome import coverage, recommendations
from app.readings.outcome.coverage import Share
from app.readings.outcome.quotations import Quotations, quotations
from app.readings.outcome.recommendations import RecommendationView
from app.readings.record import tiles
from app.readings.record.figures import Month, figures
from app.record import tree
from app.synthesis.report_models import ReportTranslation, ReportVersion
from app.synthesis.report_wording import WORDS


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
    languages: Sequence[str] = ()  # of the version: first the one that it was written in

    @property
    def original(self) -> str:
        """The language that the version was written in."""
        return self.languages[0] if self.languages else self.language

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
    languages: Sequence[str] = ()  # first the one that it was written in


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
    quotations: Quotations  # by the line of the report that stands for each


async def is_there(connection: AsyncConnection, consultation: UUID) -> bool:
    """Whether a report is published."""
    query = select(ReportVersion.version).where(ReportVersion.consultation_id == consultation)
    return await connection.scalar(query.where(ReportVersion.seq.is_not(None)).limit(1)) is not None


async def versions(connection: AsyncConnection, consultation: UUID) -> list[VersionLine]:
    """The public versions, newest first."""
    its = ReportVersion
    query = select(its.id, its.version, its.title, its.language, its.reason, its.published)
    query = query.where(its.consultation_id == consultation, its.seq.is_not(None))
    rows = (await connection.execute(query.order_by(its.version.desc()))).mappings().all()
    others = select(_T.version_id, _T.language).where(_T.version_id.in_([row["id"] for row in rows]))
    tongues: dict[UUID, list[str]] = {row["id"]: [row["language"]] for row in rows}
    for other in await connection.execute(others.where(_T.seq.is_not(None)).order_by(_T.language)):
        tongues[other.version_id].append(other.language)
    names = [name for name in VersionLine.__slots__ if name != "languages"]
    return [VersionLine(**{name: row[name] for name in names}, languages=tongues[row["id"]]) for row in rows]


async def text_of(
    connection: AsyncConnection, consultation: UUID, version: int | None = None, language: str | None = None,
    reader: str | None = None,
) -> ReportText:  # fmt: skip
    """The words of a public version, of the newest where none is named.

    In this `language`; where none is named, in the `reader`'s if it has that, else in the one it was written in. Raises
    NotFound.
    """
    query = select(ReportVersion.id, *_COLUMNS)
    query = query.where(ReportVersion.consultation_id == consultation, ReportVersion.seq.is_not(None))
    if version is not None:
        query = query.where(ReportVersion.version == version)
    found = await connection.execute(query.order_by(ReportVersion.version.desc()).limit(1))
    row = found.mappings().one_or_none()
    if row is None:
        raise errors.NotFound(
            _("No report is published yet.") if version is None else _("The report has no such version.")
        )
    others = await _translations(connection, row["id"])
    words = {name: row[name] for name in ReportText.__slots__ if name != "languages"}
    said = ReportText(**words, languages=(words["language"], *others))
    if language is not None and language not in said.languages:
        raise errors.NotFound(_("The report is not in this language."))
    wanted = language or (reader if reader in others else None) or said.language
    return said if wanted == said.language else replace(said, **others[wanted])


async def assembled(connection: AsyncConnection, slug: str, said: ReportText) -> Report:
    """The whole report around these words, as it is now, in their language. Raises NotFound."""
    with speaking(said.interface):
        consultation = await consultations.consultation(connection, slug)
        id, shares = consultation.id, None
        if await coverage.is_public(connection, id):
            shares = coverage.shares(await coverage.counts(connection, id), consultation)
        return Report(
            text=said,
            consultation=consultation,
            contributors=await contributors(connection, id),
            numbers=await numbers(connection, consultation, exact=True),
            months=(await figures(connection, consultation)).months,
            recommendations=await recommendations.recommendations(connection, id),
            coverage=shares,
            root=await root_of(connection, id, said.as_of),
            quotations=await quotations(connection, id, (said.summary, said.method, *said.results.values())),
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
    tongue = f"&language={said.language}" if len(said.languages) > 1 else ""
    committed = {"salt": said.salt, "hash": said.hash}
    return {
        "consultation": slug, "version": said.version, "language": said.language, "original": said.original,
        "languages": list(said.languages), "title": said.title,
        "summary": said.summary, "method": said.method,
        "results": [
            {"key": key, "markdown": body, "html": said.html["results"][key]} for key, body in said.results.items()
        ],
        "reason": said.reason, "acknowledged": list(said.acknowledged), "recommendations": list(numbers),
        "record": {"size": said.as_of, "root": root}, "published": clock.iso(said.published),
        "url": f"{here}{said.version}{tongue}",
        "versions": [
            {"version": each.version, "language": each.language, "languages": list(each.languages),
             "title": each.title, "reason": each.reason, "published": clock.iso(each.published),
             "url": f"{here}{each.version}"}
            for each in found
        ],
        "commitment": {"seq": said.seq} | {name: (value or b"").hex() for name, value in committed.items()},
    }  # fmt: skip


async def _translations(connection: AsyncConnection, version: UUID) -> dict[str, dict[str, Any]]:
    """What this version says in other languages than the one it was written in, by language."""
    query = select(_T.language, *(getattr(_T, name) for name in (*WORDS, "html")))
    rows = await connection.execute(query.where(_T.version_id == version, _T.seq.is_not(None)).order_by(_T.language))
    return {row["language"]: dict(row) for row in rows.mappings()}


_T = ReportTranslation
_COLUMNS: tuple[Any, ...] = tuple(getattr(ReportVersion, name) for name in ReportText.__slots__ if name != "languages")
