"""To whom an invitation goes, without anybody learning who that is.

Two things must not become known: who is behind a withheld name, and whether two texts are by one person. So people
whose names the texts show, and people behind withheld names, are counted apart, each as if the others were not there.
The former are told exactly, since their texts tell it too; the latter in fives, and under five not at all.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.floor import floor_of
from app.contributions import authorship, publishing
from app.contributions.authorship import Wrote
from app.contributions.channels import OF_OTHERS
from app.contributions.states import in_words
from app.language import gettext as _
from app.moderation.deciding import to_decide
from app.permissions import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable

FEW = 5  # people: of fewer nothing is told that only the database knows


@dataclass(frozen=True, slots=True)
class To:
    """Whom a moderator wants to write to: one of these."""

    contribution: UUID | None = None  # its author
    topic: str | None = None  # its slug: all who wrote there
    question: str | None = None  # as the public writes it, `inclusion.a`: all who answered it


@dataclass(frozen=True, slots=True)
class Audience:
    """The people, for the database alone, and what may be told of them."""

    to: To
    named: frozenset[UUID]
    withheld: frozenset[UUID]  # some of them may be among the named, which nobody must learn
    anybody_withheld: bool  # whether any of the texts withholds a name, as everyone can see
    revision: UUID | None = None

    @property
    def withheld_told(self) -> int | None:
        """How many are behind withheld names at least: in fives, None of fewer than five, 0 where nobody withholds."""
        return in_fives(len(self.withheld)) if self.anybody_withheld else 0


def in_fives(people: int) -> int | None:
    """A number of people behind withheld names, as it may be told."""
    return people // FEW * FEW or None


async def audience_of(session: AsyncSession, actor: Actor, consultation: UUID, to: To) -> Audience:
    """Who wrote what is meant, but for the actor; a contribution is locked. Needs the permission to have been asked.

    Raises Invalid, NotFound, and Conflict where there is nobody with an account.
    """
    if sum(each is not None for each in (to.contribution, to.topic, to.question)) != 1:
        raise errors.Invalid(
            {"topic": _("Please choose to whom: one contribution, one topic or one guiding question.")}
        )
    if to.contribution is not None:
        return await _author_of(session, actor, consultation, to, to.contribution)
    wrote = [each for each in await _group(session, consultation, to) if each.person != actor.person]
    audience = _audience(to, wrote)
    if not audience.named and not audience.anybody_withheld:
        raise errors.Conflict(_("Nobody else with an account has written there in public yet."))
    return audience


async def _author_of(session: AsyncSession, actor: Actor, consultation: UUID, to: To, id: UUID) -> Audience:
    contribution, person = await to_decide(session, actor, id, "invitation.send")
    if contribution.consultation_id != consultation:
        raise errors.NotFound(_("There is no such contribution in this consultation."))
    revision = await publishing.public_revision(session, id)
    if contribution.status != "published" or revision is None:
        raise errors.Conflict(
            _(
                "This contribution is %(status)s; you can write to the author of a public one.",
                status=in_words(contribution.status),
            )
        )
    if contribution.channel in OF_OTHERS:
        raise errors.Conflict(_("This was written down for somebody without an account: there is nobody to write to."))
    if person is not None and person == actor.person:
        raise errors.Conflict(_("This is your own text."))
    withheld = revision.byline != "full"
    if person is None and not withheld:
        raise errors.Conflict(_("Nobody with an account wrote this: it came by another way."))
    return _audience(to, [Wrote(person, withheld)], revision.id)


async def _group(session: AsyncSession, consultation: UUID, to: To) -> "Iterable[Wrote]":
    if to.question is not None:
        slug, field, fault = to.question.partition(".")[0], "question", _("There is no such guiding question here.")
    else:
        slug, field, fault = to.topic or "", "topic", _("There is no such topic in this consultation.")
    try:
        floor = await floor_of(session, consultation=consultation, slug=slug)
    except errors.NotFound:
        raise errors.Invalid({field: fault}) from None
    if to.question is not None and to.question not in floor.questions:
        raise errors.Invalid({field: fault})
    return await authorship.who_wrote(session, topic=floor.topic, question=to.question)


def _audience(to: To, wrote: "Iterable[Wrote]", revision: UUID | None = None) -> Audience:
    wrote = list(wrote)
    named = frozenset(each.person for each in wrote if each.person is not None and not each.withheld)
    withheld = frozenset(each.person for each in wrote if each.person is not None and each.withheld)
    return Audience(to, named, withheld, any(each.withheld for each in wrote), revision)
