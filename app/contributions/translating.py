"""What participants do with translations. Each verb: require, change, append to the record, return.

One stands in each language. Public at once are those of moderators and of the original's author; a participant's where
the topic publishes at once, unless it would take the place of another's. What waits, moderators decide upon
(moderation/translations.py).
"""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.people import require_here
from app.consultations.floor import Floor, floor_of
from app.contributions import bylines, citing, publishing, screening, transcripts, writing
from app.contributions.acting import note_privately, to_act_on
from app.contributions.models import Contribution, Revision
from app.contributions.submissions import Submission, checked
from app.contributions.translation_models import STANDING, Translation
from app.contributions.translation_steps import (
    destroy,
    found,
    put_up,
    require_author,
    require_published,
    require_standing,
    set_status,
    standing_in,
    unjudged,
)
from app.language import gettext as _
from app.permissions import Actor, Thing, may, require
from app.record import commitments

MOST = 20  # languages of one text: all of them are in its JSON
_LET_GO = ("waiting", "superseded", "refused", "removed")  # one's own, once one sends another


@dataclass(frozen=True, slots=True)
class Wording:
    """A translation as it was sent. `revision` is the number of what it translates, as its translator read it."""

    language: str
    body: str
    revision: int
    title: str | None = None
    trapped: bool = False  # a field was filled in that no person sees
    machine: bool = False


async def offer(session: AsyncSession, actor: Actor, id: UUID, given: Wording) -> Translation:
    """Say a public contribution in another language. It waits, or takes the place of what stands in that language.

    Raises Unauthenticated, Forbidden, NotFound, Invalid; Conflict where `given.revision` is no longer what is public.
    """
    act = "translation.machine" if given.machine else "translation.offer"
    contribution, floor, owner = await to_act_on(session, actor, act, id)
    public = await _public(session, contribution, given.revision)
    clean = _checked(given, public)
    stands = await standing_in(session, contribution, clean.language)
    await _require_room(session, contribution, stands)
    assert actor.person is not None  # `to_act_on` has required a participant
    await require_here(session, actor.person)
    author = await bylines.author_of(session, contribution.consultation_id, actor.person)
    row = await _row(session, contribution, author, _as_what(actor, contribution, owner), clean)
    signs = await screening.screen_words(session, actor, floor, row.title, row.html, row.language, clean.trapped)
    await _clear_own(session, row)
    if signs or not _at_once(row, floor, stands) or await _may_hold_lost_words(session, row):
        row.status = "waiting"
        session.add(row)
        await session.flush()
        await note_privately(session, contribution, "translation.waiting", translation=row.id)
    else:
        await put_up(session, contribution, floor, row, unjudged(row))
    return row


async def approve(session: AsyncSession, actor: Actor, id: UUID, translation: UUID) -> Translation:
    """The author of the original says that it says the same. Raises NotFound, Forbidden, Conflict."""
    contribution, floor, _owner = await to_act_on(session, actor, "translation.approve", id)
    row, _translator = await found(session, actor, contribution, translation)
    require_author(contribution)
    require_standing(contribution, row)
    if row.status != "approved":
        await set_status(session, contribution, floor, row, "approved")
    return row


async def take_back(session: AsyncSession, actor: Actor, id: UUID, translation: UUID) -> None:
    """Destroy a translation of one's own. Raises NotFound, Forbidden."""
    contribution, _owner = await writing.locked(session, id)
    floor = await floor_of(session, topic=contribution.topic_id)
    row, translator = await found(session, actor, contribution, translation)
    require(actor, "translation.withdraw", Thing(contribution.consultation_id, translator))
    await destroy(session, contribution, floor, row)


async def _public(session: AsyncSession, contribution: Contribution, read: int) -> Revision:
    """What is public now, if that is what was translated: a passage may have been destroyed meanwhile."""
    require_published(contribution)
    public = await publishing.public_revision(session, contribution.id)
    assert public is not None  # published contributions have one
    if public.number != read:
        raise errors.Conflict(
            _("The original was changed meanwhile. Please read it again, and see whether your translation still fits.")
        )
    return public


def _checked(given: Wording, public: Revision) -> Wording:
    """The words as they will be stored. They have a title where the original has one. Raises Invalid."""
    is_titled = public.title is not None
    clean = checked(
        Submission(given.body, given.language, given.title if is_titled else None,
                   kind="proposal" if is_titled else "reply"),
        frozenset(), is_reply=not is_titled,
    )  # fmt: skip
    if clean.language == public.language:
        raise errors.Invalid({"language": _("The original is in this language already. Please choose another one.")})
    return replace(given, title=clean.title, body=clean.body, language=clean.language)


def _as_what(actor: Actor, contribution: Contribution, owner: UUID | None) -> str:
    """As what somebody translates. Who entered what others said is not its author."""
    if actor.person == owner and not transcripts.is_transcript(contribution.provenance):
        return "author"
    whoever = replace(actor, scopes=None)
    moderates = may(whoever, "translation.decide", Thing(contribution.consultation_id, topic=contribution.topic_id))
    return "moderator" if moderates else "participant"


def _at_once(row: Translation, floor: Floor, stands: Translation | None) -> bool:
    """Whether it is public without a moderator. It takes only the place of what is its translator's own and nobody has
    looked at, or a machine's."""
    if row.by != "participant":
        return True
    gives_way = stands is None or stands.machine or (stands.author_id == row.author_id and stands.status == "offered")
    return gives_way and floor.policy == "after" and floor.phase() == "open"


async def _may_hold_lost_words(session: AsyncSession, row: Translation) -> bool:
    """Whether a version of the text was destroyed: who read it then may say it again, and not know."""
    lost = select(Revision.id).where(Revision.contribution_id == row.contribution_id, Revision.state == "erased")
    return row.by == "participant" and await session.scalar(lost.limit(1)) is not None


async def _row(session: AsyncSession, contribution: Contribution, author: UUID, by: str, given: Wording) -> Translation:
    salt, now = commitments.fresh_salt(), clock.now()
    return Translation(
        id=clock.new_id(), contribution_id=contribution.id, consultation_id=contribution.consultation_id,
        author_id=author, by=by, machine=given.machine, revision=given.revision, language=given.language,
        title=given.title, body=given.body, html=await citing.html_of(session, contribution, given.body), salt=salt,
        hash=commitments.text_commitment(salt, given.title, given.body, given.language), created=now, updated=now,
    )  # fmt: skip


async def _require_room(session: AsyncSession, contribution: Contribution, stands: Translation | None) -> None:
    count = select(func.count()).where(Translation.contribution_id == contribution.id, Translation.status.in_(STANDING))
    if stands is None and int(await session.scalar(count) or 0) >= MOST:
        raise errors.Conflict(_("This text has been translated into %(most)s languages, which is the most.", most=MOST))


async def _clear_own(session: AsyncSession, row: Translation) -> None:
    """What its translator sent before into the same language, and does not stand, goes."""
    await session.execute(
        delete(Translation)
        .where(
            Translation.contribution_id == row.contribution_id, Translation.language == row.language,
            Translation.author_id == row.author_id, Translation.status.in_(_LET_GO),
        )
        .execution_options(synchronize_session="fetch")
    )  # fmt: skip
