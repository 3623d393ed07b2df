"""The two-page summary as anyone may read it, and its draft as rapporteurs work on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, errors
from app.language import gettext as _
from app.language import meant, speaking
from app.permissions import Actor, Thing, require
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.outcome import recommendations
from app.readings.outcome.recommendations import RecommendationView
from app.synthesis.summarising import missing_in
from app.synthesis.summary_models import SummaryVersion
from app.synthesis.summary_wording import SummaryWords, words_in


@dataclass(frozen=True, slots=True)
class SummaryText:
    """What rapporteurs wrote in one version. Without a `seq` it is a draft."""

    version: int
    kind: str  # interim, final
    language: str
    title: str
    body: str
    html: str
    recommendations: Sequence[int]
    speech: str
    speech_html: str
    reason: str
    salt: bytes | None = None
    hash: bytes | None = None
    seq: int | None = None
    published: datetime | None = None

    @property
    def interface(self) -> str:
        """The language that headings are in: the summary's own where the interface has it, else English."""
        return meant(self.language) or "en"


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One public version, for a list of them."""

    version: int
    kind: str
    title: str
    language: str
    reason: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """A version with what it names: the consultation in its language, and the recommendations as they are now."""

    text: SummaryText
    consultation: ConsultationView
    recommendations: Sequence[RecommendationView]


@dataclass(frozen=True, slots=True)
class SummaryDraft:
    """The draft: its words, how often it was saved (0: there is none yet), what is missing, how long it is."""

    text: SummaryText
    saved: int
    missing: dict[str, str]

    @property
    def words(self) -> SummaryWords:
        """What the form begins with."""
        its = self.text
        return SummaryWords(
            its.title, its.kind, its.language, its.body, tuple(its.recommendations), its.speech, its.reason
        )

    @property
    def length(self) -> int:
        """About how many words it has."""
        return words_in(self.text.body)


async def is_there(connection: AsyncConnection, consultation: UUID) -> bool:
    """Whether a summary is published."""
    query = select(SummaryVersion.version).where(SummaryVersion.consultation_id == consultation)
    return await connection.scalar(query.where(SummaryVersion.seq.is_not(None)).limit(1)) is not None


async def versions(connection: AsyncConnection, consultation: UUID) -> list[SummaryLine]:
    """The public versions, newest first."""
    columns: tuple[Any, ...] = tuple(getattr(SummaryVersion, name) for name in SummaryLine.__slots__)
    query = select(*columns).where(SummaryVersion.consultation_id == consultation, SummaryVersion.seq.is_not(None))
    return [SummaryLine(*row) for row in await connection.execute(query.order_by(SummaryVersion.version.desc()))]


async def text_of(connection: AsyncConnection, consultation: UUID, version: int | None = None) -> SummaryText:
    """The words of a public version, of the newest where none is named. Raises NotFound."""
    query = select(*_COLUMNS).where(SummaryVersion.consultation_id == consultation, SummaryVersion.seq.is_not(None))
    if version is not None:
        query = query.where(SummaryVersion.version == version)
    row = (await connection.execute(query.order_by(SummaryVersion.version.desc()).limit(1))).one_or_none()
    if row is None:
        raise errors.NotFound(
            _("No summary is published yet.") if version is None else _("The summary has no such version.")
        )
    return SummaryText(*row)


async def assembled(connection: AsyncConnection, slug: str, said: SummaryText) -> Summary:
    """The summary around these words, as it is now, in their language. Raises NotFound."""
    with speaking(said.interface):
        consultation = await consultations.consultation(connection, slug)
        found = {each.number: each for each in await recommendations.recommendations(connection, consultation.id)}
    return Summary(said, consultation, [found[number] for number in said.recommendations if number in found])


async def draft(session: AsyncSession, actor: Actor, consultation: UUID) -> SummaryDraft:
    """The draft; where there is none, what it would begin with: the words of the newest version, or nothing.

    Needs a write session. Raises Unauthenticated, Forbidden.
    """
    require(actor, "report.write", Thing(consultation))
    query = select(SummaryVersion).where(SummaryVersion.consultation_id == consultation)
    newest = await session.scalar(query.order_by(SummaryVersion.version.desc()).limit(1))
    if newest is None:
        return SummaryDraft(SummaryText(1, "interim", "", "", "", "", (), "", "", ""), 0, {})
    said = SummaryText(
        newest.version, newest.kind, newest.language, newest.title, newest.body, newest.html, newest.recommendations,
        newest.speech, newest.speech_html, newest.reason,
    )  # fmt: skip
    if newest.seq is not None:
        return SummaryDraft(replace(said, version=newest.version + 1, reason=""), 0, {})
    return SummaryDraft(said, newest.saved, missing_in(newest))


def as_json(said: SummaryText, found: Sequence[SummaryLine], base: str, slug: str) -> dict[str, Any]:
    """A public version as the API gives it."""
    here = f"{base}/c/{slug}/summary"
    return {
        "consultation": slug, "version": said.version, "kind": said.kind, "language": said.language,
        "title": said.title, "body": said.body, "html": said.html, "recommendations": list(said.recommendations),
        "speech": said.speech, "reason": said.reason, "published": clock.iso(said.published),
        "url": f"{here}?version={said.version}",
        "files": [
            {"form": form, "part": part, "url": f"{here}{path}.{form}?version={said.version}"}
            for part, path in (("summary", ""), ("speech", "/speaker"))
            for form in ("pdf", "docx")
        ],
        "versions": [
            {"version": each.version, "kind": each.kind, "language": each.language, "title": each.title,
             "reason": each.reason, "published": clock.iso(each.published), "url": f"{here}?version={each.version}"}
            for each in found
        ],
        "commitment": {"seq": said.seq, "salt": (said.salt or b"").hex(), "hash": (said.hash or b"").hex()},
    }  # fmt: skip


_COLUMNS: tuple[Any, ...] = tuple(getattr(SummaryVersion, name) for name in SummaryText.__slots__)
