"""What the mail to somebody who contributed needs to say of what became of their texts. Needs a write session.

It goes to the account's address alone, whatever the byline of a text shows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import text
from app.accounts.models import Person
from app.accounts.reachable import reachable
from app.contributions.models import Author, Contribution, Publication, Revision
from app.contributions.transcripts import is_transcript
from app.readings.letters.addressees import addressee
from app.readings.letters.hearers import may_hear
from app.readings.outcome.coverage import covered, is_public
from app.synthesis.sending_models import Telling

_SHOWN = 120  # characters of a text without a title
_MOST = 100  # texts in one mail


@dataclass(frozen=True, slots=True)
class Became:
    """One text of the reader, and what became of it."""

    number: int
    about: str
    cited: Sequence[int]
    reason: str | None
    for_others: bool  # said by others, who have no account, and written down by the reader


@dataclass(frozen=True, slots=True)
class ToldLetter:
    """What became of everything that one person wrote."""

    email: str
    language: str
    slug: str
    consultation: str
    what: str
    version: int
    texts: Sequence[Became]
    more: int  # texts that are not listed


async def to_be_told(session: AsyncSession, telling: UUID) -> set[UUID]:
    """Whose texts are public in the consultation, and who can be written to."""
    consultation = await session.scalar(select(Telling.consultation_id).where(Telling.id == telling))
    if consultation is None:
        return set()
    query = (
        select(Author.person_id)
        .join(Contribution, Contribution.author_id == Author.id)
        .join(Publication, Publication.contribution_id == Contribution.id)
        .where(Publication.consultation_id == consultation, Contribution.kind != "note", Author.person_id.is_not(None))
    )
    return await reachable(session, set(await session.scalars(query)), consultation)


async def told_letter(session: AsyncSession, telling: UUID, person: UUID) -> ToldLetter | None:
    """The letter to somebody; None where they have left or may not hear of it, or nothing of theirs is public."""
    row = await session.get(Telling, telling)
    to = await addressee(session, person, row.consultation_id) if row is not None else None
    if (
        row is None
        or to is None
        or not await session.scalar(select(may_hear(literal(person, Uuid()), row.consultation_id)))
    ):
        return None
    texts = await _texts(session, row.consultation_id, person)
    if not texts:
        return None
    shown, more = texts[:_MOST], max(0, len(texts) - _MOST)
    return ToldLetter(to.email, to.language, to.slug, to.consultation, row.what, row.version, shown, more)


async def kept_tellings(session: AsyncSession, told: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those of these letters, each a telling and its reader, whose reader has an account and no text erased there."""
    people = {person for _telling, person in told}
    present = set(await session.scalars(select(Person.id).where(Person.id.in_(people), Person.erased.is_(None))))
    erased = (
        select(Telling.id, Author.person_id)
        .join(Author, Author.consultation_id == Telling.consultation_id)
        .join(Contribution, Contribution.author_id == Author.id)
        .join(Revision, Revision.contribution_id == Contribution.id)
        .where(Telling.id.in_({each for each, _person in told}), Author.person_id.in_(people))
        .where(Revision.state == "erased")
        .distinct()
    )
    lost = {(row.id, row.person_id) for row in await session.execute(erased)}
    return {pair for pair in told if pair[1] in present and pair not in lost}


async def _texts(session: AsyncSession, consultation: UUID, person: UUID) -> list[Became]:
    query = (
        select(Contribution.id, Contribution.number, Contribution.provenance, Revision.title, Revision.body)
        .join(Author, Author.id == Contribution.author_id)
        .join(Revision, Revision.contribution_id == Contribution.id)
        .where(Contribution.consultation_id == consultation, Author.person_id == person, Contribution.kind != "note")
        .where(Contribution.status == "published", Revision.state == "public")
        .order_by(Contribution.number)
    )
    rows = (await session.execute(query)).all()
    fates = {each.id: each for each in await covered(session, consultation, among=[row.id for row in rows])}
    final = await is_public(session, consultation)  # before that, nobody learns what was not used
    return [
        Became(
            row.number, row.title or text.excerpt(row.body or "", _SHOWN), fates[row.id].cited,
            fates[row.id].reason if final and not fates[row.id].cited else None, is_transcript(row.provenance),
        )
        for row in rows
        if row.id in fates
    ]  # fmt: skip
