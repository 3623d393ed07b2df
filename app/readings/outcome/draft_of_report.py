"""The draft of the report as rapporteurs work on it, with what the checklist finds. Needs a write session."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.outline import Outline, outline
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.readings.outcome.report import ReportText
from app.synthesis.quoting_in import written_out
from app.synthesis.report_checklist import Finding, findings
from app.synthesis.report_models import ReportTranslation, ReportVersion
from app.synthesis.report_sections import State, is_complete, sections, states
from app.synthesis.report_translating import translations_of
from app.synthesis.report_wording import ReportWords


@dataclass(frozen=True, slots=True)
class LanguageWork:
    """How far the draft is in one other language."""

    language: str
    states: Mapping[str, State]  # by section of the original

    @property
    def is_complete(self) -> bool:
        """Whether it would be published with the draft."""
        return is_complete(self.states)

    @property
    def counts(self) -> Mapping[State, int]:
        """How many sections are how far."""
        return Counter(self.states.values())


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """The draft: its words, how often it was saved (0: there is none yet), what is found in it, and how far it is in
    the consultation's other languages."""

    text: ReportText
    saved: int
    findings: Sequence[Finding]
    words: ReportWords  # what the form begins with: passages that are quoted are written out in it
    others: Sequence[LanguageWork] = ()

    @property
    def is_ready(self) -> bool:
        """Whether nothing hinders its publication."""
        return self.saved > 0 and not any(each.blocks for each in self.findings)


@dataclass(frozen=True, slots=True)
class TranslatedDraft:
    """The draft beside what it says in another language."""

    original: ReportDraft
    text: ReportText  # in the other language
    saved: int
    work: LanguageWork
    before: Mapping[str, str]  # by section, the original's words when it was last said to be done
    words: ReportWords  # what the form begins with, as of the draft


async def draft(session: AsyncSession, actor: Actor, consultation: UUID) -> ReportDraft:
    """The draft; where there is none, what it would begin with: the words of the newest version, or nothing.

    Raises Unauthenticated, Forbidden.
    """
    require(actor, "report.write", Thing(consultation))
    query = select(ReportVersion).where(ReportVersion.consultation_id == consultation)
    newest = await session.scalar(query.order_by(ReportVersion.version.desc()).limit(1))
    if newest is None:
        return ReportDraft(ReportText(1, "", "", "", "", {}, {}, "", ()), 0, (), ReportWords(language=""))
    words = (newest.language, newest.title, newest.summary, newest.method, newest.results, newest.html)
    if newest.seq is not None:
        text = ReportText(newest.version + 1, *words, "", ())
        return ReportDraft(text, 0, (), await _words(session, consultation, text))
    its = await outline(session, consultation)
    found, rows = await findings(session, newest, its), await translations_of(session, newest)
    others = [_work(newest, tag, rows) for tag in _other_languages(newest, its)]
    text = ReportText(newest.version, *words, newest.reason, ())
    return ReportDraft(text, newest.saved, found, await _words(session, consultation, text), others)


async def translated(session: AsyncSession, actor: Actor, consultation: UUID, language: str) -> TranslatedDraft:
    """The draft in another language of the consultation. Raises Unauthenticated, Forbidden; NotFound where there is no
    draft, or no such language."""
    original = await draft(session, actor, consultation)
    work = next((each for each in original.others if each.language == language), None)
    if work is None:
        raise errors.NotFound(_("There is no such draft."))
    its = original.text
    query = (
        select(ReportTranslation)
        .join(ReportVersion, ReportVersion.id == ReportTranslation.version_id)
        .where(ReportVersion.consultation_id == consultation, ReportVersion.seq.is_(None),
               ReportTranslation.language == language)
    )  # fmt: skip
    row = await session.scalar(query)
    tongues = (its.language, language)
    if row is None:
        empty = ReportText(its.version, language, "", "", "", {}, {}, "", (), languages=tongues)
        return TranslatedDraft(original, empty, 0, work, {}, ReportWords(language=language))
    words = (row.language, row.title, row.summary, row.method, row.results, row.html, row.reason)
    text = ReportText(its.version, *words, (), languages=tongues)
    return TranslatedDraft(original, text, row.saved, work, row.done, await _words(session, consultation, text))


async def _words(session: AsyncSession, consultation: UUID, its: ReportText) -> ReportWords:
    async def out(body: str) -> str:
        return await written_out(session, consultation, body)

    results = {key: await out(body) for key, body in its.results.items()}
    return ReportWords(its.title, its.language, await out(its.summary), await out(its.method), results, its.reason)


def _other_languages(draft: ReportVersion, its: Outline) -> list[str]:
    return [tag for tag in its.languages if tag != draft.language]


def _work(draft: ReportVersion, language: str, rows: Sequence[ReportTranslation]) -> LanguageWork:
    row = next((each for each in rows if each.language == language), None)
    if row is None:
        return LanguageWork(language, dict.fromkeys(sections(draft), "missing"))
    return LanguageWork(language, states(draft, row, row.done))
