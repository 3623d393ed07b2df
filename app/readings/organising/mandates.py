"""Mandates: what organisers are asked to confirm, and what became of it. Needs a write session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app import clock, errors
from app.accounts import mandate_links
from app.accounts.mandate_links import State
from app.accounts.models import MandateClaim, Person
from app.consultations.models import Consultation
from app.language import gettext as _
from app.language import reader
from app.permissions import Actor, Thing, require
from app.readings.spoken import title_in

_MOST = 200


@dataclass(frozen=True, slots=True)
class MandateView:
    """A request for the organisers: who asks, for which organisation, with which words, and what became of it.

    No address is shown to anybody.
    """

    id: UUID
    name: str
    organisation: str
    kind: str
    country: str | None
    website: str | None
    words: str | None
    asked: datetime
    decided: datetime | None
    decided_by: str | None  # a name, for the organisers; None where the account was erased
    how: str | None
    outcome: str | None
    reason: str | None
    ended: datetime | None
    until: datetime | None  # the organisation itself was asked, and may answer until then
    mine: bool  # the viewer's own: somebody else answers it

    @property
    def state(self) -> str:
        """`waiting`, `confirmed`, `declined` or `ended`."""
        return "ended" if self.ended else self.outcome or "waiting"

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        organisation = {
            "name": self.organisation, "kind": self.kind, "country": self.country, "website": self.website,
        }  # fmt: skip
        return {
            "id": str(self.id), "name": self.name, "organisation": organisation, "words": self.words,
            "asked": clock.iso(self.asked), "state": self.state, "answered": clock.iso(self.decided),
            "answered_by": self.decided_by, "how": self.how, "reason": self.reason, "ended": clock.iso(self.ended),
            "organisation_asked_until": clock.iso(self.until),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnClaim:
    """The newest request of a person, for themselves."""

    id: UUID
    slug: str
    consultation: str
    organisation: str
    asked: datetime
    decided: datetime | None
    outcome: str | None
    reason: str | None
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class MandateLetter:
    """What became of a request, told to who made it."""

    email: str
    language: str
    consultation: str
    organisation: str
    outcome: str
    how: str
    ended: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """What opening an organisation's link shows."""

    state: State
    consultation: str = ""
    organisation: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationLetter:
    """What the mail to an organisation needs."""

    email: str
    language: str
    consultation: str
    organisation: str
    name: str
    path: str
    days: int


async def in_consultation(session: AsyncSession, actor: Actor, consultation: UUID) -> Sequence[MandateView]:
    """What the organisers of a consultation were asked: what waits, oldest first, then what is answered, newest first.

    Raises Unauthenticated, Forbidden.
    """
    require(actor, "mandate.confirm", Thing(consultation))
    query = _VIEWS.where(MandateClaim.consultation_id == consultation).limit(_MOST)
    return [_view(row, actor) for row in await session.execute(query)]


async def one(session: AsyncSession, actor: Actor, id: UUID) -> MandateView:
    """A request that the actor has just made or answered. Raises NotFound where it has gone meanwhile."""
    row = (await session.execute(_VIEWS.where(MandateClaim.id == id))).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such request: perhaps it was taken back."))
    return _view(row, actor)


async def newest_of(session: AsyncSession, person: UUID) -> OwnClaim | None:
    """What a person asked for last; None where they never did, or took it back."""
    columns = (
        Consultation.details, MandateClaim.id, Consultation.slug, Consultation.title, MandateClaim.organisation_name,
        MandateClaim.asked, MandateClaim.decided, MandateClaim.outcome, MandateClaim.reason, MandateClaim.ended,
    )  # fmt: skip
    query = _with_consultation(*columns).where(MandateClaim.person_id == person)
    row = (await session.execute(query.order_by(MandateClaim.id.desc()).limit(1))).one_or_none()
    if row is None:
        return None
    details, id, slug, title, *rest = row
    return OwnClaim(id, slug, title_in(reader.get(), title, details), *rest)


async def mandate_letter(session: AsyncSession, claim: UUID, person: UUID) -> MandateLetter | None:
    """The letter to who asked; None where nothing is answered (any more), or they are gone."""
    query = (
        _with_consultation(
            Person.email, Person.language, Consultation.title, Consultation.details, MandateClaim.organisation_name,
            MandateClaim.outcome, MandateClaim.how, MandateClaim.ended, MandateClaim.reason,
        )
        .join(Person, (Person.id == MandateClaim.person_id) & Person.erased.is_(None) & Person.email.is_not(None))
        .where(MandateClaim.id == claim, Person.id == person, MandateClaim.decided.is_not(None))
    )  # fmt: skip
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    email, language, title, details, organisation, outcome, how, ended, reason = row
    consultation = title_in(language, title, details)
    return MandateLetter(email, language, consultation, organisation, outcome, how, ended is not None, reason)


async def question(session: AsyncSession, claim: UUID, token: str) -> QuestionView:
    """What opening this link shows. It changes nothing: mail scanners open links."""
    found = await session.get(MandateClaim, claim)
    state = mandate_links.state_of(claim, token, found)
    if found is None or state != "good":
        return QuestionView(state)
    query = _with_consultation(Consultation.title, Consultation.details, MandateClaim.organisation_name, Person.name)
    query = query.join(Person, Person.id == MandateClaim.person_id).where(MandateClaim.id == claim)
    title, details, *who = (await session.execute(query)).one()
    return QuestionView(state, title_in(reader.get(), title, details), *who)


async def organisation_letter(session: AsyncSession, claim: UUID) -> OrganisationLetter | None:
    """The letter to an organisation; None once there is an answer, or the request is gone."""
    query = _with_consultation(
        MandateClaim.email, MandateClaim.language, Consultation.title, Consultation.details,
        MandateClaim.organisation_name, Person.name, MandateClaim.letters, MandateClaim.expires,
    ).join(Person, Person.id == MandateClaim.person_id)  # fmt: skip
    row = (await session.execute(query.where(MandateClaim.id == claim))).one_or_none()
    if row is None or row.email is None or row.expires <= clock.now():
        return None
    email, language, title, details, organisation, name, letters, _expires = row
    title = title_in(language, title, details)
    path = mandate_links.link_path(claim, letters)
    return OrganisationLetter(email, language, title, organisation, name or "", path, mandate_links.LASTS.days)


async def kept_claims(session: AsyncSession, claims: Collection[UUID]) -> set[UUID]:
    """Those of these requests that are kept: each goes with the account of who made it."""
    return set(await session.scalars(select(MandateClaim.id).where(MandateClaim.id.in_(claims))))


_Decider = aliased(Person)
_VIEWS = (
    select(MandateClaim, Person.name, _Decider.name)
    .join(Person, Person.id == MandateClaim.person_id)
    .outerjoin(_Decider, _Decider.id == MandateClaim.decided_by)
    .order_by(MandateClaim.decided.desc().nulls_first(), MandateClaim.id)
)


def _view(row: Any, actor: Actor) -> MandateView:
    claim, name, decided_by = row
    mine = claim.person_id == actor.person
    return MandateView(
        claim.id, name or "", claim.organisation_name, claim.organisation_kind, claim.organisation_country,
        claim.organisation_website, claim.words, claim.asked, claim.decided, None if mine else decided_by, claim.how,
        claim.outcome, claim.reason, claim.ended, claim.expires if claim.email else None, mine,
    )  # fmt: skip


def _with_consultation(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(MandateClaim)
        .join(Consultation, Consultation.id == MandateClaim.consultation_id)
    )  # fmt: skip
