"""The draft of the report as rapporteurs work on it, with what the checklist finds. Needs a write session."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.consultations.outline import outline
from app.permissions import Actor, Thing, require
from app.readings.report import ReportText
from app.synthesis.report_checklist import Finding, findings
from app.synthesis.report_models import ReportVersion
from app.synthesis.report_wording import ReportWords


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """The draft: its words, how often it was saved (0: there is none yet), and what is found in it."""

    text: ReportText
    saved: int
    findings: Sequence[Finding]

    @property
    def words(self) -> ReportWords:
        """What the form begins with."""
        its = self.text
        return ReportWords(its.title, its.language, its.summary, its.method, its.results, its.reason)

    @property
    def is_ready(self) -> bool:
        """Whether nothing hinders its publication."""
        return self.saved > 0 and not any(each.blocks for each in self.findings)


async def draft(session: AsyncSession, actor: Actor, consultation: UUID) -> ReportDraft:
    """The draft; where there is none, what it would begin with: the words of the newest version, or nothing.

    Raises Unauthenticated, Forbidden.
    """
    require(actor, "report.write", Thing(consultation))
    query = select(ReportVersion).where(ReportVersion.consultation_id == consultation)
    newest = await session.scalar(query.order_by(ReportVersion.version.desc()).limit(1))
    if newest is None:
        return ReportDraft(ReportText(1, "", "", "", "", {}, {}, "", ()), 0, ())
    words = (newest.language, newest.title, newest.summary, newest.method, newest.results, newest.html)
    if newest.seq is not None:
        return ReportDraft(ReportText(newest.version + 1, *words, "", ()), 0, ())
    found = await findings(session, newest, await outline(session, consultation))
    return ReportDraft(ReportText(newest.version, *words, newest.reason, ()), newest.saved, found)
