"""What rapporteurs do with recommendations. Each verb: require, change, append to the record, return.

A recommendation has at most one draft. Publishing freezes it, with what it cites: what is said next is a new draft.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.consultations.floor import Floor, floor_of
from app.contributions import citing
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.record import commitments
from app.synthesis import checklist
from app.synthesis.finding import draft_of, locked, note, to_write
from app.synthesis.models import Citation, Recommendation, RecommendationVersion
from app.synthesis.wording import Wording, checked

MOST = 500  # recommendations of one consultation
STAGES = ("open", "final")


async def begin(session: AsyncSession, actor: Actor, consultation: UUID, given: Wording) -> Recommendation:
    """A new draft, which nobody but rapporteurs and organisers reads. Raises Unauthenticated, Forbidden, Invalid,
    Conflict."""
    require(actor, "outcome.read", Thing(consultation))
    clean, floor = checked(given), await _floor(session, consultation, given.topic)
    require(actor, "recommendation.write", Thing(consultation, topic=floor.topic))
    made = select(func.count()).where(Recommendation.consultation_id == consultation)
    if int(await session.scalar(made) or 0) >= MOST:
        raise errors.Conflict(_("This consultation has %(most)s recommendations, which is the most.", most=MOST))
    recommendation = Recommendation(id=clock.new_id(), consultation_id=consultation, topic_id=floor.topic)
    session.add(recommendation)
    await session.flush()
    draft = RecommendationVersion(
        id=clock.new_id(), recommendation_id=recommendation.id, version=1, stage="draft", created=clock.now()
    )
    await _fill(session, actor, draft, clean, floor)
    session.add(draft)
    await session.flush()
    await note(session, actor, recommendation, "begin")
    return recommendation


async def write(session: AsyncSession, actor: Actor, id: UUID, given: Wording) -> RecommendationVersion:
    """Other words for a draft. Raises NotFound, Forbidden, Invalid, Conflict where there is no draft."""
    recommendation, draft = await to_write(session, actor, id)
    clean, floor = checked(given), await _floor(session, recommendation.consultation_id, given.topic)
    require(actor, "recommendation.write", Thing(recommendation.consultation_id, topic=floor.topic))
    if recommendation.number is not None and recommendation.topic_id != floor.topic:
        raise errors.Invalid({"topic": _("What has a number stays in its topic.")})
    recommendation.topic_id = floor.topic
    await _fill(session, actor, draft, clean, floor)
    await session.flush()
    await note(session, actor, recommendation, "write")
    return draft


async def revise(session: AsyncSession, actor: Actor, id: UUID) -> RecommendationVersion:
    """A new draft with the words and the citations of the version that is public. With a draft already, that one.

    Raises NotFound, Forbidden.
    """
    recommendation = await locked(session, actor, "recommendation.write", id)
    draft = await draft_of(session, recommendation.id)
    if draft is not None:
        return draft
    public = await _public(session, recommendation)
    draft = RecommendationVersion(
        id=clock.new_id(), recommendation_id=recommendation.id, version=public.version + 1, stage="draft",
        title=public.title, statement=public.statement, html=public.html, language=public.language,
        addressee_name=public.addressee_name, addressee_kind=public.addressee_kind, written_by=actor.person,
        created=clock.now(),
    )  # fmt: skip
    session.add(draft)
    await session.flush()
    for each in await checklist.citations_of(session, public.id):
        session.add(
            Citation(
                id=clock.new_id(), version_id=draft.id, contribution_id=each.contribution_id, revision=each.revision,
                begin=each.begin, end=each.end, stance=each.stance,
            )
        )  # fmt: skip
    await session.flush()
    await note(session, actor, recommendation, "revise")
    return draft


async def discard(session: AsyncSession, actor: Actor, id: UUID) -> None:
    """Throw a draft away; what never was public goes with it. Raises NotFound, Forbidden, Conflict."""
    recommendation, draft = await to_write(session, actor, id)
    await session.execute(delete(Citation).where(Citation.version_id == draft.id))
    await session.delete(draft)
    await session.flush()
    if recommendation.number is None:
        await session.delete(recommendation)
        await session.flush()
    await note(session, actor, recommendation, "discard")


async def publish(
    session: AsyncSession, actor: Actor, id: UUID, stage: str, *, acknowledged: bool = False
) -> RecommendationVersion:
    """Make the draft public: `open` for comment, or `final`. It gets its number for ever, and never changes again.

    Appends `recommendation.published`, or `recommendation.revised` where an earlier version was public. Raises
    NotFound, Forbidden; Invalid where the checklist names what hinders it, and where a cited text was revised since
    and nobody has `acknowledged` that.
    """
    recommendation = await locked(session, actor, "recommendation.publish", id)
    draft = await draft_of(session, recommendation.id)
    if draft is None:
        raise errors.Conflict(_("There is no draft to publish: begin a new version first."))
    if stage not in STAGES:
        raise errors.Invalid({"stage": _("This is one of %(choice)s.", choice=", ".join(STAGES))})
    if stage == "open" and recommendation.stage == "final":
        raise errors.Conflict(_("It is final: what changes in it now is final as well."))
    cited = await checklist.citations_of(session, draft.id)
    await checklist.require_publishable(session, draft, cited, acknowledged=acknowledged)
    draft.salt = commitments.fresh_salt()
    draft.hash = commitments.commitment(draft.salt, committed(draft, cited))
    await _enter(session, recommendation, draft, stage)
    return draft


def committed(version: RecommendationVersion, cited: Sequence[Citation]) -> dict[str, object]:
    """What the record commits to: the words, to whom they go, and what they rest on (docs/record.md)."""
    return {
        "title": version.title, "body": version.statement, "language": version.language,
        "addressee": {"name": version.addressee_name, "kind": version.addressee_kind},
        "citations": [
            {"contribution": str(each.contribution_id), "revision": each.revision, "stance": each.stance,
             "passage": None if each.begin is None else {"start": each.begin, "end": each.end}}
            for each in cited
        ],
    }  # fmt: skip


async def _enter(
    session: AsyncSession, recommendation: Recommendation, version: RecommendationVersion, stage: str
) -> None:
    turn = await record.take_turn(session, "public", recommendation.consultation_id)
    first = recommendation.number is None
    if first:  # while the turn is held, nobody else numbers one
        numbers = select(func.max(Recommendation.number)).where(
            Recommendation.consultation_id == recommendation.consultation_id
        )
        recommendation.number = int(await session.scalar(numbers) or 0) + 1
    version.stage, version.seq, version.published = stage, turn.seq, clock.now()
    recommendation.stage, recommendation.version = stage, version.version
    about = {
        "revision": version.id, "hash": version.hash, "number": recommendation.number,
        "topic": recommendation.topic_id, "stage": stage,
    }  # fmt: skip
    kind = "recommendation.published" if first else "recommendation.revised"
    await record.write(session, turn, [record.Draft(kind, recommendation.id, about)])
    await session.flush()


async def _fill(
    session: AsyncSession, actor: Actor, draft: RecommendationVersion, given: Wording, floor: Floor
) -> None:
    draft.title, draft.statement, draft.language = given.title, given.statement, given.language
    draft.addressee_name, draft.addressee_kind = given.addressee_name, given.addressee_kind
    draft.html = await citing.html_with_links(session, floor.consultation, floor.slug, given.statement)
    draft.written_by = actor.person


async def _floor(session: AsyncSession, consultation: UUID, topic: str) -> Floor:
    try:
        return await floor_of(session, consultation=consultation, slug=topic)
    except errors.NotFound:
        raise errors.Invalid({"topic": _("There is no such topic in this consultation.")}) from None


async def _public(session: AsyncSession, recommendation: Recommendation) -> RecommendationVersion:
    query = select(RecommendationVersion).where(
        RecommendationVersion.recommendation_id == recommendation.id,
        RecommendationVersion.version == recommendation.version,
    )
    return (await session.scalars(query)).one()
