"""One text is looked at, before it is stored."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.config import settings
from app.consultations.definition import Screening
from app.consultations.floor import Floor
from app.contributions.models import Contribution, Revision
from app.contributions.screening import facts
from app.contributions.screening.fingerprints import fingerprint
from app.contributions.screening.signs import Sign, seen, shown_by
from app.contributions.submissions import Submission
from app.permissions import Actor, Thing, may

_COUNTED = timedelta(hours=1)


async def screen(
    session: AsyncSession, actor: Actor, floor: Floor, contribution: Contribution, revision: Revision,
    given: Submission,
) -> list[Sign]:  # fmt: skip
    """What automatic checks notice about a text that is not stored yet. Moderators' own texts are not looked at, but
    for mail of which nobody knows how much is theirs."""
    signs = [Sign("untrimmed")] if given.untrimmed else []
    if actor.person is None or contribution.kind == "note" or _moderates(actor, floor):
        return signs
    policy = floor.screening
    text = seen(revision.title, revision.html or "")
    signs += [Sign("honeypot")] if given.trapped else []
    signs += shown_by(text, policy, revision.language)
    since = clock.now() - _COUNTED if _is_new(actor.person, policy) else None
    writer = facts.Writer(actor.person, since, policy.new_account_texts, policy.first_waits)
    made = fingerprint(text.words)
    if made is None:
        return signs + await facts.of_writer(session, writer)
    return signs + await facts.of_text(session, writer, contribution, revision.id, made)


async def screen_words(
    session: AsyncSession, actor: Actor, floor: Floor, title: str | None, html: str, language: str, trapped: bool
) -> list[Sign]:  # fmt: skip
    """As `screen`, of what says a text that stands in other words: it is neither compared nor remembered."""
    if actor.person is None or _moderates(actor, floor):
        return []
    policy = floor.screening
    signs = [Sign("honeypot")] if trapped else []
    signs += shown_by(seen(title, html), policy, language)
    return signs + await facts.of_writer(session, facts.Writer(actor.person, None, 0, policy.first_waits))


def _moderates(actor: Actor, floor: Floor) -> bool:
    whoever = replace(actor, scopes=None)  # a key that may only write does not make a stranger of a moderator
    return may(whoever, "contribution.decide", Thing(floor.consultation, topic=floor.topic))


def _is_new(person: UUID, policy: Screening) -> bool:
    return clock.age(person) < timedelta(days=policy.new_account_days) and settings().rate_limits == "on"
