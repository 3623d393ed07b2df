"""A consultation as its organisers set it up: its definition, who moderates it, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.models import Membership, Person
from app.consultations import readiness
from app.consultations.definition import Definition
from app.consultations.models import Consultation
from app.consultations.readiness import Finding
from app.consultations.stored import definition_of
from app.contributions.models import Publication
from app.language import gettext as _
from app.language import language_name, meant
from app.permissions import Actor, Thing, require


@dataclass(frozen=True, slots=True)
class Setup:
    """The definition as it stands, and what the checklist finds."""

    definition: Definition
    findings: list[Finding]

    @property
    def is_ready(self) -> bool:
        """Whether nothing hinders announcing it."""
        return not any(each.hinders for each in self.findings)


async def definition(session: AsyncSession, actor: Actor, consultation: UUID) -> Definition:
    """The definition as it stands. Raises NotFound, Unauthenticated, Forbidden."""
    require(actor, "consultation.define", Thing(consultation))
    return await definition_of(session, consultation)


async def setup(session: AsyncSession, actor: Actor, consultation: UUID) -> Setup:
    """The definition with the checklist: what hinders first. Raises as `definition`."""
    found = await definition(session, actor, consultation)
    moderation = _moderators(found, await _readers(session, consultation))
    announced = await session.scalar(select(Consultation.announced).where(Consultation.id == consultation))
    advice = readiness.advice(found, announced=announced is not None)
    return Setup(found, [*readiness.hindrances(found), *moderation, *advice])


async def spoken(session: AsyncSession, consultation: UUID) -> Mapping[str, int]:
    """How many public contributions are written in each language."""
    query = (
        select(Publication.language, func.count())
        .where(Publication.consultation_id == consultation)
        .group_by(Publication.language)
    )
    rows = (await session.execute(query)).all()
    return {row.language: row[1] for row in rows}


async def _readers(session: AsyncSession, consultation: UUID) -> Mapping[str, set[str]]:
    """The languages of the profiles of those who moderate, by role."""
    now = or_(Membership.until.is_(None), Membership.until > clock.now())
    query = (
        select(Membership.role, Person.language)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.consultation_id == consultation, Membership.role.in_(("moderator", "organiser")))
        .where(Membership.ended.is_(None), Person.erased.is_(None), now)
    )
    found: dict[str, set[str]] = {}
    for role, language in (await session.execute(query)).all():
        found.setdefault(role, set()).add(language)
    return found


def _moderators(definition: Definition, readers: Mapping[str, set[str]]) -> list[Finding]:
    if "moderator" not in readers:
        said = _("Nobody is a moderator yet: until you appoint somebody, organisers moderate.")
        return [Finding("people", said)]
    read = set().union(*readers.values())
    missing = [tag for tag in definition.languages if meant(tag) and meant(tag) not in read]
    return [
        Finding("people", _("No moderator’s profile is in this language: %(language)s.", language=language_name(tag)))
        for tag in missing
    ]
